"""Goods that do not go on: the list by the end of their term, what becomes of them, the receipt."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import person
from border import forms, selectors, services
from border.models import GoodsAside
from border.views.gate import aside_in, officers_only, powers
from lib.languages import in_language
from lib.papers import print_pdf
from lib.violations import Rejected
from passengers.requests import opened
from tariffs.selectors import territory

BACK = GoodsAside.Status.GIVEN_BACK


@officers_only
@require_safe
def aside(request: HttpRequest) -> HttpResponse:
    """What waits at the officer's posts, the nearest end first; with `?all=1` what was decided too."""
    on = timezone.localdate()
    rows = selectors.aside_for(person(request), on=on, at=timezone.now())
    everything = bool(request.GET.get("all"))
    held = rows if everything else rows.filter(status=GoodsAside.Status.HELD)
    context = {
        "tab": "aside",
        "clock": [(selectors.Clock(row, on=on), services.storage_of(row, on=on)) for row in held[:200]],
        "everything": everything,
        "deciding": forms.EndForm(),
        "powers": powers(request),
        "today": on,
    }
    return render(request, "border/aside.html", context)


@officers_only
@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Given back, sent back, retained or handed over."""
    found, form = _acting_on(request, key), forms.EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what becomes of them and give the reason."))
        return redirect("goods_aside")
    end = GoodsAside.Status(form.cleaned_data["end"])
    reason = form.cleaned_data["reason"]
    return _done(
        request, lambda **when: services.decide_aside(found, end=end, reason=reason, **when), waits=end == BACK
    )


@officers_only
@require_POST
def remind(request: HttpRequest, key: int) -> HttpResponse:
    """The traveller was told of the end of the term."""
    found = _acting_on(request, key)
    return _done(request, lambda **when: services.remind_of_aside(found, **when))


def _acting_on(request: HttpRequest, key: int) -> GoodsAside:
    found = aside_in(request, key)
    if not powers(request).acts_at(found.post):
        raise Http404
    return found


def _done(request: HttpRequest, verb: Any, *, waits: bool = False) -> HttpResponse:
    """`waits`: goods that are still there afterwards wait for the fee of storage."""
    try:
        done = verb(by=person(request), at=timezone.now(), on=timezone.localdate())
    except Rejected as refused:
        for fault in refused.violations:
            messages.error(request, fault.sentence)
    else:
        if waits and done.status == GoodsAside.Status.HELD:
            messages.warning(
                request, _("Storage is charged: the traveller pays it with the code, then give them back.")
            )
        else:
            messages.success(request, _("Written down."))
    return redirect("goods_aside")


@officers_only
@require_safe
def aside_receipt(request: HttpRequest, key: int) -> HttpResponse:
    """The receipt for goods set aside, in the traveller's language."""
    return _printed(aside_in(request, key))


@require_safe
def kept(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The same for the traveller whose browser has opened the declaration: the newest receipt."""
    declaration = opened(request, key)
    rows = selectors.aside_of(declaration) if declaration else []
    if not rows:
        raise Http404
    return _printed(rows[-1])


def _printed(found: GoodsAside) -> HttpResponse:
    with translation.override(found.declaration.language):
        context = {
            "aside": found,
            "declaration": found.declaration,
            "names": selectors.names_of(found.declaration),
            "post": selectors.office_name(found.post, on=timezone.localdate()),
            "territory": in_language(territory()),
        }
        content = print_pdf("papers/goods_aside.html", context)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
