"""Targets of release times: set from a day on, with a reason; the one before ends on the day before and is kept."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import refuse
from reporting.models import ReleaseTarget
from reporting.selectors.sight import sight_of

MOST_HOURS = 366 * 24
_ONE_AT_A_TIME = 820010  # of PostgreSQL's advisory locks


@transaction.atomic
def set_target(
    *,
    office_code: str,
    lane: str,
    regime: str,
    hours: int,
    valid_from: date,
    reason: str,
    by: User,
    at: datetime,
) -> ReleaseTarget:
    """Set the target from `valid_from` on; an empty office, lane or regime means each of them.

    Raises Rejected: R001 not this person's office, R002 hours, R003 a day that is over, R004 no reason, R005 there is
    already one from that day or later.
    """
    if not sight_of(by, on=timezone.localdate(at)).sets_in(office_code):
        raise refuse("R001", "office_code", _("Only a supervisor of this office or the director may set its target."))
    if not 1 <= hours <= MOST_HOURS:
        raise refuse("R002", "hours", _("Write whole hours, from 1 to 8784."))
    if valid_from < timezone.localdate(at):
        raise refuse("R003", "valid_from", _("A target holds from today on or later: the past was promised otherwise."))
    reason = reason.strip()
    if len(reason) < 10:
        raise refuse("R004", "reason", _("Say in a sentence why this is the target: everybody can read it."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    same = ReleaseTarget.objects.filter(office_code=office_code, lane=lane, regime=regime)
    if same.filter(valid_from__gte=valid_from).exists():
        sentence = _("There is a target for the same from this day or a later one. Choose a later day.")
        raise refuse("R005", "valid_from", sentence)
    same.filter(valid_to=None).update(valid_to=valid_from - timedelta(days=1))
    return ReleaseTarget.objects.create(
        office_code=office_code, lane=lane, regime=regime, hours=hours, valid_from=valid_from, reason=reason[:400],
        set_by=by, set_at=at,
    )  # fmt: skip
