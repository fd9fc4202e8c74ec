"""Forms of money that goes back: a claim and its decisions, a bank account, a pay-out, money to its sender."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lib.figures import ZERO
from lib.form_fields import NumberField
from lib.money import Currency
from lib.violations import Violation
from payments.forms.money import AmountField, KeyedForm
from payments.models import BankAccount
from tariffs.models import RefundRule
from traders.models import Company

_MOST_FILES = 10
_FIELDS = re.compile(r"^(tax|granted)(?:es)?\.")


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Scans, none or several, as pairs of name and content; each is read one byte over the bound at the most."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads: Iterable[UploadedFile[bytes]] = data if isinstance(data, list | tuple) else [data] if data else []
        kept = [each for each in uploads if each][: _MOST_FILES + 1]
        return [(str(each.name or ""), each.read(settings.UPLOAD_LIMIT_BYTES + 1)) for each in kept]


def _papers() -> PapersField:
    return PapersField(required=False, label=_("Papers"), help_text=_("Scans: PDF, PNG or JPEG, several at once."))


def _lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class TakesViolations(forms.Form):
    """A form whose verb may refuse: what names a field stands beside it, the rest at the top."""

    renamed: Mapping[str, str] = {}

    def take(self, violations: Sequence[Violation]) -> None:
        for each in violations:
            name = self.renamed.get(each.pointer) or _FIELDS.sub(r"\1_", each.pointer)
            self.add_error(name if name in self.fields else None, f"{each.sentence} ({each.code})")


class TaxForm(TakesViolations):
    """A form with a sum for each of some taxes, under names that begin with `prefix_of_taxes`."""

    prefix_of_taxes = "tax_"

    def add_taxes(self, taxes: Mapping[str, str | None]) -> None:
        for tax, amount in taxes.items():
            self.fields[f"{self.prefix_of_taxes}{tax}"] = NumberField(required=False, label=tax, initial=amount)

    @property
    def tax_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(self.prefix_of_taxes)]

    @property
    def by_tax(self) -> dict[str, Decimal]:
        """What was written, tax by tax."""
        start = len(self.prefix_of_taxes)
        named = {field.name[start:]: self.cleaned_data.get(field.name) for field in self.tax_fields}
        return {tax: amount for tax, amount in named.items() if amount}


class RefundForm(KeyedForm, TaxForm):
    """What is claimed back: sums of taxes, or one sum."""

    kind = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    amount = NumberField(
        required=False,
        label=_("One sum"),
        help_text=_("If you do not know how much of which tax. Leave the taxes above empty then."),
    )
    reason = forms.CharField(label=_("Why the money is yours"), widget=_lines(4), max_length=2000)
    pay_to = forms.ModelChoiceField(
        queryset=BankAccount.objects.none(),
        required=False,
        label=_("Where to"),
        empty_label=_("to the account here that paid"),
    )
    file = _papers()

    def __init__(
        self, *args: Any, rules: Sequence[RefundRule], taxes: Mapping[str, Decimal], accounts: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        kinds, pay_to = self.fields["kind"], self.fields["pay_to"]
        assert isinstance(kinds, forms.ChoiceField)
        assert isinstance(pay_to, forms.ModelChoiceField)
        kinds.choices = [(rule.kind, rule.get_kind_display()) for rule in rules]
        pay_to.queryset = accounts
        self.add_taxes(dict.fromkeys(taxes))

    @property
    def amount_wanted(self) -> Decimal:
        return Decimal(self.cleaned_data.get("amount") or ZERO)


class RefundDecisionForm(TaxForm):
    """The first officer's decision, and how much of each tax."""

    prefix_of_taxes = "granted_"
    end = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("granted", _("grant")), ("refused", _("refuse"))],
    )
    text = forms.CharField(label=_("Grounds, which the company reads"), widget=_lines(), max_length=1000)

    def __init__(self, *args: Any, taxes: Mapping[str, str | None], **more: Any) -> None:
        super().__init__(*args, **more)
        self.add_taxes(taxes)


class ReasonForm(TakesViolations):
    """Why something is refused or sent back."""

    renamed: Mapping[str, str] = {"text": "reason"}
    reason = forms.CharField(label=_("Reason"), widget=_lines(2), max_length=500)


class PaperForm(TakesViolations):
    """One more paper, or several."""

    file = _papers()


class BankAccountForm(TakesViolations):
    company = forms.ModelChoiceField(queryset=Company.objects.none(), label=_("Company"), empty_label=None)
    number = forms.CharField(label=_("IBAN or account number"), max_length=60)
    bank_code = forms.CharField(
        label=_("Code of the bank"),
        max_length=20,
        required=False,
        help_text=_("BIC or domestic code. An IBAN does not need it."),
    )
    bank_name = forms.CharField(label=_("Bank"), max_length=140, required=False)
    holder = forms.CharField(
        label=_("Holder"), max_length=140, required=False, help_text=_("If it is written otherwise than the company.")
    )
    file = _papers()

    def __init__(self, *args: Any, companies: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choice = self.fields["company"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = companies


class PayOutForm(KeyedForm, TakesViolations):
    bank_account = forms.ModelChoiceField(
        queryset=BankAccount.objects.none(), label=_("To the bank account"), empty_label=None
    )
    amount = AmountField(label=_("Amount"), widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}))

    def __init__(self, *args: Any, accounts: Any, currency: Currency, **more: Any) -> None:
        super().__init__(*args, **more)
        choice, amount = self.fields["bank_account"], self.fields["amount"]
        assert isinstance(choice, forms.ModelChoiceField)
        assert isinstance(amount, AmountField)
        choice.queryset = accounts
        amount.currency = currency


class ToSenderForm(TakesViolations):
    """Where unmatched money goes back to; what the bank has told is not asked."""

    number = forms.CharField(label=_("Account of the sender"), max_length=60, required=False)
    payee = forms.CharField(label=_("Name of the sender"), max_length=140, required=False)
    bank_code = forms.CharField(label=_("Code of the sender’s bank"), max_length=20, required=False)
    reason = forms.CharField(label=_("Why it goes back"), max_length=250)


class ReportForm(TakesViolations):
    """The bank's answer to a payment file."""

    file = forms.FileField(label=_("Status report of the bank (pain.002)"))
