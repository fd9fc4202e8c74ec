"""Forms about files, corrections and stock: what is typed, read into values. They judge nothing but the shape."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from clearance.models import OFFICER_LANES, Examination, Finding
from clearance.selectors import Filters
from declarations.models import MEASURES, StockWriteOff
from declarations.selectors.stock_accounts import StockFilters
from declarations.services.stock_balances import Balance
from declarations.services.stock_write_offs import Act
from lib.codes import digits_of
from lib.figures import ZERO, last_place
from lib.form_fields import CodeTextField, DayField, NumberField
from lib.languages import in_language
from lib.numbers import NotANumber, read_number
from lib.pointers import part_of
from lib.violations import Rejected
from tariffs.rates import UNIT_FACTORS, RateUnreadable, Specific, parse
from traders.models import Company

LANES = [(lane.value, lane.label) for lane in OFFICER_LANES]
_LARGEST = Decimal(10) ** 12
KILOGRAM = "KGM"
_GOODS = re.compile(r"[0-9]{6,11}")


# "1 998,5 kg": the figure, and whatever stands behind it.
_FIGURE_AND_SIGN = re.compile(r"([-\u22120-9.,'\u2019\s]*)(.*)", re.DOTALL)


def _split(text: str) -> tuple[str, str]:
    found = _FIGURE_AND_SIGN.fullmatch(text)
    return (found[1].strip(), found[2].strip()) if found else ("", text)


def _unit_of(sign: str) -> str | None:
    """The code of a unit from its code or its sign in any spelling that rates know; None if it is neither."""
    text = sign.strip()
    if not text or text.upper() in UNIT_FACTORS:
        return text.upper()
    try:
        rate = parse(f"1 USD/{text}")
    except RateUnreadable:
        return None
    return rate.unit if isinstance(rate, Specific) and rate.per == 1 and not rate.content else None


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class VerbForm(forms.Form):
    """A form whose verb may refuse: each violation goes to its field, the others to the top."""

    def take(self, error: Rejected) -> None:
        for fault in error.violations:
            name = part_of(fault.pointer)
            self.add_error(name if name in self.fields else None, fault.sentence)


class NothingForm(VerbForm):
    """A button alone."""


class QuantityField(NumberField):
    """A number with so many decimals at most, as a quantity is kept."""

    def __init__(self, *, decimals: int = 6, **options: Any) -> None:
        super().__init__(**options)
        self._decimals = decimals

    def clean(self, value: Any) -> Decimal | None:
        number = super().clean(value)
        if number is None:
            return None
        if number >= _LARGEST or number != number.quantize(last_place(self._decimals)):
            sentence = _("Write a number of up to 12 digits and %(decimals)d decimals, not below zero.")
            raise forms.ValidationError(sentence % {"decimals": self._decimals})
        return number


class MassField(QuantityField):
    """A mass in kilograms, as the portal prints it or without its sign."""

    def clean(self, value: Any) -> Decimal | None:
        figure, sign = _split(str(value or "").strip())
        if sign and _unit_of(sign) != KILOGRAM:
            raise forms.ValidationError(_("Write the mass in kilograms, such as 1200.50 or 1200.50 kg."))
        return super().clean(figure or sign)


class AskForm(VerbForm):
    question = forms.CharField(label=_("Question to the declarant"), widget=lines(), max_length=4000)
    due = DayField(label=_("Answer due"))


class ReasonForm(VerbForm):
    reason = forms.CharField(label=_("Reason"), widget=lines(2), max_length=2000)


class GroundsForm(VerbForm):
    text = forms.CharField(label=_("Grounds"), widget=lines(2), max_length=2000)


class ConsentForm(GroundsForm):
    end = forms.ChoiceField(
        label=_("Decision"), choices=[("", "—"), ("accepted", _("accept")), ("refused", _("refuse"))]
    )
    field_order = ("end", "text")


class FindingsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Discrepancies to choose from, each in words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, finding: Any) -> str:
        where = _("Item %d") % finding.item_number if finding.item_number else _("Whole consignment")
        return f"{where}: {finding.get_code_display()}. {finding.text}"


class FindingsForm(VerbForm):
    """The discrepancies that something comes of: all that are open, unless some are taken out."""

    findings = FindingsField(label=_("Discrepancies"), queryset=None)

    def __init__(self, *args: Any, findings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["findings"]
        assert isinstance(field, FindingsField)
        field.queryset = findings
        field.initial = [each.pk for each in findings]


class CloseForm(FindingsForm):
    reason = forms.CharField(label=_("Why nothing comes of them"), widget=lines(2), max_length=2000)


class FineForm(FindingsForm):
    amount = forms.CharField(
        label=_("Amount in national currency"), max_length=40, widget=forms.TextInput(attrs={"class": "num"})
    )
    legal_basis = forms.CharField(label=_("Act and article"), max_length=400)
    text = forms.CharField(label=_("For what"), widget=lines(2), max_length=2000)

    def clean_amount(self) -> Decimal:
        """The sum as people write it."""
        try:
            return read_number(self.cleaned_data["amount"])
        except NotANumber as fault:
            raise forms.ValidationError(str(fault.reason)) from fault


class FeeForm(VerbForm):
    """A service, how much of it, and on what occasion."""

    code = forms.ChoiceField(label=_("Service"))
    quantity = QuantityField(label=_("Days, hours or pieces"), decimals=2)
    text = forms.CharField(label=_("On what occasion"), widget=lines(2), max_length=1000)

    def __init__(self, *args: Any, fees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(fee.code, f"{in_language(fee)} ({fee.get_unit_display()})") for fee in fees]


class ExamineForm(VerbForm):
    kind = forms.ChoiceField(
        label=_("Examine"),
        choices=[(kind.value, kind.label) for kind in (Examination.Kind.DOCUMENTS, Examination.Kind.GOODS)],
    )


class ExitForm(VerbForm):
    vehicle = forms.CharField(label=_("Vehicle seen"), max_length=100)
    seals = forms.CharField(label=_("Seals seen"), required=False, max_length=200)
    packages = forms.IntegerField(label=_("Packages counted"), min_value=0, max_value=10**8)
    remark = forms.CharField(label=_("Remark"), widget=lines(2), required=False, max_length=2000)


class ExitRefusalForm(VerbForm):
    code = forms.ChoiceField(
        label=_("What differs"),
        choices=[each for each in Finding.Code.choices if each[0] != Finding.Code.CONFORM],
    )
    text = forms.CharField(label=_("Describe it"), widget=lines(2), max_length=2000)


class FindingForm(VerbForm):
    item_number = forms.TypedChoiceField(label=_("Item"), coerce=int)
    code = forms.ChoiceField(label=_("Result"), choices=Finding.Code.choices)
    text = forms.CharField(label=_("What differs"), widget=lines(2), required=False, max_length=2000)
    measured = forms.CharField(
        label=_("Measured"), required=False, max_length=40, widget=forms.TextInput(attrs={"class": "num"})
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=30)

    def __init__(self, *args: Any, items: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item_number"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [*((number, str(number)) for number in range(1, items + 1)), (0, _("whole consignment"))]

    def clean(self) -> dict[str, Any]:
        """The figure as people and the portal write it, with its unit behind it or in its own box."""
        read: dict[str, Any] = super().clean() or self.cleaned_data
        figure, sign = _split(read.get("measured") or "")
        read["measured"] = self._figure(figure) if figure or sign else None
        written, own = (_unit_of(text) for text in (read.get("unit") or "", sign))
        if written is None or own is None:
            self.add_error("unit", _("There is no such unit. Write its code or its sign, such as KGM or kg."))
        elif written and own and written != own:
            self.add_error("unit", _("The unit here and the one behind the figure differ."))
        read["unit"] = written or own or ""
        return read

    def _figure(self, text: str) -> Decimal | None:
        try:
            number = read_number(text)
        except NotANumber as fault:
            self.add_error("measured", str(fault.reason))
            return None
        if not 0 <= number < _LARGEST or number != number.quantize(last_place(6)):
            self.add_error("measured", _("Write a number of up to 12 digits and 6 decimals, not below zero."))
            return None
        return number


class FinishForm(VerbForm):
    note = forms.CharField(label=_("Remark on the examination"), widget=lines(2), required=False, max_length=2000)


class ReleaseForm(VerbForm):
    note = forms.CharField(label=_("Remark on the release"), widget=lines(2), required=False, max_length=2000)


class RerouteForm(VerbForm):
    lane = forms.ChoiceField(label=_("To the lane"), choices=LANES)
    reason = forms.CharField(label=_("Reason"), widget=lines(2), max_length=2000)


class AllotForm(VerbForm):
    officer: Any = forms.ModelChoiceField(label=_("To the officer"), queryset=None)
    reason = forms.CharField(label=_("Remark"), widget=lines(2), required=False, max_length=2000)

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = officers


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in given]


class AnswerForm(VerbForm):
    text = forms.CharField(label=_("Your answer"), widget=lines(4), max_length=4000)
    papers = FilesField(
        label=_("Papers"), required=False, help_text=_("PDF, PNG, JPEG, XML, XLSX or DOCX, 20 MB each at most.")
    )


class FilterForm(forms.Form):
    """Filters from an address. What is not among the choices is said, and the list is then empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("There is no “%(value)s” to filter by.")


