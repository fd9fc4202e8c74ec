"""The way in: who asks, the traveller through the one judge of who sees whom, and a stranger's 404."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.requests import person
from border import selectors
from border.models import GoodsAside
from border.selectors import BorderPowers
from passengers.models import TravelDeclaration

View = Callable[..., Any]


def officers_only(view: View) -> View:
    """For those who see travellers; for anybody else the page does not exist. Nothing of it is kept on the way."""

    @wraps(view)
    @never_cache
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not powers(request).sees_travellers:
            raise Http404
        return view(request, *args, **kwargs)  # type: ignore[no-any-return]

    return login_required(answer)


def powers(request: HttpRequest) -> BorderPowers:
    return selectors.border_powers(person(request), on=timezone.localdate())


def traveller_of(request: HttpRequest, key: uuid.UUID) -> TravelDeclaration:
    """The declaration, for those who may see it. Raises Http404 for anybody else."""
    try:
        return selectors.traveller_for(person(request), key, on=timezone.localdate(), at=timezone.now())
    except TravelDeclaration.DoesNotExist as missing:
        raise Http404 from missing


def traveller_to_act_on(request: HttpRequest, key: uuid.UUID) -> TravelDeclaration:
    """The same, for those who may act on it."""
    found = traveller_of(request, key)
    if not selectors.may_act_on(person(request), found, on=timezone.localdate()):
        raise Http404
    return found


def aside_in(request: HttpRequest, key: int) -> GoodsAside:
    """Goods set aside, for those who may see their traveller. Raises Http404 for anybody else."""
    try:
        return selectors.aside_for(person(request), on=timezone.localdate(), at=timezone.now()).get(pk=key)
    except GoodsAside.DoesNotExist as missing:
        raise Http404 from missing
