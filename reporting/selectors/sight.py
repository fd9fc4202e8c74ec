"""Who sees which figures: one's own, those of one's offices, all of them; and who may set targets where."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Office, OfficerRole, Role, User

WORKS_ON_FILES = frozenset({Role.DOCUMENTARY, Role.EXAMINING, Role.SUPERVISOR})
SEE_OFFICES = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ANALYST, Role.DIRECTOR})
SEE_EVERYTHING = frozenset({Role.DIRECTOR, Role.AUDITOR})
SET_TARGETS = frozenset({Role.SUPERVISOR, Role.DIRECTOR})


@dataclass(frozen=True)
class Sight:
    """Roles of a person on a day, each with the code of its office (None: the whole country)."""

    roles: frozenset[tuple[str, str | None]]

    def _offices(self, roles: frozenset[Role]) -> frozenset[str | None]:
        return frozenset(office for role, office in self.roles if role in roles)

    @property
    def works_on_files(self) -> bool:
        """Whether there are own figures to look at."""
        return bool(self._offices(WORKS_ON_FILES))

    @property
    def sees_offices(self) -> bool:
        return bool(self._offices(SEE_OFFICES))

    @property
    def sees_everything(self) -> bool:
        """The director's page: money and selection as well, the country as a whole."""
        return bool(self._offices(SEE_EVERYTHING))

    @property
    def offices(self) -> frozenset[str] | None:
        """Codes of the offices whose figures are seen; None: all, and the country."""
        seen = self._offices(SEE_OFFICES)
        return None if None in seen else frozenset(code for code in seen if code is not None)

    @property
    def sets_targets(self) -> bool:
        return bool(self._offices(SET_TARGETS))

    def sets_in(self, office_code: str) -> bool:
        """Whether the person may set the target of the office; an empty code is the whole country."""
        places = self._offices(SET_TARGETS)
        return None in places or (bool(office_code) and office_code in places)


def sight_of(user: User, *, on: date) -> Sight:
    """What `user` sees of figures on the day; nothing for a trader."""
    held = OfficerRole.objects.on(on).filter(user_id=user.pk, role__in=sorted(WORKS_ON_FILES | SEE_OFFICES))
    return Sight(frozenset(held.values_list("role", "office__code")))


def all_offices(*, on: date) -> list[Office]:
    """Every office that is open, by code; release times are published of each."""
    return list(Office.objects.on(on))


def offices_of(sight: Sight, *, on: date) -> list[Office]:
    """The offices whose figures the person sees, by code."""
    offices = Office.objects.on(on)
    return list(offices if sight.offices is None else offices.filter(code__in=sight.offices))
