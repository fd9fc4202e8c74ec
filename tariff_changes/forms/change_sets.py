"""What officers type about change sets: the head, a row of any table, a file, a reason, which rows are shown."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lib.form_fields import DayField
from tariff_changes.models import ChangeRow
from tariff_changes.selectors.changeable import CHANGEABLE, DATES, Changeable
from tariffs.models import Flow, LegalAct, Measure, Tax

Action = ChangeRow.Action
Choices = Sequence[tuple[str, str | Promise]]
YES_NO: Choices = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
TABLES: Choices = [(name, table.label) for name, table in CHANGEABLE.items()]
WHOLE_TARIFF, EDITION = "whole", "edition"
MOST_BYTES = 20_000_000
_ACCEPTED = {"accept": ".csv,.xlsx,text/csv"}
_FILE_HINT = _("CSV in UTF-8 or XLSX, at most 20 MB and 100,000 rows; the first row names the columns.")
# Columns a person thinks of first; the others are folded away.
FIRST = {
    "measure": ("kind", "tax", "flow", "commodity", "origin", "rate", "document", "valid_from", "valid_to", "act"),
}
_CHOICES: Mapping[str, Choices] = {
    "kind": Measure.Kind.choices,
    "flow": [("", "—"), *Flow.choices],
    "scope": [("", "—"), *Tax.Scope.choices],
    "rounding": [("", "—"), *Tax.Rounding.choices],
    **dict.fromkeys(("additive", "example", "declarable", "base_includes_value", "is_suspended"), YES_NO),
}
_LONG = ("title", "title_ru", "title_tg", "description", "description_ru", "description_tg", "note", "note_ru",
         "note_tg", "name", "name_ru", "name_tg")  # fmt: skip
_HINTS = {
    "valid_from": _("Empty: the day of the change set."),
    "valid_to": _("Empty: without an end."),
    "act": _("Empty: the act of the change set."),
    "rate": _("As the law writes it: 10% min 0.15 EUR/kg, 5%, Free."),
    "commodity": _("2 to 10 digits; longer ones inherit it. Empty: all goods."),
    "origin": _("A country or a group. Empty: any."),
    "excluded_commodities": _("Codes with spaces between them."),
    "excluded_origins": _("Codes with spaces between them."),
    "alternative_documents": _("Codes with spaces between them."),
    "season_from": _("Month and day: 06-01."),
    "season_to": _("Month and day: 11-30."),
}


class HeadForm(forms.Form):
    """What a change set is called, on which act it rests, and when it takes effect."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("The public sees it when it is published."))
    takes_effect = DayField(label=_("Takes effect"))
    legal_act = forms.ModelChoiceField(
        LegalAct.objects.none(),
        label=_("Legal act"),
        required=False,
        empty_label=_("each row names its own"),
        help_text=_("Stands behind every row that names no act of its own. A new act can be a row of the set."),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the officers who approve; not shown to the public."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, acts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_act"].queryset = acts  # type: ignore[attr-defined]


class RowForm(forms.Form):
    """One row of a change set. `text` is what a cell held before the form was opened, by column."""

    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        table: Changeable,
        action: str,
        seen: Mapping[str, str],
        values: Mapping[str, str],
        codes: Mapping[str, Choices],
        version: int = 1,
    ) -> None:
        self.table, self.action, self.seen, self.codes = table, action, dict(seen), codes
        initial = {"row_version": version, **_shown(table, action, seen, values)}
        super().__init__(data, initial=initial, auto_id="row_%s")
        for column in self.columns:
            self.fields[column] = _field(column, table, codes)

    @property
    def columns(self) -> tuple[str, ...]:
        return ("valid_to",) if self.action == Action.END else self.table.columns

    @property
    def first(self) -> list[Any]:
        """Fields that stand open."""
        named = FIRST.get(self.table.name, self.table.columns)
        return [self[column] for column in self.columns if column in named]

    @property
    def further(self) -> list[Any]:
        """Fields that are folded away, and whether something stands in one of them."""
        named = FIRST.get(self.table.name, self.table.columns)
        return [self[column] for column in self.columns if column not in named]

    @property
    def further_is_filled(self) -> bool:
        return any(field.value() not in ("", "no", None) for field in self.further if field.name != "example")

    @property
    def was(self) -> dict[str, str]:
        """The published cells that the fields would change, as far as something stands in them."""
        if self.action != Action.REPLACE:
            return {}
        return {name: text for name, text in self.seen.items() if text and text != str(self[name].value() or "")}

    @property
    def lists(self) -> list[tuple[str, Choices]]:
        """The lists of codes that its fields pick from."""
        return [(column, self.codes[column]) for column in self.columns if column in self.codes]

    def values(self) -> dict[str, str]:
        """The cells as the service takes them: all of a new row, the changed ones of a replacement."""
        texts = {column: _text(self.cleaned_data[column]) for column in self.columns}
        if self.action != Action.REPLACE:
            return {column: text for column, text in texts.items() if text}
        return {
            column: text
            for column, text in texts.items()
            if (text if column in ("valid_from", "act") else text != self.seen.get(column, ""))
        }


