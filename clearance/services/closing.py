"""A file ends, and with it whatever still waited on it."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from clearance.models import Case, Reroute
from clearance.selectors import open_reroute
from clearance.states import close, decide_reroute
from declarations.services import record


def close_file(case: Case, end: Case.End, *, at: datetime) -> None:
    """The file of a locked declaration is closed. A change of lane that waited for a second officer ends with it."""
    close(case, end, at=at)
    asked = open_reroute(case)
    if asked is None:
        return
    with translation.override(asked.asked_by.language or settings.LANGUAGE_CODE):
        text = _("The file ended before a second officer had decided.")
    decide_reroute(asked, Reroute.Outcome.REFUSED, by=asked.asked_by, at=at, answer=text)
    record(case.declaration, verb="refuse_reroute", by=None, at=at, note=text)
