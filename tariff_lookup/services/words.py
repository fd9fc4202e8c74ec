"""Everyday words of the tariff search: kept by officers, or read from the table synonyms.csv of a country."""

from pathlib import Path

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.cells import Column, matching, phrases
from lib.country_folder import tables_named
from lib.sheets import Faults, read_table
from lib.table_history import written_by
from tariff_lookup.models import Synonym
from tariff_lookup.search.words import is_cyrillic
from tariff_lookup.services import index
from tariffs.services.edition import new_edition

FILE, BRANDS = "synonyms.csv", "brands.csv"
LANGUAGES = ("en", "ru", "tg")
COLUMNS = (
    Column("code", matching(r"\d{2,11}", _("Write two to eleven digits."))),
    *(Column(language, phrases(120), required=False) for language in LANGUAGES),
)
BRAND_COLUMNS = (
    Column("brand", phrases(120)),
    Column("also", phrases(120), required=False),
    Column(
        "codes", matching(r"\d{4,11}(;\d{4,11})*", _("Write codes of four to eleven digits, separated by semicolons."))
    ),
)
Term = tuple[str, str, str]


@transaction.atomic
def load_words(folder: Path) -> int:
    """Add the words and brands of a country folder that are not there yet and return how many. Raises `Rejected`.

    The index is not made here.
    """
    faults = Faults(code="T101")
    wanted = {**_words(folder, faults), **_brands(folder, faults)}
    faults.refuse()
    known = set(Synonym.objects.values_list("term", "language", "code"))
    new = [row for term, row in wanted.items() if term not in known]
    Synonym.objects.bulk_create(new, batch_size=2000)
    return len(new)


def _words(folder: Path, faults: Faults) -> dict[Term, Synonym]:
    rows = [row for file in tables_named(folder, FILE) for _source, row in read_table(file, COLUMNS, faults)]
    terms = {(term.lower(), language, row["code"]) for row in rows for language in LANGUAGES for term in row[language]}
    return {key: Synonym(term=key[0], language=key[1], code=key[2]) for key in terms}


def _brands(folder: Path, faults: Faults) -> dict[Term, Synonym]:
    """Brands in both alphabets, each with the codes of its goods, the best known first."""
    found: dict[Term, Synonym] = {}
    for file in tables_named(folder, BRANDS):
        for _source, row in read_table(file, BRAND_COLUMNS, faults):
            for name in (*row["brand"], *row["also"]):
                language = "ru" if is_cyrillic(name.lower()) else "en"
                for place, code in enumerate(row["codes"].split(";")):
                    found[name.lower(), language, code] = Synonym(
                        term=name.lower(), language=language, code=code, kind=Synonym.Kind.BRAND, place=place
                    )
    return found


@transaction.atomic
def keep_synonym(row: Synonym, *, by: User) -> None:
    """Write an everyday word; the search finds it at once."""
    written_by(by.pk)
    row.term = " ".join(row.term.lower().split())
    before = Synonym.objects.filter(pk=row.pk).values_list("code", flat=True)
    changed = {row.code, *before}
    row.save()
    index.refresh(changed)
    new_edition()


@transaction.atomic
def drop_synonyms(rows: models.QuerySet[Synonym], *, by: User) -> None:
    """Take everyday words out of the search."""
    written_by(by.pk)
    changed = set(rows.values_list("code", flat=True))
    rows.delete()
    index.refresh(changed)
    new_edition()


@transaction.atomic
def after_import(*, rows: "list[int]") -> None:
    """What has to follow when everyday words came in by a file; `rows` are the keys of those that are new."""
    index.refresh(Synonym.objects.filter(pk__in=rows).values_list("code", flat=True))
    new_edition()
