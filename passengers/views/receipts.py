"""The receipt on paper and as a picture: A4, a card for the wallet, a slip of a kiosk, the QR code alone."""

import io
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from lib.resume_codes import shown_resume_code
from passengers import selectors, services
from passengers.forms.choices import MONEY_WORDS
from passengers.models import TravelDeclaration, TravelReceipt
from passengers.selectors.lists import category_names, post_names
from passengers.services import read
from passengers.views.gate import with_declaration
from passengers.views.steps import said_at_each
from tariffs.selectors import amounts_context, territory


def _context(declaration: TravelDeclaration, receipt: TravelReceipt | None) -> dict[str, Any]:
    """What any of the papers says: of the version that was sent, not of what is being changed."""
    version = selectors.newest_version(declaration)
    if version is None:
        raise Http404
    said = said_at_each(version.content, category_names(on=version.law_on), post_names(on=version.law_on))
    return {
        "declaration": declaration,
        "version": version,
        "receipt": receipt,
        "qr": qr_drawing(receipt.text) if receipt else "",
        "code": shown_resume_code(declaration.code),
        "names": [one.name for one in read(version.content).people],
        "carried": [step for step in said if step.said and step.name not in ("trip", "people")],
        "cash": selectors.cash_of_entry(version),
        "words": MONEY_WORDS,
        "due": selectors.still_due(declaration),
        "territory": in_language(territory()),
        **amounts_context(),
    }


def _receipt(declaration: TravelDeclaration) -> TravelReceipt:
    found = services.receipt_of(declaration, at=timezone.now())
    if found is None:
        raise Http404
    return found


def _pdf(template: str, declaration: TravelDeclaration) -> HttpResponse:
    content = print_pdf(template, _context(declaration, _receipt(declaration)))
    return _file(content, content_type="application/pdf", name=f"receipt-{declaration.reference}.pdf")


def _file(content: bytes, *, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@with_declaration
def receipt_pdf(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """The receipt on A4, with what was declared, to be kept for the way out."""
    return _pdf("papers/travel_receipt.html", declaration)


@require_safe
@with_declaration
def wallet_pdf(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """The receipt as large as a bank card."""
    return _pdf("papers/travel_wallet.html", declaration)


@require_safe
@with_declaration
def receipt_picture(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """The QR code alone, for the pictures of a phone."""
    drawn = io.BytesIO()
    segno.make(_receipt(declaration).text, error="m", micro=False).save(drawn, kind="png", scale=10, border=4)
    return _file(drawn.getvalue(), content_type="image/png", name=f"receipt-{declaration.reference}.png")


@require_safe
@with_declaration
def slip(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """The slip that a kiosk prints: the receipt, or what is still to be paid and the code that opens it."""
    if not declaration.version:
        return redirect("travel_review", key=declaration.public_id)
    receipt = services.receipt_of(declaration, at=timezone.now())
    return render(request, "passengers/slip.html", _context(declaration, receipt))
