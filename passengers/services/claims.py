"""Money back at the exit: the traveller claims it for goods that leave again, an officer who sees them confirms.

The sum is what the declaration would have cost less without the goods, under the law of its day, tax by tax. Payments
sends it back to the cards that paid, once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.bulk import insert_rows
from lib.figures import ZERO, plain
from lib.violations import refuse
from passengers import selectors
from passengers.content import Content, read
from passengers.judgement import answer
from passengers.models import ClaimShare, ExitClaim, TravelDeclaration
from passengers.services.history import lock, record
from passengers.states import CLAIMS, move


@dataclass(frozen=True, slots=True)
class Worth:
    """What goes back by one tax: `charged` with the goods, `without` them, `before` by earlier claims."""

    tax_code: str
    charged: Decimal
    without: Decimal
    before: Decimal

    @property
    def amount(self) -> Decimal:
        return max(self.charged - self.without - self.before, ZERO)

    @property
    def formula(self) -> str:
        minus = f" − {plain(self.before)}" if self.before else ""
        return f"{plain(self.charged)} − {plain(self.without)}{minus} = {plain(self.amount)}"


def worth(declaration: TravelDeclaration, goods: Iterable[int]) -> list[Worth]:
    """What a claim for these goods would give back, tax by tax. Nothing is written."""
    version = selectors.newest_version(declaration)
    if version is None:
        return []
    gone = selectors.gone_goods(declaration) | frozenset(goods)
    content = read(version.content)
    charged = selectors.totals(version)
    without = _charges(_lacking(content, gone), declaration, on=version.law_on)
    before = selectors.given_back_by_tax(declaration)
    found = [Worth(tax, total, without.get(tax, ZERO), before.get(tax, ZERO)) for tax, total in sorted(charged.items())]
    return [each for each in found if each.amount > 0]


def _lacking(content: Content, goods: frozenset[int]) -> Content:
    kept = tuple(thing for place, thing in enumerate(content.things, start=1) if place not in goods)
    return replace(content, things=kept)


def _charges(content: Content, declaration: TravelDeclaration, *, on: date) -> Mapping[str, Decimal]:
    used = selectors.used_before(content, on=on, except_for=declaration.pk)
    totals: dict[str, Decimal] = {}
    for charge in answer(content, on=on, used=used).judged.charges:
        totals[charge.tax_code] = totals.get(charge.tax_code, ZERO) + charge.amount
    return totals


@transaction.atomic
def claim(declaration: TravelDeclaration, *, goods: Iterable[int], at: datetime, on: date) -> ExitClaim:
    """The traveller takes goods out again and asks their money back.

    Raises Rejected: G050 nothing may be claimed for these goods, G051 a claim waits already.
    """
    locked = lock(declaration.pk)
    if ExitClaim.objects.filter(declaration=locked, status=ExitClaim.Status.CLAIMED).exists():
        raise refuse("G051", "", _("A claim waits already: show the goods to the officer at the exit."))
    places = sorted(set(goods))
    _may_be_claimed(locked, places, on=on)
    made: ExitClaim = ExitClaim.objects.create(declaration=locked, goods=places, claimed_at=at)
    record(locked, verb="claim", by=None, at=at, data={"goods": places})
    return made


def _may_be_claimed(locked: TravelDeclaration, places: list[int], *, on: date) -> None:
    version = selectors.newest_version(locked)
    content = read(version.content) if version else Content()
    free = {each.place for each in selectors.claimable(locked, content, on=on)}
    if not places or not free.issuperset(places) or not worth(locked, places):
        raise refuse("G050", "goods", _("Nothing goes back for these goods: not paid, too late, or asked before."))


def _lock_claim(found: ExitClaim) -> tuple[ExitClaim, TravelDeclaration]:
    declaration = lock(found.declaration_id)
    locked: ExitClaim = ExitClaim.objects.select_for_update().get(pk=found.pk)
    if locked.status != ExitClaim.Status.CLAIMED:
        raise refuse("G052", "", _("This claim was decided already."))
    return locked, declaration


@transaction.atomic
def confirm_claim(found: ExitClaim, *, post: str, by: User, at: datetime, on: date) -> ExitClaim:
    """The officer has seen the goods leave: the money goes back to the cards that paid it.

    Raises Rejected: G052 decided already, G053 the term has ended, or nothing is left to give back.
    """
    locked, declaration = _lock_claim(found)
    until, shares = selectors.claim_until(declaration), worth(declaration, locked.goods)
    total = sum((each.amount for each in shares), ZERO)
    if until is None or on > until or not 0 < total <= declaration.paid:
        raise refuse("G053", "", _("The term has ended, or nothing of it is left to give back."))
    filling = {"amount": total, "post": post, "decided_by": by, "decided_at": at}
    move(CLAIMS, locked, ExitClaim.Status.CONFIRMED, **filling)
    insert_rows(
        [ClaimShare(claim=locked, tax_code=each.tax_code, amount=each.amount, formula=each.formula) for each in shares]
    )
    data = {"goods": locked.goods, "amount": str(total), "post": post}
    record(declaration, verb="claim_confirmed", by=by, at=at, data=data)
    announce("travel.overpaid", declaration.pk)
    return locked


@transaction.atomic
def refuse_claim(found: ExitClaim, *, post: str, reason: str, by: User, at: datetime) -> ExitClaim:
    """The goods are not those that were declared, or do not leave."""
    locked, declaration = _lock_claim(found)
    why = " ".join(reason.split())[:500]
    if not why:
        raise refuse("G031", "reason", _("Give the reason."))
    move(CLAIMS, locked, ExitClaim.Status.REFUSED, post=post, decision=why, decided_by=by, decided_at=at)
    record(declaration, verb="claim_refused", by=by, at=at, note=why)
    return locked
