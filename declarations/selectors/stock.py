"""What is drawn on stock: which accounts the items name in box 40, what they take, and why an account is not found.

An account of another company is not found either: its number tells a stranger nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q

from accounts.models import User
from accounts.selectors import posts_of
from declarations.models import (
    MEASURES,
    Declaration,
    Item,
    PreviousDeclaration,
    Status,
    StockAccount,
    StockMovement,
)
from declarations.models.stock import StockAccountQuerySet
from declarations.selectors.content import Content
from declarations.selectors.numbers import Earlier, any_of, earlier_in_row, earlier_in_text
from lib.figures import ZERO
from tariffs.models import Procedure
from traders.models import Company
from traders.selectors import company_keys_of

CENT = Decimal("0.01")
EXPLAINED = 20  # names that are looked into when nothing is found under them
SEARCHED = 5_000  # the newest accounts of a company that a slip of the pen is looked for among
STANDING = (Status.RELEASED, Status.EXITED)
OF_ROW = {name: f"{'mass' if name == 'net_mass' else name}_written_off" for name in MEASURES}


# Who sees which -----------------------------------------------------------------------------------------------
def stock_visible_to(user: User, *, on: date) -> StockAccountQuerySet:
    """Accounts that `user` may see on the day: those of companies of theirs and of declarations that these filed,
    officers those of their offices, auditors and analysts all. Opening balances show once they are confirmed.
    """
    companies = company_keys_of(user, on=on)
    may = Q(company_id__in=companies) | Q(item__declaration__declarant_id__in=companies) if companies else Q(pk__in=[])
    found: StockAccountQuerySet = StockAccount.objects.confirmed().filter(may | posts_of(user, on=on).within())
    return found.select_related("company")


# What an item says it comes out of ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Quantities:
    """Packages, net mass in kg, supplementary quantity, and value in national currency."""

    packages: Decimal = ZERO
    net_mass: Decimal = ZERO
    supplementary_quantity: Decimal = ZERO
    value: Decimal = ZERO

    def less(self, other: "Quantities") -> "Quantities":
        return Quantities(*(getattr(self, name) - getattr(other, name) for name in MEASURES))

    def plus(self, other: "Quantities") -> "Quantities":
        return Quantities(*(getattr(self, name) + getattr(other, name) for name in MEASURES))

    @classmethod
    def moved_by(cls, row: StockMovement) -> "Quantities":
        return cls(*(getattr(row, name) for name in MEASURES))

    @classmethod
    def left_on(cls, account: StockAccount) -> "Quantities":
        return cls(*(getattr(account, f"{name}_left") for name in MEASURES))


@dataclass(frozen=True, slots=True)
class Unfound:
    """Why there is no account: `which` is left open (office, item), or the declaration is in this `status`, or it has
    none; `meant` is a number of the company's own that differs in one sign.
    """

    which: str = ""
    status: str = ""
    without_stock: bool = False
    meant: str = ""


@dataclass(frozen=True, slots=True)
class StockDraw:
    """That an item (its place, from zero) comes out of an account, as a row of box 40 or the item's text names it.

    `earlier` None: the text is no number of a declaration. `left` is what the account holds for this draw. A quantity
    that is taken is None in `unclear` where it is not said and cannot be told.
    """

    item: int
    row: int | None
    earlier: Earlier | None
    account: StockAccount | None = None
    left: Quantities = Quantities()
    taken: Quantities = Quantities()
    unclear: tuple[str, ...] = ()
    unfound: Unfound = Unfound()


def named_in(content: Content) -> list[Earlier]:
    """Every earlier item that the rows and texts of box 40 name, whatever their procedure."""
    rows = [earlier_in_row(row) for row in content.previous]
    texts = [earlier_in_text(item.previous_document) for item in content.items if item.previous_document]
    return [name for name in (*rows, *texts) if name is not None]


def named_accounts(names: Sequence[Earlier]) -> Q:
    """Accounts that may be among those named."""
    return any_of(names, year="year", number="number")


def draws_of(
    content: Content,
    *,
    procedures: Mapping[str, Procedure],
    company: Company | None,
    read: Sequence[StockAccount] | None = None,
) -> tuple[StockDraw, ...]:
    """What each item with a procedure that draws on stock takes from where. No query where there is none; one if all
    is found (one more where the declaration has drawn already: what it drew counts as still there).

    `read` are the accounts that may be meant, where somebody holds them; they are not looked up again.
    """
    named = list(_named(content, procedures))
    asked = [draw.earlier for draw in named if draw.earlier is not None]
    if not asked or company is None:
        return tuple(named)
    if read is None:
        read = list(StockAccount.objects.filter(named_accounts(asked), company=company))
    accounts = [account for account in read if account.company_id == company.pk and account.counts]
    found = [_located(draw, accounts, content.items[draw.item]) for draw in named]
    found = _explained(found, company)
    alone = Counter(draw.item for draw in found)
    left = _left(accounts, content.declaration)
    done = []
    for draw in found:
        taking = draw
        if draw.account is not None:
            key = draw.account.pk
            taking = _measured(draw, content, left=left[key], alone=alone[draw.item] == 1)
            left[key] = taking.left.less(taking.taken)
        done.append(taking)
    return tuple(done)


def _named(content: Content, procedures: Mapping[str, Procedure]) -> Iterator[StockDraw]:
    rows: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(content.previous):
        if row.current_item is not None:
            rows[row.current_item - 1].append(place)
    for place, item in enumerate(content.items):
        procedure = procedures.get(item.extended_procedure)
        if procedure is None or not procedure.draws_stock:
            continue
        for number in rows[place]:
            if (earlier := earlier_in_row(content.previous[number])) is not None:
                yield StockDraw(place, number, earlier)
        if item.previous_document and not rows[place]:
            yield StockDraw(place, None, earlier_in_text(item.previous_document))


def _located(draw: StockDraw, accounts: Sequence[StockAccount], item: Item) -> StockDraw:
    """With its account, or with what is left open. Of several items one with the goods in hand is meant."""
    if draw.earlier is None:
        return draw
    fitting = [account for account in accounts if _is_meant(draw.earlier, account)]
    if len({account.office_code for account in fitting}) > 1:
        return replace(draw, unfound=Unfound(which="office_code"))
    if len(fitting) > 1:
        same = [one for one in fitting if one.commodity_code == item.commodity_code]
        fitting = same if len(same) == 1 else fitting
    if len(fitting) > 1:
        return replace(draw, unfound=Unfound(which="item_number"))
    return replace(draw, account=fitting[0]) if fitting else draw


def _is_meant(earlier: Earlier, account: StockAccount) -> bool:
    return earlier.item in (None, account.item_number) and earlier.fits(
        mrn=account.mrn, office=account.office_code, year=account.year, series=account.series, number=account.number
    )


def _left(accounts: Sequence[StockAccount], declaration: Declaration) -> dict[int, Quantities]:
    left = {account.pk: Quantities.left_on(account) for account in accounts}
    if declaration.status != Status.DRAFT:
        own = StockMovement.objects.filter(item__declaration=declaration, account__in=accounts)
        for row in own:
            left[row.account_id] = left[row.account_id].plus(Quantities.moved_by(row))
    return left


# How much -----------------------------------------------------------------------------------------------------
def _measured(draw: StockDraw, content: Content, *, left: Quantities, alone: bool) -> StockDraw:
    """How much is taken: what the row says is written off; what it leaves open is the item's own."""
    assert draw.account is not None
    item, account = content.items[draw.item], draw.account
    row = None if draw.row is None else content.previous[draw.row]
    own = _own(item, account) if alone else {"packages": ZERO, "supplementary_quantity": ZERO}
    said = {name: _said(row, name, own.get(name)) for name in MEASURES[:3]}
    unclear = tuple(name for name, quantity in said.items() if quantity is None or quantity < 0)
    taken = Quantities(*(max(quantity or ZERO, ZERO) for quantity in said.values()))
    value = _said(row, "value", _share_of_value(taken, left))
    if value is None or value < 0:
        unclear, value = (*unclear, "value"), ZERO
    return replace(draw, left=left, taken=replace(taken, value=value), unclear=unclear)


