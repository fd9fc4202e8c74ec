"""Forms of a person's own profile and of somebody else's account, and of a role that one administrator proposes."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.forms import ActionForm

from accounts import services
from accounts.models import Role, RoleProposal, User
from accounts.rules import faults_of_opening
from lib.violations import Rejected

# Of places that always have the same time these stand for the others.
USUAL_PLACES = (
    "Asia/Dushanbe", "Asia/Almaty", "Asia/Bishkek", "Asia/Kabul", "Asia/Tehran", "Asia/Dubai", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Europe/Moscow", "Europe/Istanbul", "Europe/Kyiv", "Europe/Berlin",
    "Europe/London", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip


def time_zones(chosen: str, *, year: int) -> list[tuple[str, str]]:
    """One place for each time that is kept anywhere in the year, and the place `chosen`: (name, UTC+05:00 Dushanbe).

    From west to east, by the time in January.
    """
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc"))
    kept: dict[tuple[timedelta, timedelta], str] = {}
    for name in (*USUAL_PLACES, *names):
        kept.setdefault(_offsets(name, year), name)
    found = {*kept.values(), chosen} & set(names)
    ordered = sorted(found, key=lambda name: (_offsets(name, year)[0], name))
    return [
        (name, f"{_written(_offsets(name, year)[0])} {name.rpartition('/')[2].replace('_', ' ')}") for name in ordered
    ]


def _offsets(name: str, year: int) -> tuple[timedelta, timedelta]:
    """How far the place is from UTC in January and in July."""
    january, july = (datetime(year, month, 1, tzinfo=ZoneInfo(name)).utcoffset() for month in (1, 7))
    return january or timedelta(0), july or timedelta(0)


def _place(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")


def _written(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"


class EndingForm(ActionForm):  # type: ignore[misc]
    """The choice of an action over roles, with the reason for which they end."""

    reason = forms.CharField(label=_("Why it ends"), required=False, max_length=300)


class TimeZoneField(forms.ChoiceField):
    """Offers one place for each time; any IANA name is as good."""

    def valid_value(self, value: Any) -> bool:
        return value in available_timezones()


class ProfileForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = TimeZoneField(label=_("Time zone"))

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self.data.get("time_zone") or self.initial.get("time_zone") or "")
        self.fields["time_zone"].choices = time_zones(chosen, year=year)  # type: ignore[attr-defined]


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """Particulars of somebody else. What the verb would refuse stands beside its field."""

    on: ClassVar[date]

    def clean_is_active(self) -> bool:
        opened = bool(self.cleaned_data["is_active"])
        if opened and self.instance.pk and not self.initial["is_active"]:
            for fault in faults_of_opening(self.instance, on=self.on):
                raise forms.ValidationError(fault.sentence)
        return opened


class RoleProposalForm(forms.ModelForm):  # type: ignore[type-arg]
    """Proposes when it is sound otherwise, so that what the verb refuses stands beside its field."""

    by: ClassVar[User]
    on: ClassVar[date]
    at: ClassVar[datetime]
    proposal: RoleProposal | None = None

    class Meta:
        model = RoleProposal
        fields = ("user", "role", "office", "reason")

    def clean(self) -> dict[str, Any]:
        content: dict[str, Any] = super().clean() or {}
        if self.errors:
            return content
        try:
            self.proposal = services.propose_role(
                content["user"],
                role=Role(content["role"]),
                office=content["office"],
                reason=content["reason"],
                by=self.by,
                on=self.on,
                at=self.at,
            )
        except Rejected as rejected:
            for violation in rejected.violations:
                self.add_error(violation.pointer or None, violation.sentence)
        return content

    def validate_unique(self) -> None:
        """The verb has judged it; the row it wrote would seem to be a second one."""

    def validate_constraints(self) -> None:
        """As above: the verb and the database judge."""
