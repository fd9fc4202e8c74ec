"""What a criterion must be. Conditions are judged one by one; each fault points at its row and field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from lib.violations import Violation
from risk.boxes import FIELDS, Field
from risk.models import Lane
from risk.scoring import NUMBER_OPERATORS, OPERATORS, TEXT_OPERATORS, Condition
from tariffs.selectors import known_codes

_LISTED = ("=", "!=", "in", "not_in")


@dataclass(frozen=True)
class Draft:
    """What an analyst wrote: a criterion before it is judged."""

    code: str
    name: str
    lane: str
    conditions: Sequence[Mapping[str, str]] = ()
    name_ru: str = ""
    name_tg: str = ""
    instruction: str = ""
    instruction_ru: str = ""
    instruction_tg: str = ""
    share: Decimal = Decimal(100)
    offices: Sequence[str] = ()
    valid_from: date = date.min
    valid_to: date | None = None


def violations(draft: Draft, *, on: date) -> list[Violation]:
    """Every fault of the draft."""
    return [*_of_header(draft, on=on), *_of_conditions(draft.conditions, on=on)]


def read(conditions: Sequence[Mapping[str, str]]) -> tuple[Condition, ...]:
    """Conditions that were judged good, as scoring takes them."""
    return tuple(_read(each) for each in conditions)


def _read(row: Mapping[str, str]) -> Condition:
    known = FIELDS[row["field"]]
    text = str(row.get("value", ""))
    if row["op"] in ("empty", "filled"):
        return Condition(row["field"], row["op"])
    if known.kind == "number":
        return Condition(row["field"], row["op"], number=Decimal(text.replace(" ", "").replace(",", ".")))
    return Condition(row["field"], row["op"], values=alternatives(text))


def alternatives(text: str) -> tuple[str, ...]:
    """Texts between commas, in capitals."""
    return tuple(part.strip().upper() for part in text.split(",") if part.strip())


def _of_header(draft: Draft, *, on: date) -> Iterator[Violation]:
    if not draft.code.strip():
        yield Violation("K001", "code", _("The criterion has no code. Give it a short one, such as BEER-VALUE."))
    if not draft.name.strip():
        yield Violation("K002", "name", _("The criterion has no name. Say in a few words what it looks for."))
    if draft.lane not in Lane.values:
        yield Violation("K003", "lane", _("“%s” is not a lane. Choose green, blue, yellow or red.") % draft.lane)
    if not 0 <= draft.share <= 100:
        yield Violation("K004", "share", _("A share is between 0 and 100 percent."))
    if draft.valid_to and draft.valid_to < draft.valid_from:
        yield Violation("K005", "valid_to", _("The last day is before the first."))
    if draft.lane in (Lane.YELLOW, Lane.RED) and not draft.instruction.strip():
        yield Violation("K006", "instruction", _("Tell the officer what to look at: a yellow or red file needs it."))
    for code in sorted(set(draft.offices) - known_codes("office", on=on)):
        yield Violation("K007", "offices", _("There is no office “%s”.") % code)
    if not draft.conditions and draft.share > 20:
        yield Violation(
            "K008", "share", _("Without conditions every declaration is met: name a condition or select at most 20 %.")
        )


def _of_conditions(conditions: Sequence[Mapping[str, str]], *, on: date) -> Iterator[Violation]:
    for place, row in enumerate(conditions):
        known = FIELDS.get(row.get("field", ""))
        if known is None:
            sentence = _("“%s” is not a field a criterion can ask for. Choose one of the list.") % row.get("field", "")
            yield Violation("K010", f"conditions[{place}].field", sentence)
        elif row.get("op") not in OPERATORS:
            sentence = _("“%s” is not a comparison. Choose one of the list.") % row.get("op", "")
            yield Violation("K011", f"conditions[{place}].op", sentence)
        else:
            yield from _of_value(known, row, f"conditions[{place}]", on=on)


def _of_value(known: Field, row: Mapping[str, str], pointer: str, *, on: date) -> Iterator[Violation]:
    op, text = row["op"], str(row.get("value", "")).strip()
    allowed = NUMBER_OPERATORS if known.kind == "number" else TEXT_OPERATORS
    if op not in allowed:
        sentence = _("“%(field)s” cannot be compared this way.") % {"field": known.label}
        yield Violation("K012", f"{pointer}.op", sentence)
    elif op in ("empty", "filled"):
        if text:
            yield Violation("K013", f"{pointer}.value", _("This comparison takes no value. Leave it empty."))
    elif not alternatives(text):
        yield Violation("K014", f"{pointer}.value", _("Say what “%s” is compared with.") % known.label)
    elif known.kind == "number":
        yield from _of_number(text, pointer)
    elif known.kind == "flag" and text.upper() not in ("YES", "NO"):
        yield Violation("K015", f"{pointer}.value", _("Write yes or no."))
    elif op in _LISTED and known.codes:
        yield from _of_codes(known, text, pointer, on=on)


def _of_number(text: str, pointer: str) -> Iterator[Violation]:
    try:
        readable = Decimal(text.replace(" ", "").replace(",", ".")).is_finite()
    except InvalidOperation:
        readable = False
    if not readable:
        yield Violation("K016", f"{pointer}.value", _("“%s” is not a number.") % text)


def _of_codes(known: Field, text: str, pointer: str, *, on: date) -> Iterator[Violation]:
    if known.codes == "commodity":
        unknown = [code for code in alternatives(text) if not code.isdigit()]
    else:
        codes = known_codes(known.codes, on=on)
        unknown = [code for code in alternatives(text) if codes and code not in codes]
    for code in unknown:
        sentence = _("“%(code)s” is not in the code list of “%(field)s”.") % {"code": code, "field": known.label}
        yield Violation("K017", f"{pointer}.value", sentence)
