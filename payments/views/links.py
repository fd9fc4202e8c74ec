"""Paying by a link: made and withdrawn by who may pay; used by anybody who has it, without an account.

The page shows the reference, the sum and who is paid: no goods, no names. It is asked at most so often in a minute.
"""

import uuid
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import person
from declarations.models import Declaration
from declarations.selectors import declaration_for
from lib.bank_transfer import transfer_for
from lib.creditor_reference import DECLARATION
from lib.figures import ZERO
from lib.languages import chosen_language
from lib.limits import asked_this_minute
from lib.violations import Rejected, Violation
from payments import bank, selectors, services
from payments.forms import KeyedForm
from payments.models import Attempt, PayLink
from payments.receipt_pdf import render_for_payer

MOST_A_MINUTE = 30


@login_required
@require_POST
def pay_link_make(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A new link to pay the declaration."""
    declaration = _own(request, key)
    try:
        services.make_link(declaration, by=person(request), at=timezone.now())
        messages.success(request, _("The link is made. Send it to who shall pay."))
    except Rejected as refused:
        messages.error(request, " ".join(str(each.sentence) for each in refused.violations))
    return redirect(reverse("pay", args=[declaration.public_id]) + "#links")


@login_required
@require_POST
def pay_link_withdraw(request: HttpRequest, key: uuid.UUID, link: int) -> HttpResponse:
    """The link leads to nothing any more."""
    declaration = _own(request, key)
    found = selectors.pay_links_of(declaration, at=timezone.now()).filter(pk=link).first()
    if found is not None:
        services.withdraw_link(found, by=person(request), at=timezone.now())
        messages.success(request, _("The link is withdrawn."))
    return redirect(reverse("pay", args=[declaration.public_id]) + "#links")


def _own(request: HttpRequest, key: uuid.UUID) -> Declaration:
    user, on = person(request), timezone.localdate()
    try:
        declaration = declaration_for(user, key, on=on)
    except Declaration.DoesNotExist as error:
        raise Http404 from error
    if not selectors.may_pay(user, declaration, on=on):
        raise Http404
    return declaration


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def link_pay(request: HttpRequest, token: str) -> HttpResponse:
    """Reference, sum and payee; a post leads to the bank's page."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    now, violations = timezone.now(), list[Violation]()
    if request.method == "POST":
        form = KeyedForm(request.POST)
        once = form.cleaned_data["key"] if form.is_valid() else uuid.uuid4()
        try:
            attempt = services.start_link_payment(link, at=now, idempotency_key=f"link:{link.pk}:{once}")
            waits = attempt.status == Attempt.Status.PENDING
            return HttpResponseRedirect(attempt.redirect_url) if waits else redirect(_paid_page(attempt))
        except Rejected as refused:
            violations = refused.violations
    declaration = selectors.newest_of(link.declaration)
    due: Decimal = selectors.due(declaration) if selectors.is_payable(declaration) else ZERO
    good = selectors.is_good(link, at=now)
    transfer = transfer_for(DECLARATION, declaration.mrn)
    context = {
        "link": link, "good": good, "due": max(due, ZERO), "transfer": transfer, "form": KeyedForm(),
        "violations": violations, "mrn": declaration.mrn,
    }  # fmt: skip
    status = 422 if violations else 200 if good else 410
    return _private(render(request, "payments/link_pay.html", context, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def link_paid(request: HttpRequest, token: str, key: uuid.UUID) -> HttpResponse:
    """What became of a payment by the link; a post asks the bank now."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    attempt = selectors.link_attempt(link, key)
    if attempt is None:
        raise Http404
    unreachable = False
    if request.method == "POST":
        try:
            services.ask(attempt, at=timezone.now())
            return redirect(_paid_page(attempt))
        except bank.BankUnreachable:
            unreachable = True
    context = {
        "link": link, "attempt": attempt, "unreachable": unreachable, "paid": attempt.payments.first(),
        "refunds": selectors.link_refunds_of(attempt),
    }  # fmt: skip
    return _private(render(request, "payments/link_paid.html", context))


@require_safe
@never_cache
def link_receipt(request: HttpRequest, token: str, key: uuid.UUID) -> HttpResponse:
    """The receipt for who paid: reference, sum, payee, day, and the bank's transaction."""
    link = _link(request, token)
    if isinstance(link, HttpResponse):
        return link
    attempt = selectors.link_attempt(link, key)
    payment = attempt.payments.first() if attempt else None
    if attempt is None or payment is None:
        raise Http404
    with override(chosen_language(request.GET.get("language"))):
        content = render_for_payer(payment, attempt)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="receipt.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return _private(answer)


def _link(request: HttpRequest, token: str) -> PayLink | HttpResponse:
    """The link; an answer that asks for patience where somebody asks too often. Raises Http404."""
    if asked_this_minute(request, "pay-link") > MOST_A_MINUTE:
        answer = HttpResponse(_("Too many requests. Try again in a minute.") + "\n", status=429)
        answer["Content-Type"], answer["Retry-After"] = "text/plain; charset=utf-8", "60"
        return answer
    link = selectors.pay_link(token)
    if link is None:
        raise Http404
    return link


def _paid_page(attempt: Attempt) -> str:
    assert attempt.link is not None, "It was begun by a link."
    return reverse("link_paid", args=[attempt.link.token, attempt.public_id])


def _private(answer: HttpResponse) -> HttpResponse:
    """The address is a secret: nobody hears of it from the browser, and nobody finds it."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
