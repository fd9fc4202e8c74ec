"""Who may see change sets: those who make, approve or audit the tariff. For anybody else they do not exist."""

from datetime import date

from accounts.models import Role, User
from accounts.selectors import has_role

READERS = (Role.TARIFF, Role.APPROVING, Role.AUDITOR, Role.ADMIN)


def may_see_change_sets(user: User, *, on: date) -> bool:
    """Whether change sets exist for the person."""
    return has_role(user, *READERS, on=on)
