"""What is more than a traveller's goods goes to the cargo side: nothing is typed again, a company declares it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from border import selectors
from border.models import CargoHandover, GoodsAside
from border.services.acts import lock_as_seen
from border.services.aside import set_aside
from declarations.services import create_draft
from lib.violations import refuse
from passengers import services as passengers
from passengers.models import TravelDeclaration
from passengers.services import read
from tariffs.models import Direction, Way
from tariffs.selectors import territory
from traders.models import Company

# The box "mode of transport at the border" for each way of travel.
MODES = {Way.AIR: "4", Way.RAIL: "2", Way.ROAD: "3", Way.FOOT: "9"}
SHORTEST_CODE = 10
CARGO = "cargo"


@transaction.atomic
def hand_over(
    declaration: TravelDeclaration,
    *,
    office: str,
    keys: list[str],
    reason: str,
    seen: int | None,
    by: User,
    at: datetime,
    on: date,
) -> CargoHandover:
    """Keep the goods with these keys at the post and hand what is known of them to the cargo side of `office`.

    Raises Rejected: L009 no goods were chosen, L010 it was handed over before, and what `set_aside` refuses.
    """
    locked = lock_as_seen(declaration, seen=seen, by=by, on=on)
    if CargoHandover.objects.filter(declaration=locked).exists():
        raise refuse("L010", "", _("This was handed over to the cargo side already."))
    if not any(row.get("key") in keys for row in locked.draft.get("goods", ())):
        raise refuse("L009", "keys", _("Choose the goods that are declared as cargo."))
    content = cargo_content(locked, keys=keys, office=office or locked.presented_post, on=on)
    set_aside(
        locked, kind=GoodsAside.Kind.KEPT, keys=keys, what="", pieces=len(keys), place="", reason=reason, choice=CARGO,
        seen=None, by=by, at=at, on=on,
    )  # fmt: skip
    made: CargoHandover = CargoHandover.objects.create(
        declaration=locked,
        office_code=office or locked.presented_post,
        content=content,
        reason=" ".join(reason.split())[:500],
        by=by,
        at=at,
    )
    passengers.record(passengers.lock(locked.pk), verb="hand_over", by=by, at=at, data={"office": made.office_code})
    return made


def cargo_content(declaration: TravelDeclaration, *, keys: list[str], office: str, on: date) -> dict[str, Any]:
    """Canonical JSON of a declaration with what the traveller said; the rest is for whoever declares."""
    content = read(declaration.draft)
    things = [thing for thing in content.things if thing.key in keys]
    person, trip, home = content.people[0], content.trip, territory().code
    leaves = trip.direction == Direction.EXIT
    party = "\n".join(part for part in (person.name, trip.address) if part)
    currencies = {thing.currency for thing in things if thing.currency}
    one = currencies.pop() if len(currencies) == 1 else ""
    known: dict[str, Any] = {
        "declaration_type": "EX" if leaves else "IM",
        "general_procedure": "1" if leaves else "4",
        "office_code": office,
        "exporter_name" if leaves else "consignee_name": party,
        "destination_country" if leaves else "export_country": trip.country,
        "export_country" if leaves else "destination_country": home,
        "border_mode": MODES.get(Way(trip.way), "") if trip.way else "",
        "departure_identity": trip.carriage,
        "invoice_currency": one,
        "invoice_amount": _text(sum((thing.price or Decimal(0) for thing in things), Decimal(0))) if one else "",
        "comments": f"{declaration.reference}, {on.isoformat()}",
    }
    items = [_item(thing) for thing in things]
    return {name: value for name, value in known.items() if value} | {"items": items}


def _item(thing: Any) -> dict[str, Any]:
    known = {
        "commodity_code": thing.commodity if len(thing.commodity) >= SHORTEST_CODE else "",
        "commercial_description": " ".join(part for part in (thing.description, thing.marks) if part),
        "origin_country": thing.bought_in,
        "net_mass": _text(thing.mass),
        "gross_mass": _text(thing.mass),
        "item_price": _text(thing.price),
        "packages_number": "1",
    }
    if thing.unit and thing.quantity:
        known |= {"supplementary_unit_1": thing.unit, "supplementary_quantity_1": _text(thing.quantity)}
    return {name: value for name, value in known.items() if value}


def _text(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


@transaction.atomic
def give_to_declarant(handover: CargoHandover, *, tin: str, by: User, at: datetime, on: date) -> CargoHandover:
    """A draft with everything that is known, on the desk of the company that will declare it. Once.

    Raises Rejected: L002 not an officer of that office, L010 given already, L011 no such company.
    """
    locked = passengers.lock(handover.declaration_id)
    handover.refresh_from_db()
    if not selectors.takes_cargo(by, handover, on=on):
        raise refuse("L002", "", _("This traveller stands at another post: the officers there decide."))
    if handover.draft_key is not None:
        raise refuse("L010", "", _("This was handed over to the cargo side already."))
    company = Company.objects.confirmed().filter(tin=tin, is_active=True).first()
    if company is None:
        raise refuse("L011", "tin", _("No company with this number files declarations here."))
    draft = create_draft(declarant=company, by=by, at=at, data=handover.content)
    handover.company_tin, handover.draft_key, handover.taken_by, handover.taken_at = tin, draft.public_id, by, at
    handover.save(update_fields=["company_tin", "draft_key", "taken_by", "taken_at"])
    passengers.record(locked, verb="to_declarant", by=by, at=at, data={"tin": tin})
    return handover
