"""What a page of figures was asked for: period, office, lane and regime out of the address, judged once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Office
from reporting import selectors
from reporting.forms import CellForm, period_choices
from reporting.models import Period
from reporting.selectors import Cell, Times


@dataclass(frozen=True)
class Asked:
    """`period` is None where nothing was counted yet, or where the form is not valid."""

    form: CellForm
    cell: Cell
    period: Period | None
    previous: Period | None

    @property
    def is_known(self) -> bool:
        return self.form.is_valid()


def asked_of(request: HttpRequest, *, offices: Sequence[Office], everywhere: bool, on: date) -> Asked:
    """The filters of the address. Offices are those that may be named; `everywhere`: all of them together as well."""
    known = selectors.periods(on=on)
    named = [(office.code, str(office)) for office in offices]
    form = CellForm(
        request.GET if everywhere or request.GET.get("office") else {**request.GET.dict(), "office": _first(offices)},
        periods=period_choices(known),
        offices=[("", _("all offices")), *named] if everywhere else named,
        regimes=regime_choices(),
    )
    if not form.is_valid():
        return Asked(form, Cell(), None, None)
    period = known.get(form.cleaned_data["period"])
    return Asked(form, form.cell(), period, selectors.before(period, known) if period else None)


def _first(offices: Sequence[Office]) -> str:
    return offices[0].code if offices else ""


def regime_choices() -> list[tuple[str, str]]:
    """All regimes together, and each of which there are figures."""
    return [("", _("all regimes")), *((regime, regime) for regime in selectors.regimes())]


def times_asked(asked: Asked, *, on: date, public: bool, seen: frozenset[str] | None = None) -> Times | None:
    """The release times of what was asked; None where nothing was counted."""
    if asked.period is None:
        return None
    return selectors.times_of(asked.period, asked.previous, asked.cell, on=on, public=public, seen=seen)


def names_of(offices: Sequence[Office]) -> dict[str, Any]:
    return {office.code: str(office) for office in offices}
