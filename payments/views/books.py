"""The books for treasury and auditors: entries, one entry down to what explains it, and the check of all of them."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.requests import person
from payments import selectors, services
from payments.forms import EntriesForm
from payments.models import Entry
from payments.views.gate import books_or_404

_A_PAGE = 25
_LOOK_AGAIN_SECONDS = 3
FAULTS = {
    "entry": _("does not balance"),
    "balance": _("the balance is not the sum of its postings; differs by"),
    "reserve": _("what is held is not what guarantees hold; differs by"),
    "bank": _("the bank told another sum than was booked"),
    "paid": _("the payments say another sum than was booked"),
    "day": _("a closed day has changed"),
}


@login_required
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """Entries of the ledger, searched and filtered."""
    books_or_404(request)
    form = EntriesForm(request.GET)
    filters = chosen_entries(form)
    context = {
        "form": form,
        "filtered": any(filters.values()),
        "page": Paginator(selectors.all_entries(**filters), _A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "payments/treasury/entries.html", context)


def chosen_entries(form: EntriesForm) -> dict[str, Any]:
    """What the form asks of `all_entries`."""
    form.is_valid()
    asked = form.cleaned_data
    first: datetime | None = selectors.bounds(asked["first"])[0] if asked.get("first") else None
    before: datetime | None = selectors.bounds(asked["last"])[1] if asked.get("last") else None
    return {"search": asked.get("q", ""), "kind": asked.get("kind", ""), "first": first, "before": before}


@login_required
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: postings, charge, formula, payment, the bank's entry and its place in the file."""
    books_or_404(request)
    try:
        explained = selectors.entry_explained(pk)
    except Entry.DoesNotExist as missing:
        raise Http404 from missing
    declaration = explained.entry.declaration
    beside = selectors.money_of(declaration.mrn).exclude(pk=pk)[:_A_PAGE] if declaration else []
    context = {
        "explained": explained,
        "entry": explained.entry,
        "beside": beside,
        "sees_files": Role.AUDITOR in person(request).held_roles,
    }
    return render(request, "payments/treasury/entry.html", context)


@login_required
@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """How the books were checked and what was found; while a check is under way the page looks again."""
    books_or_404(request)
    checks = selectors.last_books_checks()
    running = any(check.finished_at is None for check in checks)
    context = {
        "checks": checks,
        "shown": next((check for check in checks if check.finished_at), None),
        "running": running,
        "last": selectors.last_closed(),
        "words": FAULTS,
    }
    answer = render(request, "payments/treasury/books.html", context)
    if running:
        answer["Refresh"] = str(_LOOK_AGAIN_SECONDS)
    return answer


@login_required
@require_POST
def check_books(request: HttpRequest) -> HttpResponse:
    """Have the worker read the whole ledger. Auditors may: it changes nothing."""
    books_or_404(request)
    services.ask_books_check(by=person(request), at=timezone.now())
    return redirect("books")
