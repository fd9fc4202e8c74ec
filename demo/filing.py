"""The lives of the demonstration's declarations: each step by the verb that people use, at a moment of the past.

A life is a generator: it acts, and yields the moment of its next step. `Calendar` runs all lives side by side in the
order of time, so that ledgers and numbers grow as they would have grown.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from clearance import services as clearance
from clearance.models import Case, Examination, Finding
from clearance.selectors import unchecked
from declarations import services as declarations
from declarations.models import Declaration, Status
from declarations.selectors import as_dict
from demo import correcting, scans
from demo.accounts import GATE, KHATLON, NORTH, POMIR, SOMON, TERMINAL, TRADERS, Firm
from demo.goods import EXPORTS, WATCHED, Order, Writer, packing_list
from demo.people import MANDATES, company_of, officer_with, user_of
from payments import services as payments
from risk import services as risk
from risk.models import Lane

Life = Iterator[datetime]
# A part of a life: yields moments like it, and ends with the moment at which it ended.
Step = Generator[datetime, None, datetime]
# Of so many files an officer decides one without opening it, and one right after: what integrity asks about.
SELDOM = 12
# How far a declaration gets, how many of them there are, and how many days ago they are lodged at most.
FATES = (
    ("released", 112, 90),
    ("released_after_query", 10, 80),
    ("released_after_finding", 7, 85),
    ("disclosed", 3, 40),
    ("claimed", 4, 30),
    ("proposed", 3, 6),
    ("amended", 6, 60),
    ("rejected", 4, 75),
    ("cancelled", 5, 70),
    ("warehouse", 5, 45),
    ("exported", 9, 80),
    ("draft", 13, 12),
    ("unpaid", 15, 5),
    ("paid", 8, 2),
    ("queried", 7, 4),
    ("examined", 6, 2),
)
# Lanes of goods that an officer has to look at, where the fate needs one.
OFFICERS_SEE = {
    "queried": ("yellow",),
    "released_after_query": ("yellow",),
    "rejected": ("yellow",),
    "released_after_finding": ("red",),
    "examined": ("red",),
    "proposed": ("red",),
    "paid": ("yellow", "yellow", "red"),
    "unpaid": ("", "", "yellow", "red"),
}
# Files that wait for an officer and have their papers scanned.
WITH_SCANS = ("queried", "paid", "unpaid")
YOUNGEST = {"draft": 0, "unpaid": 0, "paid": 0, "queried": 1, "examined": 0}
SOURCES = (Declaration.Source.BROWSER,) * 5 + (Declaration.Source.API,) * 3 + (Declaration.Source.XML,)
WRONG = ("examined", "released_after_finding", "proposed", "amended")  # what an examination finds fault with
QUESTIONS = (
    ("Please send the price list of the manufacturer for item 1.", "The price list of 3 September is attached."),
    (
        "The waybill names another consignee. Which of the two is right?",
        "The forwarder's error; the corrected CMR follows.",
    ),
    ("What is the composition of the goods of item 1?", "65 % cotton, 35 % polyester, as the test report says."),
)
FINDINGS = (
    (Finding.Code.QUANTITY, "12 cartons more than declared"),
    (Finding.Code.DESCRIPTION, "Half of the goods are of another model"),
    (Finding.Code.ORIGIN, "The labels name another country of origin"),
)


class Calendar:
    """Runs lives in the order of time until none has a step left before `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.waiting: list[tuple[datetime, int, Life]] = []
        self.serial = itertools.count()

    def add(self, moment: datetime, life: Life) -> None:
        heapq.heappush(self.waiting, (moment, next(self.serial), life))

    def run(self) -> None:
        while self.waiting:
            moment, _number, life = heapq.heappop(self.waiting)
            if moment > self.until:
                continue
            following = next(life, None)
            if following is not None:
                self.add(max(following, moment), life)


class Office:
    """Files, pays and clears on behalf of everyone; `chance` makes the same demonstration each time."""

    def __init__(self, writer: Writer, *, on: date, until: datetime) -> None:
        self.writer = writer
        self.on = on
        self.chance = random.Random(7)  # noqa: S311 (no secret)
        self.calendar = Calendar(until)
        self.mandates = dict(MANDATES)

    def open(self) -> None:
        """File everything."""
        number = itertools.count(1)
        for fate, count, oldest in FATES:
            for _each in range(count):
                days = self.chance.randint(YOUNGEST.get(fate, 4), oldest)
                order = self._order(fate, next(number), self.on - timedelta(days=days))
                moment = self._moment(order.on)
                self.calendar.add(moment, self._life(fate, order, moment))
        self.calendar.run()

    def _order(self, fate: str, number: int, on: date) -> Order:
        exporting = fate == "exported"
        watched = self.chance.choice(OFFICERS_SEE.get(fate, ("",)))
        trader = self.chance.choice([KHATLON, SOMON] if exporting else TRADERS)
        trader = WATCHED[watched][0] if watched else trader
        assert not exporting or trader.tin in EXPORTS
        declarant = self.mandates[trader] if self.chance.random() < 0.45 else trader
        procedure = {"warehouse": "IM7", "exported": "EX1"}.get(fate, "IM4")
        return Order(number, trader, declarant, on, self._office_of(trader), procedure, watched)

    def _office_of(self, trader: Firm) -> str:
        if trader == POMIR:
            return TERMINAL
        return NORTH if self.chance.random() < 0.25 else TERMINAL

    def _moment(self, on: date) -> datetime:
        if on == self.on:
            return self.calendar.until - timedelta(minutes=self.chance.randint(30, 240))
        at = time(self.chance.randint(8, 16), self.chance.randint(0, 59))
        return timezone.make_aware(datetime.combine(on, at))

    # Lives ----------------------------------------------------------------------------------------------------

    def _life(self, fate: str, order: Order, at: datetime) -> Life:
        data = self.writer.write(order)
        if fate == "draft":
            self._draft(order, data, at=at)
            return
        seen = order.watched == "yellow" and fate in WITH_SCANS
        declaration, at = self._lodge_with_scans(order, data, at=at) if seen else self._lodge(order, data, at=at)
        yield at
        if fate == "cancelled":
            clearance.cancel(
                declaration, reason="The buyer withdrew from the contract.", by=user_of(order.declarant), at=at
            )
            return
        if fate == "amended":
            at = yield from self._amend(declaration, data, order, at=at)
            declaration = Declaration.objects.current().get(mrn=declaration.mrn)
        if fate not in ("unpaid", "queried") or self.chance.random() < 0.3:
            at += timedelta(minutes=self.chance.randint(20, 400))
            yield at
            self._pay(declaration, order, at=at)
        yield from self._clear(declaration, order, fate, at=at)
        if fate == "warehouse":
            yield from self._take_out(declaration, data, order, at=at)
        if fate == "exported" and declaration.border_office_code == GATE:
            yield from self._leave(declaration, at=at)
        if fate in ("disclosed", "claimed"):
            yield from self._correct(declaration, order, fate, at=at)

    def _take_out(self, stored: Declaration, data: dict[str, Any], order: Order, *, at: datetime) -> Life:
        """Half of the first item of a warehouse goes into home use some days later."""
        at += timedelta(days=self.chance.randint(2, 12))
        yield at
        stored.refresh_from_db()
        if stored.status != Status.RELEASED:
            return
        order = replace(order, on=timezone.localdate(at), procedure="IM4")
        taken = self.writer.take_out(order, data, stored.customs_number)
        declaration, at = self._lodge(order, taken, at=at)
        yield at
        self._pay(declaration, order, at=at)
        yield from self._clear(declaration, order, "released", at=at + timedelta(hours=1))

    def _correct(self, declaration: Declaration, order: Order, fate: str, *, at: datetime) -> Life:
        """Some days after the release the trader finds that the declaration was wrong."""
        at += timedelta(days=self.chance.randint(2, 6))
        yield at
        declaration.refresh_from_db()
        if declaration.status == Status.RELEASED:
            verb = correcting.disclose if fate == "disclosed" else correcting.claim
            verb(declaration, order, at=at)

    def _draft(self, order: Order, data: dict[str, Any], *, at: datetime) -> None:
        """Some drafts are complete, some were left in the middle, with a packing list to look at, some lack a scan."""
        by, tables = user_of(order.declarant), []
        if self.chance.random() < 0.6:
            tables = [packing_list(data["items"])]
            data["items"] = [{**item, "gross_mass": "", "origin_country": ""} for item in data["items"]]
            data["border_mode"] = ""
        elif order.number % 2:
            data = scans.with_permit(data)
        draft = declarations.create_draft(declarant=company_of(order.declarant), by=by, at=at, data=data)
        if tables:
            declarations.keep_goods_file(draft, name="packing-list.xlsx", tables=tables, by=by, at=at)
        if order.number % 2:
            scans.leave(draft, by=by, at=at, chance=self.chance)

    def _lodge(self, order: Order, data: dict[str, Any], *, at: datetime) -> tuple[Declaration, datetime]:
        by = user_of(order.declarant)
        source = self.chance.choice(SOURCES)
        company = company_of(order.declarant)
        done = declarations.lodge_at_once(declarant=company, data=data, on=order.on, at=at, by=by, source=source)
        self._choose_lane(done.declaration, at=at)
        return done.declaration, at + timedelta(minutes=2)

    def _lodge_with_scans(self, order: Order, data: dict[str, Any], *, at: datetime) -> tuple[Declaration, datetime]:
        """As a broker does who has everything at hand: a draft, its papers scanned, lodged."""
        by, company = user_of(order.declarant), company_of(order.declarant)
        complete = scans.with_packing_list(data)
        draft = declarations.create_draft(declarant=company, by=by, at=at, data=complete)
        scans.attach(draft, by=by, at=at, chance=self.chance, as_pdf=order.number % 2 == 0)
        declaration = declarations.lodge(draft, on=order.on, at=at, by=by)
        self._choose_lane(declaration, at=at)
        return declaration, at + timedelta(minutes=2)

    def _choose_lane(self, declaration: Declaration, *, at: datetime) -> None:
        """What the worker does after the commit."""
        risk.score(declaration.pk, at=at + timedelta(seconds=self.chance.randint(1, 3)))
        clearance.route(declaration.pk, at=at + timedelta(seconds=4))

    def _amend(self, declaration: Declaration, data: dict[str, Any], order: Order, *, at: datetime) -> Step:
        at += timedelta(hours=self.chance.randint(1, 20))
        yield at
        item = data["items"][0]
        price = Decimal(item["item_price"]) + 250
        rest = sum((Decimal(other["item_price"]) for other in data["items"][1:]), Decimal(0))
        changed = {**data, "invoice_amount": str(price + rest)}
        changed["items"] = [{**item, "item_price": str(price)}, *data["items"][1:]]
        by = user_of(order.declarant)
        reason = "The seller sent a corrected invoice."
        on = timezone.localdate(at)
        new = clearance.amend(declaration, data=changed, reason=reason, by=by, at=at, on=on)
        self._choose_lane(new, at=at)
        return at

    def _pay(self, declaration: Declaration, order: Order, *, at: datetime) -> None:
        declaration.refresh_from_db()
        if declaration.status == Status.ASSESSED:
            key = f"demo:{declaration.pk}"
            payments.pay_from_account(declaration, by=user_of(order.trader), at=at, idempotency_key=key)
        clearance.release_if_clear(declaration.pk, at=at + timedelta(seconds=5))

    # Officers -------------------------------------------------------------------------------------------------

    def _clear(self, declaration: Declaration, order: Order, fate: str, *, at: datetime) -> Life:
        case = Case.objects.filter(declaration=declaration).first()
        if case is None or case.closed_at is not None or case.lane not in (Lane.YELLOW, Lane.RED):
            return
        if fate in ("unpaid", "paid") and self.chance.random() < 0.7:
            return
        officer = self._officer(case)
        at += timedelta(minutes=self.chance.randint(10, 300))
        yield at
        clearance.claim(case, by=officer, at=at)
        if case.pk % SELDOM > 1:
            clearance.note_opening(case.declaration, by=officer, at=at)
        if fate == "rejected":
            clearance.reject(case, reason="The certificate of origin is not genuine.", by=officer, at=at)
            return
        if fate in ("queried", "released_after_query"):
            at = yield from self._ask(case, fate, officer, at=at)
        if fate == "queried":
            return
        if case.lane == Lane.RED or fate in ("examined", "released_after_finding", "proposed"):
            at = yield from self._examine(case, fate, officer, at=at)
        if fate == "proposed":
            correcting.propose(case, by=officer, at=at)
            return
        if fate in ("examined", "paid", "unpaid"):
            return
        at += timedelta(minutes=self.chance.randint(5, 60))
        yield at
        self._check(case, officer, at=at)
        correcting.settle(case, order, by=officer, at=at, chance=self.chance)
        if case.pk % SELDOM == 1:
            clearance.note_opening(case.declaration, by=officer, at=at - timedelta(seconds=20))
        clearance.decide_release(case, by=officer, at=at)

    def _leave(self, declaration: Declaration, *, at: datetime) -> Life:
        """Most trucks are at the border some days later; the gate is asked whether they may pass."""
        at += timedelta(days=self.chance.randint(1, 6))
        yield at
        declaration.refresh_from_db()
        if declaration.status != Status.RELEASED or self.chance.random() < 0.2:
            return
        clearance.confirm_exit(
            declaration,
            vehicle=declaration.border_identity,
            packages=declaration.total_packages or 0,
            seals=f"TJ{self.chance.randint(10_000, 99_999)}",
            by=officer_with(Role.EXAMINING, GATE),
            at=at,
        )

    def _officer(self, case: Case) -> User:
        if case.office_code == TERMINAL:
            return officer_with(Role.EXAMINING if case.lane == Lane.RED else Role.DOCUMENTARY, TERMINAL)
        return officer_with(Role.SUPERVISOR if case.lane == Lane.RED else Role.DOCUMENTARY, NORTH)

    def _ask(self, case: Case, fate: str, officer: User, *, at: datetime) -> Step:
        question, answer = self.chance.choice(QUESTIONS)
        due = timezone.localdate(at) + timedelta(days=5)
        asked = clearance.ask(case, question=question, due=due, by=officer, at=at)
        if fate != "queried":
            at += timedelta(hours=self.chance.randint(2, 30))
            yield at
            files = [scans.letter(as_dict(case.declaration), self.chance)]
            clearance.answer(asked, text=answer, files=files, by=case.declaration.created_by, at=at)
        return at

    def _check(self, case: Case, officer: User, *, at: datetime) -> None:
        """Everything that the criteria ask for is in order; what is not is found by an examination."""
        for each in unchecked(case):
            clearance.check_instruction(case, criterion=each.reason.criterion, result="conform", by=officer, at=at)

    def _examine(self, case: Case, fate: str, officer: User, *, at: datetime) -> Step:
        kind = Examination.Kind.GOODS if case.lane == Lane.RED else Examination.Kind.DOCUMENTS
        examination = clearance.start_examination(case, kind=kind, by=officer, at=at)
        at += timedelta(minutes=self.chance.randint(30, 180))
        yield at
        code, text = self.chance.choice(FINDINGS) if fate in WRONG else (Finding.Code.CONFORM, "")
        clearance.record_finding(examination, item_number=1, code=code, text=text, by=officer, at=at)
        if fate != "examined":
            self._check(case, officer, at=at)
            clearance.finish_examination(examination, by=officer, at=at)
        return at


def counted() -> str:
    """How many declarations are in which status, for the command's last line."""
    found = Counter(Declaration.objects.values_list("status", flat=True))
    return ", ".join(f"{count} {Status(status).label}" for status, count in sorted(found.items()))
