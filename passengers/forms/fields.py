"""Fields of travellers' forms: a country by name or code, a birthday, names exactly as written."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.dates import DayUnclear, NotADay, read_day
from lib.spelling import searched

EARLIEST_BIRTH = 1890


class NameField(forms.CharField):
    """A name in any script. Only what no table keeps is taken out: control signs; spaces at the ends go."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, required=False, **options)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cs")).strip()


class BirthField(forms.CharField):
    """A day of birth, typed as people write days or picked."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "bday", "placeholder": "31.12.1990"}

    def prepare_value(self, value: Any) -> Any:
        """Kept as 1990-12-31, shown as 31.12.1990."""
        if isinstance(value, date):
            return value.strftime("%d.%m.%Y")
        parts = str(value or "").split("-")
        return ".".join(reversed(parts)) if len(parts) == 3 else value

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = read_day(str(text))
        except DayUnclear:
            sentence = _("This may be read as two different days. Write it as 31.12.1990.")
            raise forms.ValidationError(sentence) from None
        except NotADay:
            raise forms.ValidationError(_("This is not a date. Write it as 31.12.1990.")) from None
        if not EARLIEST_BIRTH <= day.year <= 2100:
            raise forms.ValidationError(_("The year of this date cannot be right."))
        return day


class CountryField(forms.CharField):
    """A country by its name in the reader's language or its code, with the list of names to pick from."""

    def __init__(self, countries: Mapping[str, str], **options: Any) -> None:
        super().__init__(max_length=80, required=False, **options)
        self.countries = countries
        self.widget.attrs |= {"list": "countries", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return self.countries.get(value, value)

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value) or "").split())
        if not text or text in self.countries:
            return text
        by_name = {name.casefold(): code for code, name in self.countries.items()}
        found = by_name.get(text.casefold()) or searched(text)
        if found not in self.countries:
            raise forms.ValidationError(_("Choose a country from the list."))
        return found
