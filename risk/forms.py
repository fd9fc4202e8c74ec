"""The analyst's form of a criterion: rows of field, comparison and value, read into a draft. The rules judge it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.form_fields import DayField, NumberField
from lib.pointers import field_of, place_in
from lib.violations import Rejected
from risk.boxes import FIELDS
from risk.models import About, Criterion, Lane, RiskList
from risk.rules import Draft
from risk.rules.conditions import GROUPS, fits_list
from risk.selectors import OPERATOR_WORDS
from risk.services import ListDraft

ROWS, MORE_ROWS, MOST_ROWS = 6, 6, 60
_GROUPS = {
    "header": _("Declaration"),
    "item": _("Item"),
    "document": _("Document of the item"),
    "container": _("Container"),
    "traveller": _("Traveller"),
}


class PercentField(NumberField):
    """From 0 to 100 with two decimals at most, as people write it: 0,5 is a half."""

    def clean(self, value: Any) -> Decimal | None:
        number = super().clean(value)
        if number is not None and (number > 100 or number != round(number, 2)):
            raise forms.ValidationError(_("Write a number from 0 to 100 with two decimals at most."))
        return number


def _field_choices() -> list[tuple[Any, Any]]:
    groups: list[tuple[Any, Any]] = [("", "—")]
    for level, title in _GROUPS.items():
        found = [field for field in FIELDS.values() if field.key.startswith(f"{level}.")]
        groups.append((title, [(field.key, _labelled(field.box, field.label)) for field in found]))
    return groups


def _labelled(box: str, label: Any) -> str:
    return f"{label} ({box})" if box else str(label)


class ConditionForm(forms.Form):
    """A row. What it is compared with is typed as text; the marks let a script suggest what fits."""

    group = forms.ChoiceField(
        label=_("Group"), required=False, choices=[("", _("always")), *((group, group) for group in GROUPS)]
    )
    field = forms.ChoiceField(
        label=_("Field"), required=False, choices=_field_choices,
        widget=forms.Select(attrs={"data-condition-field": ""}),
    )  # fmt: skip
    op = forms.ChoiceField(
        label=_("Comparison"), required=False, choices=[("", "—"), *OPERATOR_WORDS.items()],
        widget=forms.Select(attrs={"data-condition-op": ""}),
    )  # fmt: skip
    value = forms.CharField(
        label=_("Value"), required=False, max_length=500,
        widget=forms.TextInput(attrs={"data-condition-value": "", "autocomplete": "off"}),
    )  # fmt: skip


def pickers() -> dict[str, dict[str, str]]:
    """What suggests values for each field, as marks of its input: a code list, the search of the tariff, traders."""
    found: dict[str, dict[str, str]] = {}
    for field in FIELDS.values():
        if field.codes == "commodity":
            found[field.key] = {"commodity": ""}
        elif field.codes:
            found[field.key] = {"codes": field.codes}
        elif fits_list(field, "trader"):
            found[field.key] = {"suggest": reverse("criterion_traders")}
    return found


class CriterionForm(forms.Form):
    """`code` and what it scores are asked for a new criterion alone."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short and permanent, such as BEER-VALUE."))
    about = forms.ChoiceField(label=_("Scores"), choices=About.choices, initial=About.DECLARATIONS, required=False)
    name = forms.CharField(label=_("Name"), max_length=200)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=200, required=False)
    name_tg = forms.CharField(label=_("Name in Tajik"), max_length=200, required=False)
    lane = forms.ChoiceField(label=_("Lane"), choices=Lane.choices)
    share = PercentField(label=_("Share of hits to select, %"), initial=100)
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
    general = forms.BooleanField(label=_("General: an authorised operator’s yellow becomes blue"), required=False)
    may_yield = forms.BooleanField(
        label=_("May yield: blue when the office has taken its files of the hour or day"), required=False
    )
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid to"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, version: Criterion | None = None,
        typed: Mapping[str, Any] | None = None, **given: Any,
    ) -> None:  # fmt: skip
        """`typed` is what stood in the form when more rows were asked for: shown again, not judged."""
        super().__init__(data, initial=_initial(version) | given.pop("initial", {}) | _plain(typed), **given)
        if version is not None:
            del self.fields["code"], self.fields["about"]
        known = _typed_rows(typed) if typed is not None else version.conditions if version else []
        count = _rows_of(data) if data is not None else len(known) + (MORE_ROWS if typed is not None else 2)
        self.rows = [
            ConditionForm(data, prefix=f"row{place}", initial=known[place] if place < len(known) else None)
            for place in range(min(MOST_ROWS, max(ROWS, count)))
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def draft(self) -> Draft:
        """What was written, for the verb to judge."""
        read = {name: value for name, value in self.cleaned_data.items() if name != "offices"}
        conditions = [_condition(row.cleaned_data) for row in self._filled()]
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


def _condition(read: Mapping[str, str]) -> dict[str, str]:
    """A condition as it is kept; one that belongs to every group names none."""
    named = {name: read[name] for name in ("field", "op", "value")}
    return named | ({"group": read["group"]} if read["group"] else {})


def _rows_of(data: Mapping[str, Any]) -> int:
    """How many rows a form was sent with; what was tampered with gets as many as there are at first."""
    written = str(data.get("rows", ""))
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else ROWS


def _plain(typed: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if typed is None else {name: typed[name] for name in CriterionForm.base_fields if name in typed}


def _typed_rows(typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ("group", "field", "op", "value")
    return [{name: typed.get(f"row{place}-{name}", "") for name in names} for place in range(_rows_of(typed))]


class ReplayForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("Last days"), coerce=int, initial=30, choices=[(days, str(days)) for days in (7, 30, 90, 366)]
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class ListForm(forms.Form):
    """Entries are written one to a line, or between commas."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short and permanent, such as RISKY-TEA."))
    kind = forms.ChoiceField(label=_("What it lists"), choices=RiskList.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=200)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=200, required=False)
    name_tg = forms.CharField(label=_("Name in Tajik"), max_length=200, required=False)
    entries = forms.CharField(
        label=_("Entries"), max_length=1_000_000, widget=forms.Textarea(attrs={"rows": 10, "class": "code"}),
        help_text=_("One to a line, or between commas. Of a commodity code its beginning is enough."),
    )  # fmt: skip
    valid_from = DayField(label=_("Valid from"))
    note = forms.CharField(label=_("What was changed and why"), max_length=500, required=False)

    def __init__(self, *args: Any, listed: RiskList | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        if listed is not None:
            for name in ("code", "kind", "name", "name_ru", "name_tg"):
                del self.fields[name]

    @property
    def written(self) -> list[str]:
        """Entries as typed. The form must be valid."""
        return [part for line in self.cleaned_data["entries"].splitlines() for part in line.split(",")]

    def draft(self) -> ListDraft:
        names = ("code", "kind", "name", "name_ru", "name_tg")
        return ListDraft(**{name: self.cleaned_data[name] for name in names}, entries=self.written)

    def take(self, error: Rejected) -> None:
        """Show each violation beside its field."""
        for fault in error.violations:
            self.add_error(fault.pointer if fault.pointer in self.fields else None, fault.sentence)


def _initial(version: Criterion | None) -> dict[str, Any]:
    if version is None:
        return {}
    names = ("name", "name_ru", "name_tg", "lane", "share", "instruction", "instruction_ru",
             "instruction_tg", "valid_to", "general", "may_yield")  # fmt: skip
    return {name: getattr(version, name) for name in names} | {"offices": " ".join(version.offices)}


class TrainForm(forms.Form):
    days = forms.IntegerField(label=_("Days to learn from"), initial=365, min_value=7, max_value=730)


class ThresholdForm(forms.Form):
    """What the champion may choose; the verb judges it."""

    office = forms.CharField(label=_("Office"), required=False, max_length=8, help_text=_("Empty means every office."))
    valid_from = DayField(label=_("Valid from"))
    red_above = PercentField(label=_("Red above the percentile"), initial=98)
    yellow_above = PercentField(label=_("Yellow above the percentile"), initial=95)
    explore = PercentField(
        label=_("Exploration, %"), initial=10,
        help_text=_("Files drawn at random from those that the model passes over, for each hundred that it picks."),
    )  # fmt: skip

    def take(self, error: Rejected) -> None:
        """Show each violation beside its field."""
        for fault in error.violations:
            self.add_error(fault.pointer if fault.pointer in self.fields else None, fault.sentence)
