"""A vehicle on temporary import is to stay for good: what the traveller wrote becomes a draft, nothing is typed again.

The stay goes on, with its term, until the declaration is released: only then has the vehicle changed its standing.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration
from declarations.selectors import declarants_of, versions_of
from declarations.services import create_draft, fresh_reference
from lib.figures import plain
from lib.violations import refuse
from passengers import selectors as travellers
from passengers.models import TravelDeclaration, VehicleStay
from passengers.services import read, stays
from tariffs.selectors import territory
from traders.models import Company

ROAD, VOLUME = "3", "CMQ"
HOME_USE, NOTHING_SPECIAL, OTHER_PAPER = "4000", "000", "999"


@transaction.atomic
def declare_vehicle(code: str, birth: date, *, declarant: Company, by: User, at: datetime, on: date) -> Declaration:
    """A draft of `declarant` for the vehicle of the traveller's declaration with this code and date of birth.

    Raises Rejected: V001 no vehicle on temporary import opens with them, whatever was wrong; V002 a draft or
    declaration for it stands already; V003 this is not the person's to declare.
    """
    if declarant not in declarants_of(by, on=on):
        raise refuse("V003", "declarant", _("You do not prepare declarations for this company."))
    found = travellers.by_code(code, birth)
    here = [stay for stay in travellers.stays_of(found) if stay.status == VehicleStay.Status.HERE] if found else []
    if found is None or not here:
        sentence = _("No vehicle on temporary import opens with this code and date of birth. Check both.")
        raise refuse("V001", "", sentence)
    (stay,) = here[-1:]
    if stay.declared_as and Declaration.objects.filter(public_id=stay.declared_as).exists():
        raise refuse("V002", "", _("A declaration for this vehicle was begun already."))
    draft = create_draft(declarant=declarant, by=by, at=at, data=draft_for(found, stay, declarant, on=on))
    stays.link_declared(stay, key=draft.public_id, by=by, at=at)
    return draft


def draft_for(found: TravelDeclaration, stay: VehicleStay, declarant: Company, *, on: date) -> dict[str, Any]:
    """Canonical JSON with everything that the traveller said of the vehicle; the rest is for whoever declares."""
    version = travellers.newest_version(found)
    assert version is not None, "A stay begins with a released declaration."
    content = read(version.content)
    car, owner, home = content.car, content.people[0], territory().code
    assert car is not None
    party = "\n".join(part for part in (owner.name, content.trip.address) if part)
    paid = f"; {_('paid')} {plain(found.paid)} {found.currency}" if found.paid else ""
    described = (car.make, f"VIN {car.vin}" if car.vin else "", stay.plate,
                 car.first_registration.isoformat() if car.first_registration else "")  # fmt: skip
    item = {
        "commercial_description": ", ".join(part for part in described if part),
        "extended_procedure": HOME_USE,
        "national_procedure": NOTHING_SPECIAL,
        "packages_number": "1",
        "item_price": _text(car.value),
        "supplementary_unit_1": VOLUME if car.engine else "",
        "supplementary_quantity_1": _text(car.engine),
        "documents": _papers(found, stay, owner.document),
    }
    known = {
        "declaration_type": "IM",
        "general_procedure": "4",
        "lrn": fresh_reference(on),
        "declaration_date": on.isoformat(),
        "exporter_name": party,
        "consignee_code": declarant.tin,
        "consignee_name": "\n".join(filter(None, [declarant.name, declarant.address])),
        "export_country": car.country,
        "destination_country": home,
        "departure_identity": stay.plate,
        "departure_nationality": car.country,
        "border_mode": ROAD,
        "invoice_currency": car.currency if car.value else "",
        "invoice_amount": _text(car.value),
        "comments": f"{found.reference}, {stay.begun_on.isoformat()}{paid}",
    }
    filled = {name: value for name, value in known.items() if value}
    return filled | {"items": [{name: value for name, value in item.items() if value}]}


def _papers(found: TravelDeclaration, stay: VehicleStay, document: str) -> list[dict[str, str]]:
    """What proves how it came in and whose it is: the traveller's declaration, and the document of its owner."""
    papers = [{"code": OTHER_PAPER, "reference": found.reference, "date": stay.begun_on.isoformat()}]
    if document:
        papers.append({"code": OTHER_PAPER, "reference": document})
    return papers


def _text(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def end_stay(declaration_pk: int, *, at: datetime) -> None:
    """A released declaration ends the stay for which it, or a version before it, was begun. Safe to repeat."""
    released = Declaration.objects.get(pk=declaration_pk)
    for key in {released.public_id, *(version.public_id for version in versions_of(released))}:
        stays.mark_converted(key, at=at, on=timezone.localdate(at))
