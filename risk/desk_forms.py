"""Forms of the desks beside the criteria: what is asked of the value table, a profile of a company, a target."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from lib.form_fields import CodeTextField, DayField
from lib.violations import Rejected
from risk.models import CompanyProfile, ValueRow
from risk.models.target import OFFICER_LANES
from risk.selectors.values import EVERY_ORIGIN, ValueFilters
from risk.services import ProfileDraft, TargetDraft


class VerbForm(forms.Form):
    """A form whose verb may refuse: each fault beside its box, or above the form."""

    def take(self, error: Rejected) -> None:
        for fault in error.violations:
            self.add_error(fault.pointer if fault.pointer in self.fields else None, fault.sentence)


class ValuesForm(forms.Form):
    code = CodeTextField(label=_("Commodity code or its first digits"), required=False, max_length=14)
    origin = CodeTextField(
        label=_("Origin"), required=False, max_length=2, help_text=_("Two letters; a dash for every origin together.")
    )
    flow = forms.ChoiceField(
        label=_("Flow"), required=False, choices=[("", _("all")), ("import", _("import")), ("export", _("export"))]
    )
    measure = forms.ChoiceField(label=_("Measure"), required=False, choices=[("", _("all")), *ValueRow.Measure.choices])

    def clean_origin(self) -> str:
        origin = str(self.cleaned_data["origin"])
        if origin and origin != EVERY_ORIGIN and not (origin.isalpha() and len(origin) == 2):
            raise forms.ValidationError(_("Write the two letters of a country, or a dash for every origin."))
        return origin

    def filters(self) -> ValueFilters:
        """What is asked. The form must be valid."""
        return ValueFilters(**{name: self.cleaned_data.get(name) or "" for name in self.fields})


class ProfilesForm(forms.Form):
    """Which profiles are listed."""

    text = forms.CharField(label=_("Company or TIN"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Profile"), required=False, choices=[("", _("all")), *CompanyProfile.Kind.choices])


class ProfileForm(VerbForm):
    tin = CodeTextField(label=_("TIN of the company"), max_length=20)
    kind = forms.ChoiceField(label=_("Profile"), choices=CompanyProfile.Kind.choices)
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid to"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def draft(self) -> ProfileDraft:
        """What was written, for the verb to judge."""
        return ProfileDraft(**self.cleaned_data)


class EndForm(VerbForm):
    reason = forms.CharField(label=_("Why it ends"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class TargetForm(VerbForm):
    office_code = forms.ChoiceField(label=_("Office"))
    lane = forms.ChoiceField(label=_("Lane"), choices=OFFICER_LANES)
    per_hour = forms.IntegerField(label=_("Files an hour"), required=False, min_value=0, max_value=10_000)
    per_day = forms.IntegerField(label=_("Files a day"), required=False, min_value=0, max_value=100_000)
    valid_from = DayField(label=_("Valid from"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(office.code, str(office)) for office in offices]

    def draft(self) -> TargetDraft:
        """What was written, for the verb to judge."""
        return TargetDraft(**self.cleaned_data)
