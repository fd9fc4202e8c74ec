"""Which name a failed login counts against: the e-mail address, in lower case, whatever form it came by."""

from collections.abc import Mapping

from django.http import HttpRequest


def username(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The address that was tried, from the credentials or from the login form."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    return given.strip().lower()
