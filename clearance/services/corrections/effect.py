"""What a correction does to what is due and to the money, before anybody sends it. Nothing is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clearance.selectors import TaxChange, charged_on, taxes_compared
from clearance.selectors.corrections import Effect
from declarations.models import Declaration
from declarations.services import preview
from lib.figures import ZERO
from payments.selectors import Settling, less_refunded, settling_of, with_what_came_after


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
    old = draft.amends
    lines = [(line.tax_code, line.tax_name, line.payable, line.amount) for line in preview(draft, on=on).charges]
    charged: dict[str, Decimal] = defaultdict(Decimal)
    for code, _name, payable, amount in lines:
        if payable:
            charged[code] += amount
    needed = sum((amount for _code, _name, payable, amount in lines if not payable), ZERO)
    asked = less_refunded(old.mrn, with_what_came_after(charged, old.mrn))
    settling = settling_of(old.mrn, charged=asked, needed=needed)
    return EffectOf(taxes_compared(charged_on(old), lines, on=on), settling)
