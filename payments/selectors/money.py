"""Reads about money: accounts and balances, what is due on a declaration, who may pay it, statements."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import once_a_request
from declarations.models import FINE, Charge, Declaration, Levy, Penalty, Status, StockDischarge, StockMovement
from declarations.selectors import visible_to
from lib.figures import ZERO
from payments.models import (
    Account,
    Attempt,
    Entry,
    GuaranteeFreed,
    Payment,
    Posting,
    Receipt,
    RefundClaim,
    RefundLine,
    Reservation,
)
from tariffs.selectors import code_lists, names_beside_taxes
from traders.models import Company, Right
from traders.selectors import companies_of

PAYING_RIGHTS = (Right.OWNER, Right.PAYER)
ENDED = (Status.CANCELLED, Status.REJECTED)


def account_of(company: Company, kind: str) -> Account | None:
    """The company's account of that kind, None until it is opened."""
    found: Account | None = Account.objects.filter(company=company, kind=kind, reference="").first()
    return found


def balance(company: Company) -> Decimal:
    """What the company has on its prepaid account, in national currency."""
    account = account_of(company, Account.Kind.PREPAID)
    return account.balance if account else ZERO


def balance_of_administration(kind: str, *, tax_code: str = "") -> Decimal:
    """Credits less debits of an account of the administration, summed from its postings."""
    sums = Posting.objects.filter(account__company=None, account__kind=kind, account__tax_code=tax_code).aggregate(
        total=Coalesce(Sum(F("credit") - F("debit")), ZERO)
    )
    return Decimal(sums["total"])


def paying_companies(user: User, *, on: date) -> QuerySet[Company]:
    """Companies whose money `user` may see and use on the day."""
    return companies_of(user, *PAYING_RIGHTS, on=on).confirmed()


def payers_of(user: User, declaration: Declaration, *, on: date) -> list[Company]:
    """Of the trader and the declarant, in this order, those `user` may pay for."""
    companies = once_a_request(user, "paying", on, lambda: list(paying_companies(user, on=on)))
    allowed = {company.pk: company for company in companies}
    wanted = dict.fromkeys((declaration.trader_id, declaration.declarant_id))
    return [allowed[key] for key in wanted if key is not None and key in allowed]


def may_pay(user: User, declaration: Declaration, *, on: date) -> bool:
    """Whether `user` may pay this declaration for its trader or its declarant."""
    return bool(payers_of(user, declaration, on=on))


def accounts_for(user: User, *, on: date) -> QuerySet[Account]:
    """Accounts of every company `user` may pay for."""
    found: QuerySet[Account] = (
        Account.objects.filter(company__in=paying_companies(user, on=on))
        .select_related("company", "guarantee")
        .order_by("company", "pk")
    )
    return found


def account_for(user: User, pk: int, *, on: date) -> Account:
    """One of `accounts_for`; raises Account.DoesNotExist for a stranger."""
    return accounts_for(user, on=on).get(pk=pk)


def charged_by_tax(declaration: Declaration) -> dict[str, Decimal]:
    """The payable charges of this version and the fines, tax by tax; none once it is cancelled or rejected."""
    if declaration.status in ENDED:
        return {}
    rows = Charge.objects.filter(declaration=declaration, payable=True).values("tax_code").annotate(total=Sum("amount"))
    charged = {row["tax_code"]: row["total"] for row in rows.order_by("tax_code")}
    return less_refunded(declaration.mrn, with_what_came_after(charged, declaration.mrn))


