"""Steps of a change set that tests share: its people, drafts with one row, and the way to publication."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import QuerySet

from accounts.models import Role, User
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariffs.models import LegalAct, Measure
from tests import make

ON = make.ON
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
START = date(2026, 12, 1)
APPLES = "0808108000"


def sets() -> QuerySet[ChangeSet]:
    """Change sets of officers, without the one that came with the country."""
    return ChangeSet.objects.filter(origin=ChangeSet.Origin.OFFICERS)


def rows() -> QuerySet[ChangeRow]:
    """The rows of those sets."""
    return ChangeRow.objects.filter(change_set__in=sets())


def maker() -> User:
    return make.officer(Role.TARIFF, None)


def second_maker() -> User:
    return make.officer(Role.TARIFF, None, "second@customs.example")


def approver() -> User:
    return make.officer(Role.APPROVING, None)


def act(number: str = "Order 450") -> LegalAct:
    return LegalAct.objects.get(number=number)


def begun(takes_effect: date = START) -> ChangeSet:
    return changes.begin(title="Apples", takes_effect=takes_effect, legal_act=act(), by=maker(), at=AT)


def apples(on: date = START) -> Measure:
    return Measure.objects.on(on).get(kind="rate", tax_code="DUTY", commodity_prefix=APPLES, origin="")


def replaced(rate: str = "7%", takes_effect: date = START) -> ChangeSet:
    """A draft with one row: another rate for apples."""
    change_set = begun(takes_effect)
    changes.add_row(
        change_set, table="measure", action="replace", target=apples(ON).pk, values={"rate": rate}, by=maker(), at=AT
    )
    return reads.change_set(change_set.pk) or change_set


def pears(rate: str) -> ChangeSet:
    """A draft with one row: a rate for pears, which have none of their own."""
    change_set = begun()
    values = {"tax": "DUTY", "commodity": "0808300000", "rate": rate}
    changes.add_row(change_set, table="measure", action="create", values=values, by=maker(), at=AT)
    return change_set


def submitted(change_set: ChangeSet) -> ChangeSet:
    version = ChangeSet.objects.get(pk=change_set.pk).version
    return changes.submit(change_set, version=version, by=maker(), at=AT, on=ON)


def approved(change_set: ChangeSet) -> ChangeSet:
    held = submitted(change_set)
    return changes.approve(held, version=held.version, by=approver(), at=AT, on=ON)


def published(change_set: ChangeSet) -> ChangeSet:
    return changes.publish(approved(change_set), by=approver(), at=AT, on=ON)


def codes(refusal: "pytest.ExceptionInfo[Rejected]") -> list[str]:
    return [fault.code for fault in refusal.value.violations]
