"""New exchange rates: a file of the central bank, or rates that a person types."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from lib.form_fields import CodeTextField, DayField, NumberField

ROWS = 5


class RateFileForm(forms.Form):
    """A file of the central bank."""

    file = forms.FileField(label=_("File"), help_text=_("XML as central banks of the CIS publish it, or CSV."))
    source = forms.CharField(label=_("Source"), max_length=120, required=False, help_text=_("Empty: as the file says."))


class TypedRateForm(forms.Form):
    """One rate; an empty row counts for nothing."""

    currency = CodeTextField(label=_("Currency"), validators=[RegexValidator(r"\A[A-Z]{3}\Z", _("Three letters."))])
    nominal = forms.IntegerField(label=_("For how many units"), min_value=1, initial=1, required=False)
    rate = NumberField(label=_("Rate"))

    def clean_nominal(self) -> int:
        return int(self.cleaned_data["nominal"] or 1)

    def clean_rate(self) -> Decimal:
        rate: Decimal = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError(_("A rate is greater than zero."))
        return rate


class RatesByHandForm(forms.Form):
    """The day and the source of rates that are typed."""

    valid_from = DayField(label=_("In force from"))
    source = forms.CharField(label=_("Source"), max_length=120)

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        return day


TypedRates = forms.formset_factory(TypedRateForm, extra=ROWS, max_num=60)


class ReasonForm(forms.Form):
    """Why something is turned down."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)
