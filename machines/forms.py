"""Forms of a company's programs, their tokens and addresses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from machines.kinds import Kind, Scope
from machines.services.programs import RIGHTS
from machines.services.tokens import LONGEST_DAYS


class ProgramForm(forms.Form):
    name = forms.CharField(label=_("Name of the program"), max_length=80, help_text=_("Such as: our ERP, test."))
    rights = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(right.value, right.label) for right in RIGHTS],
        widget=forms.CheckboxSelectMultiple,
    )


class TokenForm(forms.Form):
    """A token of a program, or of a person: only scopes that the rights cover are offered."""

    name = forms.CharField(label=_("Name of the token"), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("What it lets the program do"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Holds for so many days"), min_value=1, max_value=LONGEST_DAYS, initial=90)

    def __init__(self, *args: Any, scopes: list[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(scope.value, f"{scope.label} ({scope.value})") for scope in scopes]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class EndpointForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Begins with https:// and is reached from the internet."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        help_text=_("None chosen: all of them."),
        choices=[(kind.value, f"{kind.label} ({kind.value})") for kind in Kind if kind != Kind.TEST],
        widget=forms.CheckboxSelectMultiple,
    )
