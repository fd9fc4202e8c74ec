"""Rows of a draft: items and papers added, copied, removed, pasted; containers, earlier declarations, invoices."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import person
from declarations import reading, selectors, services
from declarations.forms import papers, paste
from declarations.forms.goods import MOST_ITEMS
from declarations.models import Declaration, StoredFile
from declarations.views import scans
from declarations.views.page import bases_of
from lib.figures import ZERO
from lib.pointers import whole_number
from lib.row_keys import KEY
from lib.uploads import read_upload
from lib.violations import Conflict, Violation, refuse

TITLES = {
    "containers": gettext_lazy("Containers"),
    "previous": gettext_lazy("Earlier declarations that the goods are drawn from"),
    "suppliers": gettext_lazy("Suppliers' invoices"),
}
ITEMS_ON_A_PAGE = 50
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


def do(request: HttpRequest, draft: Declaration, change: str, *, at: datetime) -> HttpResponse | None:
    """Carry out a button's `verb:argument` on the locked draft. Raises Rejected.

    Rows are named by their keys, or by their numbers. A row that says something else than on the page is not removed.
    """
    verb, _colon, argument = change.partition(":")
    if verb not in CHANGES:
        return None
    if verb.startswith("remove_") and (key := services.key_named(argument) or argument.rpartition(":")[2]):
        typed = {name: [request.POST[name]] for name in request.POST if services.box_named(name)}
        bases = {
            name: [*typed.get(name, []), *texts] for name, texts in bases_of(request).items() if f"[{key}]" in name
        }
        services.meanwhile(draft, bases)
    return CHANGES[verb](request, draft, argument, at)


def _add_item(request: HttpRequest, draft: Declaration, argument: str, at: datetime) -> HttpResponse:
    return _on_page_of(request, draft, services.add_item(draft, by=person(request), at=at).number)


def _copy_item(request: HttpRequest, draft: Declaration, argument: str, at: datetime) -> HttpResponse:
    return _on_page_of(
        request, draft, services.copy_item(draft, item=_place(argument), by=person(request), at=at).number
    )


def _remove_item(request: HttpRequest, draft: Declaration, argument: str, at: datetime) -> HttpResponse:
    place = _place(argument)
    number = place + 1 if isinstance(place, int) else _number_of(draft, place)
    services.remove_item(draft, item=place, by=person(request), at=at)
    return _on_page_of(request, draft, max(1, number - 1))


def _place(argument: str) -> services.Place:
    """A row's key, or an item number of the page as the place that verbs count from zero. Raises Rejected."""
    if KEY.fullmatch(argument):
        return argument
    number = whole_number(argument)
    if not number:
        raise refuse("F010", "items", _("There is no such item."))
    return number - 1


def _row_named(said: str) -> services.Place | None:
    """A row's key, or its place from zero."""
    return said if KEY.fullmatch(said) else whole_number(said)


def _number_of(draft: Declaration, key: str) -> int:
    keys = [row["key"] for row in content(draft)["items"]]
    return keys.index(key) + 1 if key in keys else 1


def _on_page_of(request: HttpRequest, draft: Declaration, number: int) -> HttpResponse:
    answer = page_of_items(request, draft, (number - 1) // ITEMS_ON_A_PAGE + 1)
    answer["Location"] += f"#items-{number - 1}-commodity_code"
    return answer


def page_of_items(request: HttpRequest, draft: Declaration, page: int) -> HttpResponse:
    """The items: as pages for who uses these, else the grid, which leads a browser without a script to its page."""
    answer = redirect("declaration_section", draft.public_id, "items")
    answer["Location"] += f"?page={page}" if "page" in request.GET else f"?at={page}"
    return answer


def _paste(request: HttpRequest, draft: Declaration, argument: str, at: datetime) -> HttpResponse:
    """Rows of a spreadsheet as further items, for a browser without a script; one click takes them back.

    Raises Rejected.
    """
    before = services.items_that_speak(content(draft)["items"])
    goods = paste.read_cells(request.POST.get("cells", ""), field="", room=MOST_ITEMS - len(before))
    if not goods.rows:
        raise refuse("F014", "cells", " ".join([*goods.notes, _("There is nothing to paste.")]))
    saved = services.append_goods(draft, rows=goods.rows, header={}, by=person(request), at=at)
    for note in goods.notes:
        messages.warning(request, note)
    return _on_page_of(request, draft, len(content(saved)["items"]) - len(goods.rows) + 1)


def _add_part(request: HttpRequest, draft: Declaration, argument: str, at: datetime) -> None:
    if argument in TITLES:
        services.add_part(draft, part=argument, by=person(request), at=at)


def _remove_part(request: HttpRequest, draft: Declaration, argument: str, at: datetime) -> None:
    part, _colon, said = argument.partition(":")
    place = _row_named(said)
    if part in TITLES and place is not None:
        services.remove_part(draft, part=part, place=place, by=person(request), at=at)


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
    return services.receive_file(
        declaration,
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
    places = papers.places_of(argument, draft, declaration.held)
    if not isinstance(upload, UploadedFile) or not places:
        raise refuse("F013", argument, _("Choose a file first."))
    lines = [draft["items"][item]["documents"][place] for item, place in places]
    file = _stored(request, declaration, upload, code=str(lines[0].get("code") or ""), at=at)
    keys = [line["key"] for line in lines]
    services.bind_scan(declaration, file, lines=keys, by=person(request), at=at)


def _for_all_items(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """The paper at `argument` is put to every item that has not got it."""
    draft = content(declaration)
    places = papers.places_of(argument, draft, declaration.held)
    if not places:
        raise _no_such_paper()
    have = {item for item, _place in places}
    paper = draft["items"][places[0][0]]["documents"][places[0][1]]
    for place, row in enumerate(draft["items"]):
        if place not in have:
            row["documents"].append({**paper, "key": ""})
    services.save_draft(declaration, data=draft, by=person(request), at=at)


def _remove_paper(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    """The paper at `argument` is taken from every item that has it."""
    places = papers.places_of(argument, content(declaration), declaration.held)
    if not places:
        raise _no_such_paper()
    for item, place in sorted(places, reverse=True):
        services.remove_document(declaration, item=item, document=place, by=person(request), at=at)


def _no_such_paper() -> Conflict:
    return Conflict([Violation("S016", "", _("This paper was changed or removed meanwhile. Nothing was changed."))])


def _add_document(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    services.add_document(declaration, item=_place(argument), by=person(request), at=at)


def _remove_document(request: HttpRequest, declaration: Declaration, argument: str, at: datetime) -> None:
    item, _colon, said = argument.partition(":")
    document = _row_named(said)
    if document is None:
        return
    services.remove_document(declaration, item=_place(item), document=document, by=person(request), at=at)


CHANGES: dict[str, Change] = {
    "add_item": _add_item, "copy_item": _copy_item, "remove_item": _remove_item, "paste": _paste,
    "add_part": _add_part, "remove_part": _remove_part,
    "add_paper": _add_paper, "attach": _attach, "for_all_items": _for_all_items, "remove_paper": _remove_paper,
    "add_document": _add_document, "remove_document": _remove_document,
    **scans.CHANGES,
}  # fmt: skip
