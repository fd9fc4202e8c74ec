"""Forms of what a company files again and again: its templates and its address book."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.forms import begin
from declarations.models import Party
from lib.violations import Rejected
from tariffs import selectors as tariff
from traders.models import Company


class TemplateForm(forms.Form):
    """A template from nothing: whose, for what procedure, under which name."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as: tea from Yunnan by road."))
    company = forms.ChoiceField(label=_("Company"))
    procedure = forms.ChoiceField(label=_("Procedure"), initial="IM4")

    def __init__(self, *args: Any, companies: Sequence[Company], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.companies = {str(company.pk): company for company in companies}
        self.procedures = begin.procedures(on=on)
        self._offer("company", [(key, str(company)) for key, company in self.companies.items()])
        self._offer("procedure", [(code, f"{code} · {row.label}") for code, row in self.procedures.items()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class NameForm(forms.Form):
    """The name of a template."""

    name = forms.CharField(label=_("Name of the template"), max_length=80)


class AddressForm(forms.Form):
    """An entry of the address book."""

    name = forms.CharField(label=_("Name"), max_length=175)
    address = forms.CharField(
        label=_("Address"), max_length=350, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    tax_number = forms.CharField(label=_("Tax number"), max_length=20, required=False)
    roles = forms.MultipleChoiceField(
        label=_("What it is to the company"), choices=Party.Role.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        names = sorted(tariff.code_list("country", on=on).items(), key=lambda row: row[1])
        country.choices = [("", "—"), *((code, f"{name} · {code}") for code, name in names)]


def tell(form: forms.Form, rejected: Rejected) -> None:
    """What a verb refused, beside the fields it is about."""
    for fault in rejected.violations:
        form.add_error(fault.pointer if fault.pointer in form.fields else None, str(fault.sentence))
