"""News of corrections: proposals and decisions for the trader, answers and requests for officers. May run twice."""

from datetime import datetime

from django.utils import timezone

from clearance.models import Case, Correction
from clearance.selectors import officers_for
from notifications.kinds import Kind
from notifications.services.declarations import parties
from notifications.services.tell import News, People, tell


def proposal_made(pk: int, *, now: datetime) -> int:
    return _tell_trader(pk, Kind.PROPOSAL, now=now)


def correction_decided(pk: int, *, now: datetime) -> int:
    return _tell_trader(pk, Kind.CORRECTION_DECIDED, now=now)


def proposal_answered(pk: int, *, now: datetime) -> int:
    """To the officer who proposed."""
    found = _correction(pk)
    return tell(_news(found, Kind.PROPOSAL_ANSWERED, now=now), People(users=[found.made_by_id]), now=now)


def correction_sent(pk: int, *, now: datetime) -> int:
    """To who holds the file while it is open, else to all officers of its lane and office."""
    found = _correction(pk)
    files = Case.objects.filter(declaration__mrn=found.mrn)
    case = files.order_by("-pk").first()
    if case is None:
        return 0
    if case.closed_at is None and case.claimed_by_id:
        people = People(users=[case.claimed_by_id])
    else:
        people = People(users=officers_for(case, on=timezone.localdate(now)).values_list("pk", flat=True))
    return tell(_news(found, Kind.CORRECTION_SENT, now=now), people, now=now)


def _tell_trader(pk: int, kind: Kind, *, now: datetime) -> int:
    found = _correction(pk)
    return tell(_news(found, kind, now=now), parties(found.declaration), now=now)


def _correction(pk: int) -> Correction:
    return Correction.objects.select_related("declaration").get(pk=pk)


def _news(found: Correction, kind: Kind, *, now: datetime) -> News:
    """Each step of a correction is one event."""
    at = found.ended_at or found.answered_at or found.sent_at or now
    occurrence = f"correction:{found.pk}:{found.status}"
    return News(kind, occurrence, at, {"mrn": found.mrn}, declaration=found.declaration_id)
