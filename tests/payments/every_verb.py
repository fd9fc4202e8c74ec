"""Every verb of money as a step that any connection may take at any moment, and what is true when all have ended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from clearance import services as clearance
from clearance.models import Case
from declarations import services as declarations
from declarations.models import Declaration, Status
from payments import bank, selectors, services
from payments.models import Account, Attempt, Closing, PayOut, RefundClaim
from payments.selectors import books
from risk.services import score
from tests import make
from tests.clearance import make as files
from tests.declarations.stock_steps import home_use, in_warehouse
from tests.payments import back_steps as back
from tests.payments.money_steps import GUARANTEE, PREPAID
from tests.payments.statement_files import Told, camt, received
from tests.payments.test_ledger import beancount_balances
from tests.payments.test_paying import suspended

D = Decimal
EARLY, LATE, OVERDUE = (make.AT + timedelta(**after) for after in ({"hours": 3}, {"days": 1}, {"days": 1200}))
FUNDS = D(40_000)


class World:
    """Declarations in every state that money knows, of one company that has too little for all of them."""

    def __init__(self) -> None:
        self.person, self.company = make.trader(), make.company()
        make.funds(amount=FUNDS)
        self.stock = in_warehouse()
        files.all_on("yellow")
        self.shared = [make.assessed(), make.assessed(), suspended()]
        self.released = make.released()
        self.to = back.bank_account()
        for each in (make.treasury, make.second_treasury, make.officer, back.treasury):
            each()
        back.treasury("second")

    def step(self, chance: Random, key: str) -> str:
        """Take one; its name. A few are dated into the day that is being closed."""
        name = chance.choice(sorted(STEPS))
        STEPS[name](self, chance, chance.choice((EARLY, LATE, LATE, LATE)), key)
        return name

    def one(self, chance: Random) -> Declaration:
        """Any of them, or the version that took its place."""
        return _newest(chance.choice(self.shared))

    def settled(self) -> None:
        """What the worker does in the end."""
        for pk in Declaration.objects.exclude(status=Status.SUPERSEDED).values_list("pk", flat=True):
            services.settle_if_nothing_due(pk, at=LATE)
        services.free_guarantee(self.stock.pk, at=LATE)

    def holds(self) -> None:
        """Balanced, within limits, nothing paid twice or lost, and the books of the closed day as they were closed."""
        assert list(books.faults()) == []
        with transaction.atomic():
            assert sum(beancount_balances().values(), D(0)) == 0
        charges = D(0)
        for mrn in set(Declaration.objects.exclude(mrn="").values_list("mrn", flat=True)):
            version = Declaration.objects.filter(mrn=mrn).exclude(status=Status.SUPERSEDED).latest("version")
            booked = sum(selectors.paid_by_tax(mrn).values(), D(0))
            charged = sum(selectors.charged_by_tax(version).values(), D(0))
            assert 0 <= booked <= charged, (mrn, version.status)
            assert booked == charged or selectors.due(version) == charged - booked
            charges += booked
        accounts = list(Account.objects.filter(company=self.company))
        assert all(account.balance + account.limit >= account.reserved for account in accounts)
        under_way = sum(map(selectors.balance_of_administration, (Account.Kind.REFUNDS, Account.Kind.SUSPENSE)), D(0))
        held = sum((account.balance for account in accounts), D(0))
        came = -selectors.balance_of_administration(Account.Kind.BANK)
        assert came == charges + held + under_way, "what was paid less what came back: charges and balances"


def _newest(declaration: Declaration) -> Declaration:
    return Declaration.objects.get(pk=selectors.newest_version(declaration.pk))


def _file(world: World, chance: Random, at: datetime, key: str) -> None:
    world.shared.append(chance.choice((make.assessed, suspended))())


def _pay(world: World, chance: Random, at: datetime, key: str) -> None:
    """Of what is suspended the guarantee is reserved."""
    services.pay_from_account(world.one(chance), by=world.person, at=at, idempotency_key=key)


def _top_up(world: World, chance: Random, at: datetime, key: str) -> None:
    amount = D(chance.randrange(1, 90_000)) / 100
    services.top_up(world.company, amount=amount, by=None, at=at, idempotency_key=key)


def _move(world: World, chance: Random, at: datetime, key: str) -> None:
    services.move(
        world.company, source=PREPAID, target=GUARANTEE, amount=D(chance.randrange(1, 900)), by=world.person, at=at,
        idempotency_key=key,
    )  # fmt: skip


def _begin(world: World, chance: Random, at: datetime, key: str) -> None:
    declaration = world.one(chance)
    services.start_bank_payment(
        company=world.company, declaration=declaration, amount=selectors.due(declaration), by=world.person, at=at,
        idempotency_key=key,
    )  # fmt: skip


def _call_back(world: World, chance: Random, at: datetime, key: str) -> None:
    """The bank tells that somebody paid, once more perhaps, and perhaps less than was asked for."""
    attempts = list(Attempt.objects.order_by("pk"))
    if attempts:
        attempt = chance.choice(attempts)
        told = attempt.amount - chance.choice((D(0), D(0), D("0.01")))
        services.confirm(attempt, transaction_id=f"TX{attempt.pk}", amount=told, currency="TJS", at=at)


def _cancel(world: World, chance: Random, at: datetime, key: str) -> None:
    clearance.cancel(world.one(chance), reason="wrong goods", by=world.person, at=at)


def _reject(world: World, chance: Random, at: datetime, key: str) -> None:
    declaration, officer = world.one(chance), files.yellow_officer()
    case = Case.objects.filter(declaration=declaration).first()
    if case is None:
        score(declaration.pk, at=at)
        case = clearance.route(declaration.pk, at=at)
    if case is not None:
        clearance.claim(case, by=officer, at=at)
        clearance.reject(Case.objects.get(pk=case.pk), reason="not so", by=officer, at=at)


def _amend(price: tuple[int, int]) -> "Step":
    def amend(world: World, chance: Random, at: datetime, key: str) -> None:
        old, cost = world.one(chance), str(chance.randrange(*price))
        more = {"extended_procedure": "7100"} if old.general_procedure == "7" else {}
        files.amended(old, items=[make.item(item_price=cost, **more)], invoice_amount=cost)

    return amend


def _claim(world: World, chance: Random, at: datetime, key: str) -> None:
    wanted = services.Wanted(
        kind="not_owed", reason="Charged twice.", amount=D(chance.randrange(1, 90)), pay_to=world.to
    )
    services.claim_refund(
        world.released, company=world.company, wanted=wanted, by=world.person, at=at, idempotency_key=key
    )


def _decide(world: World, chance: Random, at: datetime, key: str) -> None:
    """Two officers, whoever is needed next; what is granted is paid out."""
    for claim in RefundClaim.objects.filter(status__in=("sent", "proposed")).order_by("pk")[:2]:
        if claim.status == "sent":
            back.proposed(claim)
        else:
            services.confirm_refund(claim, by=back.treasury("second"), at=at)


def _pay_out(world: World, chance: Random, at: datetime, key: str) -> None:
    amount = D(chance.randrange(1, 500))
    ordered = services.order_pay_out(
        world.company, bank_account=world.to, amount=amount, by=world.person, at=at, idempotency_key=key
    )
    services.approve_pay_out(ordered, by=back.treasury(), at=at)


def _payment_file(world: World, chance: Random, at: datetime, key: str) -> None:
    services.make_payment_file(by=back.treasury(), at=at)


def _statement(sign: str) -> "Step":
    """The bank's statement with a debit of what was to be paid out, or with its return."""

    def book(world: World, chance: Random, at: datetime, key: str) -> None:
        outs = list(PayOut.objects.exclude(file=None).order_by("pk"))
        if outs:
            out = chance.choice(outs)
            told = Told(f"{sign}{out.amount:.2f}", f"{sign}{out.pk}", end_to_end=out.reference, reversal=not sign)
            services.book_file(received(camt([told], number=key), at=at).pk, at=at)

    return book


