"""Goods that leave the country: through which office, who may confirm it, and what is expected there."""

from datetime import date

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import User
from accounts.selectors import OFFICE_ROLES
from clearance.models import ExitConfirmation
from clearance.selectors.people import Powers, powers_of
from declarations.models import Declaration, Status

AT_THE_GATE = frozenset(OFFICE_ROLES)


def exit_office(declaration: Declaration) -> str:
    """The office of exit (box 29), else the office where the declaration was lodged."""
    return declaration.border_office_code or declaration.office_code


def exit_of(declaration: Declaration) -> ExitConfirmation | None:
    """How the goods left, once they have."""
    return ExitConfirmation.objects.filter(declaration=declaration).first()


def may_confirm_exit(user: User, declaration: Declaration, *, on: date) -> bool:
    """Whether `user` is an officer of the office of exit, who sees goods and papers."""
    roles = powers_of(user, on=on).roles_in(exit_office(declaration))
    return bool(roles & AT_THE_GATE)


def confirms_exits(powers: Powers) -> bool:
    """Whether the person works at a gate at all."""
    return any(role in AT_THE_GATE for role, _office in powers.roles)


def expected_to_leave(powers: Powers) -> QuerySet[Declaration]:
    """Exports and re-exports that were released and have not left yet through the officer's offices."""
    leaves_by = Coalesce(NullIf(F("border_office_code"), Value("")), F("office_code"))
    gates = {office for role, office in powers.roles if role in AT_THE_GATE}
    here = Q() if None in gates else Q(leaves_by__in=sorted(office for office in gates if office))
    rows = Declaration.objects.filter(status=Status.RELEASED, declaration_type__startswith="EX")
    return rows.annotate(leaves_by=leaves_by).filter(here).select_related("trader", "case").order_by("pk")
