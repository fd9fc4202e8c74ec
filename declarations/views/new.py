"""How a draft begins: a new one with all that is known filled in, a copy of an earlier one, an uploaded file."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from declarations import selectors, services
from declarations.forms import begin, sections
from declarations.models import StoredFile
from declarations.views.begun import opened
from declarations.views.gate import draft_of, seen_by, signed_in
from declarations.views.page import read
from declarations.views.review import fault_of
from lib.violations import Violation

EARLIER_TO_CHOOSE_FROM = 8


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """For whom, and what for; everything that is known is filled in."""
    on = timezone.localdate()
    choices = begin.clients_of(person(request), on=on)
    form = begin.BeginForm(request.POST or None, clients=choices, on=on)
    if request.method == "POST" and form.is_valid():
        client, procedure = form.client(), form.chosen_procedure()
        last = begin.last_like(person(request), client, procedure, on=on)
        data = begin.known(client, procedure, last=last, on=on)
        draft = services.create_draft(declarant=client.declarant, by=person(request), at=timezone.now(), data=data)
        return redirect("declaration_section", draft.public_id, "procedure")
    earlier = selectors.visible_to(person(request), on=on).current().select_related("trader", "declarant")
    known = selectors.templates_of(person(request), on=on)
    context = {
        "form": form,
        "clients": choices,
        "earlier": earlier[:EARLIER_TO_CHOOSE_FROM],
        "templates": known.order_by(*selectors.MOST_USED_TEMPLATES)[:EARLIER_TO_CHOOSE_FROM],
    }
    return render(request, "declarations/new.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def copy(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A new draft with what holds of an earlier declaration; then the page that says what does not."""
    earlier, on = seen_by(request, key), timezone.localdate()
    own = selectors.declarants_of(person(request), on=on)
    if not own:
        raise Http404
    declarant = earlier.declarant if earlier.declarant in own else own[0]
    draft = services.copy(earlier, declarant=declarant, by=person(request), at=timezone.now())
    messages.success(request, _("Copied from %(earlier)s. Check dates, papers and quantities.") % {"earlier": earlier})
    return opened(request, draft)


@signed_in
@require_GET
def uploaded(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What became of an uploaded file: elements kept without a box, texts that could not be read."""
    sheet = read(draft_of(request, key), on=timezone.localdate())
    unreadable = [
        (fault_of(sheet, Violation("", pointer, "")), text) for pointer, text in sheet.declaration.held.items()
    ]
    files = selectors.files_of(sheet.declaration).filter(kind=StoredFile.Kind.XML)
    context = {
        "declaration": sheet.declaration,
        "draft": sheet.draft,
        "kept": sheet.declaration.kept,
        "unreadable": unreadable,
        "files": files,
        "faults": len(sheet.faults),
        "sections": sections.SECTIONS,
    }
    return render(request, "declarations/uploaded.html", context)
