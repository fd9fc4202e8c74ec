"""Form fields for what people write in many ways: numbers and dates."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.dates import DayUnclear, NotADay, read_day
from lib.numbers import NotANumber, read_number
from lib.spelling import searched

LARGEST = Decimal(10) ** 14


class CodeTextField(forms.CharField):
    """A code that is typed: capitals or not, with look-alike letters, digits of any script and spaces."""

    def to_python(self, value: Any) -> str:
        return searched(str(super().to_python(value) or ""))


class NumberField(forms.CharField):
    """A number in English or Russian notation, not negative."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "num"}

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = read_number(text)
        except NotANumber as fault:
            raise forms.ValidationError(str(fault.reason)) from None
        if number < 0:
            raise forms.ValidationError(_("This cannot be less than zero."))
        if number >= LARGEST:
            raise forms.ValidationError(_("This number is too large."))
        return number


class DayField(forms.DateField):
    """A date, with the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **options,
        )

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return value if isinstance(value, date) else read_day(str(value))
        except DayUnclear:
            sentence = _("This may be read as two different days. Write it as 2026-11-23 or 23.11.2026.")
            raise forms.ValidationError(sentence, code="invalid") from None
        except NotADay:
            sentence = _("This is not a date. Write it as 2026-11-23 or 23.11.2026.")
            raise forms.ValidationError(sentence, code="invalid") from None

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not 1990 <= day.year <= 2100:
            raise forms.ValidationError(_("The year of this date cannot be right."))
        return day
