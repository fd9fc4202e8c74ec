"""Reads of address books: of companies that the reader serves, and of no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from accounts.models import User
from declarations.models import Party
from declarations.selectors.served import served_by
from traders.models import Company

OFFERED = 12


@dataclass(frozen=True, slots=True)
class PartyBoxes:
    """The boxes of a declaration that name a party: its number, and its name with the address beneath."""

    code: str
    name: str


# A carrier stands in box 50: it is the principal of a transit as a rule.
PARTY_BOXES: Mapping[str, PartyBoxes] = {
    Party.Role.EXPORTER: PartyBoxes("exporter_code", "exporter_name"),
    Party.Role.CONSIGNEE: PartyBoxes("consignee_code", "consignee_name"),
    Party.Role.CARRIER: PartyBoxes("principal_code", "principal_name"),
}


def addresses_of(user: User, *, on: date) -> QuerySet[Party]:
    """Every entry of the companies that `user` serves on the day, those that were ended too."""
    return Party.objects.filter(company__in=served_by(user, on=on)).select_related("company")


def parties_listed(user: User, *, company: Company | None, text: str, ended: bool, on: date) -> QuerySet[Party]:
    """Entries for the page, by name: those in use or those that were ended, of one company or of all."""
    rows = addresses_of(user, on=on).filter(ended_at__isnull=not ended).order_by("name", "pk")
    return _with_words(rows.filter(company=company) if company else rows, text)


def _with_words(rows: QuerySet[Party], text: str) -> QuerySet[Party]:
    for word in text.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(tax_number__icontains=word))
    return rows


def parties_offered(company: Company, *, role: str, text: str) -> list[Party]:
    """Entries that a box of `role` suggests for what is typed: those of the role first, then the most used."""
    rows = _with_words(Party.objects.filter(company=company, ended_at=None), text)
    fitting = rows.filter(roles__contains=[role]).order_by(*_MOST_USED)[:OFFERED]
    found = list(fitting)
    if len(found) < OFFERED:
        found += rows.exclude(roles__contains=[role]).order_by(*_MOST_USED)[: OFFERED - len(found)]
    return found


_MOST_USED = ("-times_used", F("last_used_on").desc(nulls_last=True), "name", "pk")
