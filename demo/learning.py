"""A risk model of the demonstration: learnt from declarations of an earlier system, proposed and activated by two."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from accounts.models import Role, User
from demo.accounts import NORTH, TERMINAL
from demo.goods import GOODS, SELLERS, WATCHED
from demo.people import officer_with
from risk import services
from risk.models import Model

DECLARATIONS, DAYS, SOMONI = 1200, 300, 10.6
BEFORE = timedelta(days=110)  # the portal's own declarations come later


def exists() -> bool:
    return bool(Model.objects.exists())


def bring_a_model(*, at: datetime) -> None:
    """The champion. It may choose nothing until an analyst sets what it may; officers read what it says."""
    at -= BEFORE
    first = officer_with(Role.ANALYST)
    made = services.learn_from_rows(earlier_declarations(until=at.date()), name="earlier.csv", by=first, at=at)
    services.propose_model(made, by=first, at=at + timedelta(hours=1))
    second = User.objects.get(email="analyst2@demo.example")
    services.activate_model(made, by=second, at=at + timedelta(hours=5))


def earlier_declarations(*, until: date) -> Iterator[dict[str, str]]:
    """Rows with outcomes: one in eight is far below the usual value per kg, and mostly wrong."""
    chance = random.Random(13)  # noqa: S311 (the same demonstration each time)
    stocks = [(tin, goods) for tin, goods in GOODS.items()]
    stocks += [(firm.tin, goods) for firm, goods in WATCHED.values()]
    for number in range(DECLARATIONS):
        tin, goods = chance.choice(stocks)
        good = chance.choice(goods)
        low = chance.random() < 0.12
        mass = round(float(good.kg) * chance.randint(20, 900), 1)
        price = mass * float(good.price) * SOMONI * chance.uniform(0.85, 1.15) * (0.4 if low else 1)
        yield {
            "Declaration ID": f"E{number:05d}",
            "Date": (until - timedelta(days=1 + (DECLARATIONS - number) * DAYS // DECLARATIONS)).isoformat(),
            "Office ID": chance.choice((TERMINAL, TERMINAL, NORTH)), "HS6 Code": good.code,
            "Country of Origin": good.origin, "Country of Departure": SELLERS[good.origin].country,
            "Import Type": "4000", "Importer ID": tin, "Seller ID": SELLERS[good.origin].name.upper(),
            "Net Mass": f"{mass}", "Item Price": f"{price:.2f}",
            "Fraud": "1" if chance.random() < (0.8 if low else 0.05) else "0",
        }  # fmt: skip
