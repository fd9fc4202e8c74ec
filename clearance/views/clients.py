"""The broker's desk: all clients with what is due for each, what is due first, and both to take away."""

from collections.abc import Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import person
from clearance.selectors.clients import Client, DueThing, client_companies, clients_of, due_first
from lib.figures import plain
from lib.table_answers import table_answer

ROWS = 50
Cells = Iterator[Sequence[object]]


@login_required
@require_GET
def clients(request: HttpRequest) -> HttpResponse:
    """Every client and what is due; with `client` one of them."""
    user, today = person(request), timezone.localdate()
    only = _only(request)
    found = clients_of(user, on=today, only=only)
    things = due_first(found, on=today)
    context = {
        "clients": found,
        "companies": client_companies(user, on=today),
        "only": only,
        "page": Paginator(things, ROWS).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "clearance/clients.html", context)


@login_required
@require_GET
def clients_table(request: HttpRequest, table: str, kind: str) -> HttpResponseBase:
    """One of the two tables of the page."""
    today = timezone.localdate()
    found = clients_of(person(request), on=today, only=_only(request))
    if table == "clients":
        return table_answer(_clients(found), name="clients", kind=kind)
    if table == "due":
        return table_answer(_due(due_first(found, on=today)), name="due", kind=kind)
    raise Http404


def _only(request: HttpRequest) -> str:
    return request.GET.get("client", "")[:20]


def _clients(rows: Sequence[Client]) -> Cells:
    yield (
        "client", "tin", "mandate_ends", "drafts", "questions", "answer_by", "to_pay", "amount", "examinations",
        "on_the_way", "terms_ending", "you_may_pay", "client_pays_itself", "payers",
    )  # fmt: skip
    for row in rows:
        yield (
            row.company.name, row.company.tin, row.until or "", row.drafts, row.questions, row.answer_by or "",
            row.to_pay, plain(row.amount, least=2), row.examinations, row.moving, row.ending, row.may_pay,
            row.pays_itself, "; ".join(row.payers),
        )  # fmt: skip


def _due(rows: Sequence[DueThing]) -> Cells:
    yield ("due", "client", "tin", "kind", "mrn", "lrn", "amount", "about")
    for row in rows:
        about = row.declaration
        yield (
            row.day or "", row.client.name, row.client.tin, row.kind, about.mrn if about else "",
            about.lrn if about else "", "" if row.amount is None else plain(row.amount, least=2), row.what,
        )  # fmt: skip
