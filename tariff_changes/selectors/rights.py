"""Who may see and do what with change sets. For those who may see none they do not exist."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Role, User
from accounts.selectors import has_role
from tariff_changes.models import ChangeSet
from tariff_changes.selectors.history import took_part_in

READERS = (Role.TARIFF, Role.APPROVING, Role.AUDITOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do with a change set. Whoever took part in it does not approve it."""

    make: bool
    approve: bool
    took_part: bool = False

    @property
    def judge(self) -> bool:
        return self.approve and not self.took_part

    @property
    def publish(self) -> bool:
        return self.make or self.approve


def may_see_change_sets(user: User, *, on: date) -> bool:
    """Whether change sets exist for the person: those who make, approve or audit the tariff."""
    return has_role(user, *READERS, on=on)


def rights_of(user: User, *, on: date, change_set: ChangeSet | None = None) -> Rights:
    """What `user` may do on the day, and with this set."""
    return Rights(
        make=has_role(user, Role.TARIFF, on=on),
        approve=has_role(user, Role.APPROVING, on=on),
        took_part=change_set is not None and took_part_in(change_set, user),
    )
