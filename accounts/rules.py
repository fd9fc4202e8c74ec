"""Which roles one person may not hold together, and who may be given a role at all (see docs/adr/0026)."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import OfficerRole, Role, User
from accounts.selectors import has_verified
from lib.violations import Violation

_RELEASE = frozenset({Role.DOCUMENTARY, Role.EXAMINING, Role.SUPERVISOR})
_MONEY = frozenset({Role.CASHIER, Role.TREASURY})
_ALL = frozenset(Role)
# Each pair of sets: no role of the one beside a role of the other, wherever in the country.
APART: tuple[tuple[frozenset[Role], frozenset[Role]], ...] = (
    (frozenset({Role.ADMIN}), _ALL - {Role.ADMIN}),  # who hands out roles uses none of them
    (frozenset({Role.AUDITOR}), _ALL - {Role.AUDITOR}),  # who looks at the work of others has no hand in it
    (_RELEASE, _MONEY),  # who lets goods go books no money for them
    (frozenset({Role.CASHIER}), frozenset({Role.TREASURY})),  # who takes money in sets no limits and corrects no books
    (frozenset({Role.ANALYST}), _RELEASE),  # who decides what is looked at does not do the looking
)


def apart(one: str, other: str) -> bool:
    """Whether one person may not hold both roles at a time."""
    return any((one in left and other in right) or (other in left and one in right) for left, right in APART)


def faults_of_role(user: User, *, role: Role, on: date) -> Iterator[Violation]:
    """What forbids that `user` is given `role`: A010 it stands against a role held, A011 the account is closed,
    A017 the address is not verified.
    """
    held = OfficerRole.objects.on(on).filter(user=user).values_list("role", flat=True).distinct()
    for other in sorted(held):
        if apart(role, other):
            sentence = _("%(person)s is %(held)s. One person may not be %(role)s as well. End that role first.")
            names = {"person": user, "held": Role(other).label, "role": role.label}
            yield Violation("A010", "role", sentence % names)
    if not has_verified(user, user.email):
        yield Violation("A017", "user", _("This person has not yet confirmed the e-mail address."))
    if not user.is_active:
        yield Violation("A011", "user", _("This account is closed. Open it first."))
