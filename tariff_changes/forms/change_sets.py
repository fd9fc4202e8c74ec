"""What officers type about change sets: the head, a row of any table, a file, a reason, which rows are shown."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lib.form_fields import CodeTextField, DayField
from lib.spelling import with_plain_digits
from tariff_changes.models import ChangeRow
from tariffs.columns import LAW, Choices, LawColumn, Table, changed_by_hand
from tariffs.models import LegalAct

Action = ChangeRow.Action
YES_NO: Choices = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
TABLES: Choices = [(name, table.label) for name, table in changed_by_hand().items()]
WHOLE_TARIFF, EDITION = "whole", "edition"
MOST_BYTES = 20_000_000
_ACCEPTED = {"accept": ".csv,.xlsx,text/csv"}
_FILE_HINT = _("CSV in UTF-8 or XLSX, at most 20 MB and 100,000 rows; the first row names the columns.")


class HeadForm(forms.Form):
    """What a change set is called, on which act it rests, and when it takes effect."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("The public sees it when it is published."))
    takes_effect = DayField(label=_("Takes effect"))
    legal_act = forms.ModelChoiceField(
        LegalAct.objects.none(),
        label=_("Legal act"),
        required=False,
        empty_label=_("each row names its own"),
        help_text=_("The legal basis of every row that names no act of its own. A new act can be a row of the set."),
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
        table: Table,
        action: str,
        seen: Mapping[str, str],
        values: Mapping[str, str],
        codes: Mapping[str, Choices],
        version: int = 1,
    ) -> None:
        self.table, self.action, self.seen, self.codes = table, action, dict(seen), codes
        initial = {"row_version": version, **_shown(table, action, seen, values)}
        super().__init__(data, initial=initial, auto_id="row_%s")
        for name in self.columns:
            self.fields[name] = _field(table.of_set[name], table, codes)

    @property
    def columns(self) -> tuple[str, ...]:
        return ("valid_to",) if self.action == Action.END else self.table.names

    @property
    def first(self) -> list[Any]:
        """Fields that stand open."""
        named = self._open
        return [self[name] for name in self.columns if name in named]

    @property
    def further(self) -> list[Any]:
        """Fields that are folded away, and whether something stands in one of them."""
        named = self._open
        return [self[name] for name in self.columns if name not in named]

    @property
    def _open(self) -> set[str]:
        """The columns a person thinks of first; where a table names none, all of them."""
        first = {name for name, column in self.table.by_name.items() if column.first}
        return first or set(self.table.names)

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
            if (text if self.table.by_name[column].of_the_set else text != self.seen.get(column, ""))
        }


def _shown(table: Table, action: str, seen: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """What the fields hold at first. The act and the first day stay empty where the set's own are meant."""
    if action == Action.CREATE:
        usual = {name: column.usual for name, column in table.by_name.items() if column.usual}
        return dict(values) if values else usual
    own = {name: values.get(name, "") for name, column in table.by_name.items() if column.of_the_set}
    return {**seen, **values, **own}


def _field(column: LawColumn, table: Table, codes: Mapping[str, Choices]) -> forms.Field:
    options: dict[str, Any] = {
        "label": capfirst(table.label_of(column.name)),
        "required": False,
        "help_text": column.hint,
    }
    match column.widget:
        case "day":
            return DayField(**options)
        case "flag":
            return forms.ChoiceField(choices=YES_NO, **options)
        case "choice":
            blank = [] if column.usual else [("", "—")]
            return forms.ChoiceField(choices=[*blank, *column.choices], **options)
        case "long":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, **options)
    attributes: dict[str, Any] = {"autocomplete": "off"}
    if column.name in codes:
        attributes["list"] = f"codes_{column.name}"
    if column.widget == "commodity":
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
    code = CodeTextField(
        label=_("Code begins with"), required=False, max_length=20,
        validators=[RegexValidator(r"\A[0-9.-]*\Z")],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    tax = forms.CharField(label=_("Tax"), required=False, max_length=8)

    def clean_code(self) -> str:
        return re.sub(r"[^0-9]", "", with_plain_digits(self.cleaned_data["code"]))


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
        choices = [("", _("all")), *((name, LAW[name].label) for name in tables)]
        self.fields["table"].choices = choices  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return re.sub(r"[^0-9]", "", with_plain_digits(self.cleaned_data["code"]))
