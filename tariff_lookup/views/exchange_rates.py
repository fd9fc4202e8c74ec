"""Exchange rates for anybody: in force on a date, and of one currency over time."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from tariff_changes.selectors.exchange_rate_lists import may_see_rate_lists
from tariff_lookup.forms import DayForm
from tariffs.selectors import code_list, exchange_rates_in_force, territory
from tariffs.selectors import exchange_rate_history as history_of

RATES_A_PAGE = 60


@require_safe
def exchange_rates(request: HttpRequest) -> HttpResponse:
    """The official rates in force on a date."""
    form = DayForm(request.GET or None, today=timezone.localdate())
    form.is_valid()
    context = {
        "form": form,
        "rates": exchange_rates_in_force(on=form.day),
        "names": code_list("currency", on=form.day),
        "territory": territory(),
        "may_see_lists": isinstance(request.user, User) and may_see_rate_lists(request.user, on=timezone.localdate()),
    }
    return render(request, "tariff_lookup/exchange_rates.html", context)


@require_safe
def exchange_rate_history(request: HttpRequest, currency: str) -> HttpResponse:
    """The rates of one currency over time."""
    rates = history_of(currency, on=timezone.localdate())
    if not rates:
        raise Http404
    page = Paginator(rates, RATES_A_PAGE).get_page(request.GET.get("page"))
    names = code_list("currency", on=timezone.localdate())
    context = {"currency": currency, "name": names.get(currency, ""), "page": page, "territory": territory()}
    return render(request, "tariff_lookup/exchange_rate_history.html", context)
