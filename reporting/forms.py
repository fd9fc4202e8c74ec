"""Forms of figures: which files and days are meant, and a target. They judge nothing but the shape."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.form_fields import DayField
from lib.pointers import part_of
from lib.violations import Rejected
from reporting.models import Period
from reporting.selectors import Cell
from risk.models import Lane

USUAL = "d30"
ROLLING = {"d30": _("last 30 days"), "d90": _("last 90 days")}
LANES = [("", _("all lanes")), *Lane.choices]
Choices = Sequence[tuple[str, Any]]


def period_choices(known: dict[str, Period]) -> list[tuple[str, Any]]:
    """The days that move on, then the months that were counted."""
    months = [(key, f"{row.first:%m.%Y}") for key, row in known.items() if row.span == Period.Span.MONTH]
    return [*ROLLING.items(), *months]


class CellForm(forms.Form):
    """Period, office, lane and regime; what is not among the choices is said."""

    period = forms.ChoiceField(label=_("Period"))
    office = forms.ChoiceField(label=_("Office"), required=False)
    lane = forms.ChoiceField(label=_("Lane"), required=False, choices=LANES)
    regime = forms.ChoiceField(label=_("Regime (box 1)"), required=False)

    def __init__(self, data: Any, *, periods: Choices, offices: Choices, regimes: Choices) -> None:
        asked = {name: data.get(name) or "" for name in ("office", "lane", "regime")}
        super().__init__(asked | {"period": data.get("period") or USUAL})
        for name, choices in (("period", periods), ("office", offices), ("regime", regimes)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _("There is no “%(value)s” to filter by.")

    def cell(self) -> Cell:
        """Of which files. The form must be valid."""
        return Cell(*(self.cleaned_data[name] for name in ("office", "lane", "regime")))


class TargetForm(forms.Form):
    """A target of release time, and why."""

    office_code = forms.ChoiceField(label=_("Office"), required=False)
    lane = forms.ChoiceField(label=_("Lane"), required=False, choices=LANES)
    regime = forms.ChoiceField(label=_("Regime (box 1)"), required=False)
    hours = forms.IntegerField(label=_("Hours from lodging to release"), min_value=1, max_value=8784)
    valid_from = DayField(label=_("Holds from"))
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, offices: Choices, regimes: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("office_code", offices), ("regime", regimes)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)

    def take(self, error: Rejected) -> None:
        """Each refusal of the verb beside its field."""
        for fault in error.violations:
            name = part_of(fault.pointer)
            self.add_error(name if name in self.fields else None, fault.sentence)
