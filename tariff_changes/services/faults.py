"""The judgement of a change set, remembered for the pages that show it."""

from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from tariff_changes.models import ChangeEvent, ChangeSet
from tariff_changes.selectors.change_sets import change_set as set_with
from tariff_changes.selectors.faults import Faults, sorted_by_place
from tariff_changes.services.journey import judge
from tariffs.selectors import territory

# A set of at most so many rows is judged whenever its page is opened; a larger one is judged beside the page.
JUDGED_AT_ONCE = 500


def faults_of(change_set: ChangeSet, *, on: date) -> Faults:
    """What the rules say today. Remembered until anything happens to any change set or to the tables."""
    latest = ChangeEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    known = (latest, territory().edition)
    return _judged(change_set.pk, known, on, get_language() or "en")


@lru_cache(maxsize=16)
def _judged(pk: int, known: tuple[int, int], on: date, language: str) -> Faults:
    held = set_with(pk)
    assert held is not None
    return sorted_by_place(judge(held, on=on))
