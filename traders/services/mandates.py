"""Verbs about mandates: given by a confirmed company to another one, and revoked at once."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from lib.spelling import searched
from lib.violations import Rejected, Violation, refuse
from traders.models import Company, CompanyEvent, Mandate
from traders.services.claims import not_confirmed
from traders.services.record import Verb, lock, record

PROCEDURE = re.compile(r"(IM|EX|TR)[0-9]{1,2}")


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

    Raises Rejected T020 (itself), T021 (ends before it begins), T022 (unknown procedure), T006 (not confirmed).
    """
    kept = lock(principal)
    faults = [] if kept.is_confirmed else [not_confirmed()]
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
    announce("mandate.given", mandate.pk)
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
    agent = Company.objects.confirmed().filter(tin=searched(agent_tin), is_active=True).first()
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
        announce("mandate.revoked", mandate.pk)


def _record_mandate(mandate: Mandate, verb: CompanyEvent.Verb, *, by: User, at: datetime) -> None:
    """Both sides keep it in their history."""
    about = f"{mandate.principal} → {mandate.agent}"
    for company in (mandate.principal, mandate.agent):
        record(company, verb, about=about, by=by, at=at)
