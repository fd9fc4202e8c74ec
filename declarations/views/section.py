"""The pages of the form, one for each section and one for each item, and the saving of a single field."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from declarations import reading, services
from declarations.boxes import CONTAINER, PREVIOUS, SUPPLIER
from declarations.forms import papers, sections
from declarations.forms.controls import Controls
from declarations.models import Declaration
from declarations.views import rows
from declarations.views.gate import draft_of, signed_in
from declarations.views.page import ALL_BOXES, Sheet, frame, read, remember_check
from declarations.views.review import review_of
from lib.pointers import pointer_to
from lib.violations import Rejected

ITEMS_ON_A_PAGE = 50
PARTS = {
    "transport": (("containers", CONTAINER),),
    "documents": (("previous", PREVIOUS), ("suppliers", SUPPLIER)),
}


@signed_in
@require_GET
def edit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A draft opens on its first section."""
    return redirect("declaration_section", draft_of(request, key).public_id, sections.SECTIONS[0].key)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, key: uuid.UUID, name: str) -> HttpResponse:
    """One section of the form; its POST is the Save button of a browser without script."""
    declaration = draft_of(request, key)
    if name not in sections.BY_KEY:
        raise Http404
    if request.method == "POST":
        return _save_section(request, declaration, name)
    sheet = read(declaration, on=timezone.localdate())
    if name == "review":
        remember_check(request, declaration)
    return render(request, f"declarations/{_template_of(name)}.html", _context_of(request, sheet, name))


def _template_of(name: str) -> str:
    return name if name in ("items", "documents", "review") else "section"


def _context_of(request: HttpRequest, sheet: Sheet, name: str) -> dict[str, Any]:
    context = frame(request, sheet, name)
    controls = sheet.controls(request)
    if name == "items":
        return context | _grid(request, controls)
    if name == "review":
        return context | review_of(request, sheet)
    first, further = sections.boxes_of(sections.BY_KEY[name], sheet.draft)
    context |= _folded(controls.of(first), controls.of(further))
    context["parts"] = _parts_of(name, controls)
    if name == "documents":
        context["papers"] = papers.shown_papers(controls, held=sheet.declaration.held)
        context["new_paper"] = Controls({}, held={}, faults=(), on=sheet.on).of(papers.SHOWN, row={}, prefix="new")
    return context


def _folded(first: list[Any], further: list[Any]) -> dict[str, Any]:
    """A folded box that holds something or is wrong is shown with the first ones."""
    speaking = [c for c in further if c.faults or (c.text and c.text != "false")]
    return {"first": first + speaking, "further": [c for c in further if c not in speaking]}


def _parts_of(name: str, controls: Controls) -> list[dict[str, Any]]:
    return [
        {"name": part, "title": rows.TITLES[part], "boxes": boxes, "rows": list(controls.rows(part, boxes))}
        for part, boxes in PARTS.get(name, ())
    ]


