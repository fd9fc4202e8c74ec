"""The form of a person's own profile."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


def time_zones() -> list[tuple[str, str]]:
    """IANA names of places, as "Asia/Dushanbe"."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc"))
    return [(name, name.replace("_", " ")) for name in names]


class ProfileForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
