"""Tariff quotas for everyone: what is left of each, and one quota with its draws by day."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tariff_lookup import browsing
from tariff_lookup.forms import DayForm
from tariffs.selectors import draws_by_day, quota_on, quota_periods


def _day(request: HttpRequest) -> tuple[DayForm, date]:
    form = DayForm(request.GET or None, today=timezone.localdate())
    form.is_valid()
    return form, form.day


@require_safe
def quotas(request: HttpRequest) -> HttpResponse:
    """Every quota that is open on a date, with its balance."""
    form, on = _day(request)
    return render(request, "tariff_lookup/quotas.html", {"form": form, "quotas": browsing.open_quotas(on=on)})


@require_safe
def quota(request: HttpRequest, number: str) -> HttpResponse:
    """One quota in its period on a date (the last one, where it has none then)."""
    _form, on = _day(request)
    balance = quota_on(number, on=on)
    if balance is None:
        raise Http404
    context = {
        "balance": balance,
        "rows": browsing.rates_within(balance, on=on),
        "days": draws_by_day(balance.quota),
        "periods": quota_periods(number),
    }
    return render(request, "tariff_lookup/quota.html", context)