def _grid(request: HttpRequest, controls: Controls) -> dict[str, Any]:
    """The items of one page: 999 are paged, so that a page stays light."""
    items = controls.draft["items"]
    page = Paginator(range(len(items)), ITEMS_ON_A_PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * ITEMS_ON_A_PAGE
    return {
        "columns": sections.GRID,
        "rows": list(controls.rows("items", sections.GRID, start=start, stop=start + ITEMS_ON_A_PAGE)),
        "page": page,
        "totals": rows.totals(controls.draft),
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, key: uuid.UUID, number: int) -> HttpResponse:
    """All boxes of one item, with its papers."""
    declaration = draft_of(request, key)
    if request.method == "POST":
        return _save_section(request, declaration, "items", item=number)
    sheet = read(declaration, on=timezone.localdate())
    if not 1 <= number <= len(sheet.draft["items"]):
        raise Http404
    return render(request, "declarations/item.html", _item_context(request, sheet, number))


def _item_context(request: HttpRequest, sheet: Sheet, number: int) -> dict[str, Any]:
    controls, row, prefix = sheet.controls(request), sheet.draft["items"][number - 1], pointer_to("items", number - 1)
    controls.name_goods(str(row.get("commodity_code") or ""))
    groups = [
        {"title": title} | _folded(*(controls.of(boxes, row=row, prefix=prefix) for boxes in (first, rest)))
        for title, first, rest in sections.item_boxes(sheet.draft, row)
    ]
    documents = [
        (
            pointer_to(prefix, "documents", place),
            controls.of(papers.EVERY_BOX, row=document, prefix=pointer_to(prefix, "documents", place)),
        )
        for place, document in enumerate(row["documents"])
    ]
    return frame(request, sheet, "items") | {
        "number": number,
        "item": row,
        "groups": groups,
        "documents": documents,
        "document_boxes": papers.EVERY_BOX,
        "page_number": (number - 1) // ITEMS_ON_A_PAGE + 1,
    }


# Saving -------------------------------------------------------------------------------------------------------
def _written(request: HttpRequest, declaration: Declaration) -> dict[str, str]:
    """Boxes in the request by pointer; what is no box (the token, buttons) is left out."""
    return {name: str(text) for name, text in request.POST.items() if reading.pointer(name) is not None}


def _save_section(request: HttpRequest, declaration: Declaration, name: str, *, item: int = 0) -> HttpResponse:
    at, fields = timezone.now(), _written(request, declaration)
    if name == "documents":
        fields = _for_all_alike(declaration, fields)
    try:
        if fields:
            services.save_fields(declaration, fields=fields, by=person(request), at=at)
        change = request.POST.get("do", "")
        done = rows.do(request, declaration, change, at=at) if change else None
    except Rejected as rejected:
        for fault in rejected.violations:
            messages.error(request, str(fault.sentence))
        done = None
    return done or _next_page(request, declaration, name, item=item)


def _next_page(request: HttpRequest, declaration: Declaration, name: str, *, item: int) -> HttpResponse:
    if request.POST.get("then") in sections.BY_KEY:
        return redirect("declaration_section", declaration.public_id, request.POST["then"])
    messages.success(request, _("Saved."))
    if item:
        return redirect("declaration_item", declaration.public_id, item)
    return redirect("declaration_section", declaration.public_id, name)


def _for_all_alike(declaration: Declaration, fields: Mapping[str, str]) -> dict[str, str]:
    return papers.for_all_alike(fields, rows.content(declaration), declaration.held)


@signed_in
@require_POST
def fields(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Save what a script sends: boxes by pointer. Answers with the time, and each box's text, meaning and faults."""
    declaration, at = draft_of(request, key), timezone.now()
    written = _written(request, declaration)
    saved = _for_all_alike(declaration, written) if request.POST.get("alike") else written
    try:
        services.save_fields(declaration, fields=saved, by=person(request), at=at)
    except Rejected as rejected:
        return JsonResponse({"violations": [fault.as_dict() for fault in rejected.violations]}, status=422)
    sheet = read(draft_of(request, key), on=timezone.localdate())
    return JsonResponse({"saved": f"{timezone.localtime(at):%H:%M}", "boxes": _answers(request, sheet, written)})


def _answers(request: HttpRequest, sheet: Sheet, written: Mapping[str, str]) -> dict[str, Any]:
    controls = sheet.controls(request)
    answers = {}
    for name in written:
        pointer = reading.pointer(name)
        row = rows.row_at(sheet.draft, pointer) if pointer else None
        if pointer is None or row is None:
            continue
        if pointer.field == "commodity_code":
            controls.name_goods(str(row.get("commodity_code") or ""))
        (control,) = controls.of([pointer.box], row=row, prefix=pointer.row)
        answers[name] = {"text": control.text, "meaning": control.meaning, "faults": control.faults}
    return answers


@signed_in
@require_POST
def switch_boxes(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show all boxes, or only those that matter to the procedure; remembered for the session."""
    declaration = draft_of(request, key)
    request.session[ALL_BOXES] = not request.session.get(ALL_BOXES)
    name = request.POST.get("section", "")
    return redirect("declaration_section", declaration.public_id, name if name in sections.BY_KEY else "procedure")
