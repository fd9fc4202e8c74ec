"""Automatic payment of a company: switch it on with its ceilings, off at any time, and see what it did."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import person
from lib.violations import Rejected
from payments import selectors, services
from payments.forms import AutoPaymentForm
from tariffs.selectors import national_currency
from traders.models import Company

_A_PAGE = 25


@login_required
@require_http_methods(["GET", "POST"])
def auto_payment(request: HttpRequest, tin: str) -> HttpResponse:
    """The setting as it stands, its changes, and what was paid or left by it; a post changes it."""
    user, on = person(request), timezone.localdate()
    try:
        company = selectors.paying_companies(user, on=on).get(tin=tin)
    except Company.DoesNotExist as error:
        raise Http404 from error
    setting, currency = selectors.auto_payment_of(company), national_currency()
    now = {name: getattr(setting, name) for name in ("is_on", "source", "each", "daily")} if setting else {}
    form = AutoPaymentForm(request.POST or None, initial=_written(now, currency.decimals), currency=currency)
    violations = []
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_auto_payment(company, by=user, at=timezone.now(), **form.cleaned_data)
            on_, off = _("Automatic payment is switched on."), _("Automatic payment is switched off.")
            messages.success(request, on_ if made.is_on else off)
            return redirect("auto_payment", tin=tin)
        except Rejected as refused:
            violations = refused.violations
    context = {
        "company": company,
        "setting": setting,
        "form": form,
        "violations": violations,
        "changes": selectors.auto_payments_of(company)[:_A_PAGE],
        "page": Paginator(selectors.auto_paid_of(company), _A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "payments/auto_payment.html", context, status=422 if request.method == "POST" else 200)


def _written(values: dict[str, object], decimals: int) -> dict[str, object]:
    """Amounts as a person writes them."""
    return {name: f"{value:.{decimals}f}" if name in ("each", "daily") else value for name, value in values.items()}
