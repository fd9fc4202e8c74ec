"""The pages of the form, one for each section and one for each item, and the saving of a single field."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from declarations import selectors, services
from declarations.boxes import CONTAINER, PREVIOUS, SUPPLIER
from declarations.forms import papers, sections
from declarations.forms.controls import NEW_KEY, NEW_PLACE, Controls, named, paired
from declarations.models import Declaration
from declarations.selectors import PARTY_BOXES, used_codes
from declarations.views import rows
from declarations.views.gate import draft_of, signed_in
from declarations.views.grid import grid_page
from declarations.views.page import ALL_BOXES, Sheet, bases_of, company_of, frame, read, remember_check
from declarations.views.review import review_of
from declarations.views.rows import ITEMS_ON_A_PAGE
from declarations.views.saved import answers, box_in_words
from lib.pointers import pointer_to, whole_number
from lib.violations import Rejected, Violation

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
    if name == "items" and "page" not in request.GET:
        return grid_page(request, declaration)
    sheet = read(declaration, on=timezone.localdate())
    if name == "review" and declaration.is_template:
        return redirect("template", declaration.public_id)
    if name == "review":
        remember_check(request, declaration)
        if declaration.amends_id is not None and not sheet.faults:
            return redirect("correction", declaration.public_id)  # What it changes and costs, and how to send it.
    return render(request, f"declarations/{_template_of(name)}.html", _context_of(request, sheet, name))


def _template_of(name: str) -> str:
    return name if name in ("documents", "review") else "items_paged" if name == "items" else "section"


def _context_of(request: HttpRequest, sheet: Sheet, name: str) -> dict[str, Any]:
    context = frame(request, sheet, name)
    company = company_of(request, sheet)
    controls = sheet.controls(request, used=used_codes(company, on=sheet.on) if company else None)
    if name == "items":
        return context | _grid(request, controls)
    if name == "review":
        return context | review_of(request, sheet)
    first, further = sections.boxes_of(sections.BY_KEY[name], sheet.draft)
    context |= _folded(controls.of(first), controls.of(further))
    context["parts"] = _parts_of(name, controls)
    context["was"] = controls
    if company is not None:
        context["choosers"] = {boxes.code: role for role, boxes in PARTY_BOXES.items()}
        context["keepers"] = {boxes.name: role for role, boxes in PARTY_BOXES.items()}
    if name == "documents":
        context["papers"] = papers.shown_papers(
            controls, held=sheet.declaration.held, files=selectors.scans_by_id(sheet.declaration)
        )
        context["scans"] = selectors.unbound_scans(sheet.declaration, sheet.draft)
        context["new_paper"] = Controls({}, held={}, faults=(), on=sheet.on).of(papers.SHOWN, row={}, prefix="new")
    return context


def _folded(first: list[Any], further: list[Any]) -> dict[str, Any]:
    """A folded box that holds something or is wrong is shown with the first ones."""
    speaking = [c for c in further if c.faults or (c.text and c.text != "false")]
    rest = [c for c in further if c not in speaking]
    return {"first": paired(first + speaking), "further": paired(rest), "further_count": len(rest)}


def _parts_of(name: str, controls: Controls) -> list[dict[str, Any]]:
    return [
        {
            "name": part,
            "title": rows.TITLES[part],
            "boxes": boxes,
            "rows": list(controls.rows(part, boxes)),
            "new": controls.new_row(part, boxes),
        }
        for part, boxes in PARTS.get(name, ())
    ]


def _grid(request: HttpRequest, controls: Controls) -> dict[str, Any]:
    """The items of one page, for a browser without a script: 999 are paged, so that a page stays light."""
    items = controls.draft["items"]
    page = Paginator(range(len(items)), ITEMS_ON_A_PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * ITEMS_ON_A_PAGE
    return {
        "columns": sections.GRID,
        "rows": list(controls.rows("items", sections.GRID, start=start, stop=start + ITEMS_ON_A_PAGE)),
        "was": controls,
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
    company = company_of(request, sheet)
    controls = sheet.controls(request, used=used_codes(company, on=sheet.on) if company else None)
    row, prefix = sheet.draft["items"][number - 1], pointer_to("items", number - 1)
    controls.name_goods(str(row.get("commodity_code") or ""))
    groups = [
        {"title": title} | _folded(*(controls.of(boxes, row=row, prefix=prefix) for boxes in (first, rest)))
        for title, first, rest in sections.item_boxes(sheet.draft, row)
    ]
    scans = selectors.scans_by_id(sheet.declaration)
    documents = [
        (
            document["key"],
            controls.of(papers.EVERY_BOX, row=document, prefix=pointer_to(prefix, "documents", place)),
            [scans[each] for each in papers.named_scans(document) if each in scans],
        )
        for place, document in enumerate(row["documents"])
    ]
    fresh = controls.fresh(
        papers.EVERY_BOX,
        prefix=pointer_to(prefix, "documents", NEW_PLACE),
        name=f"{named(sheet.draft, prefix)}.documents[{NEW_KEY}]",
    )
    return frame(request, sheet, "items") | {
        "number": number,
        "item": row,
        "groups": groups,
        "documents": documents,
        "document_boxes": papers.EVERY_BOX,
        "new_document": (NEW_KEY, fresh),
        "was": controls,
        "page_number": (number - 1) // ITEMS_ON_A_PAGE + 1,
    }


# Saving -------------------------------------------------------------------------------------------------------
def _written(request: HttpRequest) -> dict[str, str]:
    """Boxes in the request by name; what is no box (the token, buttons) is left out."""
    return {name: str(text) for name, text in request.POST.items() if services.box_named(name) is not None}


def _save(request: HttpRequest, draft: Declaration, *, alike: bool, at: datetime) -> list[Violation]:
    """Save every box that nobody else has changed meanwhile; hands back the conflicts. Raises Rejected."""
    fields, bases = _written(request), bases_of(request)
    if alike:
        fields, bases = papers.for_all_alike(fields, bases, rows.content(draft), draft.held)
    new = request.POST.getlist("new")
    return services.save_what_fits(draft, fields=fields, bases=bases, new=new, by=person(request), at=at)


def _save_section(request: HttpRequest, declaration: Declaration, name: str, *, item: int = 0) -> HttpResponse:
    at, done, saved = timezone.now(), None, False
    try:
        with services.locked(declaration) as draft:
            conflicts = _save(request, draft, alike=name == "documents", at=at)
        for fault in conflicts:
            messages.error(request, f"{box_in_words(fault)}: {fault.sentence}")
        if not conflicts:
            with services.locked(declaration) as draft:
                done = rows.do(request, draft, request.POST.get("do", ""), at=at)
            saved = True
    except Rejected as rejected:
        for fault in rejected.violations:
            messages.error(request, str(fault.sentence))
    return done or _next_page(request, declaration, name, item=item, saved=saved)


def _next_page(request: HttpRequest, declaration: Declaration, name: str, *, item: int, saved: bool) -> HttpResponse:
    if request.POST.get("then") in sections.BY_KEY and saved:
        return redirect("declaration_section", declaration.public_id, request.POST["then"])
    if saved:
        messages.success(request, _("Saved."))
    if item:
        return redirect("declaration_item", declaration.public_id, item)
    if name == "items":  # without a script: the same page again
        return rows.page_of_items(request, declaration, whole_number(request.GET.get("page", "")) or 1)
    return redirect("declaration_section", declaration.public_id, name)


@signed_in
@require_POST
def fields(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Save what a script sends: boxes by name, `was` with the texts they are based on, `new` rows.

    Answers with the time, and each box's text, meaning and what cannot be read in it; 409 where somebody else changed a
    box or removed its row meanwhile: `violations` names these, `boxes` says what they hold now, and all others are
    saved.
    """
    declaration, at = draft_of(request, key), timezone.now()
    try:
        with services.locked(declaration) as draft:
            conflicts = _save(request, draft, alike=bool(request.POST.get("alike")), at=at)
    except Rejected as rejected:
        return JsonResponse({"violations": [fault.as_dict() for fault in rejected.violations]}, status=422)
    boxes = answers(draft_of(request, key), _written(request), on=timezone.localdate())
    answer = {"saved": f"{timezone.localtime(at):%H:%M}", "boxes": boxes}
    if conflicts:
        said = [{**fault.as_dict(), "box": box_in_words(fault)} for fault in conflicts]
        return JsonResponse({**answer, "violations": said}, status=409)
    return JsonResponse(answer)


@signed_in
@require_POST
def switch_boxes(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show all boxes, or only those that matter to the procedure; remembered for the session."""
    declaration = draft_of(request, key)
    request.session[ALL_BOXES] = not request.session.get(ALL_BOXES)
    name = request.POST.get("section", "")
    return redirect("declaration_section", declaration.public_id, name if name in sections.BY_KEY else "procedure")
