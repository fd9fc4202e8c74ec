"""What a declaration draws from tariff quotas when it is lodged, and gives back when it is not used after all.

Locks are taken in this order: the declaration, its quotas by primary key, its stock accounts, then accounts of money.
"""

from datetime import date, datetime

from declarations.models import Declaration
from declarations.selectors import Content
from tariffs.calculation import Draw
from tariffs.services import quotas


def hold(content: Content, *, on: date, instead_of: Declaration | None = None) -> None:
    """Lock the quotas that the items name, and those that the version before drew upon, before balances are read."""
    numbers = {item.quota_code for item in content.items} - {""}
    if numbers or instead_of is not None:
        quotas.hold(numbers, on=on, drawn_for=_holder(instead_of) if instead_of is not None else "")


def draw(declaration: Declaration, draws: tuple[Draw, ...], *, on: date, at: datetime) -> None:
    """Draw for this version of the declaration what its assessment found."""
    if draws:
        quotas.draw(draws, drawn_for=_holder(declaration), on=on, at=at)


def give_back(declaration: Declaration, *, at: datetime) -> None:
    """Give back whatever this version of the declaration drew."""
    quotas.give_back(drawn_for=_holder(declaration), at=at)


def _holder(declaration: Declaration) -> str:
    """How the quotas name a version of a declaration as the one that drew."""
    return f"{declaration.mrn}/{declaration.version}"
