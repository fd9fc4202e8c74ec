"""Reads about companies: whom a person acts for, and for whom that company may file."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Role, User
from accounts.selectors import has_role, has_verified, once_a_request
from traders.models import (
    ClaimPaper,
    Company,
    CompanyEvent,
    CompanyQuerySet,
    Invitation,
    Mandate,
    Membership,
    Right,
    Standing,
)

INVITATION_SALT = "traders.invitation"
CONFIRM = (Role.DOCUMENTARY, Role.SUPERVISOR)


def companies_named(text: str, *, most: int) -> list[Company]:
    """Companies whose TIN begins so or whose name holds the text, `most` of them, by name."""
    if len(text) < 2:
        return []
    named = Q(tin__startswith=text) | Q(name__icontains=text) | Q(name_ru__icontains=text) | Q(name_tg__icontains=text)
    return list(Company.objects.filter(named).order_by("name", "tin")[:most])


def companies_of(user: User, *rights: Right, on: date) -> CompanyQuerySet:
    """Companies, claimed or confirmed, in which `user` has one of `rights` (none named: any right) on the day."""
    held = Membership.objects.on(on).filter(user_id=user.pk)
    if rights:
        held = held.filter(right__in=rights)
    open_ = Company.objects.filter(is_active=True).exclude(standing=Standing.REFUSED)
    return open_.filter(pk__in=held.values("company_id"))


def company_keys_of(user: User, *, on: date) -> Sequence[int]:
    """Primary keys of `companies_of`: who sees what is asked of them several times for a page."""
    keys = companies_of(user, on=on).order_by().values_list("pk", flat=True)
    return once_a_request(user, "companies", on, lambda: list(keys))


def may_act_for(*, agent: Company, principal: Company, procedure: str, on: date) -> bool:
    """Whether `agent` may file for `principal` under `procedure` ("IM4"): itself, or by a mandate in force."""
    if agent.pk == principal.pk:
        return True
    mandates = Mandate.objects.on(on).filter(agent=agent, principal=principal).values_list("procedures", flat=True)
    return any(not procedures or procedure in procedures for procedures in mandates)


def principals_of(agent: Company, *, on: date) -> QuerySet[Company]:
    """Companies that have given `agent` a mandate in force on the day."""
    return Company.objects.filter(pk__in=Mandate.objects.on(on).filter(agent=agent).values("principal_id"))


def company_for(user: User, tin: str, *rights: Right, on: date) -> Company:
    """The company with this TIN if `user` has one of `rights` in it; else Company.DoesNotExist, as for a stranger."""
    found = companies_of(user, *rights, on=on).filter(tin=tin).order_by("-standing").first()
    if found is None:
        raise Company.DoesNotExist
    return found


def memberships_of(company: Company, *, on: date) -> QuerySet[Membership]:
    """Who may do what for the company on the day, by person."""
    return Membership.objects.on(on).filter(company=company).select_related("user").order_by("user__email", "right")


def rights_of(user: User, company: Company, *, on: date) -> set[str]:
    """The rights `user` has in `company` on the day."""
    return set(Membership.objects.on(on).filter(user_id=user.pk, company=company).values_list("right", flat=True))


def mandates_given_by(company: Company) -> QuerySet[Mandate]:
    """Every mandate the company gave, the newest first."""
    return Mandate.objects.filter(principal=company).select_related("agent", "given_by", "revoked_by")


def mandates_held_by(company: Company) -> QuerySet[Mandate]:
    """Every mandate given to the company, the newest first."""
    return Mandate.objects.filter(agent=company).select_related("principal", "given_by", "revoked_by")


def history_of(company: Company) -> QuerySet[CompanyEvent]:
    """What was done to the company, the newest first."""
    return CompanyEvent.objects.filter(company=company).select_related("by")


def mandates_into(companies: QuerySet[Company], *, on: date) -> QuerySet[Mandate]:
    """Mandates in force on the day that let one of `companies` file for others."""
    return Mandate.objects.on(on).filter(agent__in=companies).select_related("principal", "agent")


# Claims --------------------------------------------------------------------------------------------------------
def company_of(key: int) -> Company:
    """The company with this primary key, for a task."""
    return Company.objects.get(pk=key)


def company_by_tin(tin: str) -> Company | None:
    """The one confirmed company with this TIN."""
    return Company.objects.confirmed().filter(tin=tin).first()


def refused_claims_of(user: User, *, on: date) -> QuerySet[Company]:
    """Companies that `user` registered in vain, the latest decision first."""
    owned = Membership.objects.on(on).filter(user_id=user.pk, right=Right.OWNER)
    refused = Company.objects.filter(pk__in=owned.values("company_id"), standing=Standing.REFUSED)
    return refused.order_by("-decided_at")


def may_confirm(user: User, *, on: date) -> bool:
    """Whether `user` decides on claims to companies."""
    return has_role(user, *CONFIRM, on=on)


def claims() -> QuerySet[Company]:
    """Claims that wait for a decision, the longest waiting first; `how_many` papers each brings."""
    waiting = Company.objects.filter(standing=Standing.CLAIMED, is_active=True)
    return waiting.annotate(how_many=Count("papers")).order_by("registered_at", "pk")


def claim(key: int) -> Company:
    """A company as claimed, decided or not. Raises Company.DoesNotExist."""
    return Company.objects.prefetch_related("papers__by", "memberships__user").get(pk=key)


def rivals(company: Company) -> list[Company]:
    """Others who claim or hold the same TIN."""
    return list(Company.objects.filter(tin=company.tin).exclude(pk=company.pk).order_by("registered_at"))


def paper_for(user: User, key: uuid.UUID, *, on: date) -> ClaimPaper:
    """A paper of a claim, for officers who decide and for members. Raises ClaimPaper.DoesNotExist."""
    papers = ClaimPaper.objects.all()
    if not may_confirm(user, on=on):
        papers = papers.filter(company__in=companies_of(user, on=on))
    return papers.get(public_id=key)


# Invitations ---------------------------------------------------------------------------------------------------
def open_invitations(company: Company, *, at: datetime) -> QuerySet[Invitation]:
    """Invitations of the company that may still be accepted."""
    return Invitation.objects.filter(
        company=company, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    ).select_related("invited_by")


def invitation_of(token: str, *, at: datetime) -> Invitation | None:
    """The open invitation that the link names; None if the link is not ours, or no longer holds."""
    try:
        key = signing.loads(token, salt=INVITATION_SALT)
    except signing.BadSignature:
        return None
    rows = Invitation.objects.filter(pk=key, accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return rows.select_related("company", "invited_by").first()


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the address of the invitation is verified to be the person's."""
    return has_verified(user, invitation.email)


