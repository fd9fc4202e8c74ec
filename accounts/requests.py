"""Who asks, or tries to sign in: for views behind a login, the machine door behind a token, and the guard of logins."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request

from accounts.models import User


class SignedInRequest(HttpRequest):
    user: User


def person(request: HttpRequest | Request) -> User:
    """Who asks; the door has let in nobody without a name."""
    assert isinstance(request.user, User)
    return request.user


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The address, in lower case, that a failed login counts against, from the credentials or from the login form."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    return given.strip().lower()


# Known devices ------------------------------------------------------------------------------------------------
DEVICE = "device"
_DEVICE_AGE = 180 * 24 * 60 * 60
_PEOPLE_OF_A_DEVICE = 5
WRONG_AT_A_DEVICE = 10
PAUSE_SECONDS = 15 * 60
R = TypeVar("R", bound=HttpResponseBase)


@dataclass(frozen=True)
class Device:
    """A browser, and the people who have signed in with it: a signed cookie, nothing in a table."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    people: list[int] = field(default_factory=list)


def device_of(request: HttpRequest) -> Device:
    """The device that asks; a new one without people if the cookie is missing, old or not ours."""
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(DEVICE, ""), salt=DEVICE, max_age=_DEVICE_AGE)
        return Device(name=kept["name"], people=kept["people"])
    except (signing.BadSignature, KeyError, TypeError):
        return Device()


def remember_device(request: HttpRequest, response: R, user: User) -> R:
    """From now on the browser is known to be one of this person's."""
    device = device_of(request)
    people = [user.pk, *(pk for pk in device.people if pk != user.pk)][:_PEOPLE_OF_A_DEVICE]
    content = signing.dumps(asdict(Device(device.name, people)), salt=DEVICE)
    secure = bool(settings.SESSION_COOKIE_SECURE)
    response.set_cookie(DEVICE, content, max_age=_DEVICE_AGE, httponly=True, samesite="Lax", secure=secure)
    return response


def is_known_device(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> bool:
    """Whether the person signed in here before, and has not typed too many wrong passwords here since.

    Such a device is let through while others are paused: who is attacked from elsewhere goes on working.
    """
    device = device_of(request)
    if not device.people:
        return False
    person_ = User.objects.filter(email__iexact=login_name(request, credentials)).first()
    known = person_ is not None and person_.pk in device.people
    return known and int(cache.get(wrong_at(device), 0)) < WRONG_AT_A_DEVICE


def wrong_at(device: Device) -> str:
    """Under which key wrong passwords at a device are counted."""
    return f"wrong:{device.name}"
