"""Guarantees of the demonstration with what they hold: one overdue, one called, one expired; a fee, and interest."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import Role
from clearance import services as clearance
from clearance.models import Case
from declarations.models import Declaration, Status
from declarations.selectors import visible_to
from demo.accounts import AUTO, KHATLON, POMIR, SOMON, TERMINAL, ZARAFSHON, Firm
from demo.people import company_of, officer_with, second_officer_with, user_of
from payments import selectors
from payments import services as payments
from payments.models import Guarantee, Reservation
from tariffs.models import Procedure

_WAREHOUSE = "7100"
_SHORT_TERM = 25


@contextmanager
def short_terms() -> Iterator[None]:
    """The warehouse's term as short as the demonstration's past, so that some of its goods are overdue."""
    rows = Procedure.objects.filter(code=_WAREHOUSE)
    terms = dict(rows.values_list("pk", "term_days"))
    rows.update(term_days=_SHORT_TERM)
    yield
    for pk, days in terms.items():
        Procedure.objects.filter(pk=pk).update(term_days=days)


def keep_guarantees(*, on: date, at: datetime) -> None:
    """Letters of guarantors, what they hold, and what comes of terms that are over."""
    _agreed(POMIR, "Orienbank", "BG-2026/117", on + timedelta(days=400), on=on, at=at)
    _agreed(ZARAFSHON, "Eskhata Insurance", "POL 80-4412", on + timedelta(days=18), on=on, at=at)
    old = _agreed(SOMON, "Amonatbonk", "G/55-09", on - timedelta(days=3), on=on, at=at)
    _entered(KHATLON, "Orienbank", "BG-2026/131", on + timedelta(days=365), on=on, at=at)
    held = list(Reservation.objects.filter(status=Reservation.Status.HELD).order_by("pk"))
    _move(held, old, at=at - timedelta(days=10))
    overdue = [row for row in held if selectors.overdue_stock(row.mrn, on=on).exists()]
    if overdue:
        treasury = officer_with(Role.TREASURY)
        text = "The term is over; the trader did not answer the reminder."
        payments.call_overdue(overdue[0].declaration_id, text=text, by=treasury, at=at)
    payments.remind_of_guarantees(at=at)
    _fees(on=on, at=at)


def _entered(firm: Firm, guarantor: str, reference: str, valid_to: date, *, on: date, at: datetime) -> Guarantee:
    told = payments.Undertaking(
        company=company_of(firm),
        guarantor=guarantor,
        reference=reference,
        limit=Decimal(1_500_000),
        valid_from=on - timedelta(days=90),
        valid_to=valid_to,
        reason="The guarantor's letter",
    )
    return payments.enter_guarantee(told, by=officer_with(Role.TREASURY), at=at - timedelta(days=20))


def _agreed(firm: Firm, guarantor: str, reference: str, valid_to: date, *, on: date, at: datetime) -> Guarantee:
    made = _entered(firm, guarantor, reference, valid_to, on=on, at=at)
    second = second_officer_with(Role.TREASURY)
    return payments.agree_terms(made.terms.get(), by=second, at=at - timedelta(days=19))


def _move(held: list[Reservation], expired: Guarantee, *, at: datetime) -> None:
    """What a company holds goes under its undertaking, while that was in force."""
    for firm in (POMIR, ZARAFSHON, SOMON):
        guarantee = Guarantee.objects.filter(account__company=company_of(firm), form="undertaking").first()
        mine = [row for row in held if row.account.company == company_of(firm)]
        if guarantee is not None and mine:
            payments.hold_elsewhere(mine[-1].declaration, guarantee, by=user_of(firm), at=at)
    if not selectors.holds_of(expired).exists():
        row = next((each for each in held if each.account.company == company_of(AUTO)), None)
        if row is not None:
            _agreed_for(row, at=at)


def _agreed_for(row: Reservation, *, at: datetime) -> None:
    """A letter for one declaration alone, which has expired since."""
    on = at.date()
    told = payments.Undertaking(
        company_of(AUTO), "Amonatbonk", "G/56-02", row.amount + 1000, on - timedelta(days=60), on + timedelta(days=6),
        mrn=row.mrn, reason="The guarantor's letter",
    )  # fmt: skip
    made = payments.enter_guarantee(told, by=officer_with(Role.TREASURY), at=at)
    payments.agree_terms(made.terms.get(), by=second_officer_with(Role.TREASURY), at=at)
    payments.hold_elsewhere(row.declaration, made, by=user_of(AUTO), at=at)


def _fees(*, on: date, at: datetime) -> None:
    """A fee that was paid late, so that its interest is due; and one that waits."""
    officer = officer_with(Role.SUPERVISOR, TERMINAL)
    seen = visible_to(officer, on=on).filter(status=Status.RELEASED, trader=company_of(POMIR), office_code=TERMINAL)
    cases = list(Case.objects.filter(declaration__in=seen, closed_as=Case.End.RELEASED).order_by("pk")[:2])
    if len(cases) < 2:
        return
    late = clearance.charge_fee(
        cases[0], code="STORAGE", quantity=Decimal(24), text="24 days in the terminal's warehouse", by=officer,
        at=at - timedelta(days=30),
    )  # fmt: skip
    payer = user_of(POMIR)
    payments.pay_from_account(
        Declaration.objects.get(pk=late.declaration_id), by=payer, at=at - timedelta(days=2), idempotency_key="demo:fee"
    )
    clearance.charge_fee(
        cases[1], code="SAMPLE", quantity=Decimal(2), text="Two samples for the laboratory", by=officer,
        at=at - timedelta(days=1),
    )  # fmt: skip
