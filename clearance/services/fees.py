"""Fees for services of customs, charged by an officer on a file; what was charged after the assessment, dropped."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from clearance.models import Case
from clearance.services.corrections.gate import of_office
from clearance.services.gate import case_to_settle, needed
from clearance.services.release import release_if_clear
from declarations import services as declarations
from declarations.models import Declaration, Levy
from lib.figures import ZERO
from lib.languages import in_language
from lib.violations import refuse
from payments.services import give_back
from tariffs.calculation import ServiceFeeFact, fee_due
from tariffs.models import ServiceFee
from tariffs.selectors import last_day_to_pay, legal_basis, national_currency, service_fee


@transaction.atomic
def charge_fee(case: Case, *, code: str, quantity: Decimal, text: str, by: User, at: datetime) -> Levy:
    """Charge so many units of a service, due like duties.

    Raises Rejected: C001 to C003, C005 no occasion, C008, C062 no such fee today, C063 nothing comes of so little.
    """
    found = case_to_settle(case, by=by, at=at)
    on = timezone.localdate(at)
    fee = service_fee(code, on=on)
    if fee is None:
        raise refuse("C062", "code", _("There is no such fee today."))
    text = needed(text, pointer="text", sentence=_("Say on what occasion: the trader reads it."))
    mass = found.declaration.items.aggregate(sum=Sum("gross_mass"))["sum"] or ZERO
    made = _levy(found.declaration, fee, quantity=quantity, mass=mass, text=text, by=by, at=at)
    if made.amount <= 0:
        raise refuse("C063", "quantity", _("Nothing is charged for so little."))
    [levy] = declarations.levy([made])
    told = {"amount": levy.amount, "levy": levy.pk}
    declarations.record(found.declaration, verb="fee", by=by, at=at, note=text, data=told)
    announce("levy.charged", levy.pk)
    return levy


def _levy(
    declaration: Declaration, fee: ServiceFee, *, quantity: Decimal, mass: Decimal, text: str, by: User, at: datetime
) -> Levy:
    fact = ServiceFeeFact(fee.amount, fee.unit, fee.free, fee.for_kg, fee.least)
    due = fee_due(fact, quantity, mass, decimals=national_currency().decimals)
    return Levy(
        key=f"fee:{uuid.uuid4()}",
        declaration=declaration,
        mrn=declaration.mrn,
        kind=Levy.Kind.FEE,
        tax_code=fee.code,
        tax_name=in_language(fee),
        base=due.base,
        rate_text=due.rate_text,
        amount=due.amount,
        formula=due.formula,
        legal_basis=legal_basis(fee.legal_act),
        is_example=fee.is_example,
        facts={
            "quantity": str(quantity),
            "mass": str(mass),
            "amount": str(fee.amount),
            "unit": fee.unit,
            "free": fee.free,
            "for_kg": fee.for_kg,
            "least": str(fee.least),
        },
        text=text,
        due=last_day_to_pay(owed_on=timezone.localdate(at)),
        by=by,
        at=at,
    )


@transaction.atomic
def drop_levy(levy: Levy, *, text: str, by: User, at: datetime) -> Levy:
    """Drop a fee or interest: what was paid of it goes back at once.

    Raises Rejected: C002, C005, C008, C058 the officer charged it, C064 it is duty that was called, S025 it is
    dropped already.
    """
    versions = Declaration.objects.filter(mrn=levy.mrn).order_by("-version")
    declaration = declarations.lock(versions.values_list("pk", flat=True)[0])
    of_office(declaration, by=by, at=at)
    if levy.kind == Levy.Kind.CALLED:
        raise refuse("C064", "", _("Duty that was called goes back by a correction or a claim alone."))
    if levy.by_id == by.pk:
        raise refuse("C058", "", _("You charged this. Another officer judges it."))
    text = needed(text, pointer="text", sentence=_("Give the grounds: the trader reads them."))
    declarations.drop_levy(levy, reason=text, by=by, at=at)
    told = {"amount": levy.amount, "levy": levy.pk}
    declarations.record(declaration, verb="drop_levy", by=by, at=at, note=text, data=told)
    give_back(declaration.pk, at=at)
    release_if_clear(declaration.pk, at=at)
    return levy
