"""Impacts of change sets as their readers see them: the latest report of a set, its sums, the declarations by MRN."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from declarations.models import Declaration, ImpactReport
from declarations.selectors.access import visible_to
from tariff_changes.models import ChangeSet


@dataclass(frozen=True, slots=True)
class Change:
    """An amount without the set and with it, in national currency."""

    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    @property
    def share(self) -> Decimal | None:
        """The difference in per cent; None where there was nothing before."""
        return self.difference / self.before * 100 if self.before else None


@dataclass(frozen=True, slots=True)
class Line:
    """A declaration that changes much. `mrn` is empty for readers who may not see the declaration."""

    declaration: Declaration
    mrn: str
    money: Change


@dataclass(frozen=True, slots=True)
class Shown:
    """A result, read: `data` as it is kept, the sums as numbers."""

    data: Mapping[str, Any]
    money: Change
    taxes: list[tuple[str, Change]]
    top: list[Line]
    on: date


def latest_report(change_set: ChangeSet) -> ImpactReport | None:
    """What was asked last about the set, with its result if there is one."""
    return (
        ImpactReport.objects.filter(change_set=change_set)
        .select_related("result", "asked_by", "change_set")
        .order_by("-pk")
        .first()
    )


def is_answered(report: ImpactReport) -> bool:
    """Whether a result was kept, such as one or the reason why there is none."""
    return hasattr(report, "result")


def shown(report: ImpactReport, *, reader: User, on: date) -> Shown | None:
    """The result for a reader; None where the set could not be tried."""
    data = report.result.data
    if "before" not in data:
        return None
    return Shown(
        data=data,
        money=Change(Decimal(data["before"]), Decimal(data["after"])),
        taxes=[(row["tax"], Change(Decimal(row["before"]), Decimal(row["after"]))) for row in data["taxes"]],
        top=_top(data["top"], reader=reader, on=on),
        on=date.fromisoformat(data["on"]),
    )


def _top(rows: list[dict[str, Any]], *, reader: User, on: date) -> list[Line]:
    declarations = Declaration.objects.in_bulk([row["declaration"] for row in rows])
    seen = set(visible_to(reader, on=on).filter(pk__in=declarations).values_list("pk", flat=True))
    return [
        Line(
            declaration,
            declaration.mrn if declaration.pk in seen else "",
            Change(Decimal(row["before"]), Decimal(row["after"])),
        )
        for row in rows
        if (declaration := declarations.get(row["declaration"]))
    ]
