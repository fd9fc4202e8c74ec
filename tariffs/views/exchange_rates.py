"""The official exchange rates on a date, and those of one currency over time."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tariffs import browsing
from tariffs.forms import DayForm
from tariffs.selectors import code_list, exchange_rates_in_force, territory

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
    }
    return render(request, "tariffs/exchange_rates.html", context)


@require_safe
def exchange_rate_history(request: HttpRequest, currency: str) -> HttpResponse:
    """The rates of one currency over time."""
    rates = browsing.history_of(currency)
    if not rates:
        raise Http404
    page = Paginator(rates, RATES_A_PAGE).get_page(request.GET.get("page"))
    names = code_list("currency", on=timezone.localdate())
    context = {"currency": currency, "name": names.get(currency, ""), "page": page, "territory": territory()}
    return render(request, "tariffs/exchange_rate_history.html", context)
