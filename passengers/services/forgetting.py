"""Personal content is kept as long as dated rows of law say; then totals alone stay, and the books as they are.

What was sent is append-only: its triggers let this verb empty columns that speak of a person, and write nothing else
there. Hashes of versions, sums, charges, uses of allowances and all entries of the ledger stay.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncYear
from django.utils import timezone

from passengers.models import (
    CashExport,
    CashRow,
    Event,
    ExitClaim,
    PassengerView,
    Photo,
    StayConsequence,
    StayExtension,
    TravelDeclaration,
    Traveller,
    TravelReceipt,
    Vehicle,
    VehicleStay,
    Version,
)
from passengers.selectors import law as law_of
from passengers.services.history import lock
from tariffs.models import TravelTerm

AT_ONCE = 500
log = structlog.get_logger("passengers")
Kind = TravelTerm.Kind


def forget(*, at: datetime, most: int = AT_ONCE) -> dict[str, int]:
    """One run: at most so many declarations, photographs and looks; how many of each. What is left is for the next."""
    on = timezone.localdate(at)
    done = {
        "declarations": _each(_old_declarations(on), _forget_declaration, most=most, at=at),
        "photos": _each(_old_photos(on), _forget_photo, most=most, at=at),
        "views": _each(_old_views(on), _forget_view, most=most, at=at),
        "exports": _each(_old_exports(on), _forget_export, most=most, at=at),
    }
    log.info("personal content deleted", **done)
    return done


def _each(rows: QuerySet[Any], verb: Callable[[int, datetime], None], *, most: int, at: datetime) -> int:
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    for key in keys:
        verb(key, at)
    return len(keys)


def _before(kind: str, *, on: date) -> datetime | None:
    """The instant before which something is too old; None: no law says so, and it is kept."""
    term = law_of.term(kind, on=on)
    if term is None:
        return None
    return timezone.make_aware(datetime.combine(on - timedelta(days=term.days), time.min))


def _old_declarations(on: date) -> QuerySet[TravelDeclaration]:
    """Ended, or never presented; those with cash have a term of their own. What still waits for somebody is kept."""
    usual, of_cash = _before(Kind.KEEPING, on=on), _before(Kind.KEEP_CASH, on=on)
    rows: QuerySet[TravelDeclaration] = TravelDeclaration.objects.filter(forgotten_at=None)
    if usual is None:
        return rows.none()
    has_cash = Exists(CashRow.objects.filter(version__declaration=OuterRef("pk")))
    is_old = ~has_cash & _ended_before(usual)
    if of_cash is not None:
        is_old |= has_cash & _ended_before(min(usual, of_cash))
    here = VehicleStay.objects.filter(declaration=OuterRef("pk"), status=VehicleStay.Status.HERE)
    claimed = ExitClaim.objects.filter(declaration=OuterRef("pk"), status=ExitClaim.Status.CLAIMED)
    return rows.filter(is_old).exclude(Exists(here)).exclude(Exists(claimed))


def _ended_before(instant: datetime) -> Q:
    day = timezone.localdate(instant)
    return Q(closed_at__lt=instant) | Q(closed_at=None, presented_at=None, updated_at__lt=instant, paid=0) & (
        Q(valid_until=None) | Q(valid_until__lt=day)
    )


def _old_photos(on: date) -> QuerySet[Photo]:
    before = _before(Kind.KEEP_PHOTOS, on=on)
    rows: QuerySet[Photo] = Photo.objects.exclude(file="")
    ended = Q(declaration__closed_at__lt=before) | Q(declaration__closed_at=None, declaration__updated_at__lt=before)
    return rows.filter(ended).exclude(declaration__status="presented") if before else rows.none()


def _old_views(on: date) -> QuerySet[PassengerView]:
    before = _before(Kind.KEEP_VIEWS, on=on)
    rows: QuerySet[PassengerView] = PassengerView.objects.exclude(text="")
    return rows.filter(at__lt=before) if before else rows.none()


def _old_exports(on: date) -> QuerySet[CashExport]:
    before = _before(Kind.KEEP_CASH, on=on)
    rows: QuerySet[CashExport] = CashExport.objects.exclude(file="")
    return rows.filter(asked_at__lt=before) if before else rows.none()


def _allow() -> None:
    """For the rest of this transaction the triggers let personal columns be emptied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('passengers.forgetting', 'on', true)")


@transaction.atomic
def _forget_declaration(pk: int, at: datetime) -> None:
    locked = lock(pk)
    if locked.forgotten_at is not None:
        return
    _allow()
    of_version: dict[str, Any] = {"version__declaration": locked}
    Version.objects.filter(declaration=locked).update(content={}, reason="")
    nobody = dict.fromkeys(
        ("family_name", "given_name", "patronymic", "search", "document_number", "document_country"), ""
    )
    Traveller.objects.filter(**of_version).update(**nobody, birth_date=TruncYear("birth_date"))
    CashRow.objects.filter(**of_version).update(details={})
    Vehicle.objects.filter(**of_version).update(vin="", plate="")
    Event.objects.filter(declaration=locked).update(note="", data={})
    of_stay = {"stay__declaration": locked}
    VehicleStay.objects.filter(declaration=locked).update(phone="", email="", plate="", plate_key="", vin="", make="")
    StayExtension.objects.filter(**of_stay).update(reason="", decision="")
    StayConsequence.objects.filter(**of_stay).update(number="", text="")
    ExitClaim.objects.filter(declaration=locked).update(decision="")
    for receipt in TravelReceipt.objects.filter(declaration=locked):
        receipt.text = hashlib.sha256(receipt.text.encode()).hexdigest()
        receipt.save(update_fields=["text"])
    for photo in Photo.objects.filter(declaration=locked).exclude(file=""):
        _empty_photo(photo)
    gone = {"draft": {}, "carriage": "", "forgotten_at": at}
    TravelDeclaration.objects.filter(pk=locked.pk).update(**gone)


@transaction.atomic
def _forget_photo(pk: int, at: datetime) -> None:
    photo: Photo = Photo.objects.select_related("declaration").get(pk=pk)
    lock(photo.declaration_id)
    _allow()
    _empty_photo(photo)


def _empty_photo(photo: Photo) -> None:
    """The row stays with size and hash; the file goes when the transaction is through."""
    transaction.on_commit(partial(photo.file.storage.delete, str(photo.file.name)))
    Photo.objects.filter(pk=photo.pk).update(name="", file="")


@transaction.atomic
def _forget_view(pk: int, at: datetime) -> None:
    _allow()
    PassengerView.objects.filter(pk=pk).update(text="")


@transaction.atomic
def _forget_export(pk: int, at: datetime) -> None:
    """The row stays with its hash and who asked; the file goes."""
    export: CashExport = CashExport.objects.get(pk=pk)
    transaction.on_commit(partial(export.file.storage.delete, str(export.file.name)))
    CashExport.objects.filter(pk=pk).update(file="")
