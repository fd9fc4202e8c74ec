"""Two versions of a declaration side by side: boxes that differ, charges of both."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import User
from declarations.models import Declaration
from declarations.selectors import Change, canonical, changes_between, content_of, visible_to
from lib.figures import ZERO
from tariffs.selectors import code_list

Lines = Iterable[tuple[str, str, bool, Decimal]]


@dataclass(frozen=True)
class TaxChange:
    """One tax before and after; `payable` False: it is secured, not paid."""

    code: str
    name: str
    payable: bool
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class SideBySide:
    """What `new` says otherwise than `old`, and what each is charged."""

    old: Declaration
    new: Declaration
    changes: Sequence[Change]
    taxes: Sequence[TaxChange]


def versions_seen(declaration: Declaration, user: User, *, on: date) -> list[Declaration]:
    """The lodged versions of the declaration that `user` may see, the oldest first."""
    return list(visible_to(user, on=on).filter(mrn=declaration.mrn).exclude(mrn="").order_by("version"))


def side_by_side(old: Declaration, new: Declaration, *, on: date) -> SideBySide:
    """The two versions compared; taxes are named as on the day."""
    changes = changes_between(canonical(content_of(old)), canonical(content_of(new)))
    return SideBySide(old, new, changes, taxes_compared(charged_on(old), charged_on(new), on=on))


def charged_on(declaration: Declaration) -> Lines:
    """The charges of a version: code, name, whether it is paid, amount."""
    rows = declaration.charges.order_by("sequence", "pk")
    return rows.values_list("tax_code", "tax_name", "payable", "amount")


def taxes_compared(before: Lines, after: Lines, *, on: date) -> list[TaxChange]:
    """Sums by tax of both, in the order in which they are charged."""
    sums: dict[tuple[str, bool], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    names: dict[str, str] = {}
    for side, lines in enumerate((before, after)):
        for code, name, payable, amount in lines:
            sums[code, payable][side] += amount
            names.setdefault(code, name)
    said = code_list("tax", on=on)
    return [TaxChange(code, said.get(code) or names[code], payable, *both) for (code, payable), both in sums.items()]
