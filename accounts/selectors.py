"""Reads about people: who is an officer, in which role, of which offices."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from rest_framework.authtoken.models import Token

from accounts.models import Office, OfficerRole, Role, TableChange, User

OFFICE_ROLES = (Role.DOCUMENTARY, Role.EXAMINING, Role.SUPERVISOR)
ALL_OFFICES_SEE = (Role.AUDITOR, Role.ANALYST)


def is_officer(user: User, *, on: date) -> bool:
    """Whether `user` holds any role on the day."""
    return user.is_authenticated and OfficerRole.objects.on(on).filter(user=user).exists()


def has_role(user: User, *roles: Role, on: date) -> bool:
    """Whether `user` holds one of `roles` anywhere on the day."""
    return user.is_authenticated and OfficerRole.objects.on(on).filter(user=user, role__in=roles).exists()


def offices_of(user: User, roles: Iterable[Role], *, on: date) -> list[Office]:
    """Offices in which `user` holds one of `roles`; a role without an office counts for every office."""
    held = list(OfficerRole.objects.on(on).filter(user=user, role__in=list(roles)).values_list("office_id", flat=True))
    if None in held:
        return list(Office.objects.on(on))
    return list(Office.objects.on(on).filter(pk__in=held))


def token_since(user: User) -> datetime | None:
    """Since when a machine may act for `user`; None if none may."""
    since: datetime | None = Token.objects.filter(user=user).values_list("created", flat=True).first()
    return since


def roles_of(user: User, *, on: date) -> set[str]:
    """Every role `user` holds on the day; empty for a trader."""
    return set(OfficerRole.objects.on(on).filter(user=user).values_list("role", flat=True))


def table_changes(row: models.Model) -> list[TableChange]:
    """What was done to a row of a reference table, the latest first."""
    kept = TableChange.objects.filter(table=row._meta.db_table, row=row.pk)
    return list(kept.select_related("by"))
