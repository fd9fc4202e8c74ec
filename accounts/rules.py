"""Which roles one person may not hold together, and who may be given a role at all (see docs/adr/0026 and 0058)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import WATCHERS, OfficerRole, Role, User
from accounts.selectors import has_verified
from lib.validity import HOLDS_ON_A_DAY
from lib.violations import Violation

_RELEASE = frozenset({Role.DOCUMENTARY, Role.EXAMINING, Role.SUPERVISOR})
_MONEY = frozenset({Role.CASHIER, Role.TREASURY})
_WATCHES = frozenset(WATCHERS)
_ALL = frozenset(Role)
_BEGUN = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Apart:
    """No role of `one` beside a role of `other`, wherever in the country, in roles given from `since` on."""

    one: frozenset[Role]
    other: frozenset[Role]
    since: date
    reason: Promise

    def stands_between(self, role: str, other: str) -> bool:
        return (role in self.one and other in self.other) or (other in self.one and role in self.other)


# The one table of roles that one person may not hold together. The database keeps the same pairs (0002_triggers).
APART: tuple[Apart, ...] = (
    Apart(frozenset({Role.ADMIN}), _ALL - {Role.ADMIN}, _BEGUN, _("who hands out roles uses none of them")),
    Apart(_WATCHES, _ALL - _WATCHES, _BEGUN, _("who looks at the work of others has no hand in it")),
    Apart(
        frozenset({Role.AUDITOR}),
        frozenset({Role.SECURITY}),
        _BEGUN,
        _("the auditor and internal security look at each other too"),
    ),
    Apart(
        frozenset({Role.DIRECTOR}),
        _RELEASE | _MONEY | {Role.ANALYST, Role.TARIFF},
        _BEGUN,
        _("who answers for the whole service decides no single file, sum or criterion in it"),
    ),
    Apart(_RELEASE, _MONEY, _BEGUN, _("who lets goods go books no money for them")),
    Apart(
        frozenset({Role.CASHIER}),
        frozenset({Role.TREASURY}),
        _BEGUN,
        _("who takes money in sets no limits, decides no refunds and closes no books"),
    ),
    Apart(
        frozenset({Role.TARIFF}),
        frozenset({Role.APPROVING}),
        _BEGUN,
        _("who drafts law does not approve what is drafted"),
    ),
    Apart(frozenset({Role.ANALYST}), _RELEASE, _BEGUN, _("who decides what is looked at does not do the looking")),
)


def apart(one: str, other: str, *, on: date) -> Apart | None:
    """Why one person may not be given both roles on the day; None if both may be held."""
    return next((each for each in APART if each.since <= on and each.stands_between(one, other)), None)


def faults_of_role(user: User, *, role: Role, on: date) -> Iterator[Violation]:
    """What forbids that `user` is given `role`: A010 it stands against a role held, A011 the account is closed,
    A017 the address is not verified.
    """
    held = OfficerRole.objects.on(on).filter(user=user).values_list("role", flat=True).distinct()
    for other in sorted(held):
        if why := apart(role, other, on=on):
            sentence = gettext(
                "%(person)s is %(held)s. One person may not be %(role)s as well: %(reason)s. End that role first."
            )
            names = {"person": user, "held": Role(other).label, "role": role.label, "reason": why.reason}
            yield Violation("A010", "role", sentence % names)
    if not has_verified(user, user.email):
        yield Violation("A017", "user", gettext("This person has not yet confirmed the e-mail address."))
    if not user.is_active:
        yield Violation("A011", "user", gettext("This account is closed. Open it first."))


def faults_of_opening(user: User, *, on: date) -> Iterator[Violation]:
    """What forbids that one administrator opens the closed account of `user`: A019 roles that hold or begin later."""
    held = OfficerRole.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), HOLDS_ON_A_DAY, user=user)
    if roles := ", ".join(str(Role(role).label) for role in sorted({row.role for row in held})):
        sentence = gettext(
            "Whoever opens this account gives these roles by it: %(roles)s. End them first; two administrators give "
            "them anew."
        )
        yield Violation("A019", "is_active", sentence % {"roles": roles})
