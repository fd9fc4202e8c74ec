"""Which declarations a browser has opened: a signed cookie remembers their keys. Nobody signs in, nothing times out."""

import uuid
from typing import TypeVar

from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponseBase

from passengers.models import TravelDeclaration

COOKIE, SALT = "travel", "passengers"
KIOSK = "travel_kiosk"  # this browser stands at a post: it keeps nothing of anybody
PAYING = "passengers.paying"
MOST = 8
HALF_A_YEAR, QUARTER_OF_AN_HOUR = 182 * 24 * 60 * 60, 15 * 60
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


def link_to_pay(declaration: TravelDeclaration) -> str:
    """The text by which anybody may pay the declaration, and see no more of it than its number and sum."""
    return dumps(declaration.public_id.hex, salt=PAYING)


def to_be_paid_by(link: str) -> TravelDeclaration | None:
    """The declaration of such a text, sent at least once; none for any other text."""
    try:
        key = uuid.UUID(loads(link, salt=PAYING))
    except (BadSignature, ValueError):
        return None
    found: TravelDeclaration | None = TravelDeclaration.objects.filter(public_id=key, version__gt=0).first()
    return found


def remember(response: R, request: HttpRequest, declaration: TravelDeclaration) -> R:
    """`response`, with the declaration among those that the browser has opened."""
    key = declaration.public_id.hex
    keys = [key, *(other for other in opened_keys(request) if other != key)][:MOST]
    response.set_signed_cookie(
        COOKIE,
        " ".join(keys[:1] if request.COOKIES.get(KIOSK) else keys),
        salt=SALT,
        max_age=QUARTER_OF_AN_HOUR if request.COOKIES.get(KIOSK) else HALF_A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    return response
