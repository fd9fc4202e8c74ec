"""Steps that tests of money that goes back share: a claim and its decisions, a bank account, a pay-out, its file."""

import uuid
from decimal import Decimal
from typing import Any

from accounts.models import Role, User
from declarations.models import Declaration
from payments import selectors, services
from payments.models import BankAccount, PaymentFile, PayOut, RefundClaim
from tests import make
from tests.payments.money_steps import LATER
from tests.scans import PDF
from traders.models import Right
from traders.services import add_member

D = Decimal
NUMBER, BANK = "20206972000000000042", "350101626"
IBAN = "GB82WEST12345698765432"
SCAN = ("letter.pdf", PDF)
WHOLE = "-"


def treasury(name: str = "first") -> User:
    return make.officer(Role.TREASURY, None, email=f"{name}@treasury.example")


def payer() -> User:
    """A second person of the trader's company who may use its money."""
    person = make.user("payer@example.com", "Aziz Payer")
    firm = make.company(owner=make.trader())
    if not firm.memberships.filter(user=person).exists():
        add_member(firm, user=person, right=Right.PAYER, by=make.trader(), on=make.SINCE, at=make.AT)
    return person


def bank_account(number: str = NUMBER, *, confirmed: bool = True) -> BankAccount:
    """The company's account, added by one person and confirmed by another."""
    second = payer()
    told = services.Particulars(number, "" if number == IBAN else BANK, "Amonatbonk")
    made = services.add_bank_account(make.company(), told, by=make.trader(), at=make.AT)
    return services.confirm_bank_account(made, by=second, at=make.AT) if confirmed else made


def claim(declaration: Declaration, *, key: str = "", by: User | None = None, **wanted: Any) -> RefundClaim:
    """A claim of all that was paid, on the ground that it was not owed, unless `wanted` says otherwise."""
    told: dict[str, Any] = {"kind": "not_owed", "reason": "Charged twice.", "amount": declaration.payable, **wanted}
    return services.claim_refund(
        declaration,
        company=make.company(),
        wanted=services.Wanted(**told),
        by=by or make.trader(),
        at=LATER,
        idempotency_key=key or uuid.uuid4().hex,
    )


def proposed(found: RefundClaim, end: str = "granted", *, amount: str = WHOLE, by: User | None = None) -> RefundClaim:
    """The first decision; `amount` is granted of the taxes in their order, by default all of it."""
    rest = found.amount if amount == WHOLE else D(amount)
    granted: dict[str, Decimal] = {}
    paid = selectors.paid_positive(found.mrn)
    for line in found.lines.order_by("pk"):
        granted[line.tax_code] = min(rest, line.claimed or paid.get(line.tax_code, D(0)))
        rest -= granted[line.tax_code]
    return services.propose_refund(
        found, end=end, text="The law says so.", granted=granted, by=by or treasury(), at=LATER
    )


def decided(found: RefundClaim, end: str = "granted", *, amount: str = WHOLE) -> RefundClaim:
    return services.confirm_refund(proposed(found, end, amount=amount), by=treasury("second"), at=LATER)


def ordered(amount: str = "100", *, to: BankAccount | None = None, key: str = "", by: User | None = None) -> PayOut:
    return services.order_pay_out(
        make.company(),
        bank_account=to or BankAccount.objects.filter(status="confirmed").first() or bank_account(),
        amount=D(amount),
        by=by or make.trader(),
        at=LATER,
        idempotency_key=key or uuid.uuid4().hex,
    )


def approved(pay_out: PayOut) -> PayOut:
    done = services.approve_pay_out(pay_out, by=treasury(), at=LATER)
    return done if done.status == "approved" else services.approve_pay_out(done, by=treasury("second"), at=LATER)


def in_file(*pay_outs: PayOut) -> PaymentFile:
    for each in pay_outs:
        approved(each)
    return services.make_payment_file(by=treasury(), at=LATER)
