"""Forms of the desks of treasury and auditor: limits, filters, days, notes, revenue."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.money import Currency
from payments.forms.money import MOST, AmountField
from payments.models import Account, Entry


class LimitField(AmountField):
    """As an amount; a limit may be nothing."""

    def accepts(self, amount: Decimal) -> bool:
        return 0 <= amount < MOST


class LimitForm(forms.Form):
    """Which limit an account shall have, and why."""

    limit = LimitField(label=_("New limit"), widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}))
    reason = forms.CharField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, currency: Currency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["limit"]
        assert isinstance(field, LimitField)
        field.currency = currency


ANY = [("", _("all"))]


class AccountsForm(forms.Form):
    """Which accounts are shown."""

    q = forms.CharField(label=_("Company, TIN or tax"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ANY, *Account.Kind.choices])
    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[
            *ANY,
            ("overdrawn", _("below zero")),
            ("limited", _("with a limit")),
            ("held", _("with money held")),
            ("asked", _("with a limit that waits")),
        ],
    )


def _a_day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class EntriesForm(forms.Form):
    """Which entries of the ledger are shown."""

    q = forms.CharField(label=_("Entry, MRN, key or TIN"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*ANY, *Entry.Kind.choices])
    first = _a_day(_("From"))
    last = _a_day(_("To"))


class DayForm(forms.Form):
    """Which day of the books."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))


class NoteForm(forms.Form):
    """What is said of a difference, and who looks into it."""

    note = forms.CharField(label=_("Note"), max_length=500)
    person = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Looked into by"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["person"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = people


class RevenueForm(forms.Form):
    """Which revenue the table sums: days, and one tax, office or regime."""

    first = _a_day(_("From"))
    last = _a_day(_("To"))
    tax = forms.ChoiceField(label=_("Tax"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)
    regime = forms.ChoiceField(label=_("Regime"), required=False)

    def __init__(self, *args: Any, choices: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*ANY, *((value, value) for value in values)]
