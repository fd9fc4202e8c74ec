"""Reads about companies: whom a person acts for, and for whom that company may file."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from traders.models import Company, Mandate, Membership, Right


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
