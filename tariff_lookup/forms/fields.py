"""What several forms of the public tariff share: the day whose law is asked for, and codes by name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.form_fields import DayField
from tariffs.selectors import CodeLists, code_lists


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
