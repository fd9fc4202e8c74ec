"""What a criterion must be. Conditions are judged one by one; each fault points at its row and field."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from heapq import merge

from django.utils.translation import gettext as _

from lib.pointers import pointer_to
from lib.rules import Finding, RuleBook
from lib.spelling import plain_plate, searched, searched_container
from lib.violations import Violation
from risk.boxes import FIELDS, Field, is_of_travellers
from risk.models import About, Lane
from risk.scoring import NUMBER_OPERATORS, OPERATORS, TEXT_OPERATORS, Condition
from tariffs.selectors import known_codes

_LISTED = ("=", "!=", "in", "not_in")
_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "code": searched, "commodity": searched_container, "container": searched_container, "plate": plain_plate,
}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What an analyst wrote: a criterion before it is judged."""

    code: str
    name: str
    lane: str
    about: str = About.DECLARATIONS
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
    general: bool = False
    may_yield: bool = False


# Rules that look at the draft alone, and rules that look codes up in the lists of a day.
OF_DRAFT: RuleBook[[Draft]] = RuleBook()
OF_CODES: RuleBook[[Draft, date]] = RuleBook()


def violations(draft: Draft, *, on: date) -> list[Violation]:
    """Every fault of the draft, in the order of the rules' codes."""
    return list(merge(OF_DRAFT.faults(draft), OF_CODES.faults(draft, on), key=lambda fault: fault.code))


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
    return Condition(row["field"], row["op"], values=_spelt(known, text))


def alternatives(text: str) -> tuple[str, ...]:
    """Texts between commas, in capitals."""
    return tuple(part.strip().upper() for part in text.split(",") if part.strip())


def _spelt(known: Field, text: str) -> tuple[str, ...]:
    """Alternatives in the spelling in which declarations keep them."""
    spelling = _SPELLINGS.get(known.spelling, str)
    return tuple(filter(None, (spelling(part) for part in alternatives(text))))


# The criterion as a whole --------------------------------------------------------------------------------------
@OF_DRAFT.rule("K001")
def it_has_a_code(draft: Draft) -> Iterator[Finding]:
    if not draft.code.strip():
        yield "code", _("The criterion has no code. Give it a short one, such as BEER-VALUE.")


@OF_DRAFT.rule("K002")
def it_has_a_name(draft: Draft) -> Iterator[Finding]:
    if not draft.name.strip():
        yield "name", _("The criterion has no name. Say in a few words what it looks for.")


@OF_DRAFT.rule("K003")
def its_lane_is_known(draft: Draft) -> Iterator[Finding]:
    if draft.lane not in Lane.values:
        yield "lane", _("“%s” is not a lane. Choose green, blue, yellow or red.") % draft.lane


@OF_DRAFT.rule("K004")
def its_share_is_a_percentage(draft: Draft) -> Iterator[Finding]:
    if not 0 <= draft.share <= 100:
        yield "share", _("A share is between 0 and 100 percent.")


@OF_DRAFT.rule("K005")
def it_begins_before_it_ends(draft: Draft) -> Iterator[Finding]:
    if draft.valid_to and draft.valid_to < draft.valid_from:
        yield "valid_to", _("The last day is before the first.")


@OF_DRAFT.rule("K006")
def an_officer_knows_what_to_look_at(draft: Draft) -> Iterator[Finding]:
    if draft.lane in (Lane.YELLOW, Lane.RED) and not draft.instruction.strip():
        yield "instruction", _("Tell the officer what to look at: a yellow or red file needs it.")


@OF_CODES.rule("K007")
def its_offices_are_known(draft: Draft, on: date) -> Iterator[Finding]:
    for code in sorted(set(draft.offices) - known_codes("office", on=on)):
        yield "offices", _("There is no office “%s”.") % code


@OF_DRAFT.rule("K008")
def it_does_not_select_everything(draft: Draft) -> Iterator[Finding]:
    if not draft.conditions and draft.share > 20:
        yield "share", _("Without conditions every declaration is met: name a condition or select at most 20 %.")


@OF_DRAFT.rule("K009")
def it_fits_what_it_scores(draft: Draft) -> Iterator[Finding]:
    if draft.about not in About.values:
        yield "about", _("“%s” is nothing that is scored. Choose declarations or travellers.") % draft.about
    elif draft.about == About.TRAVELLERS and draft.lane not in (Lane.GREEN, Lane.RED):
        yield "lane", _("A traveller goes through the green or the red lane.")


@OF_DRAFT.rule("K070")
def only_what_stops_a_declaration_gives_way(draft: Draft) -> Iterator[Finding]:
    if draft.general and draft.lane != Lane.YELLOW:
        yield "general", _("Only a yellow criterion can be general: red stays red for everybody.")
    if draft.may_yield and (draft.lane not in (Lane.YELLOW, Lane.RED) or not draft.conditions):
        yield "may_yield", _("Only a yellow or red criterion with conditions may yield; a random share never does.")


# Its conditions ------------------------------------------------------------------------------------------------
@OF_CODES.rule("K010")
def its_conditions_can_be_compared(draft: Draft, on: date) -> Iterator[Violation]:
    """K010 to K017: one fault for each condition."""
    for place, row in enumerate(draft.conditions):
        known = FIELDS.get(row.get("field", ""))
        if known is None:
            sentence = _("“%s” is not a field a criterion can ask for. Choose one of the list.") % row.get("field", "")
            yield Violation("K010", pointer_to("conditions", place, "field"), sentence)
        elif is_of_travellers(known.key) != (draft.about == About.TRAVELLERS):
            sentence = _("“%s” is no field of what this criterion scores.") % known.label
            yield Violation("K018", pointer_to("conditions", place, "field"), sentence)
        elif row.get("op") not in OPERATORS:
            sentence = _("“%s” is not a comparison. Choose one of the list.") % row.get("op", "")
            yield Violation("K011", pointer_to("conditions", place, "op"), sentence)
        else:
            yield from _of_value(known, row, pointer_to("conditions", place), on=on)


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
        unknown = [code for code in _spelt(known, text) if not (code.isascii() and code.isdigit())]
    else:
        codes = known_codes(known.codes, on=on)
        unknown = [code for code in _spelt(known, text) if codes and code not in codes]
    for code in unknown:
        sentence = _("“%(code)s” is not in the code list of “%(field)s”.") % {"code": code, "field": known.label}
        yield Violation("K017", f"{pointer}.value", sentence)
