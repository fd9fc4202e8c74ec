"""The analyst's form of a criterion: rows of field, comparison and value, read into a draft. The rules judge it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.pointers import field_of, place_in
from lib.violations import Rejected
from risk.boxes import FIELDS
from risk.models import About, Criterion, Lane
from risk.rules import Draft
from risk.selectors import OPERATOR_WORDS

ROWS = 6
_GROUPS = {
    "header": _("Declaration"),
    "item": _("Item"),
    "document": _("Document of the item"),
    "container": _("Container"),
    "traveller": _("Traveller"),
}
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _field_choices() -> list[tuple[Any, Any]]:
    groups: list[tuple[Any, Any]] = [("", "—")]
    for level, title in _GROUPS.items():
        found = [field for field in FIELDS.values() if field.key.startswith(f"{level}.")]
        groups.append((title, [(field.key, _labelled(field.box, field.label)) for field in found]))
    return groups


def _labelled(box: str, label: Any) -> str:
    return f"{label} ({box})" if box else str(label)


class ConditionForm(forms.Form):
    field = forms.ChoiceField(label=_("Field"), required=False, choices=_field_choices)
    op = forms.ChoiceField(label=_("Comparison"), required=False, choices=[("", "—"), *OPERATOR_WORDS.items()])
    value = forms.CharField(label=_("Value"), required=False, max_length=500)


class CriterionForm(forms.Form):
    """`code` and what it scores are asked for a new criterion alone."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short and permanent, such as BEER-VALUE."))
    about = forms.ChoiceField(label=_("Scores"), choices=About.choices, initial=About.DECLARATIONS, required=False)
    name = forms.CharField(label=_("Name"), max_length=200)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=200, required=False)
    name_tg = forms.CharField(label=_("Name in Tajik"), max_length=200, required=False)
    lane = forms.ChoiceField(label=_("Lane"), choices=Lane.choices)
    share = forms.DecimalField(
        label=_("Share of hits to select, %"), max_digits=5, decimal_places=2, initial=100, min_value=0, max_value=100
    )
    instruction = forms.CharField(
        label=_("Instruction to the officer"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    instruction_ru = forms.CharField(
        label=_("Instruction in Russian"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    instruction_tg = forms.CharField(
        label=_("Instruction in Tajik"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    offices = forms.CharField(
        label=_("Offices"), required=False, help_text=_("Codes between blanks; empty means every office.")
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=_DAY)
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=_DAY)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, version: Criterion | None = None, **given: Any
    ) -> None:
        super().__init__(data, initial=_initial(version) | given.pop("initial", {}), **given)
        if version is not None:
            del self.fields["code"], self.fields["about"]
        known = version.conditions if version else []
        self.rows = [
            ConditionForm(data, prefix=f"row{place}", initial=known[place] if place < len(known) else None)
            for place in range(max(ROWS, len(known)))
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def draft(self) -> Draft:
        """What was written, for the verb to judge."""
        read = {name: value for name, value in self.cleaned_data.items() if name != "offices"}
        conditions = [dict(row.cleaned_data) for row in self._filled()]
        read["about"] = read.get("about") or About.DECLARATIONS.value
        return Draft(**{"code": "-", **read}, conditions=conditions, offices=self.cleaned_data["offices"].split())

    def take(self, error: Rejected) -> None:
        """Show each violation beside its field or its row of conditions."""
        filled = self._filled()
        for fault in error.violations:
            place = place_in(fault.pointer, "conditions")
            if place is not None:
                filled[place].add_error(field_of(fault.pointer) or None, fault.sentence)
            else:
                self.add_error(fault.pointer if fault.pointer in self.fields else None, fault.sentence)

    def _filled(self) -> list[ConditionForm]:
        return [row for row in self.rows if row.cleaned_data.get("field") or row.cleaned_data.get("op")]


class ReplayForm(forms.Form):
    last = forms.TypedChoiceField(
        label=_("On the last"), coerce=int, initial=200,
        choices=[(count, str(count)) for count in (50, 200, 500, 1000, 2000)],
    )  # fmt: skip


def _initial(version: Criterion | None) -> dict[str, Any]:
    if version is None:
        return {}
    names = ("name", "name_ru", "name_tg", "lane", "share", "instruction", "instruction_ru",
             "instruction_tg", "valid_to")  # fmt: skip
    return {name: getattr(version, name) for name in names} | {"offices": " ".join(version.offices)}


class TrainForm(forms.Form):
    days = forms.IntegerField(label=_("Days to learn from"), initial=365, min_value=7, max_value=730)


class ThresholdForm(forms.Form):
    """What the champion may choose; the verb judges it."""

    office = forms.CharField(label=_("Office"), required=False, max_length=8, help_text=_("Empty means every office."))
    valid_from = forms.DateField(label=_("Valid from"), widget=_DAY)
    red_above = forms.DecimalField(label=_("Red above the percentile"), max_digits=5, decimal_places=2, initial=98)
    yellow_above = forms.DecimalField(
        label=_("Yellow above the percentile"), max_digits=5, decimal_places=2, initial=95
    )
    explore = forms.DecimalField(
        label=_("Exploration, %"), max_digits=4, decimal_places=2, initial=10,
        help_text=_("Files drawn at random from those that the model passes over, for each hundred that it picks."),
    )  # fmt: skip

    def take(self, error: Rejected) -> None:
        """Show each violation beside its field."""
        for fault in error.violations:
            self.add_error(fault.pointer if fault.pointer in self.fields else None, fault.sentence)
