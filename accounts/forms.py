"""Forms of a person's own profile, and of a role that one administrator proposes."""

from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import Role, RoleProposal, User
from lib.violations import Rejected


def time_zones() -> list[tuple[str, str]]:
    """IANA names of places, as "Asia/Dushanbe"."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc"))
    return [(name, name.replace("_", " ")) for name in names]


class ProfileForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)


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
