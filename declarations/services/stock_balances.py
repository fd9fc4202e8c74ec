"""Goods from before the system: entered by an officer, one or many from a file, and confirmed or refused by a second.

Whether the officers may is judged by clearance. What was entered cannot be drawn on before it is confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration, RefusedBalance, StockAccount
from declarations.services.stock_locks import needed
from lib.bulk import insert_rows
from lib.figures import ZERO, plain
from lib.violations import Rejected, Violation, refuse
from tariffs.models import Commodity
from tariffs.selectors import known_codes, procedures
from traders.models import Company

FIRST_YEAR = 1991
_HEADING = 4


@dataclass(frozen=True, slots=True)
class Balance:
    """What an officer enters of an item that was declared before the system; `value` is in national currency."""

    tin: str
    office_code: str
    year: int
    number: int
    item_number: int
    procedure: str
    commodity_code: str
    series: str = ""
    mrn: str = ""
    origin_country: str = ""
    description: str = ""
    supplementary_unit: str = ""
    packages: Decimal = ZERO
    net_mass: Decimal = ZERO
    supplementary_quantity: Decimal = ZERO
    value: Decimal = ZERO
    due: date | None = None

    @property
    def key(self) -> tuple[str, int, str, int, int]:
        """Office, year, series, number and item: what an account is known by."""
        return (self.office_code, self.year, self.series, self.number, self.item_number)

    def __str__(self) -> str:
        return f"{self.office_code}/{self.year}/{self.series}{self.number} · {self.item_number}"


# Entering -----------------------------------------------------------------------------------------------------
@transaction.atomic
def enter_balances(balances: Sequence[Balance], *, by: User, at: datetime) -> list[StockAccount]:
    """Write what was entered, to be confirmed by a second officer; all of it or nothing.

    Raises Rejected with the faults of `faults_of`, each pointing at `[place].field`.
    """
    if faults := [
        Violation(fault.code, f"[{place}].{fault.pointer}", fault.sentence)
        for place, found in enumerate(faults_of(balances, on=timezone.localdate(at)))
        for fault in found
    ]:
        raise Rejected(faults)
    companies = _companies({balance.tin for balance in balances})
    made = []
    for balance in balances:
        told = asdict(balance)
        company = companies[told.pop("tin")]
        assert company is not None
        made.append(StockAccount(company=company, opened_at=at, is_opening_balance=True, entered_by=by, **told))
    try:
        with transaction.atomic():
            insert_rows(made)
    except IntegrityError:  # Somebody entered it at this very moment.
        sentence = _("One of these numbers has just been entered by somebody else. Look it up in the list.")
        raise refuse("W032", "[0].number", sentence) from None
    return made


def faults_of(balances: Sequence[Balance], *, on: date) -> list[list[Violation]]:
    """What is wrong with each: W030 the company, W031 the office, W032 the number, W033 the goods, W034 the procedure,
    W035 the quantities, W036 the term, W040 the year, W041 the origin, W042 the unit. A few queries for all.
    """
    there = _Known(balances, on=on)
    seen: dict[tuple[Any, ...], int] = {}
    found = []
    for place, balance in enumerate(balances, start=1):
        faults = list(there.faults(balance))
        if (first := seen.setdefault(balance.key, place)) != place:
            sentence = _("{number} stands here twice: it is entry {first} as well.")
            faults.append(Violation("W032", "number", sentence.format(number=balance, first=first)))
        found.append(faults)
    return found


class _Known:
    """What entries are judged by, read once for all of them."""

    def __init__(self, balances: Sequence[Balance], *, on: date) -> None:
        self.on = on
        self.companies = _companies({balance.tin for balance in balances})
        self.terms = {
            row.requested: row.term_days for row in procedures(on=on).filter(opens_account=True).order_by("-code")
        }
        self.lists = {name: known_codes(name, on=on) for name in ("office", "country", "unit")}
        headings = {balance.commodity_code[:_HEADING] for balance in balances}
        self.headings = set(Commodity.objects.filter(code__in=headings).values_list("code", flat=True))
        self.accounts = {
            (one.office_code, one.year, one.series, one.number, one.item_number): one
            for one in StockAccount.objects.filter(
                year__in={balance.year for balance in balances}, number__in={balance.number for balance in balances}
            ).select_related("company")
        }
        self.mrns = set(
            StockAccount.objects.filter(mrn__in={balance.mrn for balance in balances} - {""}).values_list(
                "mrn", "item_number"
            )
        )
        self.declared = set(
            Declaration.objects.filter(_numbered(balances)).values_list(
                "office_code", "registration_year", "registration_series", "registration_number"
            )
        )

    def faults(self, balance: Balance) -> Iterator[Violation]:
        yield from self._of_the_number(balance)
        if self.companies[balance.tin] is None:
            yield Violation("W030", "tin", _("No confirmed company has the TIN {tin}.").format(tin=balance.tin))
        if balance.office_code not in self.lists["office"]:
            yield Violation("W031", "office_code", _("There is no office {code}.").format(code=balance.office_code))
        yield from self._of_the_goods(balance)
        yield from self._of_the_procedure(balance)

    def _of_the_number(self, balance: Balance) -> Iterator[Violation]:
        known = self.accounts.get(balance.key)
        if known is not None and known.is_opening_balance and known.confirmed_by_id is None:
            sentence = _("{number} has already been entered by {officer} and waits to be confirmed.")
            yield Violation("W032", "number", sentence.format(number=balance, officer=known.entered_by))
        elif known is not None:
            sentence = _("{number} is already a stock account of {company}.")
            yield Violation("W032", "number", sentence.format(number=balance, company=known.company))
        elif balance.key[:4] in self.declared:
            sentence = _("{number} is a declaration of this system. Its stock opens when it is released.")
            yield Violation("W032", "number", sentence.format(number=balance))
        elif (balance.mrn, balance.item_number) in self.mrns:
            sentence = _("Item {item} of {mrn} is already a stock account.")
            yield Violation("W032", "mrn", sentence.format(item=balance.item_number, mrn=balance.mrn))
        if not FIRST_YEAR <= balance.year <= self.on.year:
            sentence = _("The year of the declaration is {first} to {last}.")
            yield Violation("W040", "year", sentence.format(first=FIRST_YEAR, last=self.on.year))

    def _of_the_goods(self, balance: Balance) -> Iterator[Violation]:
        if balance.commodity_code[:_HEADING] not in self.headings:
            sentence = _("There is no heading {heading} in the nomenclature.")
            yield Violation("W033", "commodity_code", sentence.format(heading=balance.commodity_code[:_HEADING]))
        if balance.origin_country and balance.origin_country not in self.lists["country"]:
            sentence = _("There is no country {code}.")
            yield Violation("W041", "origin_country", sentence.format(code=balance.origin_country))
        if balance.supplementary_unit and balance.supplementary_unit not in self.lists["unit"]:
            sentence = _("There is no unit {code}.")
            yield Violation("W042", "supplementary_unit", sentence.format(code=balance.supplementary_unit))
        if balance.supplementary_quantity and not balance.supplementary_unit:
            yield Violation("W042", "supplementary_unit", _("Give the unit of the supplementary quantity."))
        if not (balance.net_mass or balance.supplementary_quantity or balance.packages):
            yield Violation(
                "W035", "net_mass", _("Say how much is in stock: mass, supplementary quantity or packages.")
            )

    def _of_the_procedure(self, balance: Balance) -> Iterator[Violation]:
        if balance.procedure not in self.terms:
            sentence = _("Procedure {code} opens no stock account. Write one of: {known}.")
            known = ", ".join(sorted(self.terms))
            yield Violation("W034", "procedure", sentence.format(code=balance.procedure, known=known))
        elif balance.due is None and self.terms[balance.procedure] is not None:
            sentence = _("Stock under procedure {code} has a term. Give the day until which it runs.")
            yield Violation("W036", "due", sentence.format(code=balance.procedure))


def _companies(tins: Iterable[str]) -> dict[str, Company | None]:
    found = {company.tin: company for company in Company.objects.confirmed().filter(tin__in=set(tins))}
    return {tin: found.get(tin) for tin in tins}


def _numbered(balances: Sequence[Balance]) -> Q:
    return Q(
        registration_year__in={balance.year for balance in balances},
        registration_number__in={balance.number for balance in balances},
    )


# Deciding -----------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm_balance(account: StockAccount, *, by: User, at: datetime) -> StockAccount:
    """The second officer agrees: from now on it can be drawn on. Raises Rejected: W037 decided, W038 one's own."""
    held = _to_decide(account, by=by)
    held.confirmed_by = by
    held.save(update_fields=["confirmed_by"])
    return held


