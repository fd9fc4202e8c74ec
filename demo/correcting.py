"""Corrections of the demonstration: discrepancies that lead to something, disclosures, claims, proposals that wait."""

import random
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from clearance import services as clearance
from clearance.models import Case, Correction
from clearance.selectors import unsettled
from clearance.services import corrections
from declarations import services as declarations
from declarations.models import Declaration
from demo.goods import Order
from demo.people import user_of
from lib.figures import plain
from payments import services as payments


def settle(case: Case, order: Order, *, by: User, at: datetime, chance: random.Random) -> None:
    """Something comes of each discrepancy before the goods are released: a fine that is paid, or a stated reason."""
    found = list(unsettled(case.mrn))
    if not found:
        return
    if chance.random() < 0.5:
        reason = "Within what the norms of natural loss allow; the trader was warned."
        clearance.close_findings(case, findings=found, reason=reason, by=by, at=at)
        return
    penalty = clearance.fine(
        case,
        findings=found,
        amount=Decimal(chance.randint(4, 40) * 50),
        legal_basis="Customs Code (example)",
        text="The declaration did not say what was found at the examination.",
        by=by,
        at=at,
    )
    key = f"demo:fine:{penalty.pk}"
    payments.pay_from_account(case.declaration, by=user_of(order.trader), at=at, idempotency_key=key)


def disclose(declaration: Declaration, order: Order, *, at: datetime) -> None:
    """After release the trader tells that the price was higher, and pays the difference."""
    made = _drafted(declaration, order, factor=Decimal("1.08"), at=at)
    on = timezone.localdate(at)
    corrections.send(made, reason="The seller's final invoice is higher.", by=user_of(order.declarant), at=at, on=on)
    new = Declaration.objects.get(pk=made.draft_id)
    payments.pay_from_account(new, by=user_of(order.trader), at=at, idempotency_key=f"demo:{new.pk}")
    clearance.release_if_clear(new.pk, at=at)


def claim(declaration: Declaration, order: Order, *, at: datetime) -> None:
    """After release the trader asks for money back; two officers are to decide."""
    made = _drafted(declaration, order, factor=Decimal("0.95"), at=at)
    reason = "The seller gave a discount; the corrected invoice is attached."
    corrections.send(made, reason=reason, by=user_of(order.declarant), at=at, on=timezone.localdate(at))


def propose(case: Case, *, by: User, at: datetime) -> None:
    """The officer proposes what should be declared; the trader has not answered yet."""
    made = corrections.propose(case, findings=list(unsettled(case.mrn)), by=by, at=at)
    dearer(made, factor=Decimal("1.1"), by=by, at=at)
    reason = "The examination found more than was declared."
    corrections.send_proposal(made, reason=reason, by=by, at=at, on=timezone.localdate(at))


def _drafted(declaration: Declaration, order: Order, *, factor: Decimal, at: datetime) -> Correction:
    by = user_of(order.declarant)
    made = corrections.begin(declaration, by=by, at=at)
    dearer(made, factor=factor, by=by, at=at)
    return made


def dearer(correction: Correction, *, factor: Decimal, by: User, at: datetime) -> None:
    """Every price of the draft by the factor, and the invoice as their sum."""
    prices = [
        ((item.item_price or Decimal(0)) * factor).quantize(Decimal("0.01"))
        for item in correction.draft.items.order_by("number")
    ]
    fields = {f"items[{place}].item_price": plain(price, least=2) for place, price in enumerate(prices)}
    fields["invoice_amount"] = plain(sum(prices, Decimal(0)), least=2)
    declarations.save_fields(correction.draft, fields=fields, by=by, at=at)
