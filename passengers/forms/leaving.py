"""What is typed about vehicles, claims and cash: by travellers after the border, officers, the financial monitor."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.form_fields import DayField, NumberField
from lib.pointers import part_of
from lib.violations import Rejected
from passengers.models import CashExport, StayConsequence
from tariffs.models import Direction

_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_BETWEEN = re.compile(r"[\s().-]+")


def _reason(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **more)


class VerbForm(forms.Form):
    """A form whose verb may refuse: each violation goes to its field, the others to the top."""

    def take(self, error: Rejected) -> None:
        for fault in error.violations:
            name = part_of(fault.pointer)
            self.add_error(name if name in self.fields else None, fault.sentence)


class ContactForm(VerbForm):
    """Where the traveller wants to be reminded."""

    phone = forms.CharField(
        label=_("Telephone for an SMS"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_phone(self) -> str:
        text = _BETWEEN.sub("", str(self.cleaned_data["phone"]))
        text = f"+{text[2:]}" if text.startswith("00") else text
        if text and not _NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Write the number with its country, as in +992 90 123 45 67."))
        return text


class ExtensionForm(VerbForm):
    until = DayField(label=_("I need it until"))
    reason = _reason(_("Why"))


class ClaimForm(VerbForm):
    """Which goods leave again."""

    goods = forms.TypedMultipleChoiceField(
        label=_("Goods that you take out again"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, goods: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["goods"].choices = goods  # type: ignore[attr-defined]


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Plate, VIN, code or reference"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class PostForm(VerbForm):
    """At which post the officer stands; asked only where there are several."""

    post = forms.ChoiceField(label=_("Post"))

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["post"].choices = posts  # type: ignore[attr-defined]
        if len(posts) == 1:
            self.fields["post"].initial = posts[0][0]
            self.fields["post"].widget = forms.HiddenInput()


class PostReasonForm(PostForm):
    reason = _reason(_("Reason"))


class GrantForm(VerbForm):
    until = DayField(label=_("Granted until"))
    reason = _reason(_("Reason"))


class ReasonForm(VerbForm):
    reason = _reason(_("Reason"))


class ConsequenceForm(VerbForm):
    kind = forms.ChoiceField(label=_("What comes of it"), choices=StayConsequence.Kind.choices)
    number = forms.CharField(label=_("Number of the paper"), max_length=40, required=False)
    reason = _reason(_("Explanation"))


class CashSearchForm(forms.Form):
    """What the financial monitor searches for."""

    name = forms.CharField(label=_("Family or given name"), max_length=120, required=False)
    document = forms.CharField(label=_("Number of the document"), max_length=30, required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[("", Direction.BOTH.label), *Direction.choices[:2]],
    )
    least = NumberField(label=_("Together at least, in national currency"), required=False)


class ExportForm(VerbForm):
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))
    format = forms.ChoiceField(label=_("Format"), choices=CashExport.Format.choices)
