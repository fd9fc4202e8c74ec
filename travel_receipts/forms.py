"""The text of a QR code, as a scanner types it or a person copies it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TextForm(forms.Form):
    """Letters become capitals, and what copying adds at the ends or breaks into lines is dropped: no receipt has it."""

    text = forms.CharField(
        label=_("Text of the QR code"),
        max_length=2000,
        help_text=_("A scanner types it by itself. It begins with TR1:"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_text(self) -> str:
        typed: Any = self.cleaned_data["text"]
        return "".join(str(typed).split("\n")).strip().upper()
