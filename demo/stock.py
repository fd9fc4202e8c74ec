"""Stock of the demonstration beyond what its declarations open: goods from before the system, a request, an act."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import Role
from clearance.services import stock as clearance
from declarations.models import StockAccount
from declarations.services import stock_terms
from declarations.services.stock_balances import Balance
from declarations.services.stock_reminders import remind_of_terms
from declarations.services.stock_write_offs import Act
from demo.accounts import POMIR, TERMINAL, ZARAFSHON, Firm
from demo.people import company_of, officer_with, user_of


@dataclass(frozen=True, slots=True)
class Old:
    """An item from before the system: how many days are left of its term (below zero: over), and how many kilograms."""

    firm: Firm
    number: int
    code: str
    text: str
    origin: str
    days: int
    net: str
    packages: int
    value: str


CONFIRMED = (
    Old(POMIR, 4107, "6907219009", "Ceramic floor tiles, 60 x 60 cm", "IR", 9, "24000", 20, "96500"),
    Old(POMIR, 4112, "9403601009", "Wooden furniture for living rooms", "TR", -6, "1380", 30, "41200"),
    Old(POMIR, 4120, "8516601010", "Household electric cookers", "TR", 200, "4100", 100, "187400"),
    Old(ZARAFSHON, 4131, "2101110011", "Instant coffee in jars", "RU", -31, "1500", 300, "171000"),
)
WAITING = Old(ZARAFSHON, 4140, "1806329000", "Chocolate in bars", "RU", 120, "3600", 600, "178900")


def exist() -> bool:
    """Whether goods from before the system were entered."""
    return StockAccount.objects.filter(is_opening_balance=True).exists()


def keep_stock(*, on: date, at: datetime) -> None:
    """Enter the old goods, confirm all but one, ask for more time, record an act, and remind of terms."""
    first, second = officer_with(Role.DOCUMENTARY, TERMINAL), officer_with(Role.SUPERVISOR, TERMINAL)
    held = []
    for old in CONFIRMED:
        entered = clearance.enter_balance(_balance(old, on=on), by=first, at=at)
        held.append(clearance.confirm_balance(entered, by=second, at=at))
    clearance.enter_balance(_balance(WAITING, on=on), by=first, at=at)
    tiles, _furniture, cookers, _coffee = held
    assert tiles.due is not None
    stock_terms.ask_extension(
        tiles,
        until=tiles.due + timedelta(days=90),
        reason="The builder takes the tiles over in two parts.",
        by=user_of(POMIR),
        at=at,
    )
    act = Act(
        kind="loss",
        act_number="31",
        act_date=on - timedelta(days=2),
        packages=Decimal(3),
        net_mass=Decimal(123),
        value=Decimal(5622),
        note="Water came in through the roof.",
        duty_reason="Force majeure, confirmed by the act.",
    )
    clearance.record_write_off(cookers, act=act, by=first, at=at)
    remind_of_terms(at=at)


def _balance(old: Old, *, on: date) -> Balance:
    return Balance(
        tin=company_of(old.firm).tin,
        office_code=TERMINAL,
        year=on.year - 1,
        series="A",
        number=old.number,
        item_number=1,
        procedure="71",
        commodity_code=old.code,
        origin_country=old.origin,
        description=old.text,
        packages=Decimal(old.packages),
        net_mass=Decimal(old.net),
        value=Decimal(old.value),
        due=on + timedelta(days=old.days),
    )
