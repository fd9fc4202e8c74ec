"""Green or red: what is known of a traveller goes to the criteria, the lane and its reasons are kept.

risk knows no travellers and travellers no risk: here facts are made of the one and asked of the other.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from border import selectors
from border.models import TravelLane
from lib.figures import ZERO
from lib.spelling import searched
from passengers import services as passengers
from passengers.models import Status, TravelDeclaration, Traveller
from passengers.selectors.law import validity
from passengers.services import read
from risk import services as risk

CROSSINGS = timedelta(days=30)


@transaction.atomic
def choose_lane(declaration_pk: int, *, at: datetime) -> TravelLane | None:
    """The lane of the version that counts, found once. None for what was not sent or has ended. Safe to repeat."""
    return lane_of_locked(passengers.lock(declaration_pk), at=at)


def lane_of_locked(locked: TravelDeclaration, *, at: datetime) -> TravelLane | None:
    """As `choose_lane`; the caller holds the lock.

    The last day of validity draws: it stays while the declaration is valid, so sending again changes no luck, and its
    seed is shown when nobody can be presented any more who was drawn by it.
    """
    known = selectors.lane_of(locked)
    if known is not None and (known.version == locked.version or locked.presented_at is not None):
        return known
    if not locked.version or locked.closed_at is not None or locked.status == Status.CANCELLED:
        return known
    day = locked.valid_until
    assert day is not None, "what was sent is valid until some day"
    draw = risk.draw_on(day, number=locked.reference, at=at)
    lane, reasons = risk.lane_of_traveller(facts_of(locked, at=at), office=locked.post, draw=draw, at=at)
    made: TravelLane = TravelLane.objects.create(
        declaration=locked, version=locked.version, lane=lane, drawn_on=day, reasons=reasons, at=at
    )
    return made


def make_seeds(*, at: datetime) -> None:
    """Seeds of the days that draw those who send now and in the next days: the last days of their validity."""
    today = timezone.localdate(at)
    risk.make_seeds(on=today + timedelta(days=validity(on=today)), at=at)


def facts_of(declaration: TravelDeclaration, *, at: datetime) -> dict[str, Any]:
    """What criteria may ask of the version that counts; what is empty is left out."""
    content = read(declaration.versions.get(number=declaration.version).content)
    people, on = content.people, declaration.law_on or at.date()
    waited = at - (declaration.submitted_at or at)
    texts = {
        "direction": {content.trip.direction},
        "way": {content.trip.way},
        "carriage": {searched(content.trip.carriage)},
        "country": {content.trip.country},
        "citizenship": {each.citizenship for each in people},
        "document_country": {each.document_country for each in people},
        "residence": {each.residence for each in people},
        "channel": {declaration.channel},
        "categories": {thing.category for thing in content.things},
        "commodities": {thing.commodity for thing in content.things},
        "currencies": {row.currency for row in content.money},
        "plate_country": {content.car.country if content.car else ""},
    }
    numbers: dict[str, Decimal | int] = {
        "people": len(people),
        "children": sum(each.age(on) < 18 for each in people),
        "crossings": _crossings([each.document for each in people if each.document], declaration, at=at),
        "goods": sum((thing.quantity or Decimal(1) for thing in content.things), ZERO),
        "payable": declaration.payable,
        "money": max((row.amount or ZERO for row in content.money), default=ZERO),
        "hours_before": Decimal(int(waited.total_seconds())) / 3600,
    }
    known = {name: frozenset(text.upper() for text in some if text) for name, some in texts.items()}
    found: dict[str, Any] = {f"traveller.{name}": some for name, some in known.items() if some}
    return found | {f"traveller.{name}": Decimal(number) for name, number in numbers.items()}


def _crossings(documents: list[str], declaration: TravelDeclaration, *, at: datetime) -> int:
    """How often any of the documents crossed in the last days; this crossing is not counted."""
    if not documents:
        return 0
    rows = Traveller.objects.filter(
        document_number__in=[searched(number) for number in documents],
        version__declaration__presented_at__gt=at - CROSSINGS,
        version__declaration__presented_at__lte=at,
    ).exclude(version__declaration=declaration)
    return int(rows.values("version__declaration").distinct().count())
