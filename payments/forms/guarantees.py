"""Forms of guarantees: an undertaking, its terms, its papers, and which are listed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.money import Currency
from payments.forms.money import AmountField


class DayField(forms.DateField):
    """A day as the browser's calendar gives it."""

    widget = forms.DateInput(attrs={"type": "date"})


class TermsForm(forms.Form):
    """Limit and last day of an undertaking, as proposed."""

    limit = AmountField(label=_("Limit"), widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}))
    valid_to = DayField(label=_("Valid to"))
    reason = forms.CharField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, currency: Currency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = self.fields["limit"]
        assert isinstance(limit, AmountField)
        limit.currency = currency


class GuaranteeForm(TermsForm):
    """A guarantor's undertaking as the letter says it."""

    tin = forms.CharField(label=_("TIN of the company"), max_length=20)
    guarantor = forms.CharField(label=_("Guarantor: bank or insurer"), max_length=200)
    reference = forms.CharField(label=_("Reference of the guarantor"), max_length=60)
    mrn = forms.CharField(label=_("MRN, if it secures one declaration alone"), max_length=40, required=False)
    valid_from = DayField(label=_("Valid from"))
    paper = forms.FileField(label=_("Scan of the letter"), required=False)
    field_order = ["tin", "guarantor", "reference", "mrn", "limit", "valid_from", "valid_to", "reason", "paper"]


class GuaranteeFilter(forms.Form):
    """Which guarantees are listed."""

    search = forms.CharField(label=_("Company, TIN, guarantor, reference or MRN"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            ("holding", _("with something held")),
            ("ending", _("end within 30 days")),
            ("expired", _("expired with something held")),
            ("waiting", _("terms wait for a second officer")),
        ],
    )


class GuaranteePaperForm(forms.Form):
    """A scan."""

    file = forms.FileField(label=_("PDF, PNG or JPEG"))
