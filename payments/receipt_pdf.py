"""The receipt as PDF: who paid what for which declaration, tax by tax, with the QR that leads to its check."""

from decimal import Decimal

from django.conf import settings

from declarations.models import IssuedPaper
from lib.creditor_reference import DECLARATION, in_groups, reference_of
from lib.figures import ZERO
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from payments.models import Account, Attempt, Payment
from payments.selectors import name_beside_law
from tariffs.models import Tax
from tariffs.selectors import amounts_context, territory


def render(payment: Payment, issued: IssuedPaper) -> bytes:
    """The receipt of one payment, in the active language."""
    land = territory()
    context = {
        "payment": payment,
        "number": issued.number,
        "territory": in_language(land),
        "taxes": _taxes(payment),
        "entry_total": sum((amount for _code, _name, amount in _taxes(payment)), ZERO),
        "address": issued.address,
        "qr": qr_drawing(issued.address),
        **amounts_context(),
    }
    return print_pdf("papers/receipt.html", context)


def render_for_payer(payment: Payment, attempt: Attempt) -> bytes:
    """The receipt for who paid by a link: no goods and no names but that of the administration."""
    context = {
        "payment": payment,
        "attempt": attempt,
        "reference": in_groups(reference_of(DECLARATION, payment.declaration.mrn)),
        "holder": settings.BANK_ACCOUNT_HOLDER,
        "territory": in_language(territory()),
        **amounts_context(),
    }
    return print_pdf("papers/link_receipt.html", context)


def _taxes(payment: Payment) -> list[tuple[str, str, Decimal]]:
    """What the entry of the payment credited, tax by tax."""
    names = {tax.code: in_language(tax) for tax in Tax.objects.order_by("valid_from")}
    rows = payment.entry.postings.filter(account__kind=Account.Kind.REVENUE).select_related("account")
    return [
        (
            row.account.tax_code,
            names.get(row.account.tax_code) or name_beside_law(row.account.tax_code),
            row.credit - row.debit,
        )
        for row in rows.order_by("account__tax_code")
    ]
