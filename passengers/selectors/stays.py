"""Vehicles on temporary import: a traveller's own, and for officers those that are here, overdue or wait for them.

Also which officers act at which posts of travellers.
"""

import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import F, Q, QuerySet

from accounts.models import OfficerRole, Role, User
from accounts.selectors import Posts
from lib.languages import in_language
from lib.resume_codes import plain_resume_code
from lib.spelling import plain_plate
from passengers.models import StayExtension, TravelDeclaration, VehicleStay
from passengers.selectors import law as law_of
from tariffs.models import Way

AT_THE_POST = (Role.EXAMINING, Role.SUPERVISOR)


def officer_posts(user: User, *, on: date) -> Posts:
    """The roles in which `user` acts on travellers, by post."""
    held = OfficerRole.objects.on(on).filter(user_id=user.pk, role__in=AT_THE_POST)
    return Posts(frozenset(held.values_list("role", "office__code")))


def decides_at(posts: Posts, post: str) -> bool:
    """Whether the officer decides on terms of vehicles that came by this post."""
    return Role.SUPERVISOR in posts.roles_in(post)


def post_choices(posts: Posts, *, on: date) -> list[tuple[str, str]]:
    """The posts of travellers at which the officer acts, with their names."""
    found = {row.code: in_language(row) for way in Way.values for row in law_of.posts(way=way, on=on)}
    return sorted((code, name) for code, name in found.items() if posts.sees(code))


def plate_key(plate: str) -> str:
    """A plate as it is compared: Latin letters for those that look alike, nothing between the signs."""
    return "".join(sign for sign in plain_plate(plate) if sign.isalnum())


def stays_of(declaration: TravelDeclaration) -> Sequence[VehicleStay]:
    """The stays of the traveller's own vehicle; the newest is last."""
    return list(VehicleStay.objects.filter(declaration=declaration).order_by("pk"))


def stay_by_key(key: uuid.UUID) -> VehicleStay | None:
    rows = VehicleStay.objects.filter(public_id=key).select_related("declaration", "vehicle__version", "ended_by")
    found: VehicleStay | None = rows.first()
    return found


def found_stays(text: str) -> QuerySet[VehicleStay]:
    """Stays by plate, VIN, code or reference, those that are here first."""
    plate, code = plate_key(text), plain_resume_code(text)
    wanted = Q(declaration__reference__iexact=text.strip())
    if plate:
        wanted |= Q(plate_key=plate)
    if len(text.strip()) >= 5:
        wanted |= Q(vin__iexact=text.strip())
    if code:
        wanted |= Q(declaration__code=code)
    rows: QuerySet[VehicleStay] = VehicleStay.objects.filter(wanted).select_related("declaration")
    return rows.order_by(F("ended_on").asc(nulls_first=True), "-pk")


def overdue_stays(posts: Posts, *, on: date) -> QuerySet[VehicleStay]:
    """Vehicles that should have left, those of the officer's posts, the longest overdue first."""
    rows = VehicleStay.objects.filter(status=VehicleStay.Status.HERE, leave_by__lt=on)
    if not posts.everywhere:
        rows = rows.filter(post__in=posts.offices)
    found: QuerySet[VehicleStay] = rows.select_related("declaration").order_by("leave_by", "pk")
    return found


def waiting_extensions(posts: Posts) -> QuerySet[StayExtension]:
    """Requests for more time that wait, of the officer's posts, the oldest first."""
    rows = StayExtension.objects.filter(outcome=StayExtension.Outcome.OPEN, stay__status=VehicleStay.Status.HERE)
    if not posts.everywhere:
        rows = rows.filter(stay__post__in=posts.offices)
    found: QuerySet[StayExtension] = rows.select_related("stay__declaration").order_by("asked_at", "pk")
    return found
