"""What of an earlier declaration holds for the next one: papers of the earlier consignment and those that ended do not.

Pure: canonical JSON in, canonical JSON out. What is left out is said, so that nobody misses it only at the gate.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from declarations import reading
from lib.pointers import pointer_to, steps_of
from tariffs.models import DocumentType

CONSIGNMENT, ENDED = "consignment", "ended"
SCAN_MISSING, SCAN_UNSAFE, SCAN_OF_ANOTHER = "scan_missing", "scan_unsafe", "scan_of_another"
REASONS = (CONSIGNMENT, ENDED, SCAN_MISSING, SCAN_UNSAFE, SCAN_OF_ANOTHER)
# What belongs to one declaration alone. It is made anew, so nobody misses it.
PER_DECLARATION = ("lrn", "lrn_year", "declaration_date", "declarant_code", "declarant_name")
# What names the earlier consignment, by the level of the box table.
BOUND: Mapping[str, tuple[str, ...]] = {
    "header": (
        "manifest_reference", "seals_number", "seals_identity", "transit_signature_date", "transit_control_result",
        "transit_officer",
    ),
    "item": (
        "summary_declaration", "summary_declaration_line", "licence_amount", "licence_quantity", "write_off_unit",
        "write_off_quantity",
    ),
    "suppliers": ("invoice_number", "invoice_amount", "date"),
}  # fmt: skip
DRAWN = ("previous_document", "previous_warehouse")
PAPER = ("code", "name", "reference", "date")
Types = Mapping[str, DocumentType]


@dataclass(slots=True)
class Carried:
    """The document for the next declaration, its texts that could not be read, and what was left out of it."""

    data: dict[str, Any]
    held: dict[str, str]
    left_out: list[dict[str, Any]] = field(default_factory=list)

    def leave(self, reason: str, pointer: str, **said: Any) -> None:
        self.left_out.append({"reason": reason, "pointer": pointer, **said})


def for_a_copy(data: Mapping[str, Any], held: Mapping[str, str], *, types: Types, on: date) -> Carried:
    """As a new declaration takes it over on the day: papers that no longer hold are not in it."""
    return _carried(data, held, types, on, _without)


def for_a_template(data: Mapping[str, Any], held: Mapping[str, str], *, types: Types, on: date) -> Carried:
    """As a template keeps it: a paper that no longer holds is a line with its kind, whose number is still to come."""
    return _carried(data, held, types, on, _to_be_filled_in)


def _carried(
    data: Mapping[str, Any], held: Mapping[str, str], types: Types, on: date, drop: Callable[[Carried, int, int], None]
) -> Carried:
    made = Carried({name: value for name, value in data.items() if name not in PER_DECLARATION}, dict(held))
    made.data["items"] = [{**item, "documents": [*item.get("documents", ())]} for item in data.get("items", ())]
    for name in PER_DECLARATION:
        made.held.pop(name, None)
    _leave_fields(made)
    _leave_parts(made)
    _leave_papers(made, types, on, drop)
    return made


# Boxes and rows that name the earlier consignment --------------------------------------------------------------
def _leave_fields(made: Carried) -> None:
    for row, prefix, names in _bound_rows(made.data):
        for name in names:
            pointer = pointer_to(prefix, name)
            text = made.held.pop(pointer, None) or row.pop(name, None)
            row.pop(name, None)
            if text not in (None, ""):
                made.leave(CONSIGNMENT, pointer, text=str(text))


def _bound_rows(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, tuple[str, ...]]]:
    yield data, "", BOUND["header"]
    for place, item in enumerate(data["items"]):
        yield item, pointer_to("items", place), BOUND["item"] + (() if _draws(item) else DRAWN)
    data["suppliers"] = [dict(row) for row in data.get("suppliers", ())]
    for place, row in enumerate(data["suppliers"]):
        yield row, pointer_to("suppliers", place), BOUND["suppliers"]


def _draws(item: Mapping[str, Any]) -> bool:
    """Whether the item is drawn from goods under an earlier procedure: several declarations draw on the same ones."""
    return str(item.get("extended_procedure") or "")[2:4] not in ("", "00")


def _leave_parts(made: Carried) -> None:
    """Containers are those of the consignment; earlier declarations stay where items draw from them."""
    parts = ["containers"] if any(map(_draws, made.data["items"])) else ["containers", "previous"]
    for part in parts:
        for place, row in enumerate(made.data.get(part, ())):
            text = str(row.get("identity") or row.get("number") or "")
            made.leave(CONSIGNMENT, pointer_to(part, place), text=text)
        made.data[part] = []
        made.held = {key: text for key, text in made.held.items() if steps_of(key)[:1] != (part,)}


# Papers --------------------------------------------------------------------------------------------------------
def _leave_papers(made: Carried, types: Types, on: date, drop: Callable[[Carried, int, int], None]) -> None:
    """Equal papers of several items are said once, with the items they were of."""
    said: dict[tuple[str, ...], dict[str, Any]] = {}
    for place, item in enumerate(made.data["items"]):
        reasons = [why_it_ended(paper, types, on=on) for paper in item["documents"]]
        ended = [(number, *reason) for number, reason in enumerate(reasons) if reason[0]]
        for number, reason, until in ended:
            facts = {name: str(item["documents"][number].get(name) or "") for name in PAPER}
            pointer = pointer_to("items", place, "documents", number)
            line = {"reason": reason, "pointer": pointer, **facts, "until": until, "items": []}
            said.setdefault((reason, *facts.values()), line)["items"].append(place + 1)
        for number, _reason, _until in reversed(ended):
            drop(made, place, number)
    made.left_out += said.values()


def why_it_ended(paper: Mapping[str, Any], types: Types, *, on: date) -> tuple[str, str]:
    """CONSIGNMENT, ENDED with the last day on which it held, or nothing: it holds, or is no more than a line yet."""
    known = types.get(str(paper.get("code") or ""))
    if known is None or not (paper.get("reference") or paper.get("date")):
        return "", ""
    if known.is_invoice or known.is_transport or known.one_consignment:
        return CONSIGNMENT, ""
    if known.valid_days is None or not paper.get("date"):
        return "", ""
    last = date.fromisoformat(str(paper["date"])).toordinal() + known.valid_days
    until = date.fromordinal(min(last, date.max.toordinal()))
    return (ENDED, until.isoformat()) if until < on else ("", "")


def _without(made: Carried, place: int, number: int) -> None:
    del made.data["items"][place]["documents"][number]
    made.held = reading.moved(made.held, part=pointer_to("items", place, "documents"), removed=number)


def _to_be_filled_in(made: Carried, place: int, number: int) -> None:
    papers = made.data["items"][place]["documents"]
    papers[number] = {name: papers[number][name] for name in ("code", "name") if name in papers[number]}
    for name in ("reference", "date"):
        made.held.pop(pointer_to("items", place, "documents", number, name), None)
