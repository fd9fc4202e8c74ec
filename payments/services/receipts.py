"""Issuing receipts: one for each payment, in every language, kept as files of the declaration."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.services import announce
from declarations import services as declarations
from declarations.models import IssuedPaper
from payments import receipt_pdf, selectors
from payments.models import Payment, Receipt


@transaction.atomic
def issue_receipt(payment: Payment, *, at: datetime) -> Receipt:
    """The receipt of a payment, made and kept if it is the first time it is asked for."""
    declarations.lock(payment.declaration_id)
    payment = Payment.objects.select_related("declaration", "company", "entry__by").get(pk=payment.pk)
    if found := selectors.receipt_of(payment):
        return found
    number = f"R{timezone.localtime(payment.at).year}-{payment.pk:07d}"
    paper = declarations.issue(
        payment.declaration,
        kind=IssuedPaper.Kind.RECEIPT,
        number=number,
        render=lambda issued: receipt_pdf.render(payment, issued),
        by=payment.entry.by,
        at=at,
    )
    made: Receipt = Receipt.objects.create(number=number, payment=payment, paper=paper, at=at)
    announce("receipt.issued", payment.pk)
    return made


def issue_receipts(declaration_pk: int, *, at: datetime) -> list[Receipt]:
    """Receipts for every payment of the declaration that has none yet."""
    return [issue_receipt(payment, at=at) for payment in selectors.payments_without_receipt(declaration_pk)]
