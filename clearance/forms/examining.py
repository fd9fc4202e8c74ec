"""Forms of the check of an instruction and of an examination: what was counted, weighed, sampled, and who was there."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearance.forms.files import FindingForm, MassField, VerbForm, lines
from clearance.models import Finding, InstructionCheck, Presence

DIFFERS = [("", "—"), *(each for each in Finding.Code.choices if each[0] != Finding.Code.CONFORM)]
_PNG = "data:image/png;base64,"
LONGEST_DRAWING = 400_000


class CheckForm(VerbForm):
    """What came of one instruction; the button says the result."""

    criterion = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(choices=InstructionCheck.Result.choices)
    code = forms.ChoiceField(label=_("What differs"), choices=DIFFERS, required=False)
    item_number = forms.IntegerField(
        label=_("Item (0: whole consignment)"), min_value=0, max_value=999, required=False
    )  # fmt: skip
    text = forms.CharField(label=_("Remark"), widget=lines(2), required=False, max_length=2000)

    def clean_item_number(self) -> int:
        return self.cleaned_data["item_number"] or 0


class CountedForm(FindingForm):
    """A finding with what was counted and weighed."""

    packages = forms.IntegerField(label=_("Packages counted"), min_value=0, max_value=10**8, required=False)
    gross_mass = MassField(label=_("Gross mass, kg"), required=False)
    net_mass = MassField(label=_("Net mass, kg"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ("item_number", "code", "packages", "gross_mass", "net_mass", "measured", "unit", "text", "key")


class FactsForm(VerbForm):
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    containers = forms.CharField(label=_("Containers or vehicles"), required=False, max_length=400)
    seals = forms.CharField(label=_("Seals found"), required=False, max_length=400)
    seals_put = forms.CharField(label=_("Seals put on"), required=False, max_length=400)


class SampleForm(VerbForm):
    item_number = forms.IntegerField(label=_("Item (0: whole consignment)"), min_value=0, max_value=999)
    number = forms.CharField(label=_("Number or seal of the sample"), max_length=60)
    quantity = forms.CharField(label=_("How much was taken"), max_length=60)
    laboratory = forms.CharField(label=_("Laboratory"), max_length=200)
    question = forms.CharField(label=_("What is tested"), max_length=400)
    key = forms.UUIDField(widget=forms.HiddenInput)


class SampleResultForm(VerbForm):
    conforms = forms.TypedChoiceField(
        label=_("Result"), coerce=lambda value: value == "yes",
        choices=[("", "—"), ("yes", _("conforms")), ("no", _("does not conform"))],
    )  # fmt: skip
    code = forms.ChoiceField(label=_("What differs"), choices=DIFFERS, required=False)
    result = forms.CharField(label=_("What the laboratory says"), widget=lines(2), max_length=4000)


class PresenceForm(VerbForm):
    """Who was there; a signature drawn on the screen comes as the picture that the page made of it."""

    name = forms.CharField(label=_("Name"), max_length=200)
    capacity = forms.ChoiceField(label=_("As"), choices=Presence.Capacity.choices)
    signed = forms.ChoiceField(label=_("Signature"), choices=Presence.Signed.choices)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=400)
    drawing = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_DRAWING)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_drawing(self) -> bytes:
        text: str = self.cleaned_data["drawing"]
        if not text:
            return b""
        try:
            return base64.b64decode(text.removeprefix(_PNG), validate=True)
        except binascii.Error as broken:
            raise forms.ValidationError(_("The signature did not arrive whole. Sign again.")) from broken

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        if read.get("signed") != Presence.Signed.DRAWN:
            read["drawing"] = b""
        return read


class PhotoForm(VerbForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    photo = forms.FileField(
        label=_("Photograph"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip
