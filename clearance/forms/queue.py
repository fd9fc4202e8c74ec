"""Forms of the queue: its filters, how an officer arranges it, and a view kept under a name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Office
from clearance.forms.files import LANES, FilterForm, VerbForm
from clearance.selectors import COLUMNS, Wanted


class QueueFilter(FilterForm):
    """Filters of the queue; they come from the address or, if it has none, from the session."""

    office = forms.ChoiceField(label=_("Office"), required=False)
    lane = forms.ChoiceField(label=_("Lane"), required=False, choices=[("", _("all")), *LANES])
    waits = forms.ChoiceField(
        label=_("Waits for"), required=False,
        choices=[("", _("the office")), ("trader", _("the trader")), ("money", _("payment")), ("all", _("all"))],
    )  # fmt: skip
    held = forms.ChoiceField(
        label=_("Held by"), required=False,
        choices=[("", _("anybody")), ("free", _("nobody")), ("mine", _("me")), ("others", _("others"))],
    )  # fmt: skip
    due = forms.ChoiceField(
        label=_("Target"), required=False,
        choices=[("", _("any")), ("late", _("late")), ("soon", _("within two hours"))],
    )  # fmt: skip
    text = forms.CharField(
        label=_("Find"), required=False, max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("MRN, trader, goods or code")}),
    )  # fmt: skip

    def __init__(self, *args: object, offices: list[Office], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all mine")), *((office.code, str(office)) for office in offices)]

    def wanted(self) -> Wanted:
        """The filters as asked. The form must be valid."""
        return Wanted(**self.chosen())

    def chosen(self) -> dict[str, str]:
        """The filters that filter something, as they stand in the address. The form must be valid."""
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name) or "")}


class DeskForm(VerbForm):
    """Which columns the queue shows; that of the file is always there."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(column.code, column.label) for column in COLUMNS if column.code != "file"],
    )  # fmt: skip
    uses_keys = forms.BooleanField(label=_("One letter is a key"), required=False)


class ViewForm(VerbForm):
    name = forms.CharField(label=_("Name of the view"), max_length=40)
