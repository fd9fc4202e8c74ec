"""Everyday words of tariff search, from the table synonyms.csv: a code and, for each language, words for its goods."""

from collections.abc import Sequence

from tariffs.models import Synonym
from tariffs.services.sync import Tally, bring_in_line
from tariffs.services.tables import Row

LANGUAGES = ("en", "ru", "tg")


def load(rows: Sequence[Row]) -> Tally:
    """Add the words of `rows` (`code`, and a list of words under each language) that are not there yet.

    The search is not rebuilt here; `load_country` does that once after everything it has written.
    """
    found = {
        (term.lower(), language, row["code"]): None for row in rows for language in LANGUAGES for term in row[language]
    }
    wanted = [{"term": term, "language": language, "code": code} for term, language, code in found]
    return bring_in_line(Synonym, wanted, ["term", "language", "code"])
