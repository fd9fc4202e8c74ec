"""How the bank behaves after the payer's decision: which call-backs it plans, and when. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

BEHAVIOURS = {
    "normal": _("Immediately, once"),
    "twice": _("Twice"),
    "late": _("Late: the payer is back first"),
    "disordered": _("Out of order: “pending” after “paid”"),
    "contradicting": _("“Not paid” first, then “paid”"),
    "less": _("Of one unit less than was asked for"),
    "foreign": _("In another currency"),
    "forged": _("Forged: signed by somebody else"),
    "changed": _("Changed on the way: another sum than was signed"),
    "slow": _("Slowly: a few letters at a time"),
    "lost": _("Never: the portal has to ask"),
    "broken": _("Never, and the bank answers three questions with an error"),
    "sleepy": _("Never, and the bank answers three questions too late"),
}
SILENT = ("lost", "broken", "sleepy")
REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """One call-back: the status it tells, after how many seconds, and what is wrong with it."""

    status: str
    after: float
    how: str = ""


def plans(status: str, *, behaviour: str, late: float) -> list[Plan]:
    """The call-backs about a payment that ended as `status`."""
    if behaviour in SILENT:
        return []
    if behaviour in ("foreign", "forged", "changed", "slow"):
        return [Plan(status, 0, behaviour)]
    if behaviour == "late":
        return [Plan(status, late)]
    if behaviour == "twice":
        return [Plan(status, 0), Plan(status, 0.5)]
    if behaviour == "disordered":
        return [Plan(status, 0), Plan("pending", 0.5)]
    if behaviour == "contradicting" and status == "succeeded":
        return [Plan("failed", 0), Plan(status, 1)]
    return [Plan(status, 0)]


def booked(amount: str, *, behaviour: str) -> str:
    """What the bank takes when `amount` was asked for."""
    less = Decimal(amount) - 1
    return f"{less:f}" if behaviour == "less" and less > 0 else amount
