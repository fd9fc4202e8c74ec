"""A question outlives the version that it was asked of: an amendment is no answer."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.services import announce
from clearance.models import Answer, Case, Query
from clearance.selectors import open_query
from clearance.services.clock import keep_time
from declarations.services import record


def go_on_asking(before: Case, case: Case, *, at: datetime) -> Query | None:
    """A question about the version before that waits for its answer is asked of this one, with the same day.

    The caller holds the lock of the new version.
    """
    asked = open_query(before)
    if asked is None:
        return None
    with translation.override(asked.asked_by.language or settings.LANGUAGE_CODE):
        text = _("The declaration was amended: the question is asked of its new version.")
    Answer.objects.create(query=asked, text=text, is_withdrawal=True, by=asked.asked_by, at=at)
    made = Query.objects.create(
        case=case, question=asked.question, asked_by=asked.asked_by, asked_at=asked.asked_at, due=asked.due
    )
    keep_time(case.declaration, at=at)
    record(case.declaration, verb="query", by=None, at=at, data={"query": made.pk})
    announce("query.asked", made.pk)
    return made
