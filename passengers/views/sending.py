"""The answer before it is sent, sending it, what stands afterwards, and taking it back."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.papers import qr_drawing
from lib.violations import Rejected, Violation
from passengers import selectors, services
from passengers.forms.choices import CHOICES
from passengers.models import Status, TravelDeclaration
from passengers.requests import link_to_pay
from passengers.selectors.lists import category_names, post_names
from passengers.services import read
from passengers.views.choosing import choices_of
from passengers.views.gate import while_open, with_declaration
from passengers.views.shown import owed, shown
from passengers.views.steps import said_at_each, step_of


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
def review(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """What it comes to and what is missing; a post sends it."""
    violations: list[Violation] = []
    if request.method == "POST":
        try:
            sent = services.submit(
                declaration,
                key=request.POST.get("key", "")[:64],
                at=timezone.now(),
                on=timezone.localdate(),
            )
            if "pay" in request.POST and sent.status == Status.TO_PAY:
                return _on_to_pay(sent)
            return redirect("travel_standing", key=declaration.public_id)
        except Rejected as refused:
            violations = refused.violations
    on = timezone.localdate()
    names, given = category_names(on=on), owed(declaration, on=on)
    missing = violations or services.faults_of(declaration, on=on)
    context = {
        **shown(declaration),
        "owed": given,
        "steps": said_at_each(declaration.draft, names, post_names(on=on)),
        "chosen": choices_of(declaration, given.answer, names),
        "choices": CHOICES,
        "missing": [(fault, step_of(fault.pointer, declaration.draft)) for fault in missing],
        "was_refused": bool(violations),
        "key": uuid.uuid4().hex,
    }
    return render(request, "passengers/review.html", context, status=422 if violations else 200)


def _on_to_pay(declaration: TravelDeclaration) -> HttpResponse:
    """The browser sends the same form on, with its key, to where payments begin."""
    response = redirect("travel_pay", key=declaration.public_id)
    response.status_code = 307
    return response


@require_safe
@with_declaration
def standing(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """Where it stands: the channel, what is due and why, what to bring; once presented, this page alone."""
    version = selectors.newest_version(declaration)
    if version is None:
        return redirect("travel_review", key=declaration.public_id)
    content, receipt = read(version.content), services.receipt_of(declaration, at=timezone.now())
    context = {
        **shown(declaration),
        "receipt": receipt,
        "qr": qr_drawing(receipt.text) if receipt else "",
        "version": version,
        "versions": selectors.versions_of(declaration).count(),
        "content": content,
        "charges": [*selectors.charges_of(version), *selectors.levies_of(declaration)],
        "findings": selectors.findings_of(version),
        "due": selectors.still_due(declaration),
        "has_stay": bool(selectors.stays_of(declaration)),
        "claim_until": selectors.claim_until(declaration),
        "is_open": services.is_open(declaration),
        "is_changed": version.by_id is None and declaration.draft != version.content,
        "key": uuid.uuid4().hex,
        "link": request.build_absolute_uri(reverse("travel_link", args=[link_to_pay(declaration)])),
    }
    return render(request, "passengers/standing.html", context)


@require_POST
@while_open
def cancel(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """Take it back; what was paid goes back to the card."""
    services.cancel(declaration, at=timezone.now())
    if not declaration.version:
        return redirect("travel")
    return redirect("travel_standing", key=declaration.public_id)
