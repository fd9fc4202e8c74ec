"""The officer's queue: its page, the columns and views that are kept, and the file that comes after a decision."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from clearance import forms, selectors, services
from clearance.models import Case
from clearance.selectors import Powers, Wanted
from clearance.views.gate import CappedPaginator, powers_or_404
from lib.violations import Rejected

FILES = 20
REMEMBERED = "queue_filters"


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Files that wait for an officer. Filters stay: an address without any takes those of the last visit."""
    if not request.GET and request.session.get(REMEMBERED):
        powers_or_404(request)
        return redirect(_address(request.session[REMEMBERED]))
    return show(request)


def show(request: HttpRequest, refused: dict[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The queue's page; `refused` holds the form that a verb refused, by the name it has on the page."""
    powers = powers_or_404(request)
    form = filters(request, request.GET, powers)
    now, by = timezone.now(), person(request)
    chosen = form.chosen() if form.is_valid() else {}
    if request.GET and form.is_valid():
        request.session[REMEMBERED] = chosen
    rows = selectors.queue(powers, form.wanted(), by=by, at=now) if form.is_valid() else Case.objects.none()
    choice = selectors.choice_of(by)
    columns = selectors.columns_of(choice)
    page = CappedPaginator(rows, FILES).get_page(request.GET.get("page"))
    shows_reasons = any(column.code == "reasons" for column in columns)
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "now": now,
        "powers": powers,
        "reasons": selectors.short_reasons(page.object_list) if shows_reasons else {},
        "filtered": bool(chosen) or not form.is_valid(),
        "chosen": chosen,
        "board": selectors.board_of(powers, by=by, at=now),
        "columns": columns,
        "choice": choice,
        "views": [(view, _address(view.filters)) for view in selectors.views_of(by)],
        "arranging": forms.DeskForm(initial={"columns": choice.columns, "uses_keys": choice.uses_keys}),
        "keeping": forms.ViewForm(prefix="view"),
        "staff": list(selectors.staff_of(powers, on=timezone.localdate())) if powers.supervises else [],
    }
    return render(request, "clearance/queue.html", context | (refused or {}), status=422 if refused else 200)


@login_required
@require_POST
def claim_next(request: HttpRequest) -> HttpResponse:
    """Claim the next free file that fits the filters."""
    powers = powers_or_404(request)
    form = filters(request, request.POST, powers)
    if not form.is_valid():
        messages.error(request, _("The filters cannot be read. Choose them anew."))
        return redirect("queue")
    found = services.claim_next(form.wanted(), by=person(request), at=timezone.now())
    if found is None:
        messages.info(request, _("No free file fits these filters. All are held, decided or waiting for the trader."))
        return redirect("queue")
    return redirect("case", key=found.declaration.public_id)


@login_required
@require_POST
def next_file(request: HttpRequest) -> HttpResponse:
    """Open the next file without a decision on the present one, which the form names."""
    try:
        present = uuid.UUID(request.POST.get("but", ""))
    except ValueError:
        present = None
    return go_on(request, but=present)


def go_on(request: HttpRequest, *, but: uuid.UUID | None = None) -> HttpResponse:
    """After a decision: the next file opens, of those the officer holds or a free one that fits the last filters."""
    powers = powers_or_404(request)
    form = filters(request, request.session.get(REMEMBERED, {}), powers)
    wanted = form.wanted() if form.is_valid() else Wanted()
    found = selectors.next_to_open(powers, wanted, by=person(request), at=timezone.now(), but=but)
    if found is None:
        messages.info(request, _("Nothing more waits for you here."))
        return redirect("queue")
    return redirect("case", key=found.declaration.public_id)


@login_required
@require_POST
def arrange(request: HttpRequest) -> HttpResponse:
    """Keep which columns the officer sees, and whether one letter is a key."""
    powers_or_404(request)
    form = forms.DeskForm(request.POST)
    if not form.is_valid():
        return show(request, {"arranging": form})
    services.arrange_desk(**form.cleaned_data, by=person(request))
    messages.success(request, _("The queue is arranged as you chose."))
    return redirect("queue")


@login_required
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the last look under a name."""
    powers_or_404(request)
    form = forms.ViewForm(request.POST, prefix="view")
    if form.is_valid():
        kept = request.session.get(REMEMBERED, {})
        try:
            services.keep_view(**form.cleaned_data, filters=kept, by=person(request))
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The view is kept."))
            return redirect("queue")
    return show(request, {"keeping": form})


@login_required
@require_POST
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view of one's own."""
    powers_or_404(request)
    view = next((each for each in selectors.views_of(person(request)) if each.pk == pk), None)
    if view is None:
        raise Http404
    services.forget_view(view)
    messages.success(request, _("The view is deleted."))
    return redirect("queue")


def filters(request: HttpRequest, given: Any, powers: Powers) -> forms.QueueFilter:
    """The filters as asked for."""
    return forms.QueueFilter(given, offices=selectors.offices_seen(powers, on=timezone.localdate()))


def _address(chosen: dict[str, str]) -> str:
    return f"{reverse('queue')}?{urlencode(chosen or {'show': 'all'})}"
