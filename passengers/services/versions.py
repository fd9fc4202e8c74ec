"""Writes a version: content word for word with its hash, the answer to it, and its rows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import User
from lib.bulk import insert_rows
from lib.spelling import plain_plate, searched
from passengers.content import Content, Somebody
from passengers.judgement import Answer
from passengers.models import AllowanceUse, CashRow, Charge, TravelDeclaration, Traveller, Vehicle, Version
from passengers.selectors import law as law_of
from tariffs.models import Direction, TravelTerm

TEMPORARY = "temporary"
# What a row of cash says beside kind, currency and amount.
DETAILS = ("instrument", "issuer", "number", "weight", "origin", "owner", "purpose", "recipient", "via", "apart")


def canonical(content: Mapping[str, Any]) -> str:
    """One text for one content: keys in order, no idle space. Its SHA-256 goes into the receipt."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)


def write(
    declaration: TravelDeclaration,
    content: Content,
    answer: Answer,
    *,
    draft: Mapping[str, Any],
    by: User | None,
    at: datetime,
    reason: str = "",
) -> Version:
    """The next version. The caller holds the declaration's lock and moves its columns on."""
    version: Version = Version.objects.create(
        declaration=declaration,
        number=declaration.version + 1,
        content=draft,
        sha256=hashlib.sha256(canonical(draft).encode()).hexdigest(),
        at=at,
        by=by,
        reason=reason,
        law_on=answer.on,
        channel=answer.channel,
        payable=answer.payable,
        currency=answer.judged.currency,
        findings=[finding.kept() for finding in answer.findings],
        carried=[asdict(each) for each in answer.judged.carried],
    )
    travellers = _travellers(version, content)
    insert_rows([_cash(version, travellers, row) for row in content.money if row.currency and row.amount])
    insert_rows([_charge(version, travellers, place, each) for place, each in enumerate(answer.judged.charges, 1)])
    insert_rows(_uses(version, travellers, answer))
    if content.car is not None:
        _vehicle(version, content, on=answer.on)
    return version


def _travellers(version: Version, content: Content) -> list[Traveller]:
    rows = [
        Traveller(
            version=version,
            position=place,
            family_name=person.family,
            given_name=person.given,
            patronymic=person.patronymic,
            search=search_key(person.name),
            birth_date=_born(person),
            citizenship=person.citizenship,
            document_kind=person.document_kind,
            document_number=searched(person.document),
            document_country=person.document_country,
            residence=person.residence,
        )
        for place, person in enumerate(content.people, start=1)
    ]
    insert_rows(rows)
    return rows


def _born(person: Somebody) -> date:
    assert person.birth is not None, "Sending refuses who has no date of birth."
    return person.birth


def search_key(name: str) -> str:
    """A name as search compares it: folded case, one space between words; any script."""
    return " ".join(name.casefold().split())[:800]


def _owner(travellers: list[Traveller], person: int) -> Traveller | None:
    return travellers[person - 1] if 0 < person <= len(travellers) else None


def _cash(version: Version, travellers: list[Traveller], row: Any) -> CashRow:
    details = {name: str(value) for name in DETAILS if (value := getattr(row, name))}
    owner = _owner(travellers, row.person) or travellers[0]
    return CashRow(
        version=version, traveller=owner, kind=row.kind, currency=row.currency, amount=row.amount, details=details
    )


def _charge(version: Version, travellers: list[Traveller], place: int, charge: Any) -> Charge:
    return Charge(
        version=version,
        sequence=place,
        traveller=_owner(travellers, charge.person),
        allowance=charge.limit,
        allowance_name=charge.name,
        good=charge.good,
        tax_code=charge.tax_code,
        tax_name=charge.tax_name,
        base=charge.base,
        rate_text=charge.rate_text,
        amount=charge.amount,
        formula=charge.formula,
        legal_basis=charge.legal_basis[:400],
        exchange_rates=[
            {"currency": fact.currency, "rate": str(fact.rate), "since": fact.since.isoformat(), "source": fact.source}
            for fact in charge.exchange_rates
        ],
        is_example=charge.is_example,
    )


def _uses(version: Version, travellers: list[Traveller], answer: Answer) -> list[AllowanceUse]:
    """What was used free; of a party together it is put down to the first traveller."""
    return [
        AllowanceUse(
            version=version,
            traveller=_owner(travellers, each.person) or travellers[0],
            allowance=each.limit,
            quantity=each.free,
        )
        for each in answer.judged.carried
        if each.free > 0
    ]


def _vehicle(version: Version, content: Content, *, on: date) -> None:
    car = content.car
    assert car is not None
    leave_by = None
    if car.purpose == TEMPORARY and content.trip.direction == Direction.ENTRY:
        term = law_of.term(TravelTerm.Kind.VEHICLE, on=on, countries=[car.country])
        leave_by = (content.trip.day or on) + timedelta(days=term.days) if term else None
    Vehicle.objects.create(
        version=version,
        kind=car.kind,
        make=car.make,
        vin=car.vin,
        plate=plain_plate(car.plate),
        country=car.country,
        purpose=car.purpose,
        leave_by=leave_by,
    )
