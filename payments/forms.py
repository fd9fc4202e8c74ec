"""Forms of the payment pages. Amounts are read in English and Russian notation; each form carries its own key."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.money import Currency, round_money
from lib.numbers import NotANumber, read_number
from payments.models import Account, Entry
from traders.models import Company

_MOST = Decimal(10) ** 12


class AmountField(forms.CharField):
    """An amount of `currency`: "1200.50", "1 200,50" or "1,200.50"; more than nothing. The form says which currency."""

    currency: Currency

    def clean(self, value: Any) -> Any:
        try:
            amount = read_number(super().clean(value))
        except NotANumber as error:
            raise ValidationError(str(error.reason)) from error
        if not self.accepts(amount):
            raise ValidationError(_("The amount must be more than zero."))
        if amount != round_money(amount, self.currency.decimals):
            raise ValidationError(_("The amount has more decimals than the currency."))
        return amount

    def accepts(self, amount: Decimal) -> bool:
        """Whether an amount may be meant."""
        return 0 < amount < _MOST


class LimitField(AmountField):
    """As an amount; a limit may be nothing."""

    def accepts(self, amount: Decimal) -> bool:
        return 0 <= amount < _MOST


class KeyedForm(forms.Form):
    """`key` is made with the page, so that sending it twice does the same thing once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class TopUpForm(KeyedForm):
    company = forms.ModelChoiceField(queryset=Company.objects.none(), label=_("Company"), empty_label=None)
    amount = AmountField(label=_("Amount"), widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}))

    def __init__(self, *args: Any, companies: Any, currency: Currency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice, amount = self.fields["company"], self.fields["amount"]
        assert isinstance(choice, forms.ModelChoiceField)
        assert isinstance(amount, AmountField)
        choice.queryset = companies
        amount.currency = currency


class MoveForm(TopUpForm):
    target = forms.ChoiceField(
        label=_("To the account"),
        widget=forms.RadioSelect,
        choices=[
            (Account.Kind.GUARANTEE.value, _("guarantee account: secures goods under a suspending procedure")),
            (Account.Kind.DEFERRED.value, _("deferred payment account: settles what was taken on credit")),
        ],
        initial=Account.Kind.GUARANTEE.value,
    )
    field_order = ["company", "target", "amount"]


class FindForm(forms.Form):
    """Which declaration is to be paid, as it is written on a paper."""

    number = forms.CharField(label=_("MRN or customs number of the declaration"), max_length=60)


class PeriodForm(forms.Form):
    """From which day to which, both included."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            raise ValidationError(_("The period ends before it begins."))
        if first and last and not date(2000, 1, 1) <= first <= last <= date(2100, 1, 1):
            raise ValidationError(_("Choose days between 2000 and 2100."))
        return cleaned


class PayForm(KeyedForm):
    """`means` is one of the ways the page offers, such as `account:7` or `bank:3`."""

    means = forms.CharField(max_length=40, error_messages={"required": _("Choose how to pay.")})


class StatementFileForm(forms.Form):
    """A file of statements, of any form that is read."""

    file = forms.FileField(label=_("File of the bank"))


class AllotForm(forms.Form):
    """Whose money it is: a company by its TIN, and the declaration it came for if there is one."""

    tin = forms.CharField(label=_("TIN of the company"), max_length=20)
    mrn = forms.CharField(label=_("MRN, if it came for a declaration"), max_length=40, required=False)
    reason = forms.CharField(label=_("How you know"), max_length=250)


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
