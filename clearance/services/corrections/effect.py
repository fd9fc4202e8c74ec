"""What a correction does to what is due and to the money, before anybody sends it. Nothing is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clearance.selectors.corrections import Effect
from declarations.models import Declaration
from declarations.services import preview
from lib.figures import ZERO
from payments.selectors import Settling, fines_by_tax, settling_of
from tariffs.selectors import code_list


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
class EffectOf:
    """The charges of the version that counts beside those of the draft, and what becomes of the money."""

    taxes: Sequence[TaxChange]
    settling: Settling

    @property
    def before(self) -> Decimal:
        return sum((tax.before for tax in self.taxes if tax.payable), ZERO)

    @property
    def after(self) -> Decimal:
        return sum((tax.after for tax in self.taxes if tax.payable), ZERO)

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    @property
    def effect(self) -> str:
        """More, less or the same, of what is paid and what is secured together."""
        total = sum((tax.difference for tax in self.taxes), ZERO)
        return Effect.MORE if total > 0 else Effect.LESS if total < 0 else Effect.SAME


def effect_of(draft: Declaration, *, on: date) -> EffectOf:
    """What the draft of an amendment would change, by the law of the version it amends."""
    assert draft.amends is not None, "only an amendment has an effect"
    old, assessed = draft.amends, preview(draft, on=on)
    before: dict[tuple[str, bool], Decimal] = defaultdict(Decimal)
    after: dict[tuple[str, bool], Decimal] = defaultdict(Decimal)
    names: dict[str, str] = {}
    for charge in old.charges.order_by("sequence", "pk"):
        before[charge.tax_code, charge.payable] += charge.amount
        names.setdefault(charge.tax_code, charge.tax_name)
    for line in assessed.charges:
        after[line.tax_code, line.payable] += line.amount
        names.setdefault(line.tax_code, line.tax_name)
    said = code_list("tax", on=on)
    taxes = [
        TaxChange(code, said.get(code) or names[code], payable, before[code, payable], after[code, payable])
        for code, payable in dict.fromkeys([*before, *after])
    ]
    charged = {code: amount for (code, payable), amount in after.items() if payable} | fines_by_tax(old.mrn)
    needed = sum((amount for (_code, payable), amount in after.items() if not payable), ZERO)
    return EffectOf(taxes, settling_of(old.mrn, charged=charged, needed=needed))