def _said(row: PreviousDeclaration | None, name: str, usual: Decimal | None) -> Decimal | None:
    written: Decimal | None = None if row is None else getattr(row, OF_ROW[name])
    return usual if written is None else written


def _own(item: Item, account: StockAccount) -> dict[str, Decimal | None]:
    units = {getattr(item, f"supplementary_unit_{n}"): getattr(item, f"supplementary_quantity_{n}") for n in (1, 2, 3)}
    counted = account.supplementary_quantity > 0
    return {
        "packages": (item.packages_number or ZERO) if account.packages else ZERO,
        "net_mass": (item.net_mass or ZERO) if account.net_mass else ZERO,
        "supplementary_quantity": units.get(account.supplementary_unit) if counted else ZERO,
    }


def _share_of_value(taken: Quantities, left: Quantities) -> Decimal:
    """The value that goes with the goods: as much of what is left as they are of the mass, or else of the quantity."""
    for name in ("net_mass", "supplementary_quantity", "packages"):
        part, whole = getattr(taken, name), getattr(left, name)
        if part and whole:
            return left.value if part >= whole else (left.value * part / whole).quantize(CENT, rounding=ROUND_DOWN)
    return ZERO


# Why not ------------------------------------------------------------------------------------------------------
def _explained(draws: Sequence[StockDraw], company: Company) -> list[StockDraw]:
    """Those without an account with the reason, as far as it is the company's own business."""
    open_ones = [draw for draw in draws if draw.earlier and draw.account is None and draw.unfound == Unfound()]
    if not open_ones:
        return list(draws)
    names = [draw.earlier for draw in open_ones[:EXPLAINED] if draw.earlier is not None]
    reasons = {name: _reason(name, company) for name in names}
    return [
        replace(draw, unfound=reasons[draw.earlier]) if draw.account is None and draw.earlier in reasons else draw
        for draw in draws
    ]


