"""Conditions judged when they are typed: each by itself, then those of an alternative together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from lib.numbers import NotANumber, is_ambiguous, read_number
from lib.pointers import pointer_to
from lib.violations import Violation
from risk.boxes import FIELDS, Field, has_whole_codes, is_of_travellers
from risk.rules import possible
from risk.rules.reading import alternatives, ends_of, number_of, read_one, spelt
from risk.scoring import FLAG_OPERATORS, LIST_OPERATORS, NUMBER_OPERATORS, OPERATORS, TEXT_OPERATORS, Condition
from risk.selectors.lists import Listed, lists_on
from tariffs.selectors import declarable_between, is_within_a_code, known_codes, territory

MOST_CONDITIONS = 60
GROUPS = ("A", "B", "C", "D", "E", "F")
_EXACT = ("=", "!=", "in", "not_in")
_LIST_FIELDS = {"trader": frozenset({"header.consignee_code", "header.declarant_code"})}

Row = Mapping[str, str]


def faults(rows: Sequence[Row], *, travellers: bool, offices: Sequence[str], on: date) -> Iterator[Violation]:
    """One fault for each condition that cannot be compared; where all can, what can never be met together."""
    if len(rows) > MOST_CONDITIONS:
        sentence = _("A criterion has at most %s conditions. Keep codes in a list and ask for the list.")
        yield Violation("K058", "conditions", sentence % MOST_CONDITIONS)
        return
    lists = lists_on(on) if any(row.get("op") in LIST_OPERATORS for row in rows) else {}
    found = [
        fault
        for place, row in enumerate(rows)
        for fault in _of_row(row, pointer_to("conditions", place), travellers=travellers, lists=lists, on=on)
    ]
    yield from found
    if not found:
        yield from _together([read_one(row, lists) for row in rows], offices=offices, on=on)


def _of_row(row: Row, pointer: str, *, travellers: bool, lists: Mapping[str, Listed], on: date) -> Iterator[Violation]:
    known = FIELDS.get(row.get("field", ""))
    if known is None:
        sentence = _("“%s” is not a field a criterion can ask for. Choose one of the list.") % row.get("field", "")
        yield Violation("K010", f"{pointer}.field", sentence)
    elif is_of_travellers(known.key) != travellers:
        sentence = _("“%s” is no field of what this criterion scores.") % known.label
        yield Violation("K018", f"{pointer}.field", sentence)
    elif row.get("op") not in OPERATORS:
        sentence = _("“%s” is not a comparison. Choose one of the list.") % row.get("op", "")
        yield Violation("K011", f"{pointer}.op", sentence)
    elif row.get("group", "") not in ("", *GROUPS):
        sentence = _("“%s” is no group. Choose one of the list, or none.") % row.get("group", "")
        yield Violation("K058", f"{pointer}.group", sentence)
    else:
        yield from _of_value(known, row, pointer, lists=lists, on=on)


def comparisons_of(known: Field) -> frozenset[str]:
    """How a field can be compared."""
    if known.kind == "number":
        return NUMBER_OPERATORS
    if known.kind == "flag":
        return FLAG_OPERATORS
    return TEXT_OPERATORS | {"between"} if known.spelling == "commodity" else TEXT_OPERATORS


def _of_value(known: Field, row: Row, pointer: str, *, lists: Mapping[str, Listed], on: date) -> Iterable[Violation]:
    op, text = row["op"], str(row.get("value", "")).strip()
    if op not in comparisons_of(known):
        return [Violation("K012", f"{pointer}.op", _compared_otherwise(known, op))]
    pointer = f"{pointer}.value"
    if op in ("empty", "filled"):
        return [Violation("K013", pointer, _("This comparison takes no value. Leave it empty."))] if text else []
    if not alternatives(text):
        return [Violation("K014", pointer, _("Say what “%s” is compared with.") % known.label)]
    if op in LIST_OPERATORS:
        return _of_list(known, text.upper(), pointer, lists)
    if op == "between":
        return _of_range(known, text, pointer, on=on)
    if known.kind == "number":
        return _of_number(text, pointer)
    if known.kind == "flag":
        return [] if text.upper() in ("YES", "NO") else [Violation("K015", pointer, _("Write yes or no."))]
    return _of_texts(known, op, text, pointer, on=on)


def _compared_otherwise(known: Field, op: str) -> str:
    if known.kind == "flag":
        return _("“%(field)s” is yes or no: compare it with “is”.") % {"field": known.label}
    if op in NUMBER_OPERATORS:
        sentence = _("“%(field)s” cannot be compared this way: it is a text and not a number.")
    else:
        sentence = _("“%(field)s” cannot be compared this way: it is a number and not a text.")
    return sentence % {"field": known.label}


def _of_number(text: str, pointer: str) -> list[Violation]:
    if is_ambiguous(text):
        sentence = _("“%s” may be read in two ways. Write it without a sign between thousands, or with four decimals.")
        return [Violation("K016", pointer, sentence % text)]
    try:
        read_number(text)
    except NotANumber:
        return [Violation("K016", pointer, _("“%s” is not a number.") % text)]
    return []


def _of_range(known: Field, text: str, pointer: str, *, on: date) -> list[Violation]:
    """K064: both ends are there, the first is not above the second; K017: the tariff has a code between them."""
    ends = ends_of(text)
    if ends is None:
        return [Violation("K064", pointer, _("Write both ends of the range, such as 10 .. 20."))]
    if known.kind == "number":
        if found := [fault for end in ends for fault in _of_number(end, pointer)]:
            return found
        is_empty = number_of(ends[0]) > number_of(ends[1])
    else:
        low, high = spelt(known, ends[0]), spelt(known, ends[1])
        if found := [fault for end in ends for fault in _of_code(known, "starts_with", end, pointer)]:
            return found
        is_empty = not low or not high or low[0] > high[0] + "9" * len(low[0])
        if not is_empty and not declarable_between(_padded(low[0], "0"), _padded(high[0], "9"), on=on, most=1):
            sentence = _("The tariff has no code between “%(low)s” and “%(high)s”.")
            return [Violation("K017", pointer, sentence % {"low": ends[0], "high": ends[1]})]
    sentence = _("The range begins above its end: nothing lies between %(low)s and %(high)s.")
    return [Violation("K064", pointer, sentence % {"low": ends[0], "high": ends[1]})] if is_empty else []


def _of_texts(known: Field, op: str, text: str, pointer: str, *, on: date) -> Iterator[Violation]:
    values = spelt(known, text)
    if not values:
        yield Violation("K014", pointer, _("Say what “%s” is compared with.") % known.label)
    for value in values:
        if known.spelling == "commodity":
            found = _of_code(known, op, value, pointer) or _of_tariff(known, op, value, pointer, on=on)
        elif known.codes and known.codes != "commodity":
            found = _of_coded(known, op, value, pointer, on=on)
        else:
            found = _of_length(known, op, value, pointer)
        yield from found


def _of_code(known: Field, op: str, text: str, pointer: str) -> list[Violation]:
    """K017 and K060: digits alone, and no fewer or more than a declared code has."""
    code = (spelt(known, text) or ("",))[0]
    if not (code.isascii() and code.isdigit()):
        return [Violation("K017", pointer, _not_listed(known, code))]
    digits = territory().commodity_code_length
    about = {"code": code, "count": len(code), "digits": digits, "beginning": code[:digits]}
    if op in _EXACT and len(code) < digits and has_whole_codes(known.key):
        sentence = _("A declared code has %(digits)s digits and “%(code)s” has %(count)s, so it is never equal. "
                     "Choose “starts with”.")  # fmt: skip
        return [Violation("K060", pointer, sentence % about)]
    if len(code) > digits:
        sentence = _("A declared code has %(digits)s digits and “%(code)s” has %(count)s. Write %(beginning)s?")
        return [Violation("K060", pointer, sentence % about)]
    return []


def _of_tariff(known: Field, op: str, code: str, pointer: str, *, on: date) -> list[Violation]:
    """K017: the tariff of the day has such a code; one that is not declared yet cannot be met."""
    if op == "contains":
        sentence = _("The tariff has no code that contains “%s”.")
        return [] if is_within_a_code(code, on=on) else [Violation("K017", pointer, sentence % code)]
    if declarable_between(_padded(code, "0"), _padded(code, "9"), on=on, most=1):
        return []
    is_whole = len(code) == territory().commodity_code_length
    sentence = _("The tariff has no code “%s”.") if is_whole else _("The tariff has no code that starts with “%s”.")
    return [Violation("K017", pointer, sentence % code)]


def _padded(code: str, digit: str) -> str:
    """A code of all digits of the tariff."""
    return code.ljust(territory().commodity_code_length, digit)


def _of_coded(known: Field, op: str, value: str, pointer: str, *, on: date) -> list[Violation]:
    codes = known_codes(known.codes, on=on)
    if not codes:
        return _of_length(known, op, value, pointer)
    if op in _EXACT:
        return [] if value in codes else [Violation("K017", pointer, _not_listed(known, value))]
    if op == "starts_with":
        fits = any(code.startswith(value) for code in codes)
    else:
        fits = any(value in code for code in codes)
    sentence = _("No code in the code list of “%(field)s” fits “%(code)s”.") % {"code": value, "field": known.label}
    return [] if fits else [Violation("K017", pointer, sentence)]


def _not_listed(known: Field, code: str) -> str:
    return _("“%(code)s” is not in the code list of “%(field)s”.") % {"code": code, "field": known.label}


def _of_length(known: Field, op: str, value: str, pointer: str) -> list[Violation]:
    """K060: nothing that is longer than its box is ever declared."""
    if known.choices and op in _EXACT and value not in known.choices:
        sentence = _("“%(code)s” is none of what “%(field)s” can be: %(choices)s.")
        about = {"code": value, "field": known.label, "choices": ", ".join(sorted(known.choices))}
        return [Violation("K017", pointer, sentence % about)]
    if not known.size or len(value) <= known.size:
        return []
    sentence = _("“%(field)s” has at most %(size)s characters, and this has %(count)s: it is never declared.")
    return [Violation("K060", pointer, sentence % {"field": known.label, "size": known.size, "count": len(value)})]


def _of_list(known: Field, code: str, pointer: str, lists: Mapping[str, Listed]) -> list[Violation]:
    """K059: there is such a list, it lists what the field holds, and something stands in it."""
    found = lists.get(code)
    if found is None:
        return [Violation("K059", pointer, _("There is no list “%s”. Make it first, on the page of lists.") % code)]
    if not fits_list(known, found.kind):
        sentence = _("The list “%(list)s” is for other fields than “%(field)s”.")
        return [Violation("K059", pointer, sentence % {"list": code, "field": known.label})]
    if not found.entries:
        sentence = _("The list “%s” holds nothing as yet: its first version has to be approved.") % code
        return [Violation("K059", pointer, sentence)]
    return []


def fits_list(known: Field, kind: str) -> bool:
    """Whether a list of this kind holds what is declared in the field."""
    if known.kind != "text":
        return False
    if kind in _LIST_FIELDS:
        return known.key in _LIST_FIELDS[kind]
    own = {"commodity", "country", "office", "document_type", "container", "plate"} & {known.codes, known.spelling}
    return kind in own or (kind == "text" and not known.codes)


# Together -----------------------------------------------------------------------------------------------------
def _together(conditions: Sequence[Condition], *, offices: Sequence[str], on: date) -> Iterator[Violation]:
    """K061 to K063: what is never met, alone or with the others of its alternative; what is always met."""
    domains = possible.Domains(conditions, codes=lambda name: known_codes(name, on=on),
                               digits=territory().commodity_code_length)  # fmt: skip
    alone = list(_alone(conditions, domains))
    yield from alone
    if alone:
        return
    given = [Condition("header.office_code", "in", values=tuple(offices))] if offices else []
    said = set()
    for places in _alternatives(conditions):
        for place, others in possible.clashes([conditions[place] for place in places], domains, given=given):
            clash = (places[place], tuple(places[each] for each in others))
            if clash not in said:
                said.add(clash)
                yield Violation("K062", pointer_to("conditions", clash[0], "value"), _excluded(conditions, *clash))


def _alternatives(conditions: Sequence[Condition]) -> list[list[int]]:
    groups = sorted({each.group for each in conditions if each.group})
    return [[place for place, each in enumerate(conditions) if each.group in ("", group)] for group in groups or ("",)]


def _alone(conditions: Sequence[Condition], domains: possible.Domains) -> Iterator[Violation]:
    for place, condition in enumerate(conditions):
        met = domains.met(condition)
        field = FIELDS[condition.field]
        pointer = pointer_to("conditions", place, "op" if condition.op in ("empty", "filled") else "value")
        if not any(met):
            sentence = _("“%s” can never be so: no declaration would be met. Look at comparison and value.")
            yield Violation("K061", pointer, sentence % field.label)
        elif all(met):
            sentence = _("“%s” is always so: the condition says nothing. Leave it out or change it.")
            yield Violation("K063", pointer, sentence % field.label)


def _excluded(conditions: Sequence[Condition], place: int, others: Sequence[int]) -> str:
    label = FIELDS[conditions[place].field].label
    if not others:
        return _("“%s” leaves nothing with the offices of this criterion.") % label
    rows = ", ".join(str(each + 1) for each in sorted({place, *others}))
    sentence = _("Conditions %(rows)s exclude each other: nothing that is declared as “%(field)s” meets all of them. "
                 "If either is meant, put them into two groups.")  # fmt: skip
    return sentence % {"rows": rows, "field": label}