def _discharge(world: World, chance: Random, at: datetime, key: str) -> None:
    """Some of the goods leave the warehouse, and their part of the guarantee is freed."""
    drawn = make.lodged(**home_use(world.stock, "40"))
    services.pay_from_account(drawn, by=world.person, at=at, idempotency_key=key)
    declarations.mark_released(Declaration.objects.get(pk=drawn.pk), by=make.officer(), at=at)
    services.free_guarantee(world.stock.pk, at=at)


def _call(world: World, chance: Random, at: datetime, key: str) -> None:
    """The term is over, seldom: what is left is called."""
    if chance.randrange(3) == 0:
        services.call_overdue(world.stock.pk, text="The term is over.", by=make.treasury(), at=OVERDUE)


def _close(world: World, chance: Random, at: datetime, key: str) -> None:
    asked: Closing = services.ask_closing(make.ON, by=None, at=LATE)
    compared = services.compare_day(asked.pk, at=LATE)
    if compared is not None and chance.randrange(2):
        services.close_day(compared, by=make.treasury(), at=LATE)


Step = Callable[[World, Random, datetime, str], None]
STEPS: dict[str, Step] = {
    "file": _file,
    "pay": _pay,
    "top up": _top_up,
    "move": _move,
    "begin": _begin,
    "call-back": _call_back,
    "cancel": _cancel,
    "reject": _reject,
    "amend upwards": _amend((1200, 1600)),
    "amend downwards": _amend((800, 1200)),
    "claim": _claim,
    "decide": _decide,
    "pay out": _pay_out,
    "payment file": _payment_file,
    "statement": _statement("-"),
    "bounce": _statement(""),
    "discharge in part": _discharge,
    "call": _call,
    "close": _close,
}


def started(**_said: object) -> bank.Started:
    """The bank takes every start."""
    return bank.Started(bank_reference="B", url="http://bank/pay/")
