"""A kiosk at the post: large, the language first, and nobody finds there what the one before has typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from passengers.requests import COOKIE, KIOSK

YEAR = 365 * 24 * 60 * 60


@require_safe
@never_cache
def kiosk(request: HttpRequest) -> HttpResponse:
    """The first page: choose a language. Whatever was open is closed; its code opens it again on any phone."""
    response = render(request, "passengers/kiosk.html", {"is_kiosk": bool(request.COOKIES.get(KIOSK))})
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_POST
def kiosk_switch(request: HttpRequest) -> HttpResponse:
    """This browser becomes a kiosk, or a browser as any other."""
    response = redirect("travel_kiosk")
    if request.POST.get("on"):
        response.set_cookie(KIOSK, "1", max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        response.delete_cookie(KIOSK, samesite="Lax")
    return response
