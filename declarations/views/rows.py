"""Rows of a draft: items and papers added, copied, removed, pasted; containers, earlier declarations, invoices."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.requests import person
from declarations import reading, selectors, services
from declarations.forms import papers, paste
from declarations.models import Declaration, StoredFile
from declarations.views.gate import draft_of, read_upload, signed_in
from lib.figures import ZERO
from lib.pointers import whole_number
from lib.violations import Rejected, refuse

TITLES = {
    "containers": gettext_lazy("Containers"),
    "previous": gettext_lazy("Earlier declarations that the goods are drawn from"),
    "suppliers": gettext_lazy("Suppliers' invoices"),
}
CARRIED_ON = ("extended_procedure", "national_procedure", "valuation_method", "origin_country", "packages_kind")
SUMS = ("item_price", "gross_mass", "net_mass", "packages_number")


def content(declaration: Declaration) -> dict[str, Any]:
    """The draft in canonical JSON."""
    return selectors.as_dict(declaration)


def row_at(draft: Mapping[str, Any], pointer: reading.Pointer) -> Mapping[str, Any] | None:
    """The row of canonical JSON in which the pointed box lies, None if there is no such row."""
    if not pointer.part:
        return draft
    found = draft[pointer.part]
    if pointer.place >= len(found):
        return None
    if pointer.document is None:
        return found[pointer.place]  # type: ignore[no-any-return]
    documents = found[pointer.place]["documents"]
    return documents[pointer.document] if pointer.document < len(documents) else None


def _exact(text: object) -> Decimal:
    try:
        return Decimal(str(text or 0))
    except InvalidOperation:
        return ZERO


def totals(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Sums over all items beside what the header says, and whether they agree (None: the header says nothing)."""
    sums = {name: sum((_exact(item.get(name)) for item in draft["items"]), ZERO) for name in SUMS}
    stated = {"item_price": "invoice_amount", "gross_mass": "total_gross_mass", "packages_number": "total_packages"}
    header = {name: _exact(draft[field]) for name, field in stated.items() if draft.get(field) not in (None, "")}
    agrees = {name: header[name] == sums[name] for name in header}
    return {"sums": sums, "header": header, "agrees": agrees, "currency": draft.get("invoice_currency") or ""}


# What a button of the form asks for -----------------------------------------------------------------------------
Change = Callable[[HttpRequest, Declaration, str, datetime], HttpResponse | None]


def do(request: HttpRequest, declaration: Declaration, change: str, *, at: datetime) -> HttpResponse | None:
    """Carry out a button's `verb:argument`. Raises Rejected."""
    verb, _colon, argument = change.partition(":")
    return CHANGES[verb](request, declaration, argument, at) if verb in CHANGES else None


