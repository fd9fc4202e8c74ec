"""What is asked of the search over files, and of the list of who opened them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Office, User
from clearance.forms.files import FilterForm
from clearance.models import Finding
from clearance.selectors.search import ANY_FINDING, Asked
from declarations.models import Status
from lib.form_fields import CodeTextField, DayField
from risk.models import Lane


class SearchFilter(FilterForm):
    """One box for every number and word, and filters beside it."""

    text = forms.CharField(
        label=_("Words and numbers"), required=False, max_length=120, widget=forms.TextInput(attrs={
            "type": "search", "placeholder": _("part of an MRN, trader, goods, code, container, vehicle, paper"),
        }),
    )  # fmt: skip
    since = DayField(label=_("Lodged from"), required=False)
    until = DayField(label=_("to"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)
    lane = forms.ChoiceField(label=_("Lane"), required=False, choices=[("", _("all")), *Lane.choices])
    status = forms.ChoiceField(
        label=_("Status"), required=False,
        choices=[("", _("all")), *(each for each in Status.choices if each[0] != Status.DRAFT)],
    )  # fmt: skip
    finding = forms.ChoiceField(
        label=_("Finding"), required=False,
        choices=[
            ("", _("all")), (ANY_FINDING, _("any discrepancy")),
            *(each for each in Finding.Code.choices if each[0] != Finding.Code.CONFORM),
        ],
    )  # fmt: skip
    trader = CodeTextField(label=_("Trader's TIN"), required=False, max_length=20)
    criterion = forms.CharField(label=_("Criterion"), required=False, max_length=40)
    came = forms.ChoiceField(
        label=_("What came of it"), required=False,
        choices=[("", _("selected")), ("hit", _("met, drawn or not")), ("examined", _("examined")),
                 ("discrepancy", _("with a discrepancy"))],
    )  # fmt: skip
    held_by = forms.TypedChoiceField(label=_("Held by"), required=False, coerce=int, empty_value=None)

    def __init__(
        self, *args: Any, offices: Sequence[Office], holders: Sequence[User], by_criteria: bool, **kwargs: Any
    ) -> None:
        """`by_criteria`: whether the reader may know of criteria at all."""
        super().__init__(*args, **kwargs)
        if not by_criteria:
            del self.fields["criterion"], self.fields["came"]
        for name, choices in (
            ("office", [("", _("all mine")), *((office.code, str(office)) for office in offices)]),
            ("held_by", [("", _("anybody")), *((str(each.pk), str(each)) for each in holders)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def asked(self) -> Asked:
        """What is asked. The form must be valid."""
        read = self.cleaned_data
        names = ("text", "office", "lane", "status", "finding", "trader", "criterion")
        texts = {name: read.get(name) or "" for name in names}
        texts["came"] = read.get("came") or "selected"
        return Asked(**texts, since=read.get("since"), until=read.get("until"), held_by=read.get("held_by"))


class OpeningsFilter(FilterForm):
    officer = forms.CharField(label=_("Officer's name or address"), required=False, max_length=120)
    number = CodeTextField(label="MRN", required=False, max_length=40)
    since = DayField(label=_("Opened from"), required=False)
    until = DayField(label=_("to"), required=False)
