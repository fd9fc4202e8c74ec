"""Reads about lists: what each holds on a day, its versions, who refers to it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from risk.models import Criterion, RiskList, RiskListVersion
from risk.scoring import LIST_OPERATORS


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list holds on a day, by which version; without one (0) it holds nothing yet."""

    code: str
    kind: str
    number: int
    entries: frozenset[str]


def lists_on(on: date) -> dict[str, Listed]:
    """Every list by code, with the newest approved version whose day has come."""
    rows = RiskListVersion.objects.filter(approved_by__isnull=False, valid_from__lte=on)
    newest = rows.order_by("listed", "-number").distinct("listed").values_list("listed", "number", "entries")
    held = {listed: (number, frozenset(entries)) for listed, number, entries in newest}
    kinds = RiskList.objects.values_list("pk", "code", "kind")
    return {code: Listed(code, kind, *held.get(pk, (0, frozenset()))) for pk, code, kind in kinds}


def risk_lists() -> QuerySet[RiskList]:
    """Every list, by code."""
    rows: QuerySet[RiskList] = RiskList.objects.order_by("code")
    return rows


def risk_list(pk: int) -> RiskList:
    """One list. Raises RiskList.DoesNotExist."""
    found: RiskList = RiskList.objects.get(pk=pk)
    return found


def list_versions(listed: RiskList) -> QuerySet[RiskListVersion]:
    """Its versions, the newest first."""
    rows: QuerySet[RiskListVersion] = RiskListVersion.objects.filter(listed=listed)
    return rows.select_related("made_by", "approved_by").order_by("-number")


def referring_to(listed: RiskList, *, on: date) -> list[Criterion]:
    """Criteria in force on the day that ask for the list."""
    live = Criterion.objects.switched_on(on=on).filter(conditions__contains=[{"value": listed.code}])
    return [
        version
        for version in live.order_by("code")
        if any(row["op"] in LIST_OPERATORS and row.get("value") == listed.code for row in version.conditions)
    ]
