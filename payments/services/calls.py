"""Suspended duty that fell due: charged on the declaration, taken from its guarantee as far as that holds it.

Goods whose term is over, or that are lost without excuse, leave their stock account; the duty that goes with them is
charged tax by tax, with interest from the end of the term, and what the guarantee held for them pays it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import services as declarations
from declarations.models import Charge, Declaration, Levy, StockDischarge, StockMovement
from lib.figures import ZERO, plain
from lib.money import apportion
from lib.violations import refuse
from payments import ledger, selectors, states
from payments.models import Account, Entry, GuaranteeCall, GuaranteeFreed, Payment, Reservation
from payments.services.accounts import lock_accounts, revenue_accounts
from payments.services.guarantees import Shares, count_anew, freed_by_item, shares_of
from payments.services.holding import hold_as_needed, hold_exactly
from payments.services.interest import interest_levy, rates_as_facts
from payments.services.versions import lock_with_stock
from tariffs.calculation import interest_due, money_text
from tariffs.selectors import last_day_to_pay, late_rates, national_currency


@dataclass(frozen=True)
class Called:
    """What falls due with the goods that are gone: of each item its suspended duty, and of that what is secured."""

    by_item: Shares
    secured: Decimal
    due: Mapping[int | None, date] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        return sum(self.by_item.values(), ZERO)


@transaction.atomic
def call_overdue(declaration_pk: int, *, text: str = "", by: User | None, at: datetime) -> GuaranteeCall | None:
    """Call the duty on what is overdue: the goods leave their stock accounts, their duty is charged with interest.

    None where no duty was suspended on them. Raises Rejected P024 if nothing of the declaration is overdue.
    """
    declaration = lock_with_stock(declaration_pk)
    accounts = list(selectors.overdue_stock(declaration.mrn, on=timezone.localdate(at)).select_for_update(of=("self",)))
    if not accounts:
        raise refuse("P024", "", _("Nothing of this declaration is overdue."))
    due: dict[int | None, date] = {account.item_number: account.due for account in accounts if account.due}
    taken = declarations.take_out_called(accounts, by=by, at=at)
    return _call(declaration, taken, GuaranteeCall.Cause.OVERDUE, due=due, text=text, by=by, at=at)


@transaction.atomic
def call_lost(movement: StockMovement, *, text: str, by: User, at: datetime) -> GuaranteeCall | None:
    """Charge the duty on goods that are lost without excuse and have left their account undischarged.

    None for goods from before the system, of which no duty is known. Called by clearance, which has locked the newest
    version of the declaration before the stock.
    """
    item = movement.account.item
    if item is None:
        return None
    declaration = lock_with_stock(item.declaration_id)
    return _call(declaration, [movement], GuaranteeCall.Cause.LOSS, due={}, text=text, by=by, at=at)


def _call(
    declaration: Declaration,
    movements: Sequence[StockMovement],
    cause: GuaranteeCall.Cause,
    *,
    due: Mapping[int | None, date],
    text: str,
    by: User | None,
    at: datetime,
) -> GuaranteeCall | None:
    count_anew(declaration, at=at)
    hold_as_needed(declaration, at=at)
    called = _fall_due(declaration, movements, due=due, by=by, at=at)
    discharges = list(StockDischarge.objects.filter(movement__in=movements).order_by("pk"))
    if not called.amount:
        GuaranteeFreed.objects.bulk_create(
            GuaranteeFreed(discharge=one, mrn=declaration.mrn, amount=ZERO, at=at) for one in discharges
        )
        return None
    taxes = _taxes(declaration, called.by_item)
    key = f"call:{movements[0].pk}"
    posted, reservation, entry = _post(declaration, called.secured, taxes, key=key, by=by, at=at)
    made: GuaranteeCall = GuaranteeCall.objects.create(
        declaration=declaration, mrn=declaration.mrn, cause=cause, amount=called.amount, posted=posted,
        reservation=reservation, entry=entry, text=text, by=by, at=at,
    )  # fmt: skip
    GuaranteeFreed.objects.bulk_create(
        GuaranteeFreed(
            discharge=one, mrn=declaration.mrn, call=made, amount=called.secured if one == discharges[-1] else ZERO,
            at=at,
        )
        for one in discharges
    )  # fmt: skip
    rows = _levies(made, declaration, called, by=by, at=at)
    declarations.levy([*rows, *_interest(made, declaration, called, at=at)])
    hold_as_needed(declaration, at=at)
    told = {"amount": plain(called.amount, least=2), "taken": plain(posted, least=2), "cause": cause}
    declarations.record(declaration, verb="call", by=by, at=at, note=text, data=told)
    announce("guarantee.called", made.pk)
    if posted:
        announce("declaration.paid", declaration.pk)
    return made


def _fall_due(
    declaration: Declaration,
    movements: Sequence[StockMovement],
    *,
    due: Mapping[int | None, date],
    by: User | None,
    at: datetime,
) -> Called:
    """Discharge the movements; what is discharged more by it falls due."""
    whole = {item: sum(taxes.values(), ZERO) for item, taxes in selectors.suspended_by_item(declaration).items()}
    before, secured = shares_of(declaration, whole), sum(freed_by_item(declaration).values(), ZERO)
    declarations.discharge_movements(movements, by=by, at=at)
    after = shares_of(declaration, whole)
    by_item = {item: share - before.get(item, ZERO) for item, share in after.items() if share > before.get(item, ZERO)}
    return Called(by_item, sum(freed_by_item(declaration).values(), ZERO) - secured, due)


def _taxes(declaration: Declaration, by_item: Shares) -> dict[str, Decimal]:
    """What is called, tax by tax."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for taxes in _parts(declaration, by_item).values():
        for tax, amount in taxes.items():
            sums[tax] += amount
    return sums


