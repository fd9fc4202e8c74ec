"""Terms of stock that end soon or have ended: each is announced once, by the primary key of the account."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.services.followups import announce
from declarations.models import StockAccount, StockReminder

AT_ONCE = 500


def remind_of_terms(*, at: datetime) -> int:
    """Announce `stock.due_soon` and `stock.overdue` for accounts with stock that were not announced with this term;
    how many. Safe to run twice, also at the same time.
    """
    on = timezone.localdate(at)
    soon = on + timedelta(days=settings.STOCK_DUE_SOON_DAYS)
    ending = _with_stock(StockReminder.Kind.DUE_SOON).filter(due__gte=on, due__lte=soon)
    ended = _with_stock(StockReminder.Kind.OVERDUE).filter(due__lt=on)
    return _announce_all(ending, StockReminder.Kind.DUE_SOON, at=at) + _announce_all(
        ended, StockReminder.Kind.OVERDUE, at=at
    )


def _with_stock(kind: StockReminder.Kind) -> QuerySet[StockAccount]:
    said = StockReminder.objects.filter(account=OuterRef("pk"), kind=kind, due=OuterRef("due"))
    rows: QuerySet[StockAccount] = StockAccount.objects.confirmed().with_stock().filter(~Exists(said))
    return rows.order_by("pk")


def _announce_all(rows: QuerySet[StockAccount], kind: StockReminder.Kind, *, at: datetime) -> int:
    done = 0
    while portion := list(rows.values_list("pk", "due")[:AT_ONCE]):
        done += _announce(portion, kind, at=at)
    return done


@transaction.atomic
def _announce(portion: list[tuple[int, date | None]], kind: StockReminder.Kind, *, at: datetime) -> int:
    """The accounts are locked first: of two who remind at once the second finds it said."""
    keys = [key for key, _due in portion]
    list(StockAccount.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    said = set(StockReminder.objects.filter(account__in=keys, kind=kind).values_list("account_id", "due"))
    fresh = [(key, due) for key, due in portion if (key, due) not in said]
    StockReminder.objects.bulk_create(
        [StockReminder(account_id=key, kind=kind, due=due, at=at) for key, due in fresh if due]
    )
    for key, _due in fresh:
        announce(f"stock.{kind}", key)
    return len(fresh)
