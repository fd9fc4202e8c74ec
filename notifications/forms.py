"""Forms of the inbox: what is shown of it, by which ways one is told, and a number for SMS."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Mail, Ways
from notifications.selectors import Filters


class FilterForm(forms.Form):
    unread = forms.BooleanField(label=_("Unread only"), required=False)
    kind = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, kinds: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("everything")), *((kind.value, kind.label) for kind in kinds)]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What is wanted; what cannot be read is not asked for."""
        if not self.is_valid():
            return Filters()
        return Filters(unread=self.cleaned_data["unread"], kind=self.cleaned_data["kind"])


class WaysForm(forms.Form):
    """One row of the table: the ways of one kind. `sms` is offered where the person has a confirmed number."""

    inbox = forms.BooleanField(label=_("in the portal"), required=False)
    mail = forms.ChoiceField(label=_("by mail"), choices=Mail.choices, required=False)
    sms = forms.BooleanField(label=_("by SMS"), required=False)

    def __init__(self, data: Any = None, *, kind: Kind, ways: Ways, sms: bool) -> None:
        initial = {"inbox": ways.inbox, "mail": ways.mail, "sms": ways.sms}
        super().__init__(data, prefix=kind.value, initial=initial)
        self.kind = kind
        if not sms:
            del self.fields["sms"]

    def ways(self) -> Ways:
        content = self.cleaned_data
        return Ways(inbox=content["inbox"], mail=content["mail"], sms=content.get("sms", False))


def ways_forms(choices: Mapping[Kind, Ways], *, sms: bool, data: Any = None) -> list[WaysForm]:
    """A row for each kind that reaches the person."""
    return [WaysForm(data, kind=kind, ways=ways, sms=sms) for kind, ways in choices.items()]


class PhoneForm(forms.Form):
    number = forms.CharField(
        label=_("Telephone for SMS"),
        max_length=30,
        help_text=_("With its country, as in +992 90 123 45 67. A code is sent to it."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the SMS"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