def invitations_to_send(key: int, *, at: datetime) -> list[Invitation]:
    """The invitation with this primary key while it is open, for a task."""
    rows = Invitation.objects.filter(pk=key, accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return list(rows.select_related("company", "invited_by"))


# For whom a person works --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tie:
    """A company for which a person works or worked: as its member, or because `agent`, a company of the person,
    holds its mandate. Both days are inclusive; `until` None is open."""

    company: Company
    agent: Company | None
    since: date
    until: date | None


def ties_of(user: User) -> list[Tie]:
    """Every company `user` works or worked for, whatever the right; of each the own ones first."""
    memberships = list(Membership.objects.filter(user_id=user.pk).select_related("company").order_by("pk"))
    own = [Tie(row.company, None, row.valid_from, _last_day(row)) for row in memberships]
    mandates = Mandate.objects.filter(agent__in=[tie.company.pk for tie in own]).select_related("principal", "agent")
    given = [each for mandate in mandates for tie in own for each in _through(mandate, tie)]
    return list(dict.fromkeys([*own, *given]))


def _last_day(row: Membership) -> date | None:
    """Who was a member for some hours was one on that day."""
    return row.valid_to and max(row.valid_from, row.valid_to)


def _through(mandate: Mandate, own: Tie) -> Iterator[Tie]:
    """The principal, for as long as the mandate and the membership in its agent lasted together."""
    revoked = timezone.localdate(mandate.revoked_at) if mandate.revoked_at else None
    since = max(mandate.valid_from, own.since)
    until = min((day for day in (mandate.valid_to, revoked, own.until) if day is not None), default=None)
    if mandate.agent_id == own.company.pk and (until is None or since <= until):
        yield Tie(mandate.principal, mandate.agent, since, until)
