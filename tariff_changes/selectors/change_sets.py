"""Reads of change sets: the sets, one of them, how many rows of which kind it holds, and the acts it may rest on."""

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from tariff_changes.models import ChangeRow, ChangeSet
from tariffs.models import LegalAct


def change_sets(*, status: Sequence[str] = ()) -> QuerySet[ChangeSet]:
    """Change sets, the latest first, with `row_count`; only those in `status` where one is given."""
    sets = ChangeSet.objects.select_related("made_by", "submitted_by", "approved_by", "legal_act")
    if status:
        sets = sets.filter(status__in=list(status))
    return sets.annotate(row_count=Count("rows")).order_by("-pk")


def change_set(pk: int) -> ChangeSet | None:
    """One change set with the people behind it."""
    return change_sets().filter(pk=pk).first()


def change_row(change_set: ChangeSet, place: int) -> ChangeRow | None:
    """The row of a set at a place."""
    return change_set.rows.select_related("change_set").filter(place=place).first()


def counts_of(change_set: ChangeSet) -> dict[tuple[str, str], int]:
    """(table, action) -> number of rows."""
    rows = change_set.rows.order_by().values_list("table", "action").annotate(number=Count("pk"))
    return {(table, action): number for table, action, number in rows}


def row_count(change_set: ChangeSet) -> int:
    """How many rows a set holds."""
    return change_set.rows.count()


def acts() -> QuerySet[LegalAct]:
    """Every legal act, the latest first."""
    return LegalAct.objects.order_by("-date", "number")


def legal_act(number: str) -> LegalAct | None:
    """The act with this number."""
    return LegalAct.objects.filter(number=number).first()
