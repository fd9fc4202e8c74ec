"""Rules on rows of the law for travellers: an allowance says what is due above it, and a group is one rule."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from lib.violations import Violation
from tariff_changes.rules.judged import Case, JudgedRow
from tariffs.models import TravelAllowance

# What all rows of a group say alike; else nobody could tell what the group asks.
_ONE_RULE = ("combines", "above", "rate", "charged", "tax", "pooled")


def t417_allowance(case: Case) -> list[Violation]:
    """A flat rate names itself and what it is booked as, money its currency; rows that hold together agree."""
    created = case.created("travel_allowance")
    found = [fault for judged in created for fault in _alone(judged)]
    groups: dict[str, list[JudgedRow]] = defaultdict(list)
    for judged in created:
        if judged.values["group"]:
            groups[judged.values["group"]].append(judged)
    return found + [fault for rows in groups.values() for fault in _together(rows)]


def _alone(judged: JudgedRow) -> Iterator[Violation]:
    values = judged.values
    flat = values["above"] == TravelAllowance.Above.RATE
    for column in ("rate", "tax"):
        if flat and not values[column]:
            yield judged.fault("T417", column, _("A flat rate needs this cell: it is empty."))
    if not flat and values["rate"]:
        yield judged.fault("T417", "rate", _("Only a flat rate has a rate text."))
    if (values["unit"] == TravelAllowance.MONEY) != bool(values["currency"]):
        yield judged.fault("T417", "currency", _("An allowance in money names its currency, any other none."))


def _together(rows: list[JudgedRow]) -> Iterator[Violation]:
    first = rows[0]
    names = _ONE_RULE if first.values["combines"] == TravelAllowance.Combines.AND else ("combines",)
    for judged in rows[1:]:
        for column in names:
            if judged.values[column] != first.values[column]:
                sentence = _("The rows of a group say the same here: row %(row)d says otherwise.")
                yield judged.fault("T417", column, sentence % {"row": first.number})
