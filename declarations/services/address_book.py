"""The address book of a company: kept when somebody says so, and when what was typed is lodged; changed and ended."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration, Party
from declarations.reading import clean
from declarations.selectors import PARTY_BOXES, Content
from lib.spelling import seen
from lib.violations import Rejected, Violation, refuse
from tariffs.models import Country
from tariffs.selectors import known_codes
from traders.models import Company

MOST = 5_000
FROM_ONE_DECLARATION = 50
_SIGNS = re.compile(r"[\W_]+")
_LENGTHS = {"name": 175, "address": 350, "tax_number": 20}


def key_of(name: str, tax_number: str) -> str:
    """What tells two entries apart: letters and digits of the name, whatever their case, and the tax number."""
    folded = _SIGNS.sub("", unicodedata.normalize("NFKC", name).casefold())
    return f"{folded[:175]}|{_SIGNS.sub('', tax_number.casefold())}"


@transaction.atomic
def keep_party(company: Company, *, values: Mapping[str, Any], by: User, on: date, at: datetime) -> Party:
    """Keep an address that somebody confirms: a new entry, or what is known of it from now on.

    Raises Rejected F065 no name, F066 too long or an unknown country, F067 a full book, F068 no role.
    """
    read = _read(values, on=on)
    key = key_of(read["name"], read["tax_number"])
    _hold(company.pk)
    known = Party.objects.select_for_update().filter(company=company, key=key).first()
    if known is None:
        if Party.objects.filter(company=company).count() >= MOST:
            sentence = _("The address book is full: {limit} entries at the most.")
            raise refuse("F067", "name", sentence.format(limit=MOST))
        return Party.objects.create(company=company, key=key, made_by=by, made_at=at, **read)
    read["roles"] = sorted({*known.roles, *read["roles"]})
    read = {name: value or getattr(known, name) for name, value in read.items()}
    return _write(known, read, by=by, at=at, ended_at=None, ended_by=None)


@transaction.atomic
def change_party(party: Party, *, values: Mapping[str, Any], by: User, on: date, at: datetime) -> Party:
    """Change an entry. Raises Rejected as `keep_party`, and F069 if another entry has this name and number."""
    read = _read(values, on=on)
    _hold(party.company_id)
    locked = Party.objects.select_for_update().get(pk=party.pk)
    key = key_of(read["name"], read["tax_number"])
    if Party.objects.filter(company=locked.company_id, key=key).exclude(pk=locked.pk).exists():
        raise refuse("F069", "name", _("The address book has an entry of this name and tax number, kept or ended."))
    return _write(locked, read, by=by, at=at, key=key)


@transaction.atomic
def end_party(party: Party, *, by: User, at: datetime) -> None:
    """The entry is offered no more, and lodging does not bring it back."""
    Party.objects.filter(pk=party.pk, ended_at=None).update(ended_at=at, ended_by=by)


@transaction.atomic
def restore_party(party: Party, *, by: User, at: datetime) -> None:
    """An entry that was ended is offered again."""
    locked = Party.objects.select_for_update().get(pk=party.pk)
    _write(locked, {}, by=by, at=at, ended_at=None, ended_by=None)


def _hold(company_pk: int) -> None:
    """Others who write into the book wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"addresses|{company_pk}"])


def _write(party: Party, values: Mapping[str, Any], *, by: User, at: datetime, **more: Any) -> Party:
    written = {**values, **more, "changed_by": by, "changed_at": at}
    for name, value in written.items():
        setattr(party, name, value)
    party.save(update_fields=list(written))
    return party


def _read(values: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    read: dict[str, Any] = {name: seen(clean(str(values.get(name) or ""))).strip() for name in _LENGTHS}
    read["name"] = " ".join(read["name"].split())
    read["country"] = str(values.get("country") or "").strip().upper()
    read["roles"] = sorted(set(values.get("roles") or ()) & set(Party.Role.values))
    faults = []
    if not _SIGNS.sub("", read["name"]):
        faults.append(Violation("F065", "name", _("Give the name.")))
    for name, most in _LENGTHS.items():
        if len(read[name]) > most:
            sentence = _("This may have {limit} characters.").format(limit=most)
            faults.append(Violation("F066", name, sentence))
    if read["country"] and read["country"] not in known_codes("country", on=on):
        faults.append(Violation("F066", "country", _("There is no country with this code.")))
    if not read["roles"]:
        faults.append(Violation("F068", "roles", _("Choose at least one role.")))
    if faults:
        raise Rejected(faults)
    return read


# What a declaration names ---------------------------------------------------------------------------------------
def typed_party(declaration: Declaration, role: str) -> dict[str, Any]:
    """The party that the boxes of `role` name, as an entry: the name is its first line, the address the rest.

    The country is known where the address ends with its name, in any of the languages.
    """
    boxes = PARTY_BOXES[role]
    lines = [line.strip() for line in str(getattr(declaration, boxes.name)).splitlines() if line.strip()]
    return {
        "roles": [role],
        "name": lines[0] if lines else "",
        "address": "\n".join(lines[1:]),
        "tax_number": getattr(declaration, boxes.code),
        "country": _country_of(lines[-1]) if len(lines) > 1 else "",
    }


def _country_of(line: str) -> str:
    last = line.rpartition(",")[2].strip(" .")
    named = Q(name__iexact=last) | Q(name_ru__iexact=last) | Q(name_tg__iexact=last)
    codes = list(Country.objects.filter(named).values_list("code", flat=True)[:2]) if last else []
    return codes[0] if len(codes) == 1 else ""


def learn_parties(company: Company, content: Content, *, by: User, on: date, at: datetime) -> None:
    """Parties of a lodged declaration: new ones are kept, known ones were used once more. A few statements."""
    rows: dict[str, dict[str, Any]] = {}
    for row in _named(content):
        if len(row["name"]) <= _LENGTHS["name"] and (key := key_of(row["name"], row["tax_number"]))[0] != "|":
            kept = rows.setdefault(key, row)
            kept["roles"] = sorted({*kept["roles"], *row["roles"]})
    _hold(company.pk)
    used = Party.objects.filter(company=company, key__in=rows)
    used.update(times_used=F("times_used") + 1, last_used_on=on)
    known = set(used.values_list("key", flat=True))
    new = [key for key in sorted(rows) if key not in known][:FROM_ONE_DECLARATION]
    if not new or Party.objects.filter(company=company).count() + len(new) > MOST:
        return
    Party.objects.bulk_create(
        [
            Party(company=company, key=key, made_by=by, made_at=at, times_used=1, last_used_on=on, **rows[key])
            for key in new
        ],
        ignore_conflicts=True,
    )


def _named(content: Content) -> Iterator[dict[str, Any]]:
    for role in PARTY_BOXES:
        party = typed_party(content.declaration, role)
        if party["name"]:
            yield party
    yield from _suppliers(content.suppliers)


def _suppliers(rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row.name:
            address = "\n".join(filter(None, [row.street, " ".join(filter(None, [row.zip_code, row.city]))]))
            country = row.country.upper() if len(row.country) == 2 and row.country.isascii() else ""
            yield {
                "roles": [Party.Role.SUPPLIER], "name": " ".join(row.name.split()), "address": address,
                "tax_number": row.code, "country": country,
            }  # fmt: skip
