"""Who gets to the pages of change sets: for anybody but the officers of the tariff they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.requests import person
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors.rights import Rights, may_see_change_sets, rights_of

View = Callable[..., HttpResponseBase]


def rights(request: HttpRequest, change_set: ChangeSet | None = None) -> Rights:
    """What the reader may do."""
    return rights_of(person(request), on=timezone.localdate(), change_set=change_set)


def readers_only(view: View) -> View:
    """For those who make, approve or audit the tariff."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_change_sets(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def makers_only(view: View) -> View:
    """For tariff officers."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rights(request).make:
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def workers_only(view: View) -> View:
    """For tariff officers and approving officers: those who move a set on."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rights(request).publish:
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def set_or_404(pk: int) -> ChangeSet:
    """The change set of an address."""
    found = reads.change_set(pk)
    if found is None:
        raise Http404
    return found


def row_or_404(change_set: ChangeSet, place: int) -> ChangeRow:
    """The row of an address."""
    found = reads.change_row(change_set, place)
    if found is None:
        raise Http404
    return found


def number_in(text: str) -> int:
    """A whole number of a form or an address; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
