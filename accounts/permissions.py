"""What an officer may do in the admin: it follows from the roles held today, not from permissions given one by one."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import WATCHERS, Role

# Apps whose tables a role may see and change; the admin classes themselves close what nobody may change there.
OPEN_TO = {
    Role.ADMIN: {"accounts", "traders", "tariffs", "tariff_lookup", "risk", "account", "mfa", "axes"},
    Role.TARIFF: {"tariffs", "tariff_lookup"},
    Role.APPROVING: {"tariffs", "tariff_lookup"},
}
STAFF_ROLES = frozenset({*OPEN_TO, *WATCHERS})


class RolePermissions(BaseBackend):
    """Logs nobody in. `user.held_roles` was set by the middleware; outside a request nobody holds a role."""

    def has_perm(self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Any = None) -> bool:
        """Whether one of the roles opens the app, or the reader is one who only looks."""
        roles: frozenset[str] = getattr(user_obj, "held_roles", frozenset())
        app, _, action = perm.partition(".")
        opened = any(role in roles and app in apps for role, apps in OPEN_TO.items())
        return opened or (not roles.isdisjoint(WATCHERS) and action.startswith("view_"))

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        """Whether anything of the app may be seen."""
        return self.has_perm(user_obj, f"{app_label}.view_")
