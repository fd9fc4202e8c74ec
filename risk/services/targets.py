"""Targets of offices: set for a lane from a day on, and ended. A change is a new row; every row is kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Office, User
from lib.violations import Rejected, Violation, refuse
from risk.models import OfficeTarget
from risk.services.profiles import REASON_AT_LEAST
from risk.yielding import OFFICERS_LANES


@dataclass(frozen=True)
class TargetDraft:
    """What an analyst wrote: how many files of a lane an office can take in an hour and on a day (None: no limit)."""

    office_code: str
    lane: str
    per_hour: int | None
    per_day: int | None
    valid_from: date
    reason: str


@transaction.atomic
def set_target(draft: TargetDraft, *, by: User, at: datetime) -> OfficeTarget:
    """A target from a day on; the one before ends the day before.

    Raises Rejected: K080 no such office, K081 no such lane, K082 no number or an hour above its day, K083 begins in the
    past, K074 no reason, K084 another target begins on that day or later.
    """
    on = timezone.localdate(at)
    if faults := _faults(draft, on=on):
        raise Rejected(faults)
    Office.objects.select_for_update().get(code=draft.office_code)
    for other in OfficeTarget.objects.filter(office_code=draft.office_code, lane=draft.lane):
        if other.valid_to is not None and other.valid_to < draft.valid_from:
            continue
        if other.valid_from > draft.valid_from:
            raise refuse("K084", "valid_from", _("A later target is set already. End that one first."))
        _end(other, last=draft.valid_from - timedelta(days=1), by=by, at=at)
    return OfficeTarget.objects.create(
        office_code=draft.office_code, lane=draft.lane, per_hour=draft.per_hour, per_day=draft.per_day,
        valid_from=draft.valid_from, reason=draft.reason.strip(), by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def end_target(target: OfficeTarget, *, by: User, at: datetime) -> OfficeTarget:
    """The office takes files without a limit from now on. Raises Rejected K085 not in force."""
    kept = OfficeTarget.objects.select_for_update().get(pk=target.pk)
    yesterday = timezone.localdate(at) - timedelta(days=1)
    if kept.valid_to is not None and kept.valid_to <= yesterday:
        raise refuse("K085", "", _("This target has ended already. Nothing was changed."))
    return _end(kept, last=max(yesterday, kept.valid_from - timedelta(days=1)), by=by, at=at)


def _end(kept: OfficeTarget, *, last: date, by: User, at: datetime) -> OfficeTarget:
    kept.valid_to, kept.ended_by, kept.ended_at = last, by, at
    kept.save(update_fields=["valid_to", "ended_by", "ended_at"])
    return kept


def _faults(draft: TargetDraft, *, on: date) -> list[Violation]:
    found = []
    if not Office.objects.filter(code=draft.office_code).exists():
        found.append(Violation("K080", "office_code", _("There is no office “%s”.") % draft.office_code))
    if draft.lane not in OFFICERS_LANES:
        found.append(Violation("K081", "lane", _("A target is for yellow or for red files.")))
    if draft.per_hour is None and draft.per_day is None:
        found.append(Violation("K082", "per_hour", _("Say how many files an hour or a day.")))
    elif draft.per_hour is not None and draft.per_day is not None and draft.per_hour > draft.per_day:
        found.append(Violation("K082", "per_day", _("A day cannot take fewer files than an hour.")))
    if draft.valid_from < on:
        found.append(Violation("K083", "valid_from", _("A target begins today or later.")))
    if len(draft.reason.strip()) < REASON_AT_LEAST:
        sentence = _("Say why, in at least ten letters: the row is kept and read later.")
        found.append(Violation("K074", "reason", sentence))
    return found
