"""Tariff quotas are drawn upon first come, first served; what is not used after all is given back.

Whoever draws holds the quota's row first, so that the balance that is read is the balance that is drawn from. The
database refuses a draw beyond the volume all the same.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, Sum

from lib.validity import in_force
from tariffs.calculation import Draw
from tariffs.models import Quota, QuotaDraw


def hold(numbers: Iterable[str], *, on: date, drawn_for: str = "") -> None:
    """Lock the quotas with these numbers on the date, and those that `drawn_for` has drawn upon, by primary key.

    To be called in the transaction that draws or gives back, after the lock on what is drawn for and before the law
    is looked up.
    """
    wanted = Q(number__in=set(numbers) - {""}) & in_force(on)
    if drawn_for:
        wanted |= Q(pk__in=QuotaDraw.objects.filter(drawn_for=drawn_for).values("quota"))
    list(Quota.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk").values_list("pk"))


@transaction.atomic
def draw(draws: Iterable[Draw], *, drawn_for: str, on: date, at: datetime) -> None:
    """Write what an assessment found each item to draw. Raises IntegrityError if that is more than there is."""
    taken = [one for one in draws if one.drawn > 0]
    if not taken:
        return
    rows = Quota.objects.on(on).filter(number__in={one.number for one in taken})
    quotas = {row.number: row for row in rows}
    QuotaDraw.objects.bulk_create(
        QuotaDraw(quota=quotas[one.number], drawn_for=drawn_for, item=one.item, quantity=one.drawn, at=at)
        for one in taken
    )


@transaction.atomic
def give_back(*, drawn_for: str, at: datetime) -> None:
    """Give back whatever `drawn_for` still holds; a second time gives back nothing."""
    hold((), on=at.date(), drawn_for=drawn_for)
    held = QuotaDraw.objects.filter(drawn_for=drawn_for).order_by("quota", "item").values("quota", "item")
    QuotaDraw.objects.bulk_create(
        QuotaDraw(quota_id=row["quota"], drawn_for=drawn_for, item=row["item"], quantity=-row["sum"], at=at)
        for row in held.annotate(sum=Sum("quantity")).filter(sum__gt=0)
    )