@transaction.atomic
def refuse_balance(account: StockAccount, *, reason: str, by: User, at: datetime) -> RefusedBalance:
    """The second officer does not agree: the entry goes, what it said is kept. Raises Rejected: W006, W037, W038."""
    held = _to_decide(account, by=by)
    reason = needed(reason, code="W006", pointer="reason", sentence=_("Give the reason."))
    assert held.entered_by is not None
    kept: RefusedBalance = RefusedBalance.objects.create(
        office_code=held.office_code,
        number=str(held),
        data=as_entered(held),
        entered_by=held.entered_by,
        entered_at=held.opened_at,
        refused_by=by,
        refused_at=at,
        reason=reason,
    )
    held.delete()
    return kept


def _to_decide(account: StockAccount, *, by: User) -> StockAccount:
    rows = StockAccount.objects.filter(pk=account.pk, is_opening_balance=True)
    list(rows.select_for_update().values_list("pk"))
    # Read anew: a row that was waited for comes with the persons it had before.
    held: StockAccount | None = rows.select_related("company", "entered_by", "confirmed_by").first()
    if held is None:
        raise refuse("W037", "", _("Another officer has already rejected this entry."))
    if held.confirmed_by is not None:
        sentence = _("{officer} has already confirmed this entry.")
        raise refuse("W037", "", sentence.format(officer=held.confirmed_by))
    if held.entered_by_id == by.pk:
        raise refuse("W038", "", _("You entered this yourself. Another officer confirms it."))
    return held


def as_entered(account: StockAccount) -> Mapping[str, str]:
    """An entry as the form and the table take it, all of it text."""
    names = [each.name for each in fields(Balance) if each.name != "tin"]
    told = {name: as_text(getattr(account, name)) for name in names}
    return {"tin": account.company.tin, **told}


def as_text(value: Any) -> str:
    """A value as a form and a table take it."""
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str("" if value is None else value)
