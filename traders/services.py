"""Verbs about companies: register, give and end a member's rights, give and revoke mandates.

Each writes its row of history in the same transaction.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.spelling import searched
from lib.validity import in_force
from lib.violations import Rejected, Violation, refuse
from traders.models import Company, CompanyEvent, Mandate, Membership, Right

Verb = CompanyEvent.Verb
PROCEDURE = re.compile(r"(IM|EX|TR)[0-9]{1,2}")


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
    """A new company; `by` becomes its owner, preparer and payer. `tin_pattern` is the territory's regular expression.

    `details` are name_ru, name_tg, address, country, phone, email. Raises Rejected T001 (shape of the TIN),
    T002 (registered already), T003 (no name).
    """
    tin = searched(tin)
    faults = _faults_of_company(tin=tin, name=name, tin_pattern=tin_pattern)
    if faults:
        raise Rejected(faults)
    company = Company.objects.create(tin=tin, name=name.strip(), kind=kind, **details)
    _record(company, Verb.REGISTERED, about=f"{company.name} ({tin})", by=by, at=at)
    for right in Right:
        _give(company, user=by, right=right, by=by, on=on, at=at)
    return company


def _faults_of_company(*, tin: str, name: str, tin_pattern: str) -> list[Violation]:
    faults = []
    if not re.fullmatch(tin_pattern, tin, re.ASCII):
        sentence = _("A TIN here does not look like that. Copy it from the tax certificate.")
        faults.append(Violation("T001", "tin", sentence))
    elif Company.objects.filter(tin=tin).exists():
        sentence = _("A company with this TIN is registered. Ask its owner to add you, or ask your customs office.")
        faults.append(Violation("T002", "tin", sentence))
    if not name.strip():
        faults.append(Violation("T003", "name", _("Give the company's name as in the register.")))
    return faults


@transaction.atomic
def change_company(company: Company, *, changes: Mapping[str, object], by: User, at: datetime) -> None:
    """Write particulars of a company; the history keeps what each was and is."""
    old = Company.objects.select_for_update().get(pk=company.pk)
    changed = [
        f"{name}: {getattr(old, name)} → {value}" for name, value in changes.items() if getattr(old, name) != value
    ]
    if changed:
        Company.objects.filter(pk=company.pk).update(**changes)
        _record(company, Verb.CHANGED, about="; ".join(changed), by=by, at=at)


@transaction.atomic
def add_member(company: Company, *, user: User, right: Right | str, by: User, on: date, at: datetime) -> Membership:
    """`user` has `right` from `on`. A right that is held already is returned as it is."""
    _lock(company)
    return _give(company, user=user, right=Right(right), by=by, on=on, at=at)


@transaction.atomic
def invite(
    company: Company, *, email: str, rights: Sequence[Right | str], by: User, on: date, at: datetime
) -> list[Membership]:
    """Give `rights` to the person with this e-mail address. Raises Rejected T010 (nobody), T011 (no right named)."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        sentence = _("Nobody has signed up with this address yet. Ask the person to sign up first, then add them here.")
        raise refuse("T010", "email", sentence)
    if not rights:
        raise refuse("T011", "rights", _("Choose at least one right."))
    return [add_member(company, user=user, right=right, by=by, on=on, at=at) for right in rights]


@transaction.atomic
def end_membership(membership: Membership, *, by: User, on: date, at: datetime) -> None:
    """The right ends at once: its last day is the day before `on`. The last owner stays (T012)."""
    _lock(membership.company)
    if membership.right == Right.OWNER and not _other_owners(membership, on=on):
        raise refuse("T012", "", _("A company keeps at least one owner. Make somebody else an owner first."))
    if membership.valid_from >= on:
        membership.delete()
    else:
        membership.valid_to = on - timedelta(days=1)
        membership.save(update_fields=["valid_to"])
    about = f"{membership.user} · {membership.user.email} · {membership.get_right_display()}"
    _record(membership.company, Verb.MEMBER_ENDED, about=about, by=by, at=at)


@transaction.atomic
def give_mandate(
    principal: Company,
    *,
    agent: Company,
    by: User,
    at: datetime,
    valid_from: date,
    valid_to: date | None = None,
    procedures: Sequence[str] = (),
) -> Mandate:
    """`agent` may file for `principal` under `procedures` (none: all).

    Raises Rejected T020 (itself), T021 (ends before it begins), T022 (unknown procedure).
    """
    _lock(principal)
    faults = []
    if agent.pk == principal.pk:
        faults.append(Violation("T020", "agent", _("A company needs no mandate from itself.")))
    if valid_to and valid_to < valid_from:
        faults.append(Violation("T021", "valid_to", _("The mandate would end before it begins.")))
    faults += [
        Violation("T022", "procedures", _("“%(code)s” is not a procedure such as IM4 or EX1.") % {"code": code})
        for code in procedures
        if not PROCEDURE.fullmatch(code)
    ]
    if faults:
        raise Rejected(faults)
    mandate = Mandate.objects.create(
        principal=principal,
        agent=agent,
        procedures=list(procedures),
        valid_from=valid_from,
        valid_to=valid_to,
        given_by=by,
    )
    _record_mandate(mandate, Verb.MANDATE_GIVEN, by=by, at=at)
    return mandate


def give_mandate_by_tin(
    principal: Company,
    *,
    agent_tin: str,
    by: User,
    at: datetime,
    valid_from: date,
    valid_to: date | None,
    procedures: Sequence[str],
) -> Mandate:
    """As `give_mandate`, the agent named by TIN. Raises Rejected T023 when no such company is registered."""
    agent = Company.objects.filter(tin=searched(agent_tin), is_active=True).first()
    if agent is None:
        raise refuse("T023", "agent_tin", _("No company with this TIN is registered here. Ask the broker to register."))
    return give_mandate(
        principal, agent=agent, by=by, at=at, valid_from=valid_from, valid_to=valid_to, procedures=procedures
    )


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, by: User, at: datetime) -> None:
    """The mandate ends at once; what was lodged under it stays. A second revocation changes nothing."""
    revoked = Mandate.objects.filter(pk=mandate.pk, revoked_at__isnull=True).update(revoked_at=at, revoked_by=by)
    if revoked:
        _record_mandate(mandate, Verb.MANDATE_REVOKED, by=by, at=at)


def _lock(company: Company) -> None:
    Company.objects.select_for_update().get(pk=company.pk)


def _give(company: Company, *, user: User, right: Right, by: User, on: date, at: datetime) -> Membership:
    held = Membership.objects.on(on).filter(company=company, user=user, right=right).first()
    if held is not None:
        return held
    membership = Membership.objects.create(company=company, user=user, right=right, valid_from=on)
    about = f"{user} · {user.email} · {right.label}"
    _record(company, Verb.MEMBER_ADDED, about=about, by=by, at=at)
    return membership


def _other_owners(membership: Membership, *, on: date) -> bool:
    owners = Membership.objects.filter(in_force(on), company_id=membership.company_id, right=Right.OWNER)
    return owners.exclude(user_id=membership.user_id).exists()


def _record(company: Company, verb: CompanyEvent.Verb, *, about: str, by: User, at: datetime) -> None:
    CompanyEvent.objects.create(company=company, verb=verb, about=about[:300], by=by, at=at)


def _record_mandate(mandate: Mandate, verb: CompanyEvent.Verb, *, by: User, at: datetime) -> None:
    """Both sides keep it in their history."""
    about = f"{mandate.principal} → {mandate.agent}"
    for company in (mandate.principal, mandate.agent):
        _record(company, verb, about=about, by=by, at=at)
