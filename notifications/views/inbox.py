"""The inbox: a list, a message that leads to its thing, and what was read."""

from dataclasses import dataclass

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from notifications import selectors, services
from notifications.forms import FilterForm
from notifications.models import Message
from notifications.wording import Said, place_of, said
from tariffs.selectors import national_currency

ROWS = 25


@dataclass(frozen=True)
class Line:
    """A message as a line of the list."""

    message: Message
    words: Said


@login_required
@require_safe
def messages(request: SignedInRequest) -> HttpResponse:
    form = FilterForm(request.GET or None, kinds=selectors.kinds_for(request.user))
    filters = form.filters()
    page = Paginator(selectors.inbox(request.user, filters), ROWS).get_page(request.GET.get("page"))
    national = national_currency()
    lines = [Line(message, said(message, national=national)) for message in page]
    context = {"page": page, "lines": lines, "form": form, "filtered": filters.unread or filters.kind}
    return render(request, "notifications/messages.html", context)


@login_required
@require_safe
def message(request: SignedInRequest, pk: int) -> HttpResponse:
    """On to the thing itself, which asks who may see it; the message is read from now on."""
    found = _mine(request, pk)
    services.read_message(found, at=timezone.now())
    return redirect(place_of(found))


@login_required
@require_POST
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    services.read_message(_mine(request, pk), at=timezone.now())
    return _back(request)


@login_required
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    services.read_all(request.user, at=timezone.now())
    notices.success(request, _("Everything is marked as read."))
    return _back(request)


def _mine(request: SignedInRequest, pk: int) -> Message:
    try:
        return selectors.message_for(request.user, pk)
    except Message.DoesNotExist as missing:
        raise Http404 from missing


def _back(request: SignedInRequest) -> HttpResponse:
    """To the list as it was filtered."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if ours else "messages")
