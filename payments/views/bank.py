"""The way back from the bank: the payer's return, and the bank's own signed call-back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from payments import bank, selectors, services
from payments.models import Attempt

_LONGEST_CALLBACK = 16_384
_STATUS = {"ok": 200, "refused": 403, "unreadable": 400, "unknown": 404}


@login_required
@require_GET
def returned(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What became of a payment at the bank; asks again by itself until the end is known."""
    attempt = _attempt(request, key)
    context = {"attempt": attempt, "parts": selectors.parts_of(attempt)}
    if request.headers.get("HX-Request"):
        return render(request, "payments/_attempt.html", context)
    return render(request, "payments/returned.html", context)


@login_required
@require_POST
def ask(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask the bank now, where its call-back does not come."""
    attempt = _attempt(request, key)
    try:
        services.ask(attempt, at=timezone.now())
    except bank.BankUnreachable:
        messages.warning(request, _("The bank does not answer just now. The portal keeps asking by itself."))
    return redirect("payment_return", key=key)


@csrf_exempt
@require_POST
def bank_callback(request: HttpRequest) -> HttpResponse:
    """What is genuine is kept and acted on. Anything but 200 makes the bank try again."""
    length = request.headers.get("Content-Length") or "0"
    if not (length.isascii() and length.isdigit()) or int(length[:12]) > _LONGEST_CALLBACK:
        return HttpResponse("refused\n", status=413, content_type="text/plain")
    outcome = services.receive_callback(body=request.body, headers=request.headers, at=timezone.now())
    return HttpResponse(f"{outcome}\n", status=_STATUS[outcome], content_type="text/plain")


def _attempt(request: HttpRequest, key: uuid.UUID) -> Attempt:
    try:
        return selectors.attempt_for(person(request), key, on=timezone.localdate())
    except Attempt.DoesNotExist as error:
        raise Http404 from error
