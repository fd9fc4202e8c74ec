"""The page of an uploaded table of goods: its columns, what each cell would be, and one write into the draft."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from declarations import selectors, services
from declarations.boxes import BY_FIELD, ITEM
from declarations.forms.goods import MOST_ITEMS, TITLES, Proposal
from declarations.forms.goods_facts import INVOICE
from declarations.forms.goods_file import (
    Choice,
    Looked,
    as_json,
    from_json,
    look,
    read_file,
    template_rows,
)
from declarations.forms.meant import law_for
from declarations.forms.sections import GRID
from declarations.models import Declaration, GoodsFile
from declarations.reading import LONGEST_HELD, clean
from declarations.views.gate import draft_of, signed_in
from lib.pointers import whole_number
from lib.sheets import column_letter, columns_said, rows_said, workbook
from lib.table_answers import marked
from lib.uploads import read_upload
from lib.violations import Rejected, refuse

ROWS_ON_A_PAGE = 50
ROWS_SHOWN_FIRST = 4
ALL, DOUBTFUL = "all", "doubtful"
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_LONG = 60
HOWS = ("append", "replace", "new")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def goods_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Upload a table, or look at the one that was uploaded. Each button saves what was typed and chosen."""
    draft = draft_of(request, key)
    violations = []
    if request.method == "POST":
        try:
            return _do(request, draft, at=timezone.now())
        except Rejected as rejected:
            violations = rejected.violations
    context: dict[str, Any] = {"declaration": draft, "violations": violations,
                               "limit": settings.UPLOAD_LIMIT_BYTES // 1024 // 1024, "most": MOST_ITEMS}  # fmt: skip
    file = selectors.goods_file_of(draft)
    if file is not None:
        context |= _page(request, draft, file, on=timezone.localdate())
    return render(request, "declarations/goods_file.html", context, status=422 if violations else 200)


@signed_in
@require_POST
def bring_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What the draft held before the table was written into it."""
    draft = draft_of(request, key)
    if selectors.before_of(draft) is None:
        raise Http404
    try:
        services.bring_back(draft, state=request.POST.get("state", ""), by=person(request), at=timezone.now())
    except Rejected as rejected:
        for fault in rejected.violations:
            messages.error(request, str(fault.sentence))
    else:
        messages.success(request, _("The draft is as it was before the table."))
    return redirect("declaration_section", draft.public_id, "items")


@signed_in
@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A table to be filled in, headed in the reader's language."""
    if kind not in TYPES:
        raise Http404
    if kind == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(marked(template_rows()))
    else:
        answer = HttpResponse(workbook(template_rows(), texts=len(GRID)))
    answer["Content-Type"] = TYPES[kind]
    answer["Content-Disposition"] = f'attachment; filename="items.{kind}"'
    return answer


# What a button does -------------------------------------------------------------------------------------------
def _do(request: HttpRequest, draft: Declaration, *, at: datetime) -> HttpResponse:
    verb, _colon, argument = request.POST.get("do", "").partition(":")
    if verb == "upload":
        return _upload(request, draft, at=at)
    if selectors.goods_file_of(draft) is None:
        return _was_written(draft)
    if verb == "forget":
        services.forget_goods_file(draft)
        return redirect("declaration_goods_file", draft.public_id)
    with services.locked(draft):
        file = services.choose_in_goods_file(draft, choice=_chosen(request), cells=_typed(request))
        choice = _choice_of(file)
        if verb == "hidden":
            services.choose_in_goods_file(draft, choice={"hidden": argument == "take"})
        elif verb in ("take", "drop") and (number := whole_number(argument)):
            services.choose_in_goods_file(draft, choice=_turned(choice, verb, number))
        elif verb in ("accept", "accept_all"):
            looked = _look(draft, file, on=timezone.localdate())
            services.choose_in_goods_file(draft, cells=_accepted(looked, argument))
    if verb == "write":
        with services.locked(draft):
            return _write(request, draft, at=at)
    query = {"show": request.POST.get("show", ""), "page": request.POST.get("page", "")} | _asked(verb, argument)
    said = urlencode({name: text for name, text in query.items() if text})
    answer = redirect("declaration_goods_file", draft.public_id)
    answer["Location"] += (f"?{said}" if said else "") + ("" if verb in ("columns", "hidden") else "#rows")
    return answer


def _asked(verb: str, argument: str) -> dict[str, str]:
    if verb == "show":
        return {"show": argument, "page": ""}
    return {"page": argument} if verb == "page" else {}


def _upload(request: HttpRequest, draft: Declaration, *, at: datetime) -> HttpResponse:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise refuse("F021", "file", _("Choose a file first."))
    tables = read_file(read_upload(upload))
    kept = [as_json(table) for table in tables]
    services.keep_goods_file(draft, name=clean(upload.name), tables=kept, by=person(request), at=at)
    return redirect("declaration_goods_file", draft.public_id)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """What the pickers say. Another sheet, or another heading, has columns of its own unless they were chosen too.

    What another sheet hides is left out, whatever was chosen for this one.
    """
    sheet, heading = (whole_number(request.POST.get(name, "")) for name in ("sheet", "heading"))
    if sheet is None or heading is None:
        return {}
    was = (whole_number(request.POST.get("was_sheet", "")), whole_number(request.POST.get("was_heading", "")))
    if sheet != was[0]:
        return {"sheet": sheet, "heading": None, "columns": None, "hidden": False}
    chosen: dict[str, Any] = {"heading": heading, "columns": None} if heading != was[1] else {}
    columns = [clean(request.POST.get(f"column{place}", "")) for place in range(len(request.POST))
               if f"column{place}" in request.POST]  # fmt: skip
    if columns and columns != request.POST.get("was_columns", "").split(","):
        chosen["columns"] = columns
    return chosen


def _typed(request: HttpRequest) -> dict[str, str]:
    """Texts in the place of cells, by row number and box: those that differ from what the page showed."""
    typed = {}
    for name, text in request.POST.items():
        was = request.POST.get(f"was:{name[5:]}", "")
        if name.startswith("cell:") and str(text).splitlines() != was.splitlines():
            line, _colon, box = name[5:].partition(":")
            if whole_number(line) and box in BY_FIELD["item"]:
                typed[name[5:]] = clean(text)[:LONGEST_HELD]
    return typed


def _turned(choice: Choice, verb: str, number: int) -> dict[str, list[int]]:
    """The row is an item after all, or is none."""
    taken, dropped = set(choice.taken) - {number}, set(choice.dropped) - {number}
    if verb == "drop":
        dropped.add(number)
    elif number not in choice.dropped:
        taken.add(number)
    return {"taken": sorted(taken), "dropped": sorted(dropped)}


def _accepted(looked: Looked, argument: str) -> dict[str, str]:
    """The proposals of one cell, or all, as texts of cells."""
    found = {_cell(looked, each): each.new for each in looked.goods.proposals}
    return {name: text for name, text in found.items() if argument in ("", name)}


def _cell(looked: Looked, proposal: Proposal) -> str:
    return f"{looked.goods.numbers[proposal.row]}:{proposal.box}"


def _was_written(draft: Declaration) -> HttpResponse:
    """Somebody, or a second click, came first: the table is in the draft, or was thrown away."""
    return redirect("declaration_section", draft.public_id, "items")


def _write(request: HttpRequest, draft: Declaration, *, at: datetime) -> HttpResponse:
    how, file, on = request.POST.get("how", ""), selectors.goods_file_of(draft), timezone.localdate()
    if file is None:
        return _was_written(draft)
    if how not in HOWS or (how == "new" and draft.amends_id is not None):
        return redirect("declaration_goods_file", draft.public_id)
    looked = _look(draft, file, on=on)
    rows = looked.goods.rows
    if not rows:
        raise refuse("F042", "file", _("No row of the table is an item. Choose the sheet and the columns."))
    present = selectors.as_dict(draft)
    count = len(services.items_that_speak(present["items"]))
    if how == "append" and count + len(rows) > MOST_ITEMS:
        sentence = _("The draft has %(present)d items and the table %(rows)d: a declaration has 999 at the most. "
                     "Replace them, or write the table into a new draft.")  # fmt: skip
        raise refuse("F043", "file", sentence % {"present": count, "rows": len(rows)})
    verb = {"append": services.append_goods, "replace": services.replace_goods, "new": services.goods_in_new_draft}[how]
    header = _header(request, looked, present)
    saved = verb(draft, rows=rows, header=header, by=person(request), at=at)
    services.forget_goods_file(draft)
    if looked.heading is not None:
        services.remember_columns(draft.declarant, heading=looked.key, columns=looked.columns, at=at)
    said = ngettext("%(count)d item was written.", "%(count)d items were written.", len(rows))
    messages.success(request, said % {"count": len(rows)})
    return redirect("declaration_section", saved.public_id, "items")


def _header(request: HttpRequest, looked: Looked, present: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a person ticked: boxes of the head, and a row of the supplier's invoices."""
    ticked = {fact.field: fact.text for fact in looked.facts if f"fact:{fact.field}" in request.POST}
    header: dict[str, Any] = {name: text for name, text in ticked.items() if name not in INVOICE}
    invoice = {name: text for name, text in ticked.items() if name in INVOICE}
    known = {row.get("invoice_number") for row in present["suppliers"]}
    if invoice and invoice.get("invoice_number") not in known:
        header["suppliers"] = [*present["suppliers"], invoice]
    return header


# What the page shows ------------------------------------------------------------------------------------------
def _choice_of(file: GoodsFile) -> Choice:
    chosen = file.choice
    return Choice(
        sheet=chosen.get("sheet"),
        heading=chosen.get("heading"),
        columns=chosen.get("columns"),
        taken=chosen.get("taken", ()),
        dropped=chosen.get("dropped", ()),
        cells=file.cells,
        hidden=bool(chosen.get("hidden")),
    )


def _look(draft: Declaration, file: GoodsFile, *, on: date) -> Looked:
    return look(
        [from_json(table) for table in file.tables],
        _choice_of(file),
        law_for(draft.declarant, on=on),
        remembered=lambda keys: selectors.columns_chosen(draft.declarant, keys),
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the dry run; `name` says its row number and its box."""

    name: str
    label: Any
    text: str
    faults: list[str]
    proposals: list[Proposal]
    is_figure: bool

    @property
    def is_long(self) -> bool:
        """Whether it needs a box of several lines."""
        return "\n" in self.text or len(self.text) > _LONG


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the dry run, from row `number` of the sheet."""

    number: int
    item: int
    cells: list[Cell]

    @property
    def is_doubtful(self) -> bool:
        return any(cell.faults or cell.proposals for cell in self.cells)


def _rows_of(looked: Looked) -> list[Row]:
    faults: dict[tuple[int, str], list[str]] = {}
    proposals: dict[tuple[int, str], list[Proposal]] = {}
    for fault in looked.goods.faults:
        faults.setdefault((fault.row, fault.box), []).append(fault.message)
    for proposal in looked.goods.proposals:
        proposals.setdefault((proposal.row, proposal.box), []).append(proposal)
    boxes = [BY_FIELD["item"][name] for name in looked.columns if name]
    return [
        Row(number, place + 1, [
            Cell(f"{number}:{box.field}", box.label, looked.goods.rows[place].get(box.field, ""),
                 faults.get((place, box.field), []), proposals.get((place, box.field), []),
                 box.kind in ("amount", "quantity"))
            for box in boxes
        ])
        for place, number in enumerate(looked.goods.numbers)
    ]  # fmt: skip


def _page(request: HttpRequest, draft: Declaration, file: GoodsFile, *, on: date) -> dict[str, Any]:
    looked = _look(draft, file, on=on)
    rows = _rows_of(looked)
    doubtful = [row for row in rows if row.is_doubtful]
    show = request.GET.get("show") or (DOUBTFUL if doubtful else ALL)
    page = Paginator(doubtful if show == DOUBTFUL else rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    places = {number for number, _row in looked.lines[looked.heading.place :][:1]} if looked.heading else {0}
    start = looked.heading.place + looked.heading.rows if looked.heading else 0
    present = selectors.as_dict(draft)
    unseen = () if looked.takes_hidden else looked.table.hidden_columns
    return {
        "file": file,
        "looked": looked,
        "tables": list(enumerate(looked.tables)),
        "heading_number": next(iter(places)),
        "headings": [(number, _short(row)) for number, row in looked.lines[: TITLES + 1]],
        "pickers": [(place, name, column_letter(place), looked.columns[place], place in unseen)
                    for place, name in enumerate(looked.names)],
        "hidden_rows": rows_said(looked.table.hidden_rows),
        "hidden_columns": columns_said(looked.table.hidden_columns),
        "usual": GRID,
        "further": [box for box in ITEM if box not in GRID],
        "first_rows": [[*row, *[""] * len(looked.names)][: len(looked.names)]
                       for _number, row in looked.lines[start : start + ROWS_SHOWN_FIRST]],
        "boxes": [BY_FIELD["item"][name] for name in looked.columns if name],
        "was_columns": ",".join(looked.columns),
        "page": page,
        "show": show,
        "doubtful": len(doubtful),
        "present": len(services.items_that_speak(present["items"])),
        "facts": [(fact, present.get(fact.field) or "") for fact in looked.facts],
        "takable": _takable(looked),
    }  # fmt: skip


def _short(row: Any) -> str:
    return " · ".join(cell.strip() for cell in row if cell.strip())[:60]


def _takable(looked: Looked) -> frozenset[int]:
    """The rows left out that may be items all the same: those below the heading."""
    start = looked.heading.place + looked.heading.rows if looked.heading else 0
    return frozenset(number for number, _row in looked.lines[start:])
