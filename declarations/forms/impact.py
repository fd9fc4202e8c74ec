"""How many past declarations an impact is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

DEFAULT = 500


class ImpactForm(forms.Form):
    """The last so many lodged declarations."""

    last = forms.IntegerField(label=_("Last declarations"), min_value=1, max_value=5000, initial=DEFAULT)
