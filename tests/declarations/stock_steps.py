"""Goods in a warehouse and what is drawn from them, built by the verbs; numbers of stock as a test asserts them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from declarations import selectors, services
from declarations.models import Declaration, StockAccount, StockMovement
from declarations.services import amend as amending
from payments import services as payments
from payments.models import Account
from tests import make

D = Decimal


def in_warehouse(*items: dict[str, Any], **changes: Any) -> Declaration:
    """A released IM7: each item is 400 kg of tea in 40 packages unless it says otherwise."""
    goods = list(items) or [{}]
    made = make.assessed(
        general_procedure="7",
        warehouse="W-1",
        items=[make.item(extended_procedure="7100", **one) for one in goods],
        **changes,
    )
    return released(made)


def released(made: Declaration, *, at: datetime = make.AT) -> Declaration:
    """Paid from the prepaid account, the guarantee held where one is needed, and released."""
    make.funds(made.declarant)
    guarantee = payments.open_account(made.declarant, Account.Kind.GUARANTEE, at=make.AT)
    make.limit(guarantee, D("1000000"))
    payments.pay_from_account(made, by=made.created_by, at=at, idempotency_key=f"test-pay-{made.pk}")
    return services.mark_released(made, by=make.officer(), at=at)


def row_on(stock: Declaration | StockAccount, **changes: Any) -> dict[str, Any]:
    """A row of box 40 that names item 1 of `stock` for item 1."""
    if isinstance(stock, Declaration):
        number = {
            "office_code": stock.office_code, "year": str(stock.registration_year),
            "serial": stock.registration_series, "number": str(stock.registration_number),
        }  # fmt: skip
    else:
        number = {
            "office_code": stock.office_code, "year": str(stock.year), "serial": stock.series,
            "number": str(stock.number),
        }  # fmt: skip
    return {**number, "item_number": "1", "current_item": "1", **changes}


def goods(net: str = "100", **changes: Any) -> dict[str, Any]:
    """Tea out of the warehouse for home use, a tenth of its weight in packages."""
    changes = {"packages_number": str(D(net) / 10), **changes}
    return make.item(**{"extended_procedure": "4071", "net_mass": net, "gross_mass": net, **changes})


def home_use(stock: Declaration | StockAccount, net: str = "100", **row: Any) -> dict[str, Any]:
    """Content of an IM4 that draws `net` kilograms of tea."""
    return make.data(items=[goods(net)], previous=[row_on(stock, **row)])


def account(stock: Declaration, item: int = 1) -> StockAccount:
    found: StockAccount = StockAccount.objects.get(mrn=stock.mrn, item_number=item)
    return found


def left(stock: Declaration, item: int = 1) -> tuple[Decimal, ...]:
    """What is left: packages, net mass, supplementary quantity, value."""
    one = account(stock, item)
    return (one.packages_left, one.net_mass_left, one.supplementary_quantity_left, one.value_left)


def held(declaration: Declaration) -> Decimal:
    """Kilograms that this version of a declaration holds of any stock."""
    rows = StockMovement.objects.filter(item__declaration=declaration)
    return sum(rows.values_list("net_mass", flat=True), D(0))


def amended(old: Declaration, **changes: Any) -> Declaration:
    data = {**selectors.as_dict(old), **changes}
    return amending.amend(
        old, data=data, reason="Weighed again.", by=make.trader(), at=make.AT + timedelta(hours=1), on=make.ON
    )


def before_the_system(*, company: Any = None, confirmed: bool = True, **changes: Any) -> StockAccount:
    """Goods that an officer entered and another confirmed: 400 kg of tea of TJ01/2024/R17, item 1."""
    values = {
        "company": company or make.company(), "office_code": "TJ01", "year": 2024, "series": "R", "number": 17,
        "item_number": 1, "procedure": "71", "commodity_code": "0902300009", "origin_country": "CN",
        "packages": D(40), "net_mass": D(400), "value": D("12000"), "opened_at": make.AT, "due": date(2027, 1, 31),
        "is_opening_balance": True, "entered_by": make.officer(),
        "confirmed_by": make.supervisor() if confirmed else None,
    }  # fmt: skip
    made: StockAccount = StockAccount.objects.create(**{**values, **changes})
    return made
