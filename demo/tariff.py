"""Changes of the tariff in the demonstration: one published, one that waits for approval, one being prepared.

Their acts and rates are examples. They touch excise alone, so that a national tariff of import duties can be loaded
beside them.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Role, User
from demo.people import officer_with
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariffs.models import LegalAct, Measure

DAY = timedelta(days=1)
ACT = {
    "number": "Example 12",
    "title": "Example of an order on excise rates, for demonstration",
    "title_ru": "Пример приказа о ставках акцизов, для демонстрации",
    "title_tg": "Намунаи фармоиш дар бораи меъёрҳои аксиз, барои намоиш",
}
PUBLISHED = {"2203": "0.45 EUR/l", "220210": "0.05 EUR/l", "2202991801": "0.08 EUR/l"}
WAITING = {"2204": "0.6 EUR/l", "2205": "0.7 EUR/l"}
# The second cannot be read: the officer sees where and why.
DRAFT = {"2208": "5.5 EUR/l alc. 100%", "2206": "0.5 EUR a bottle"}


def exist() -> bool:
    """Whether change sets were made before."""
    return ChangeSet.objects.filter(origin=ChangeSet.Origin.OFFICERS).exists()


def make_change_sets(*, on: date, at: datetime) -> None:
    """The three change sets, as two officers make them."""
    maker, approver = officer_with(Role.TARIFF), officer_with(Role.APPROVING)
    next_month = (on.replace(day=1) + 32 * DAY).replace(day=1)
    began = at - 9 * DAY
    published = _begun("Excise on beer and soft drinks", next_month, maker, began)
    _act(published, maker, began)
    _replace(published, PUBLISHED, maker, began)
    _publish(published, maker, approver, at=at - 6 * DAY)
    waiting = _begun("Excise on wine and vermouth", next_month + 31 * DAY, maker, at - 2 * DAY, act=ACT["number"])
    _replace(waiting, WAITING, maker, at - 2 * DAY)
    _submit(waiting, maker, at=at - DAY)
    draft = _begun("Excise on spirits and cider", next_month + 31 * DAY, maker, at - DAY, act=ACT["number"])
    _replace(draft, DRAFT, maker, at - DAY)


def _begun(title: str, takes_effect: date, by: User, at: datetime, *, act: str = "") -> ChangeSet:
    return changes.begin(
        title=title,
        takes_effect=takes_effect,
        legal_act=LegalAct.objects.filter(number=act).first(),
        reason="For demonstration: not published law.",
        by=by,
        at=at,
    )


def _act(change_set: ChangeSet, by: User, at: datetime) -> None:
    changes.add_row(change_set, table="legal_act", action="create", values=ACT, by=by, at=at)


def _replace(change_set: ChangeSet, rates: Mapping[str, str], by: User, at: datetime) -> None:
    """Another rate for the excise of each code."""
    rows = Measure.objects.on(change_set.takes_effect).filter(tax_code="EXCISE", origin="", kind=Measure.Kind.RATE)
    for row in rows.filter(commodity_prefix__in=rates).order_by("commodity_prefix"):
        values = {"rate": rates[row.commodity_prefix], "example": "yes", "act": ACT["number"]}
        changes.add_row(change_set, table="measure", action="replace", target=row.pk, values=values, by=by, at=at)


def _submit(change_set: ChangeSet, by: User, *, at: datetime) -> ChangeSet:
    held = ChangeSet.objects.get(pk=change_set.pk)
    return changes.submit(held, version=held.version, by=by, at=at, on=timezone.localdate(at))


def _publish(change_set: ChangeSet, maker: User, approver: User, *, at: datetime) -> None:
    held = _submit(change_set, maker, at=at - DAY)
    on = timezone.localdate(at)
    held = changes.approve(held, version=held.version, by=approver, at=at, on=on)
    changes.publish(held, by=approver, at=at, on=on)