def _parts(declaration: Declaration, by_item: Shares) -> dict[int | None, dict[str, Decimal]]:
    """What is called of each item, shared out over its taxes as they were charged."""
    suspended, decimals = selectors.suspended_by_item(declaration), national_currency().decimals
    found = {}
    for item, amount in by_item.items():
        taxes = dict(sorted(suspended[item].items()))
        found[item] = dict(zip(taxes, apportion(amount, list(taxes.values()), decimals), strict=True))
    return found


# The guarantee pays -------------------------------------------------------------------------------------------
def _post(
    declaration: Declaration, secured: Decimal, taxes: Mapping[str, Decimal], *, key: str, by: User | None, at: datetime
) -> tuple[Decimal, Reservation | None, Entry | None]:
    """Take from the guarantee what it holds of it; the rest of what it holds goes on being held."""
    held = selectors.held_for(declaration.mrn)
    posted = min(secured, held.amount) if held else ZERO
    if held is None or not posted:
        return ZERO, None, None
    account = lock_accounts(held.account)[held.account_id]
    rest = held.amount - posted
    if rest:
        hold_exactly(held, declaration, account, posted, by=held.by, at=at)
        held = selectors.held_for(declaration.mrn)
        assert held is not None, "what is called is held a moment longer"
    states.end_reservation(held, Reservation.Status.POSTED, at=at)
    hold_exactly(None, declaration, account, rest, by=held.by, at=at)
    entry = _book(declaration, account, posted, taxes, key=key, by=by, at=at)
    return posted, held, entry


def _book(
    declaration: Declaration,
    account: Account,
    posted: Decimal,
    taxes: Mapping[str, Decimal],
    *,
    key: str,
    by: User | None,
    at: datetime,
) -> Entry:
    shares = dict(zip(taxes, apportion(posted, list(taxes.values()), national_currency().decimals), strict=True))
    occasion = ledger.Occasion(
        key=key, kind=Entry.Kind.CALL, text=declaration.mrn, at=at, by=by, declaration=declaration
    )
    revenue = revenue_accounts(shares, at=at)
    entry = ledger.book(occasion, ledger.taken({account: posted}, revenue=revenue, taxes=shares))
    Payment.objects.create(
        declaration=declaration, company=account.company, amount=posted, means=Payment.Means.GUARANTEE, entry=entry,
        at=at,
    )  # fmt: skip
    return entry


# What is charged ----------------------------------------------------------------------------------------------
def _levies(
    call: GuaranteeCall, declaration: Declaration, called: Called, *, by: User | None, at: datetime
) -> list[Levy]:
    """The called duty, item by item and tax by tax, each with the sum it is a part of."""
    suspended, decimals = selectors.suspended_by_item(declaration), national_currency().decimals
    charges = _charges(declaration)
    last_day = last_day_to_pay(owed_on=timezone.localdate(at))
    rows = []
    for item, parts in _parts(declaration, called.by_item).items():
        weights, amount = dict(sorted(suspended[item].items())), called.by_item[item]
        whole = sum(weights.values(), ZERO)
        for tax, part in parts.items():
            if not part:
                continue
            share = f"{money_text(amount, decimals)} / {money_text(whole, decimals)}"
            charge = charges[item, tax]
            rows.append(
                Levy(
                    key=f"call:{call.pk}:{item or 0}:{tax}",
                    declaration=declaration,
                    mrn=declaration.mrn,
                    kind=Levy.Kind.CALLED,
                    tax_code=tax,
                    tax_name=charge.tax_name,
                    base=weights[tax],
                    rate_text=share,
                    amount=part,
                    formula=f"{money_text(weights[tax], decimals)} × {share} = {money_text(part, decimals)}",
                    legal_basis=charge.legal_basis,
                    is_example=charge.is_example,
                    facts={
                        "item": item, "called": str(amount), "suspended": {t: str(sum_) for t, sum_ in weights.items()},
                    },
                    text=call.text,
                    due=last_day,
                    by=by,
                    at=at,
                )
            )  # fmt: skip
    return rows


def _charges(declaration: Declaration) -> dict[tuple[int | None, str], Charge]:
    rows = Charge.objects.filter(declaration=declaration, payable=False).select_related("item")
    return {(row.item.number if row.item else None, row.tax_code): row for row in rows}


def _interest(call: GuaranteeCall, declaration: Declaration, called: Called, *, at: datetime) -> list[Levy]:
    """Interest from the end of the term of each item to the day of the call; what is charged on all ends last."""
    if not called.due:
        return []
    rates, decimals, until = late_rates(), national_currency().decimals, timezone.localdate(at)
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for item, amount in called.by_item.items():
        sums[called.due.get(item, max(called.due.values()))] += amount
    rows = []
    for due, amount in sorted(sums.items()):
        interest = interest_due(amount, due, until, rates, decimals=decimals)
        facts = {"amount": str(amount), "due": due, "until": until, "rates": rates_as_facts(rates)}
        if interest.amount > 0:
            key = f"call:{call.pk}:interest:{due}"
            rows.append(interest_levy(declaration, interest, key=key, at=at, facts=facts))
    return rows
