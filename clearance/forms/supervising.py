"""Forms of the supervisor: many files at once, hand-over, absence, skills, and the switch of automatic allotment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from clearance.forms.files import VerbForm, lines
from lib.form_fields import DayField


class StaffForm(VerbForm):
    """A form that chooses among officers and offices in sight."""

    officer: Any = forms.ModelChoiceField(label=_("Officer"), queryset=None)

    def __init__(self, *args: Any, staff: Any, offices: list[Office] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = staff
        if offices is not None:
            field = self.fields["office_code"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(office.code, str(office)) for office in offices]


class ManyForm(StaffForm):
    chosen = forms.MultipleChoiceField(label=_("Files"), error_messages={"required": _("Choose the files first.")})
    reason = forms.CharField(label=_("Remark"), required=False, max_length=2000)

    def __init__(self, *args: Any, keys: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["chosen"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, key) for key in keys]


class HandOverForm(StaffForm):
    to: Any = forms.ModelChoiceField(label=_("To (nobody: back to the queue)"), queryset=None, required=False)
    reason = forms.CharField(label=_("Reason"), widget=lines(2), max_length=2000)


class AbsenceForm(StaffForm):
    since = DayField(label=_("First day away"))
    until = DayField(label=_("Last day away"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)


class SkillForm(StaffForm):
    office_code = forms.ChoiceField(label=_("Office"))
    goods = forms.CharField(
        label=_("Codes of goods, by commas"), required=False, max_length=800,
        help_text=_("Such as 0902, 84, 8517. Empty: any goods."),
    )  # fmt: skip
    most = forms.IntegerField(label=_("Files at the most"), min_value=0, max_value=500, initial=15)
