"""Giving back: what was paid or held for a declaration beyond what it asks for now.

A cancelled or rejected declaration asks for nothing; an amended one for what its new version is charged. Nothing that
was booked is changed: money goes back by a new, opposite entry, a guarantee by voiding its reservation.
"""

from datetime import datetime

from django.db import transaction

from declarations import services as declarations
from declarations.models import Declaration, Status
from lib.figures import plain
from payments import ledger, selectors
from payments.models import Entry
from payments.services.accounts import lock_accounts, revenue_accounts
from payments.services.guarantees import count_anew
from payments.services.holding import hold_less


@transaction.atomic
def give_back(declaration_pk: int, *, at: datetime) -> Declaration:
    """Credit what was paid too much to the accounts that paid, and free the guarantee that is no longer needed.

    Safe to repeat: it looks at what is booked and held. The history of the declaration says what went back.
    """
    declaration = declarations.lock(declaration_pk)
    if declaration.status in (Status.DRAFT, Status.LODGED, Status.SUPERSEDED):
        return declaration
    if declaration.is_past_release and selectors.freed_of(declaration.mrn):
        count_anew(declaration, at=at)  # a correction may have changed what each item secures
    plan = selectors.settling(declaration)
    taxes, held, back, freed = plan.taxes, plan.held, plan.back, plan.freed
    lock_accounts(*plan.payers, *([held.account] if held and freed else []))
    if taxes and not plan.due:
        occasion = ledger.Occasion(
            key=f"given-back:{declaration.pk}:{declaration.status}:{_times(declaration)}",
            kind=Entry.Kind.CREDIT,
            text=declaration.mrn,
            at=at,
            declaration=declaration,
        )
        revenue = revenue_accounts(taxes, at=at)
        ledger.book(occasion, ledger.given_back(payers=plan.payers, revenue=revenue, taxes=taxes))
    if held and freed:
        hold_less(held, declaration, at=at)
    if back > 0 or freed:
        told = {name: plain(sum_, least=2) for name, sum_ in (("amount", back), ("freed", freed)) if sum_ > 0}
        declarations.record(declaration, verb="money_back", by=None, at=at, data=told)
    return declaration


def _times(declaration: Declaration) -> int:
    """How often money went back on this version: a fine that is dropped may be one more time."""
    return int(Entry.objects.filter(declaration=declaration, kind=Entry.Kind.CREDIT).count())