def _reason(earlier: Earlier, company: Company) -> Unfound:
    named = any_of([earlier], year="registration_year", number="registration_number")
    for one in Declaration.objects.filter(named, trader=company).as_rows().order_by("-version"):
        if earlier.fits(
            mrn=one.mrn, office=one.office_code, year=one.registration_year, series=one.registration_series,
            number=one.registration_number,
        ):  # fmt: skip
            return Unfound(without_stock=True) if one.status in STANDING else Unfound(status=one.get_status_display())
    return Unfound(meant=_meant(earlier, company))


def _meant(earlier: Earlier, company: Company) -> str:
    """The only number of the company's stock that differs in one sign, or two beside each other that changed places."""
    own = StockAccount.objects.confirmed().filter(company=company).order_by("-pk")
    found = set()
    for mrn, office, year, series, number, item in own.values_list(
        "mrn", "office_code", "year", "series", "number", "item_number"
    )[:SEARCHED]:
        there = mrn if earlier.mrn else f"{office if earlier.office else ''}/{year}/{series}{number}"
        asked = earlier.mrn or f"{earlier.office}/{earlier.year}/{earlier.series or series}{earlier.number}"
        if earlier.item in (None, item) and _differs_by_a_slip(asked, there):
            found.add(mrn if earlier.mrn else f"{office}/{year}/{series}{number}")
        elif asked == there and earlier.item is not None:
            found.add(f"{there.strip('/')} · {item}")
    return found.pop() if len(found) == 1 else ""


def _differs_by_a_slip(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2:
        first, second = places
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(places) == 1
