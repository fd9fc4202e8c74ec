"""Forms of a company's members, mandates and papers, and of the decision on a claim."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.uploads import SCANS, endings
from traders.models import Right

# Box 1: what a declaration is for. The general procedure follows the type.
PROCEDURES = [
    ("IM4", _("IM 4 import for home use")),
    ("IM5", _("IM 5 temporary import")),
    ("IM6", _("IM 6 re-import")),
    ("IM7", _("IM 7 warehousing")),
    ("EX1", _("EX 1 export")),
    ("EX2", _("EX 2 temporary export")),
    ("EX3", _("EX 3 re-export")),
    ("TR8", _("TR 8 transit")),
]


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the person"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    rights = forms.MultipleChoiceField(label=_("Rights"), choices=Right.choices, widget=forms.CheckboxSelectMultiple)


class PaperForm(forms.Form):
    file = forms.FileField(
        label=_("Paper"),
        help_text=_("A scan as PDF, PNG or JPEG: the certificate of registration, your power to act for the company."),
        widget=forms.ClearableFileInput(attrs={"accept": endings(SCANS)}),
    )


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads this sentence. To refuse, one is needed."),
    )


class MandateForm(forms.Form):
    agent_tin = forms.CharField(label=_("TIN of the broker"), max_length=20)
    procedures = forms.MultipleChoiceField(
        label=_("Procedures"),
        choices=PROCEDURES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked means every procedure."),
    )
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valid_to = forms.DateField(
        label=_("Until, inclusive"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("valid_from", on)
