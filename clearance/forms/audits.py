"""Forms of audits after release: the desk's filters, plan and work on a file, and the audit of a company."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Office
from clearance.forms.examining import CountedForm
from clearance.forms.files import FilterForm, QuantityField, VerbForm, lines
from clearance.models import Audit, Scope
from clearance.selectors.audits import AuditsWanted
from lib.form_fields import CodeTextField, DayField
from traders.models import Company


class AuditFilter(FilterForm):
    """Filters of the desk of audits, from the address."""

    held = forms.ChoiceField(
        label=_("Held by"), required=False, choices=[("", _("anybody")), ("mine", _("me")), ("free", _("nobody"))]
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("in hand")), *Audit.Status.choices, ("all", _("all"))],
    )  # fmt: skip
    due = forms.ChoiceField(
        label=pgettext_lazy("deadline", "Due"), required=False, choices=[("", _("any")), ("late", _("late"))]
    )
    office = forms.ChoiceField(label=_("Office"), required=False)
    text = forms.CharField(
        label=_("Find"), required=False, max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("MRN, trader or TIN")}),
    )  # fmt: skip

    def __init__(self, *args: object, offices: list[Office], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all mine")), *((office.code, str(office)) for office in offices)]

    def wanted(self) -> AuditsWanted:
        """The filters as asked. The form must be valid."""
        return AuditsWanted(**{name: self.cleaned_data.get(name) or "" for name in self.fields})


class ScopeField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("What is looked at"), choices=Scope.choices, **options)


class OfficersForm(VerbForm):
    """A form that chooses among officers."""

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = officers


class PlanAuditForm(OfficersForm):
    officer: Any = forms.ModelChoiceField(label=_("Officer"), queryset=None)
    scope = ScopeField()
    plan = forms.CharField(label=_("How to go about it"), widget=lines(3), required=False, max_length=4000)
    due = DayField(label=pgettext_lazy("deadline", "Due"))


class AuditFindingForm(CountedForm):
    """A finding with the value that should have been declared."""

    value = QuantityField(label=_("Customs value found, in national currency"), required=False, decimals=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["item_number", "code", "value", "text"])


class ConcludeForm(VerbForm):
    conclusion = forms.CharField(label=_("Conclusion, for the trader to read"), widget=lines(4), max_length=4000)


class CompanyAuditForm(OfficersForm):
    """The plan of an audit of a company, found by its TIN."""

    tin = CodeTextField(label=_("TIN of the company"), max_length=20)
    office_code = forms.ChoiceField(label=_("Office"), required=False)
    period_from = DayField(label=_("Files lodged from"))
    period_to = DayField(label=_("to"))
    reason = forms.CharField(label=_("Reason and risk"), widget=lines(3), max_length=4000)
    scope = ScopeField()
    lead: Any = forms.ModelChoiceField(label=_("Led by"), queryset=None)
    team: Any = forms.ModelMultipleChoiceField(label=_("Team"), queryset=None, required=False)
    by_value = forms.IntegerField(label=_("Files by value"), min_value=0, max_value=100, initial=10)
    by_lot = forms.IntegerField(label=_("Files of each lane by lot"), min_value=0, max_value=100, initial=2)
    due = DayField(label=pgettext_lazy("deadline", "Due"))

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offices
        field.required = all(code for code, _name in offices)

    def company(self, found: Company | None) -> dict[str, Any]:
        """What the verb takes, with the company that has the TIN; None marks the field."""
        given = dict(self.cleaned_data)
        del given["tin"]
        if found is None:
            self.add_error("tin", _("No confirmed company has this TIN."))
        return given | {"company": found}


class NotifyForm(VerbForm):
    text = forms.CharField(label=_("What the company is to prepare"), widget=lines(4), max_length=4000)
    visit_from = DayField(label=_("Visit from"))
    visit_to = DayField(label=_("to"))


class GiveAuditForm(OfficersForm):
    lead: Any = forms.ModelChoiceField(label=_("Led by"), queryset=None)
    due = DayField(label=pgettext_lazy("deadline", "Due"))
