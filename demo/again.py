"""Templates of the demonstration, and addresses that somebody typed: what is filed again and again.

What companies used before is learnt by the worker from the declarations themselves.
"""

from datetime import date, datetime

from declarations import services
from declarations.models import Declaration, Status, Template
from demo.accounts import POMIR, ZARAFSHON, Firm
from demo.people import company_of, user_of

TEMPLATES = ((POMIR, "Household goods from Yiwu"), (POMIR, "Tiles from Iran"), (ZARAFSHON, "Groceries by rail"))
CARRIERS = (
    ("Somon Sarbor LLC", "21 Jomi Street, Dushanbe", "TJ", "510099120"),
    ("Silk Way Trucking", "Tashkent Highway 5, Shymkent", "KZ", ""),
)


def exist() -> bool:
    return Template.objects.exists()


def keep(*, on: date, at: datetime) -> None:
    """A few templates from what was lodged, and the carriers of an importer."""
    for place, (firm, name) in enumerate(TEMPLATES):
        made = _lodged(firm, place)
        if made is not None:
            services.make_template(company_of(firm), name=name, source=made, by=user_of(firm), at=at)
    for name, address, country, number in CARRIERS:
        values = {"name": name, "address": address, "country": country, "tax_number": number, "roles": ["carrier"]}
        services.keep_party(company_of(POMIR), values=values, by=user_of(POMIR), on=on, at=at)


def _lodged(firm: Firm, place: int) -> Declaration | None:
    rows = Declaration.objects.filter(trader=company_of(firm), status=Status.RELEASED, declaration_type="IM")
    return rows.order_by("-pk")[place : place + 1].first()