def less_refunded(mrn: str, charged: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What is charged on an MRN less what claims of refunds have been granted of it, never below nothing."""
    rows = RefundLine.objects.filter(claim__mrn=mrn, claim__status=RefundClaim.Status.GRANTED, granted__gt=0)
    granted = {row["tax_code"]: row["sum"] for row in rows.order_by().values("tax_code").annotate(sum=Sum("granted"))}
    return {tax: max(amount - granted.get(tax, ZERO), ZERO) for tax, amount in charged.items()}


def with_what_came_after(charged: Mapping[str, Decimal], mrn: str) -> dict[str, Decimal]:
    """These sums by tax, with what is owed on an MRN after its assessment: fines, called duty, interest, fees."""
    fines = Penalty.objects.filter(mrn=mrn, status__in=Penalty.OWED).order_by().annotate(code=Value(FINE))
    levies = Levy.objects.filter(mrn=mrn, status=Levy.Status.OWED).order_by().annotate(code=F("tax_code"))
    rows = fines.values_list("code", "amount").union(levies.values_list("code", "amount"), all=True)
    sums = defaultdict(Decimal, charged)
    for code, amount in rows if mrn else ():
        sums[code] += amount
    return dict(sums)


def paid_by_tax(mrn: str) -> dict[str, Decimal]:
    """What the ledger holds as revenue from all versions of an MRN, tax by tax."""
    if not mrn:
        return {}
    rows = (
        Posting.objects.filter(entry__declaration__mrn=mrn, account__kind=Account.Kind.REVENUE)
        .values("account__tax_code")
        .annotate(total=Sum(F("credit") - F("debit")))
        .order_by("account__tax_code")
    )
    return {row["account__tax_code"]: row["total"] for row in rows}


def name_beside_law(code: str) -> str:
    """The name of a line that is no tax: a fine, interest, a fee for a service; else the code itself."""
    return _("Fine") if code == FINE else names_beside_taxes().get(code, code)


def due_by_tax(declaration: Declaration) -> dict[str, Decimal]:
    """Charges of this version less what was paid on all versions; negative where too much was paid."""
    return _rest(charged_by_tax(declaration), paid_by_tax(declaration.mrn))


def _rest(charged: Mapping[str, Decimal], paid: Mapping[str, Decimal]) -> dict[str, Decimal]:
    rest = {tax: charged.get(tax, ZERO) - paid.get(tax, ZERO) for tax in sorted({*charged, *paid})}
    return {tax: amount for tax, amount in rest.items() if amount}


def due(declaration: Declaration) -> Decimal:
    """What is still to be paid; negative when too much was paid."""
    return sum(due_by_tax(declaration).values(), ZERO)


def is_payable(declaration: Declaration, *, owed: Decimal | None = None) -> bool:
    """Whether something can be paid or secured now: an assessment, or a fine that came later. `owed`: what is `due`."""
    if declaration.status == Status.ASSESSED:
        return True
    stands = declaration.status in (Status.PAID, Status.RELEASED, Status.EXITED)
    return stands and (due(declaration) if owed is None else owed) > 0


def held_for(mrn: str) -> Reservation | None:
    """The guarantee held for an MRN."""
    found: Reservation | None = Reservation.objects.filter(mrn=mrn, status=Reservation.Status.HELD).first()
    return found


def last_held_for(mrn: str) -> Reservation | None:
    """What was last held for an MRN, whether it still is or not."""
    found: Reservation | None = Reservation.objects.filter(mrn=mrn).select_related("account").order_by("-pk").first()
    return found


def guarantee_needed(declaration: Declaration) -> Decimal:
    """What must be held for this version: what it secures less what discharged stock has freed; nothing once it is
    cancelled or rejected.
    """
    if declaration.status in ENDED or not declaration.guaranteed:
        return ZERO
    return max(declaration.guaranteed - freed_of(declaration.mrn), ZERO)


def freed_of(mrn: str) -> Decimal:
    """What discharged stock has freed of the guarantee of an MRN."""
    freed = GuaranteeFreed.objects.filter(mrn=mrn).aggregate(sum=Coalesce(Sum("amount"), ZERO))["sum"]
    return Decimal(freed)


def secured_by_item(declaration: Declaration) -> dict[int | None, Decimal]:
    """The charges that are held by the guarantee, by the number of their item; None: on the declaration."""
    rows = Charge.objects.filter(declaration=declaration, payable=False).values_list(
        "item__number", "item__extended_procedure", "amount"
    )
    assert declaration.tax_date is not None, "a lodged declaration has a tax date"
    free = code_lists(on=declaration.tax_date).unsecured_procedures()
    found: dict[int | None, Decimal] = defaultdict(Decimal)
    for number, procedure, amount in rows:
        if procedure not in free:
            found[number] += amount
    return found


def suspended_by_item(declaration: Declaration) -> dict[int | None, dict[str, Decimal]]:
    """The suspended charges, whether a guarantee is asked for them or not, by item and tax."""
    rows = Charge.objects.filter(declaration=declaration, payable=False).values_list(
        "item__number", "tax_code", "amount"
    )
    found: dict[int | None, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for number, tax, amount in rows:
        found[number][tax] += amount
    return found


def given_back_unheard(mrn: str = "") -> QuerySet[StockMovement]:
    """Draws that were given back after they were discharged, of which money has not heard yet; of one MRN or of all."""
    discharged = StockMovement.objects.filter(
        kind=StockMovement.Kind.DRAW, account=OuterRef("account"), item=OuterRef("item"), discharge__isnull=False
    )
    rows = StockMovement.objects.filter(kind=StockMovement.Kind.GIVE_BACK, held_again=None).filter(Exists(discharged))
    rows = rows.filter(account__mrn=mrn) if mrn else rows.filter(account__item__isnull=False)
    found: QuerySet[StockMovement] = rows.order_by("pk")
    return found


def discharged_without_freeing(*, limit: int) -> list[int]:
    """Primary keys of declarations of whose discharged stock, or of it given back, money has not heard yet."""
    waiting = StockDischarge.objects.filter(freed=None, movement__account__item__isnull=False)
    keys = waiting.order_by().values_list("movement__account__item__declaration_id", flat=True).distinct()
    back = given_back_unheard().order_by().values_list("account__item__declaration_id", flat=True).distinct()
    return list(dict.fromkeys([*keys[:limit], *back[:limit]]))[:limit]


def to_secure(declaration: Declaration) -> Decimal:
    """How much more guarantee this version needs than is held; negative when too much is held."""
    held = held_for(declaration.mrn)
    return guarantee_needed(declaration) - (held.amount if held else ZERO)


def payers_to_give_back_to(mrn: str, amount: Decimal, *, company: Company | None = None) -> dict[Account, Decimal]:
    """The accounts that paid for an MRN, who paid last first, each with its share of `amount` to be given back.

    With `company` its accounts alone.
    """
    whose = Q(account__company=company) if company else Q(account__company__isnull=False)
    rows = (
        Posting.objects.filter(whose, entry__declaration__mrn=mrn)
        .values("account")
        .annotate(paid=Sum(F("debit") - F("credit")), last=Max("pk"))
        .filter(paid__gt=0)
        .order_by("-last")
    )
    shares: dict[int, Decimal] = {}
    for row in rows:
        shares[row["account"]] = min(row["paid"], amount - sum(shares.values(), ZERO))
    accounts = Account.objects.in_bulk(shares)
    return {accounts[pk]: share for pk, share in shares.items() if share > 0}


@dataclass(frozen=True)
class Settling:
    """What becomes of the money of a declaration that asks for other sums: what is due, or goes back, tax by tax.

    `payers` are the accounts to which it goes back, each with its share; `freed` is no longer held on the account of
    `held`; `to_hold` is to be held beside what is held.
    """

    taxes: Mapping[str, Decimal]
    payers: Mapping[Account, Decimal]
    held: Reservation | None
    freed: Decimal
    to_hold: Decimal

    @property
    def due(self) -> Decimal:
        """What is to be paid; nothing where money goes back."""
        return max(sum(self.taxes.values(), ZERO), ZERO)

    @property
    def back(self) -> Decimal:
        return max(-sum(self.taxes.values(), ZERO), ZERO)


def settling(declaration: Declaration) -> Settling:
    """What is to be done now, by what the version asks for and what is booked and held for the MRN."""
    return settling_of(declaration.mrn, charged=charged_by_tax(declaration), needed=guarantee_needed(declaration))


def settling_if_ended(declaration: Declaration) -> Settling:
    """What a cancellation or rejection does to the money."""
    return settling_of(declaration.mrn, charged={}, needed=ZERO)


def settling_of(mrn: str, *, charged: Mapping[str, Decimal], needed: Decimal) -> Settling:
    """What is to be done if the declaration asks for these taxes and needs this guarantee."""
    taxes, held = _rest(charged, paid_by_tax(mrn)), held_for(mrn)
    back = -sum(taxes.values(), ZERO)
    more = needed - (held.amount if held else ZERO)
    payers = payers_to_give_back_to(mrn, back) if back > 0 else {}
    return Settling(taxes, payers, held, freed=max(-more, ZERO), to_hold=max(more, ZERO))


def given_back(mrn: str) -> QuerySet[Posting]:
    """What was given back on any version of an MRN, account by account, oldest first."""
    found: QuerySet[Posting] = (
        Posting.objects.filter(
            entry__declaration__mrn=mrn, entry__kind=Entry.Kind.CREDIT, account__company__isnull=False, credit__gt=0
        )
        .select_related("account__company", "entry")
        .order_by("pk")
    )
    return found


@dataclass(frozen=True)
class Returned:
    """What became of the money of a declaration: given back, no longer held, and still under way at the bank."""

    postings: list[Posting]
    freed: Decimal
    under_way: list[Attempt]


def returned(declaration: Declaration) -> Returned:
    """What a page says about money that goes back; the last two are empty unless it was cancelled or rejected."""
    ended = declaration.status in ENDED
    voided = Reservation.objects.filter(mrn=declaration.mrn, status=Reservation.Status.VOIDED).order_by("pk")
    last = voided.last() if ended else None
    return Returned(
        postings=list(given_back(declaration.mrn)),
        freed=last.amount if last else ZERO,
        under_way=list(open_attempts_on(declaration.mrn)) if ended else [],
    )


def ended_with_money(*, limit: int) -> list[int]:
    """Primary keys of declarations that were cancelled or rejected while money is still booked or held for them."""
    held = Reservation.objects.filter(mrn=OuterRef("mrn"), status=Reservation.Status.HELD)
    booked = (
        Posting.objects.filter(entry__declaration__mrn=OuterRef("mrn"), account__kind=Account.Kind.REVENUE)
        .values("entry__declaration__mrn")
        .annotate(total=Sum(F("credit") - F("debit")))
        .exclude(total=0)
    )
    found = Declaration.objects.filter(Q(Exists(held)) | Q(Exists(booked)), status__in=ENDED)
    return list(found.order_by("pk").values_list("pk", flat=True)[:limit])


def is_settled(declaration: Declaration, *, owed: Decimal | None = None) -> bool:
    """Whether everything charged is paid and everything guaranteed is held. `owed`: what is `due`, if it is known."""
    if declaration.status in (Status.DRAFT, Status.LODGED):
        return False
    return (due(declaration) if owed is None else owed) <= 0 and to_secure(declaration) <= 0


def awaiting_nothing(*, before: datetime) -> Iterable[int]:
    """Primary keys of declarations lodged before then and assessed at nothing that nobody has moved on."""
    return (
        Declaration.objects.filter(status=Status.ASSESSED, payable=0, guaranteed=0, lodged_at__lt=before)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def newest_version(declaration_pk: int) -> int:
    """The primary key of the version of the declaration that stands now."""
    mrn = Declaration.objects.filter(pk=declaration_pk).values("mrn")
    return int(Declaration.objects.filter(mrn__in=mrn).order_by("-version").values_list("pk", flat=True)[:1].get())


def next_version(declaration: Declaration) -> int:
    """The primary key of the version that took this one's place."""
    newer = Declaration.objects.filter(mrn=declaration.mrn, version=declaration.version + 1)
    return int(newer.values_list("pk", flat=True).get())


def payments_of(declaration: Declaration) -> QuerySet[Payment]:
    """Payments on any version of the declaration."""
    found: QuerySet[Payment] = (
        Payment.objects.filter(declaration__mrn=declaration.mrn)
        .exclude(declaration__mrn="")
        .select_related("declaration", "company", "receipt")
        .defer("declaration__held", "declaration__kept")
        .order_by("pk")
    )
    return found


def payments_for(user: User, *, on: date) -> QuerySet[Payment]:
    """Payments of every company `user` may pay for, latest first."""
    found: QuerySet[Payment] = (
        Payment.objects.filter(company__in=paying_companies(user, on=on))
        .select_related("declaration", "company", "receipt")
        .defer("declaration__held", "declaration__kept")
        .order_by("-pk")
    )
    return found


def payment_for(user: User, key: uuid.UUID, *, on: date) -> Payment:
    """A payment of a declaration that `user` may see: its receipt is a paper of the declaration.

    Raises Payment.DoesNotExist for a stranger.
    """
    found: Payment = Payment.objects.select_related("declaration", "company", "receipt").get(
        public_id=key, declaration__in=visible_to(user, on=on)
    )
    return found


def receipt_of(payment: Payment) -> Receipt | None:
    found: Receipt | None = Receipt.objects.filter(payment=payment).select_related("paper").first()
    return found


def payments_without_receipt(declaration_pk: int) -> QuerySet[Payment]:
    """Payments of the declaration for which no receipt was issued yet."""
    found: QuerySet[Payment] = Payment.objects.filter(declaration_id=declaration_pk, receipt=None).order_by("pk")
    return found


def attempt_for(user: User, key: uuid.UUID, *, on: date) -> Attempt:
    """An attempt of a company `user` may pay for; raises Attempt.DoesNotExist for a stranger."""
    found: Attempt = (
        Attempt.objects.filter(company__in=paying_companies(user, on=on))
        .select_related("declaration", "company")
        .get(public_id=key)
    )
    return found


def open_attempts(*, before: datetime) -> QuerySet[Attempt]:
    """Attempts begun before then of which the bank has not told the end, oldest first."""
    found: QuerySet[Attempt] = Attempt.objects.filter(status__in=Attempt.OPEN, created_at__lt=before).order_by("pk")
    return found


def open_attempts_on(mrn: str) -> QuerySet[Attempt]:
    """Attempts to pay for any version of an MRN that still wait for the bank, latest first."""
    found: QuerySet[Attempt] = Attempt.objects.filter(declaration__mrn=mrn, status=Attempt.Status.PENDING)
    return found.select_related("company").order_by("-pk")


def open_attempts_of(companies: Iterable[Company]) -> QuerySet[Attempt]:
    """Attempts of `companies` that still wait for the bank, latest first."""
    found: QuerySet[Attempt] = (
        Attempt.objects.filter(company__in=companies, status=Attempt.Status.PENDING)
        .select_related("declaration", "company")
        .order_by("-pk")
    )
    return found


def statement(account: Account) -> QuerySet[Posting]:
    """Postings of a customer's account, latest first, each with the `running` balance after it."""
    running = Window(Sum(F("credit") - F("debit")), order_by=F("pk").asc())
    found: QuerySet[Posting] = (
        Posting.objects.filter(account=account)
        .annotate(
            running=running,
            change=Case(When(credit__gt=0, then=F("credit")), default=Value(ZERO) - F("debit")),
        )
        .select_related("entry__declaration", "entry__pay_out_ordered", "entry__refund")
        .order_by("-pk")
    )
    return found
