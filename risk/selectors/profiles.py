"""Reads about profiles of companies: what analysts keep, what officers see beside a file, what a company is told."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from risk.models import CompanyProfile
from traders.models import Company, Standing


def profile(pk: int) -> CompanyProfile:
    """One profile. Raises CompanyProfile.DoesNotExist."""
    return CompanyProfile.objects.select_related("company", "asked_by").get(pk=pk)


def all_profiles(text: str = "", kind: str = "") -> QuerySet[CompanyProfile]:
    """Every profile, those that wait for a second person first, then the newest; by part of a name or TIN, and kind."""
    rows = CompanyProfile.objects.select_related("company", "asked_by", "decided_by", "ended_by")
    if text.strip():
        rows = rows.filter(Q(company__tin__startswith=text.strip()) | Q(company__name__icontains=text.strip()))
    return (rows.filter(kind=kind) if kind else rows).order_by("outcome", "-pk")


def profiles_of(company_pk: int | None, *, on: date) -> QuerySet[CompanyProfile]:
    """What customs hold of a company on the day, for officers; never shown to a trader."""
    rows = CompanyProfile.objects.on(on).filter(company=company_pk)
    return rows.select_related("asked_by", "decided_by").order_by("kind")


def operators(companies: Collection[Company], *, on: date) -> QuerySet[CompanyProfile]:
    """The companies among these that are authorised operators: the one thing that a company is told."""
    rows = CompanyProfile.objects.on(on).filter(kind=CompanyProfile.Kind.OPERATOR, company__in=companies)
    return rows.select_related("company").order_by("company__name")


def company_with(tin: str) -> Company | None:
    """The confirmed company with this TIN."""
    return Company.objects.filter(tin=tin.strip(), standing=Standing.CONFIRMED).first()
