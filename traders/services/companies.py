"""Verbs about companies: registered as a claim by the person who will own them, and changed by an administrator."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import Act, announce, record_act
from lib.spelling import searched
from lib.violations import Rejected, Violation
from traders.models import Company, Membership, Right, Standing
from traders.services.members import give_right
from traders.services.record import Verb, record
from traders.states import claim_again

MOST_CLAIMS = 5  # of one person that wait for a decision


@transaction.atomic
def register_company(
    *,
    tin: str,
    name: str,
    tin_pattern: str,
    by: User,
    on: date,
    at: datetime,
    kind: str = Company.Kind.TRADER,
    **details: str,
) -> Company:
    """A new claim; `by` becomes its owner, preparer and payer. `tin_pattern` is the territory's regular expression.

    `details` are name_ru, name_tg, address, country, phone, email. A claim of theirs that was refused begins again,
    with its drafts and papers. Raises Rejected T001 (shape of the TIN), T002 (confirmed for another), T003 (no name),
    T004 (claimed by this person already), T005 (too many claims).
    """
    tin = searched(tin)
    User.objects.select_for_update().get(pk=by.pk)
    if faults := list(_faults_of_claim(tin=tin, name=name, tin_pattern=tin_pattern, by=by, on=on)):
        raise Rejected(faults)
    company = _claimed_before(tin, by=by, on=on) or Company.objects.create(tin=tin, kind=kind)
    Company.objects.filter(pk=company.pk).update(name=name.strip(), **details)
    company.refresh_from_db()
    record(company, Verb.REGISTERED, about=f"{company.name} ({tin})", by=by, at=at)
    for right in Right:
        give_right(company, user=by, right=right, by=by, on=on, at=at)
    announce("company.claimed", company.pk)
    return company


def _claimed_before(tin: str, *, by: User, on: date) -> Company | None:
    """The claim of this person to the TIN that was refused, open again."""
    owned = Membership.objects.on(on).filter(user=by, right=Right.OWNER, company__standing=Standing.REFUSED)
    company = Company.objects.filter(tin=tin, is_active=True, pk__in=owned.values("company_id")).last()
    return company if company is not None and claim_again(company) else None


def _faults_of_claim(*, tin: str, name: str, tin_pattern: str, by: User, on: date) -> Iterator[Violation]:
    owned = Membership.objects.on(on).filter(user=by, right=Right.OWNER, company__standing=Standing.CLAIMED)
    claimed = list(owned.values_list("company__tin", flat=True))
    if not re.fullmatch(tin_pattern, tin, re.ASCII):
        yield Violation("T001", "tin", _("A TIN here does not look like that. Copy it from the tax certificate."))
    elif Company.objects.confirmed().filter(tin=tin).exists():
        sentence = _("A company with this TIN is registered. Ask its owner to invite you, or ask your customs office.")
        yield Violation("T002", "tin", sentence)
    elif tin in claimed:
        yield Violation(
            "T004", "tin", _("You have registered this company already. See under Companies how it stands.")
        )
    if len(claimed) >= MOST_CLAIMS:
        yield Violation("T005", "", _("Too many of your companies wait to be confirmed. Register more when they are."))
    if not name.strip():
        yield Violation("T003", "name", _("Give the company's name as in the register."))


@transaction.atomic
def change_company(company: Company, *, changes: Mapping[str, object], by: User, at: datetime) -> None:
    """Write particulars of a company; its history and the log of administrators keep what each was and is."""
    old = Company.objects.select_for_update().get(pk=company.pk)
    changed = [
        f"{name}: {getattr(old, name)} → {value}" for name, value in changes.items() if getattr(old, name) != value
    ]
    if changed:
        Company.objects.filter(pk=company.pk).update(**changes)
        record(company, Verb.CHANGED, about="; ".join(changed), by=by, at=at)
        record_act(Act.COMPANY_CHANGED, about=f"{company}: {'; '.join(changed)}", by=by, at=at)
