"""Declarations of travellers: who may open one, its versions and charges, and what earlier ones count for."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from lib.resume_codes import plain_resume_code
from lib.spelling import searched
from passengers.calculation import Used
from passengers.content import Content
from passengers.content import read as read_content
from passengers.models import (
    CROSSED,
    AllowanceUse,
    Charge,
    Event,
    Photo,
    TravelDeclaration,
    Version,
)
from tariffs.models import TravelAllowance

# How far back the periods of allowances reach, in days before the crossing.
PERIODS = {
    TravelAllowance.Period.DAY: 0,
    TravelAllowance.Period.MONTH: 30,
    TravelAllowance.Period.HALF_YEAR: 182,
}


def by_key(key: uuid.UUID) -> TravelDeclaration | None:
    found: TravelDeclaration | None = TravelDeclaration.objects.filter(public_id=key).first()
    return found


def by_hex(key: str) -> TravelDeclaration | None:
    """The same by a key as a cookie holds it."""
    try:
        return by_key(uuid.UUID(key))
    except ValueError:
        return None


def by_code(code: str, birth: date) -> TravelDeclaration | None:
    """The declaration with this code, if one of its travellers was born on that day; else none, whatever was wrong."""
    plain = plain_resume_code(code)
    if not plain:
        return None
    found: TravelDeclaration | None = TravelDeclaration.objects.filter(code=plain).first()
    if found is None or all(person.birth != birth for person in read_content(found.draft).people):
        return None
    return found


def newest_version(declaration: TravelDeclaration) -> Version | None:
    found: Version | None = Version.objects.filter(declaration=declaration).order_by("-number").first()
    return found


def versions_of(declaration: TravelDeclaration) -> QuerySet[Version]:
    """All versions, the first one first."""
    found: QuerySet[Version] = Version.objects.filter(declaration=declaration).select_related("by").order_by("number")
    return found


def events_of(declaration: TravelDeclaration) -> QuerySet[Event]:
    found: QuerySet[Event] = Event.objects.filter(declaration=declaration).select_related("by").order_by("at", "pk")
    return found


def photos_of(declaration: TravelDeclaration) -> Sequence[Photo]:
    return list(Photo.objects.filter(declaration=declaration))


def photo_of(declaration: TravelDeclaration, key: uuid.UUID) -> Photo | None:
    found: Photo | None = Photo.objects.filter(declaration=declaration, public_id=key).first()
    return found


def _documents(content: Content) -> dict[str, int]:
    """number of a document -> the traveller who has it."""
    return {searched(person.document): place for place, person in enumerate(content.people, start=1) if person.document}


def used_before(content: Content, *, on: date, except_for: int | None = None) -> list[Used]:
    """What these travellers have used of allowances with a period, by earlier crossings of the same documents."""
    owners = _documents(content)
    limits: dict[str, str] = dict(
        TravelAllowance.objects.on(on).exclude(period=TravelAllowance.Period.CROSSING).values_list("code", "period")
    )
    if not owners or not limits:
        return []
    rows: Any = (
        AllowanceUse.objects.filter(
            traveller__document_number__in=owners,
            allowance__in=limits,
            version__declaration__status__in=CROSSED,
            version__declaration__direction=content.trip.direction,
        )
        .exclude(version__declaration=except_for)
        .values_list("allowance", "traveller__document_number", "version__declaration__law_on", "quantity")
    )
    return [
        Used(code, owners[document], Decimal(quantity))
        for code, document, day, quantity in rows
        if on - timedelta(days=PERIODS[TravelAllowance.Period(limits[code])]) <= day <= on
    ]


def history_of_document(number: str, *, limit: int = 20) -> Sequence[TravelDeclaration]:
    """Declarations of the same document, the latest first. Only for a role that may see them."""
    found = TravelDeclaration.objects.filter(versions__travellers__document_number=searched(number))
    return list(found.distinct().order_by("-pk")[:limit])


def queue(*, post: str, statuses: Iterable[str], day: date | None = None) -> QuerySet[TravelDeclaration]:
    """Declarations of a post that wait, by flight, train or lane."""
    found: QuerySet[TravelDeclaration] = TravelDeclaration.objects.filter(post=post, status__in=list(statuses))
    if day is not None:
        found = found.filter(travel_day=day)
    return found.order_by("travel_day", "carriage", "pk")


def totals(version: Version) -> dict[str, Decimal]:
    """The charges of a version, tax by tax."""
    rows = Charge.objects.filter(version=version).values("tax_code").annotate(total=Sum("amount"))
    return {row["tax_code"]: row["total"] for row in rows.order_by("tax_code")}
