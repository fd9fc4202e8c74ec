"""What is asked of the pages of oversight."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.form_fields import DayField
from oversight.models import Mark
from oversight.selectors import Asked, Wanted, kinds_of_acts, kinds_of_looks

USUAL_DAYS = 90
LONGEST_DAYS = 366


class PeriodForm(forms.Form):
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("to"), required=False)

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        read = super().clean() or {}
        since, until = read.get("since"), read.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return read


class FiguresForm(PeriodForm):
    """The figures of a period; without one the last ninety days."""

    office = forms.ChoiceField(label=_("Office"), required=False)
    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("all")), *Mark.Kind.choices])
    officer = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    second = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offices: dict[str, str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        office = self.fields["office"]
        assert isinstance(office, forms.ChoiceField)
        office.choices = [("", _("all")), *((code, f"{code} {name}") for code, name in offices.items())]

    def clean(self) -> dict[str, Any]:
        """A year at the most."""
        read = super().clean()
        read["until"] = read.get("until") or self.today
        read["since"] = read.get("since") or read["until"] - timedelta(days=USUAL_DAYS)
        if (read["until"] - read["since"]).days > LONGEST_DAYS:
            self.add_error("since", _("Choose a year at the most."))
        return read

    def wanted(self) -> Wanted:
        """What is asked. The form must be valid."""
        read = self.cleaned_data
        officer = str(read["officer"] or "")
        return Wanted(read["since"], read["until"], read["office"], read["kind"], officer)


class _ListForm(PeriodForm):
    by = forms.CharField(label=_("By whom"), required=False, max_length=120)
    whose = forms.CharField(required=False, max_length=120)
    kind = forms.ChoiceField(label=_("What"), required=False)
    words = forms.CharField(label=_("Words"), required=False, max_length=120)
    field_order = ("by", "whose", "kind", "words", "since", "until")

    def asked(self) -> Asked:
        """What is asked. The form must be valid."""
        return Asked(**self.cleaned_data)


class ActsForm(_ListForm):
    """A search among administrative acts."""

    whose = forms.CharField(label=_("Done to whom"), required=False, max_length=120)
    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=lambda: [("", _("all")), *kinds_of_acts()],
    )


class LooksForm(_ListForm):
    """A search among looks at data."""

    whose = forms.CharField(
        label=_("Whose"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("MRN, TIN, reference or address")}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=lambda: [("", _("all")), *kinds_of_looks()],
    )


class DrawsForm(PeriodForm):
    """The days whose draws are reckoned again, or one number."""

    number = forms.CharField(label=_("MRN or number of a traveller"), max_length=40, required=False)