def _shown(table: Changeable, action: str, seen: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """What the fields hold at first. The act and the first day stay empty where the set's own are meant."""
    own = {"act": values.get("act", ""), "valid_from": values.get("valid_from", "")}
    if action == Action.CREATE:
        usual = {"kind": "rate", "additive": "no", "example": "no"} if table.name == "measure" and not values else {}
        return {**usual, **values}
    return {**seen, **values, **own}


def _field(column: str, table: Changeable, codes: Mapping[str, Choices]) -> forms.Field:
    options: dict[str, Any] = {
        "label": capfirst(table.label_of(column)),
        "required": False,
        "help_text": _HINTS.get(column, ""),
    }
    if column in DATES or column == "date":
        return DayField(**options)
    if column in _CHOICES:
        return forms.ChoiceField(choices=_CHOICES[column], **options)
    if column in _LONG:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, **options)
    attributes: dict[str, Any] = {"autocomplete": "off"}
    if column in codes:
        attributes["list"] = f"codes_{column}"
    if column in ("commodity", "code") and table.name in ("measure", "commodity"):
        attributes["data-suggest"] = reverse_lazy("tariff_suggest")
    return forms.CharField(widget=forms.TextInput(attrs=attributes), max_length=1000, **options)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else " ".join(str(value).split())


class TableForm(forms.Form):
    """Of which table a new row is."""

    table = forms.ChoiceField(label=_("Table"), choices=TABLES, initial="measure")


class ChooseForm(forms.Form):
    """Which published rows are offered to be ended or replaced."""

    table = forms.ChoiceField(
        label=_("Table"), choices=[(name, label) for name, label in TABLES if name != "legal_act"], initial="measure"
    )
    code = forms.RegexField(
        r"^[\d .-]*$", label=_("Code begins with"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    tax = forms.CharField(label=_("Tax"), required=False, max_length=8)

    def clean_code(self) -> str:
        return "".join(sign for sign in self.cleaned_data["code"] if sign.isdigit())


class FileForm(forms.Form):
    """A table of rows for a change set, CSV or XLSX; of a new edition also the table that leads to it."""

    file = forms.FileField(label=_("File"), help_text=_FILE_HINT, widget=forms.ClearableFileInput(attrs=_ACCEPTED))
    table = forms.ChoiceField(
        label=_("Rows of"),
        initial="measure",
        choices=[
            *TABLES,
            (WHOLE_TARIFF, _("the whole national tariff in one table")),
            (EDITION, _("a new edition of the nomenclature")),
        ],
    )
    correlation = forms.FileField(
        label=_("Correlation table"),
        required=False,
        widget=forms.ClearableFileInput(attrs=_ACCEPTED),
        help_text=_("Of a new edition alone: the columns old_code and new_code, six digits each."),
    )
    end_missing = forms.BooleanField(
        label=_("End what is in force and is not in the file"),
        required=False,
        help_text=_("Of the same taxes, or of the same table. For a file that holds everything."),
    )

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        for name in ("file", "correlation"):
            if given.get(name) and given[name].size > MOST_BYTES:
                self.add_error(name, _("The file is larger than 20 MB. Split it."))
        if given.get("table") == EDITION and not given.get("correlation"):
            self.add_error("correlation", _("A new edition comes with the table of old and new codes."))
        return given


class KeptFileForm(forms.Form):
    """How a kept file is compared; travels in the address of the comparison."""

    name = forms.CharField(max_length=200, required=False)
    table = forms.ChoiceField(choices=[("", ""), *TABLES], required=False)
    tax = forms.CharField(max_length=8, required=False)
    end_missing = forms.BooleanField(required=False)
    correlation = forms.RegexField(r"^[0-9a-f]{64}$", required=False)
    correlation_name = forms.CharField(max_length=200, required=False)


class SendBackForm(forms.Form):
    """Why a set goes back."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class OppositeForm(forms.Form):
    """When a published set is taken back."""

    takes_effect = DayField(label=_("Takes effect"))


class RowsAskedForm(forms.Form):
    """Which rows of a set are shown."""

    table = forms.ChoiceField(label=_("Table"), required=False)
    action = forms.ChoiceField(label=_("What happens"), required=False, choices=[("", _("all")), *Action.choices])
    code = forms.CharField(
        label=_("Code begins with"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    only = forms.ChoiceField(
        label=_("Only"), required=False,
        choices=[("", _("all rows")), ("faults", _("with faults")), ("questions", _("with open questions"))],
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any], *, tables: Sequence[str]) -> None:
        super().__init__(data, auto_id="show_%s")
        choices = [("", _("all")), *((name, CHANGEABLE[name].label) for name in tables)]
        self.fields["table"].choices = choices  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return "".join(sign for sign in self.cleaned_data["code"] if sign.isdigit())
