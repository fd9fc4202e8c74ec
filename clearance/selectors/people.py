"""Which files an officer sees, and on which lanes the officer acts: own offices, own roles."""

import uuid
from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Office, Role, User
from accounts.selectors import Posts, posts_of
from clearance.models import Case
from declarations.models import Status
from lib.languages import in_language
from lib.validity import in_force
from risk.models import Lane

LANES_OF: dict[str, frozenset[str]] = {
    Role.DOCUMENTARY: frozenset({Lane.YELLOW}),
    Role.EXAMINING: frozenset({Lane.RED}),
    Role.SUPERVISOR: frozenset({Lane.YELLOW, Lane.RED}),
}


@dataclass(frozen=True)
class Powers(Posts):
    """What an officer sees, and on which files the officer acts."""

    @property
    def is_officer(self) -> bool:
        """Whether there is a queue to look at."""
        return bool(self.roles)

    @property
    def supervises(self) -> bool:
        return any(role == Role.SUPERVISOR for role, _office in self.roles)

    @property
    def acts(self) -> bool:
        """Whether the officer works on files at all; an auditor or analyst only reads."""
        return any(role in LANES_OF for role, _office in self.roles)

    def lanes(self, office_code: str) -> Set[str]:
        """Lanes on which the officer acts in an office."""
        return frozenset().union(*(LANES_OF.get(role, frozenset()) for role in self.roles_in(office_code)))

    def may_act(self, case: Case) -> bool:
        """Whether office and lane of the file are the officer's. A link to the file forbids it all the same."""
        return case.lane in self.lanes(case.office_code)

    def may_supervise(self, case: Case) -> bool:
        return Role.SUPERVISOR in self.roles_in(case.office_code)


def powers_of(user: User, *, on: date) -> Powers:
    """What `user` holds on the day; nothing for a trader."""
    return Powers(posts_of(user, on=on).roles)


def may_audit(case: Case, powers: Powers) -> bool:
    """Whether the officer may look into the released file; replaced versions are left alone."""
    released = case.closed_as in (Case.End.RELEASED, Case.End.CORRECTED)
    counts = case.declaration.status != Status.SUPERSEDED
    return released and counts and bool(powers.lanes(case.office_code))


def case_for(user: User, public_id: uuid.UUID, *, on: date) -> Case:
    """The file of a declaration, for an officer of its office. Raises Case.DoesNotExist for everybody else."""
    cases = Case.objects.filter(powers_of(user, on=on).within())
    related = cases.select_related("declaration__declarant", "declaration__trader", "claimed_by", "decided_by")
    return related.get(declaration__public_id=public_id)


def officers_for(case: Case, *, on: date) -> QuerySet[User]:
    """Officers of the file's lane in its office, of whom a supervisor may choose one."""
    roles = [role for role, lanes in LANES_OF.items() if case.lane in lanes]
    held = Q(officer_roles__role__in=roles) & in_force(on, "officer_roles__")
    here = Q(officer_roles__office=None) | Q(officer_roles__office__code=case.office_code)
    return User.objects.filter(held & here, is_active=True).distinct().order_by("full_name", "pk")


def offices_seen(powers: Powers, *, on: date) -> list[Office]:
    """Offices whose files the officer sees."""
    offices = Office.objects.on(on)
    return list(offices if powers.everywhere else offices.filter(code__in=powers.offices))


def office_names(*, on: date) -> dict[str, str]:
    """Office code -> name in the reader's language."""
    return {office.code: in_language(office) for office in Office.objects.on(on)}
