"""Who gets a declaration: the browser that began or resumed it. Anybody else is told that there is none."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from passengers.models import TravelDeclaration
from passengers.requests import opened
from passengers.services import is_open

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, TravelDeclaration, P], HttpResponse]


def with_declaration(view: View[P]) -> Callable[..., HttpResponse]:
    """The view gets the declaration; a stranger gets 404."""

    @wraps(view)
    @never_cache
    def answer(request: HttpRequest, *args: Any, key: uuid.UUID, **kwargs: Any) -> HttpResponse:
        found = opened(request, key)
        if found is None:
            raise Http404
        return view(request, found, *args, **kwargs)

    return answer


def while_open(view: View[P]) -> Callable[..., HttpResponse]:
    """As `with_declaration`; once it is presented, every page of it leads to what stands."""

    @wraps(view)
    def answer(request: HttpRequest, declaration: TravelDeclaration, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_open(declaration):
            return redirect("travel_standing", key=declaration.public_id)
        return view(request, declaration, *args, **kwargs)

    return with_declaration(answer)
