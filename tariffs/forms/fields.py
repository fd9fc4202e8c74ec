"""Fields that several forms of the tariff share: numbers and dates as people write them, codes by name."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs_portal.lib.numbers import NotANumber, read_number
from tariffs.selectors import CodeLists, code_lists

LARGEST = Decimal(10) ** 14


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
            input_formats=["%Y-%m-%d", "%d.%m.%Y"],
            error_messages={"invalid": _("This is not a date. Write it as 2026-11-23 or 23.11.2026.")},
            **options,
        )

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not 1990 <= day.year <= 2100:
            raise forms.ValidationError(_("The year of this date cannot be right."))
        return day


class DayForm(forms.Form):
    """The date whose law is shown, and the origin of the goods."""

    on = DayField(label=_("On the date"), required=False)
    origin = forms.ChoiceField(label=_("Goods from"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, initial={"on": today}, auto_id="%s")
        self.today = today
        self.fields["origin"].choices = [("", _("any country")), *choices_of(code_lists(on=today), "country")]  # type: ignore[attr-defined]

    @property
    def day(self) -> date:
        """The date asked for; today where none is or it cannot be read."""
        return (self.cleaned_data.get("on") if self.is_valid() or self.is_bound else None) or self.today

    @property
    def country(self) -> str:
        return str(self.cleaned_data.get("origin", "")) if self.is_bound and not self.errors.get("origin") else ""


def choices_of(lists: CodeLists, name: str) -> list[tuple[str, str]]:
    """(code, code and name) of each entry of a list, for a field of choices."""
    named = lists.names(name).items()
    return [(code, f"{code} · {text}") for code, text in named]
