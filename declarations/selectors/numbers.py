"""Numbers of declarations as people write them: in small letters, with gaps, dashes, and Cyrillic letters for Latin."""

import re

from django.db.models import Q

from lib.spelling import folded

_MRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{14}")
_CUSTOMS_NUMBER = re.compile(r"([A-Z0-9]{1,8})[\W_]+([0-9]{4})[\W_]+([A-Z]{0,2})[\W_]*([0-9]{1,9})")


def written_mrn(text: str) -> str:
    """An MRN, or its beginning, as the portal keeps it; empty if there is nothing in `text` that could be of one."""
    return re.sub(r"[\W_]", "", folded(text))


def of_number(text: str) -> Q:
    """Declarations with this MRN or customs number, all versions; none if `text` is neither."""
    mrn = written_mrn(text)
    if _MRN.fullmatch(mrn):
        return Q(mrn=mrn)
    parts = _CUSTOMS_NUMBER.fullmatch(folded(text).strip())
    if parts is None:
        return Q(pk__in=[])
    office, year, series, serial = parts.groups()
    numbered = Q(office_code=office, registration_year=int(year), registration_number=int(serial))
    return numbered & Q(registration_series=series) if series else numbered
