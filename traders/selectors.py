"""Reads about companies: whom a person acts for, and for whom that company may file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from traders.models import Company, CompanyEvent, Mandate, Membership, Right


def companies_of(user: User, *rights: Right, on: date) -> QuerySet[Company]:
    """Companies in which `user` has one of `rights` (none named: any right) on the day."""
    held = Membership.objects.on(on).filter(user_id=user.pk)
    if rights:
        held = held.filter(right__in=rights)
    return Company.objects.filter(pk__in=held.values("company_id"), is_active=True)


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
    return companies_of(user, *rights, on=on).get(tin=tin)


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
    own = [Tie(row.company, None, row.valid_from, row.valid_to) for row in memberships]
    mandates = Mandate.objects.filter(agent__in=[tie.company.pk for tie in own]).select_related("principal", "agent")
    given = [each for mandate in mandates for tie in own for each in _through(mandate, tie)]
    return list(dict.fromkeys([*own, *given]))


def _through(mandate: Mandate, own: Tie) -> Iterator[Tie]:
    """The principal, for as long as the mandate and the membership in its agent lasted together."""
    revoked = timezone.localdate(mandate.revoked_at) if mandate.revoked_at else None
    since = max(mandate.valid_from, own.since)
    until = min((day for day in (mandate.valid_to, revoked, own.until) if day is not None), default=None)
    if mandate.agent_id == own.company.pk and (until is None or since <= until):
        yield Tie(mandate.principal, mandate.agent, since, until)
