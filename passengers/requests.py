"""Which declarations a browser has opened: a signed cookie remembers their keys. Nobody signs in, nothing times out."""

import uuid
from typing import TypeVar

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponseBase

from passengers.models import TravelDeclaration

COOKIE, SALT = "travel", "passengers"
MOST = 8
HALF_A_YEAR = 182 * 24 * 60 * 60
R = TypeVar("R", bound=HttpResponseBase)


def opened_keys(request: HttpRequest) -> list[str]:
    """Keys of the declarations that this browser has begun or resumed, the latest first."""
    try:
        value = request.get_signed_cookie(COOKIE, salt=SALT, max_age=HALF_A_YEAR)
    except (KeyError, BadSignature):
        return []
    return value.split() if value else []


def opened(request: HttpRequest, key: uuid.UUID) -> TravelDeclaration | None:
    """The declaration with this key if this browser has opened it; else none, whether there is one or not."""
    if key.hex not in opened_keys(request):
        return None
    found: TravelDeclaration | None = TravelDeclaration.objects.filter(public_id=key).first()
    return found


def remember(response: R, request: HttpRequest, declaration: TravelDeclaration) -> R:
    """`response`, with the declaration among those that the browser has opened."""
    key = declaration.public_id.hex
    keys = [key, *(other for other in opened_keys(request) if other != key)][:MOST]
    response.set_signed_cookie(
        COOKIE,
        " ".join(keys),
        salt=SALT,
        max_age=HALF_A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    return response
