"""Reads of lists of new exchange rates, and who may see or decide them."""

from datetime import date

from accounts.models import Role, User
from accounts.selectors import has_role
from tariff_changes.models import ExchangeRateList

LISTS_SHOWN = 200
KEEPERS = (Role.TARIFF, Role.APPROVING)


def may_see_rate_lists(user: User, *, on: date) -> bool:
    """Whether the person sees new rates before they are in force."""
    return has_role(user, *KEEPERS, Role.AUDITOR, Role.ADMIN, on=on)


def may_keep_rates(user: User, *, on: date) -> bool:
    """Whether the person brings and confirms rates."""
    return has_role(user, *KEEPERS, on=on)


def rate_lists() -> list[ExchangeRateList]:
    """Lists, those that wait first, then the latest (at most 200)."""
    found = ExchangeRateList.objects.select_related("made_by", "decided_by").prefetch_related("entries")
    waiting = list(found.filter(status=ExchangeRateList.Status.WAITING))
    return waiting + list(found.exclude(status=ExchangeRateList.Status.WAITING)[:LISTS_SHOWN])


def rate_list(pk: int) -> ExchangeRateList:
    """A list with its rates. Raises ExchangeRateList.DoesNotExist."""
    return ExchangeRateList.objects.select_related("made_by", "decided_by").prefetch_related("entries").get(pk=pk)
