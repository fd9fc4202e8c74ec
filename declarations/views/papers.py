"""Papers and files of a declaration, each through the access gate."""

import uuid
from time import monotonic, sleep

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.requests import person
from declarations import sad_xml, services
from declarations.forms import begin
from declarations.models import FileView, PrintedPaper
from declarations.selectors.stock_accounts import stock_offered
from declarations.services import papers as printing
from declarations.views.gate import seen_by, signed_in
from declarations.views.viewer import file_of, kept_back
from tariffs import selectors as tariff

SHOWN_IN_THE_BROWSER = frozenset({"application/pdf", "image/png", "image/jpeg"})
LISTS = frozenset(
    {
        "country", "currency", "unit", "package_kind", "delivery_term", "transport_mode", "document_type", "procedure",
        "national_procedure", "office", "valuation_method", "working_mode",
    }
)  # fmt: skip
STOCK = "stock"
LIST_SECONDS = 600
LOOK_AGAIN_SECONDS = 3
WAIT_SECONDS, LOOK_SECONDS = (0.0 if settings.TESTING else 2.5), 0.1


@signed_in
@require_GET
def paper(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponseBase:
    """The SAD, or the assessment notice of what is assessed, as PDF, when the worker has printed it.

    A usual one is there in a moment, for which the answer waits; a draft's is printed here.
    """
    declaration = seen_by(request, key)
    if not printing.exists(declaration, kind):
        raise Http404
    name = f"{kind}-{declaration.mrn or declaration.public_id}.pdf"
    small = printing.is_small(declaration)
    if small and printing.is_own(declaration):
        answer = HttpResponse(printing.print_now(declaration, kind), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        return answer
    asked = printing.ask(declaration, kind, language=get_language() or "en", at=timezone.now())
    if small:
        _wait_for(asked)
    if asked.file:
        return FileResponse(asked.file.open("rb"), filename=name, content_type="application/pdf")
    context = {"declaration": declaration, "paper": asked, "progress": printing.progress_of(asked), "small": small}
    waiting = render(request, "declarations/paper_in_print.html", context, status=202)
    waiting["Refresh"] = str(1 if small else LOOK_AGAIN_SECONDS)
    return waiting


def _wait_for(asked: PrintedPaper) -> None:
    """Return when the paper is printed, or has taken longer than a usual one."""
    until = monotonic() + WAIT_SECONDS
    while not asked.file and monotonic() < until:
        sleep(LOOK_SECONDS)
        asked.refresh_from_db(fields=["file"])


@signed_in
@require_GET
def xml(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The declaration as an ASYCUDA World file."""
    declaration = seen_by(request, key)
    content = sad_xml.build(declaration, on=declaration.tax_date or timezone.localdate())
    answer = HttpResponse(content, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{declaration.mrn or declaration.public_id}.xml"'
    return answer


@signed_in
@require_GET
def file(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """A stored file. Only what cannot run a script is shown in the browser; the rest is saved to disk."""
    stored = file_of(request, key)
    if not stored.is_handed_out:
        return kept_back(request, stored)
    services.note_look(stored, what=FileView.What.CONTENT, by=person(request), at=timezone.now())
    answer = FileResponse(
        stored.file.open("rb"),
        filename=stored.name,
        content_type=stored.content_type,
        as_attachment=stored.content_type not in SHOWN_IN_THE_BROWSER,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@signed_in
@require_GET
def codes(request: HttpRequest, name: str) -> HttpResponse:
    """A code list in the reader's language, for the pickers; `stock` is what box 40 may name, as of this moment."""
    if name == STOCK:
        return _stock(request)
    if name not in LISTS:
        raise Http404
    listed = tariff.code_list(name, on=timezone.localdate())
    answer = JsonResponse({"codes": [[code, meaning] for code, meaning in listed.items()]})
    patch_cache_control(answer, private=True, max_age=LIST_SECONDS)
    return answer


def _stock(request: HttpRequest) -> HttpResponse:
    """Stock of the reader's companies and of those they file for, by number, with what is left."""
    on = timezone.localdate()
    companies = {client.principal for client in begin.clients_of(person(request), on=on)}
    rows = stock_offered(companies, on=on)
    answer = JsonResponse({"codes": [[row.box_40, begin.stock_in_words(row)] for row in rows]})
    patch_cache_control(answer, private=True, no_store=True)
    return answer
