"""Forms of the payment pages. Amounts are read in English and Russian notation; each form carries its own key."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib.money import Currency, round_money
from lib.numbers import NotANumber, read_number
from payments.models import Account
from traders.models import Company

MOST = Decimal(10) ** 12


class AmountField(forms.CharField):
    """An amount of `currency`: "1200.50", "1 200,50" or "1,200.50"; more than nothing. The form says which currency."""

    currency: Currency

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written and not self.required:
            return None
        try:
            amount = read_number(written)
        except NotANumber as error:
            raise ValidationError(str(error.reason)) from error
        if not self.accepts(amount):
            raise ValidationError(_("The amount must be more than zero."))
        if amount != round_money(amount, self.currency.decimals):
            raise ValidationError(_("The amount has more decimals than the currency."))
        return amount

    def accepts(self, amount: Decimal) -> bool:
        """Whether an amount may be meant."""
        return 0 < amount < MOST


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


class DueForm(KeyedForm):
    """Which declarations are paid by which means, such as `account:7` or `bank:3`; `which` is `chosen` or `all`."""

    means = forms.CharField(max_length=40, error_messages={"required": _("Choose how to pay.")})
    which = forms.ChoiceField(choices=[("chosen", ""), ("all", "")])


class SplitForm(KeyedForm):
    """How much of what is due each account gives; an empty field gives nothing. `rest`: at the bank, or later."""

    rest = forms.ChoiceField(
        label=_("The rest"),
        widget=forms.RadioSelect,
        choices=[
            ("bank", _("at once on the bank’s page")),
            ("later", _("later: by transfer, on the bank’s page or from an account")),
        ],
        initial="bank",
    )

    def __init__(self, *args: Any, accounts: Sequence[Account], currency: Currency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {share_name(account): account for account in accounts}
        for name, account in self.accounts.items():
            widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
            share = AmountField(
                label=_("From: {account}").format(account=account.get_kind_display()), required=False, widget=widget
            )
            share.currency = currency
            self.fields[name] = share

    @property
    def shares(self) -> dict[Account, Decimal]:
        """What was typed, account by account."""
        given = {account: self.cleaned_data.get(name) for name, account in self.accounts.items()}
        return {account: share for account, share in given.items() if share}

    @property
    def share_fields(self) -> list[tuple[Account, forms.BoundField]]:
        return [(account, self[name]) for name, account in self.accounts.items()]


def share_name(account: Account) -> str:
    return f"share-{account.pk}"


class AutoPaymentForm(forms.Form):
    """Whether and from where a company pays by itself, and how much at most."""

    is_on = forms.BooleanField(label=_("Pay what is due as soon as a declaration is assessed"), required=False)
    source = forms.ChoiceField(
        label=_("From"),
        widget=forms.RadioSelect,
        choices=[("prepaid", _("prepaid account")), ("deferred", _("deferred payment account"))],
        initial="prepaid",
    )
    each = AmountField(
        label=_("At most for one declaration"), widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    )
    daily = AmountField(
        label=_("At most on one day"), widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    )

    def __init__(self, *args: Any, currency: Currency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("each", "daily"):
            amount = self.fields[name]
            assert isinstance(amount, AmountField)
            amount.currency = currency
