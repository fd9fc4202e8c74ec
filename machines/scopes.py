"""What a client of OAuth 2 may ask for: the scopes that its program's rights cover."""

from typing import Any

from django.utils import timezone
from oauth2_provider.scopes import BaseScopes

from machines.kinds import Scope
from machines.models import Program
from machines.services.programs import scopes_of


class ProgramScopes(BaseScopes):  # type: ignore[misc]
    """The library asks here, by the setting SCOPES_BACKEND_CLASS."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope.value: str(scope.label) for scope in Scope}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        program = Program.objects.filter(user=getattr(application, "user_id", None), ended_at__isnull=True).first()
        return [scope.value for scope in scopes_of(program, on=timezone.localdate())] if program else []

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application)