class ListFilter(FilterForm):
    """Filters of the trader's list."""

    stage = forms.ChoiceField(
        label=_("Stage"), required=False,
        choices=[
            ("", _("all")), ("drafts", _("drafts")), ("queries", _("with a question to answer")),
            ("to_pay", _("to be paid")), ("moving", _("on the way")), ("released", _("released")),
            ("rejected", _("rejected")), ("ended", _("rejected, cancelled or replaced")),
        ],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Words and numbers"), required=False, max_length=120, widget=forms.TextInput(attrs={
            "type": "search", "placeholder": _("part of an MRN, reference, goods, code, invoice, party"),
        }),
    )  # fmt: skip
    company = forms.ChoiceField(label=_("Company"), required=False)
    since = DayField(label=_("Made from"), required=False)
    until = DayField(label=_("to"), required=False)

    def __init__(self, *args: Any, companies: list[Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *((each.tin, f"{in_language(each)} · {each.tin}") for each in companies)]

    def filters(self) -> Filters:
        """The filters as asked. The form must be valid."""
        read = self.cleaned_data
        return Filters(
            stage=read.get("stage") or "", text=read.get("text") or "", company=read.get("company") or "",
            since=read.get("since"), until=read.get("until"),
        )  # fmt: skip


class TokenForm(forms.Form):
    token = forms.CharField(
        label=_("Code of the paper"), max_length=200,
        help_text=_("The code next to the QR code of the paper, or the address in the QR code."),
    )  # fmt: skip


# Stock under suspension ---------------------------------------------------------------------------------------
class StockFilter(FilterForm):
    """Filters of lists of stock accounts."""

    text = forms.CharField(label=_("Number, MRN, code or goods"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("What is left"), required=False,
        choices=[
            ("", _("all")), ("left", _("something is left")), ("soon", _("term ends soon")),
            ("overdue", _("term is over")), ("empty", _("empty")),
        ],
    )  # fmt: skip
    procedure = forms.ChoiceField(label=_("Procedure"), required=False)
    company = forms.CharField(label=_("Company or its TIN"), required=False, max_length=80)

    def __init__(self, *args: Any, procedures: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["procedure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *((code, f"{code} · {name}") for code, name in procedures.items())]

    def wanted(self) -> StockFilters:
        """The filters as asked. The form must be valid."""
        return StockFilters(**{name: self.cleaned_data.get(name) or "" for name in self.fields})


class ExtensionForm(VerbForm):
    until = DayField(label=_("Until"))
    reason = forms.CharField(label=_("Reason"), widget=lines(3), max_length=2000)
    whole_declaration = forms.BooleanField(label=_("For all items of the declaration"), required=False)
    papers = FilesField(
        label=_("Papers"), required=False, help_text=_("PDF, PNG, JPEG, XML, XLSX or DOCX, 20 MB each at most.")
    )


class GrantForm(VerbForm):
    until = DayField(label=_("Until"))
    note = forms.CharField(label=_("Remark"), widget=lines(2), required=False, max_length=2000)


class ActForm(VerbForm):
    kind = forms.ChoiceField(label=_("What happened"), choices=StockWriteOff.Kind.choices)
    act_number = forms.CharField(label=_("Number of the act"), max_length=40)
    act_date = DayField(label=_("Date of the act"))
    packages = QuantityField(label=_("Packages"), required=False)
    net_mass = QuantityField(label=_("Net mass, kg"), required=False)
    supplementary_quantity = QuantityField(label=_("Supplementary quantity"), required=False)
    value = QuantityField(label=_("Value"), decimals=4, required=False)
    note = forms.CharField(label=_("Remark"), widget=lines(2), required=False, max_length=2000)
    duty_due = forms.BooleanField(label=_("Duty is due on what is gone"), required=False)
    duty_reason = forms.CharField(label=_("Why duty is, or is not, due"), widget=lines(2), max_length=2000)

    def act(self) -> Act:
        """What the act says. The form must be valid."""
        read = self.cleaned_data
        return Act(**read | {name: read[name] or ZERO for name in MEASURES})


class BalanceForm(VerbForm):
    """An item declared before the system, box by box."""

    tin = CodeTextField(label=_("TIN of the company"), max_length=20)
    office_code = forms.ChoiceField(label=_("Office"))
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=9999)
    series = CodeTextField(label=_("Series"), max_length=3, required=False)
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999_999_999)
    item_number = forms.IntegerField(label=_("Item"), min_value=1, max_value=9999)
    mrn = CodeTextField(label=_("MRN, if it has one"), max_length=18, required=False)
    procedure = forms.ChoiceField(label=_("Procedure"))
    commodity_code = forms.CharField(label=_("Commodity code"), max_length=20)
    origin_country = CodeTextField(label=_("Country of origin"), max_length=2, required=False)
    description = forms.CharField(label=_("Description of goods"), max_length=1000, required=False, widget=lines(2))
    packages = QuantityField(label=_("Packages"), required=False)
    net_mass = QuantityField(label=_("Net mass, kg"), required=False)
    supplementary_quantity = QuantityField(label=_("Supplementary quantity"), required=False)
    supplementary_unit = CodeTextField(label=_("Unit of the supplementary quantity"), max_length=4, required=False)
    value = QuantityField(label=_("Customs value, national currency"), decimals=4, required=False)
    due = DayField(label=_("To be accounted for by"), required=False)

    def __init__(self, *args: Any, offices: list[Office], procedures: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("office_code", [(office.code, str(office)) for office in offices]),
            ("procedure", [(code, f"{code} · {label}") for code, label in procedures.items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_commodity_code(self) -> str:
        digits = digits_of(self.cleaned_data["commodity_code"])
        if not _GOODS.fullmatch(digits):
            raise forms.ValidationError(_("A commodity code has 6 to 11 digits."))
        return digits

    def balance(self) -> Balance:
        """What was entered. The form must be valid."""
        read = self.cleaned_data
        return Balance(**read | {name: read[name] or ZERO for name in MEASURES})


class VehicleForm(VerbForm):
    """Code and date of birth of a traveller's declaration, and the company that declares its vehicle."""

    code = forms.CharField(label=_("Code of the traveller’s declaration"), max_length=20)
    birth = DayField(label=_("Date of birth of a traveller"))
    declarant = forms.ChoiceField(label=_("Declarant"))

    def __init__(self, *args: Any, companies: Sequence[Company], **options: Any) -> None:
        super().__init__(*args, **options)
        self.companies = {str(company.pk): company for company in companies}
        self.fields["declarant"].choices = [(key, str(each)) for key, each in self.companies.items()]  # type: ignore[attr-defined]

    def company(self) -> Company:
        return self.companies[self.cleaned_data["declarant"]]