def _add_item(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> HttpResponse:
    return _on_page_of(declaration, services.add_item(declaration, by=person(request), at=at).number)


def _copy_item(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> HttpResponse:
    added = services.copy_item(declaration, item=_place(argument), by=person(request), at=at)
    return _on_page_of(declaration, added.number)


def _remove_item(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> HttpResponse:
    services.remove_item(declaration, item=_place(argument), by=person(request), at=at)
    return _on_page_of(declaration, max(1, _place(argument)))


def _place(argument: str) -> int:
    """An item number of the page as the place that verbs count from zero. Raises Rejected."""
    number = whole_number(argument)
    if not number:
        raise refuse("F010", "items", _("There is no such item."))
    return number - 1


def _on_page_of(declaration: Declaration, number: int) -> HttpResponse:
    answer = redirect("declaration_section", declaration.public_id, "items")
    answer["Location"] += f"?page={(number - 1) // 50 + 1}#items-{number - 1}-commodity_code"
    return answer


def _paste(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> HttpResponse:
    place = _place(argument) if whole_number(argument) else len(content(declaration)["items"])
    lay_out(
        declaration, request.POST.get("cells", ""), place=place, field=request.POST.get("column", ""), by=request, at=at
    )
    return _on_page_of(declaration, place + 1)


def lay_out(
    declaration: Declaration, text: str, *, place: int, field: str, by: HttpRequest, at: datetime
) -> paste.Pasted:
    """Write pasted cells into the items, with new items where there are too few: one save. Raises Rejected."""
    pasted = paste.spread(text, place=place, field=field)
    draft = content(declaration)
    items = draft["items"]
    last = items[-1] if items else {}
    fresh = {name: last[name] for name in CARRIED_ON if last.get(name)}
    items += [{**fresh, "documents": []} for _new in range(pasted.items - len(items))]
    for pointer, cell in pasted.fields.items():
        read = reading.pointer(pointer)
        if read is not None:
            items[read.place][read.field] = cell
    held = {pointer: text for pointer, text in declaration.held.items() if pointer not in pasted.fields}
    services.save_draft(declaration, data={**draft, "held": held}, by=person(by), at=at)
    if pasted.lines_left_out:
        messages.warning(
            by,
            ngettext(
                "A declaration has 999 items at the most: %d line was left out.",
                "A declaration has 999 items at the most: %d lines were left out.",
                pasted.lines_left_out,
            )
            % pasted.lines_left_out,
        )
    return pasted


def _add_part(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    if argument in TITLES:
        services.add_part(declaration, part=argument, by=person(request), at=at)


def _remove_part(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    part, _colon, said = argument.partition(":")
    if part in TITLES and (place := whole_number(said)) is not None:
        services.remove_part(declaration, part=part, place=place, by=person(request), at=at)


# Papers -------------------------------------------------------------------------------------------------------
def _add_paper(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """A new paper, with its file if one came, for the items named ("1-3, 7"; empty: all)."""
    draft = content(declaration)
    numbers = papers.read_ranges(request.POST.get("new_items", argument), most=len(draft["items"]))
    if not numbers:
        raise refuse("F011", "new_items", _("Write item numbers that exist, such as 1-3, 7."))
    paper = {box.field: request.POST.get(f"new.{box.field}", "") for box in papers.SHOWN}
    upload = request.FILES.get("new_file")
    if isinstance(upload, UploadedFile):
        paper["file"] = str(_stored(request, declaration, upload, code=paper["code"], at=at).public_id)
    if not any(paper.values()):
        raise refuse("F012", "new.code", _("Choose the kind of paper, and write its number."))
    for number in numbers:
        draft["items"][number - 1]["documents"].append(dict(paper))
    services.save_draft(declaration, data=draft, by=person(request), at=at)


def _stored(
    request: HttpRequest, declaration: Declaration, upload: "UploadedFile[bytes]", *, code: str, at: datetime
) -> StoredFile:
    return services.store_file(
        declaration,
        kind=StoredFile.Kind.ATTACHMENT,
        name=str(upload.name or ""),
        content=read_upload(upload),
        by=person(request),
        at=at,
        document_code=code,
    )


def _attach(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """A file for a paper that is listed already, at `argument`; equal papers of other items get it too."""
    upload = request.FILES.get(f"file:{argument}")
    draft = content(declaration)
    places = papers.papers_of(draft, declaration.held).get(argument)
    if not isinstance(upload, UploadedFile) or not places:
        raise refuse("F013", argument, _("Choose a file first."))
    first = draft["items"][places[0][0]]["documents"][places[0][1]]
    file = _stored(request, declaration, upload, code=str(first.get("code") or ""), at=at)
    for item, place in places:
        draft["items"][item]["documents"][place]["file"] = str(file.public_id)
    services.save_draft(declaration, data=draft, by=person(request), at=at)


def _for_all_items(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """The paper at `argument` is put to every item that has not got it."""
    draft = content(declaration)
    places = papers.papers_of(draft, declaration.held).get(argument)
    if not places:
        return
    have = {item for item, _place in places}
    paper = draft["items"][places[0][0]]["documents"][places[0][1]]
    for place, row in enumerate(draft["items"]):
        if place not in have:
            row["documents"].append(dict(paper))
    services.save_draft(declaration, data=draft, by=person(request), at=at)


def _remove_paper(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """The paper at `argument` is taken from every item that has it."""
    places = papers.papers_of(content(declaration), declaration.held).get(argument, [])
    for item, place in sorted(places, reverse=True):
        services.remove_document(declaration, item=item, document=place, by=person(request), at=at)


def _add_document(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> HttpResponse | None:
    item = _place(argument)
    services.add_document(declaration, item=item, by=person(request), at=at)
    return redirect("declaration_item", declaration.public_id, item + 1)


def _remove_document(
    request: HttpRequest, declaration: Declaration, argument: str, at: datetime
) -> HttpResponse | None:
    said, _colon, place = argument.partition(":")
    item, document = _place(said), whole_number(place)
    if document is None:
        return None
    services.remove_document(declaration, item=item, document=document, by=person(request), at=at)
    return redirect("declaration_item", declaration.public_id, item + 1)


CHANGES: dict[str, Change] = {
    "add_item": _add_item, "copy_item": _copy_item, "remove_item": _remove_item, "paste": _paste,
    "add_part": _add_part, "remove_part": _remove_part,
    "add_paper": _add_paper, "attach": _attach, "for_all_items": _for_all_items, "remove_paper": _remove_paper,
    "add_document": _add_document, "remove_document": _remove_document,
}  # fmt: skip


@signed_in
@require_POST
def paste_cells(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Cells that a script caught from the clipboard; answers with the page of the grid to show."""
    declaration = draft_of(request, key)
    try:
        lay_out(
            declaration,
            request.POST.get("cells", ""),
            place=whole_number(request.POST.get("place", "0")) or 0,
            field=request.POST.get("column", ""),
            by=request,
            at=timezone.now(),
        )
    except Rejected as rejected:
        return JsonResponse({"violations": [fault.as_dict() for fault in rejected.violations]}, status=422)
    return JsonResponse({"saved": f"{timezone.localtime():%H:%M}"})
