"""Travellers pay at the bank's page and come back from it: the browser that opened the declaration."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lib.violations import Rejected, Violation
from passengers.models import TravelDeclaration
from passengers.requests import opened, to_be_paid_by
from payments import bank, selectors, services


def _declaration(request: HttpRequest, key: uuid.UUID) -> TravelDeclaration:
    found = opened(request, key)
    if found is None or not found.version:
        raise Http404
    return found


@require_POST
def travel_pay(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """To the bank's page with what is due."""
    declaration = _declaration(request, key)
    once = f"travel:{declaration.pk}:{request.POST.get('key', '')[:64]}"
    try:
        attempt = services.start_travel_payment(declaration, at=timezone.now(), idempotency_key=once)
    except Rejected as refused:
        context = {"declaration": declaration, "violations": refused.violations}
        return render(request, "payments/travel_refused.html", context, status=422)
    return HttpResponseRedirect(attempt.redirect_url)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def travel_link(request: HttpRequest, link: str) -> HttpResponse:
    """Whoever has the link pays: an employer, a friend. It shows the number and the sum, and opens nothing."""
    declaration = to_be_paid_by(link)
    if declaration is None:
        raise Http404
    violations: list[Violation] = []
    if request.method == "POST":
        once = f"travel-link:{declaration.pk}:{request.POST.get('key', '')[:64]}"
        here = reverse("travel_link", args=[link])
        try:
            attempt = services.start_travel_payment(
                declaration, at=timezone.now(), idempotency_key=once, back_to=f"{here}?back=1"
            )
            return HttpResponseRedirect(attempt.redirect_url)
        except Rejected as refused:
            violations = refused.violations
    context = {
        "payee_of": declaration.reference,
        "due": selectors.travel_due(declaration),
        "paid": declaration.paid,
        "is_back": "back" in request.GET,
        "violations": violations,
        "key": uuid.uuid4().hex,
    }
    response = render(request, "payments/travel_link.html", context, status=422 if violations else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def travel_paid(request: HttpRequest, key: uuid.UUID, attempt: uuid.UUID) -> HttpResponse:
    """What became of a payment: asks the bank, and looks again by itself. What is paid leads on to the receipt."""
    declaration = _declaration(request, key)
    found = selectors.travel_attempt(attempt)
    if found is None or found.declaration_id != declaration.pk:
        raise Http404
    unreachable = False
    if not found.finished_at:
        try:
            found = services.ask_travel(found, at=timezone.now())
        except bank.BankUnreachable:
            unreachable = True
    if selectors.travel_paid_with(found):
        return redirect("travel_standing", key=key)
    if request.method == "POST" and not unreachable:
        return redirect("travel_paid", key=key, attempt=attempt)
    context = {
        "declaration": declaration,
        "attempt": found,
        "refunds": selectors.travel_refunds(declaration),
        "unreachable": unreachable,
    }
    return render(request, "payments/travel_paid.html", context)


@never_cache
def travel_money(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What was paid and what went back."""
    declaration = _declaration(request, key)
    context = {
        "declaration": declaration,
        "payments": selectors.travel_payments(declaration),
        "refunds": selectors.travel_refunds(declaration),
    }
    return render(request, "payments/travel_money.html", context)
