"""Controls: a box of the declaration with the text it shows, its faults and the codes it may take."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from declarations.boxes import BY_FIELD, Box
from lib.figures import places, plain
from lib.languages import in_language
from lib.numbers import NotANumber, in_notation, read_number, with_one_reading
from lib.pointers import as_id, pointer_to, steps_of
from lib.violations import Violation
from tariffs import selectors as tariff

SHORT_LIST, MOST_OFTEN = 30, 4
# What a script replaces in the row from which it makes new ones; no code or text of a page holds these.
NEW_PLACE, NEW_KEY = 99_998, "rnewrowkey"
CHOSEN_FROM_A_LIST = frozenset({"commodity"})
YES_NO = (("false", _("no")), ("true", _("yes")))


@dataclass(frozen=True, slots=True)
class Control:
    """One box on the screen. `pointer` says where it lies and is its name in a fault.

    `name` says the same with the keys of rows for their places: it is its name in the page and in a save, and means
    the same row wherever that has moved meanwhile. `choices` are all it may take, `often` those among them that the
    company used most and last.
    """

    box: Box
    pointer: str
    name: str
    text: str
    faults: tuple[str, ...] = ()
    meaning: str = ""
    choices: tuple[tuple[str, Any], ...] = ()
    fixed: bool = False
    often: tuple[tuple[str, Any], ...] = ()

    @property
    def id(self) -> str:
        """The pointer as an id of HTML: `items[0].net_mass` is `items-0-net_mass`."""
        return as_id(self.pointer)

    @property
    def widget(self) -> str:
        """select, lines, date, commodity, code (a list to search) or text."""
        if self.fixed:
            return "text"
        if self.choices:
            return "select"
        if self.box.kind == "lines":
            return "lines"
        if self.box.kind == "date" and _is_iso_date(self.text):
            return "date"
        if self.box.codes:
            return "commodity" if self.box.codes in CHOSEN_FROM_A_LIST else "code"
        return "text"

    @property
    def names_a_supplier(self) -> bool:
        """Whether the address book of suppliers is searched as one types."""
        return self.box is BY_FIELD["supplier"]["name"]

    @property
    def seldom(self) -> tuple[tuple[str, Any], ...]:
        """The choices that are not among `often`."""
        often = {code for code, _label in self.often}
        return tuple(choice for choice in self.choices if choice[0] and choice[0] not in often)

    @property
    def width(self) -> str:
        """How much room the control takes in the grid of a section."""
        if self.box.kind == "lines":
            return "full"
        if self.choices or self.box.codes in ("country", "office", "commodity") or self.box.size > 40:
            return "wide"
        return "short"

    @property
    def read(self) -> str:
        """The text as one reads it: figures in groups, dates in words."""
        if self.box.kind in ("amount", "quantity", "integer"):
            return grouped(self.text, least=2 if self.box.kind == "amount" else 0)
        return self.text

    @property
    def inputmode(self) -> str:
        return {"amount": "decimal", "quantity": "decimal", "integer": "numeric"}.get(self.box.kind, "text")


def named(draft: Mapping[str, Any], pointer: str) -> str:
    """A pointer with the keys of rows for their places: `items[0]` is `items[r0123456789ab]`."""
    found: Any = draft
    written = ""
    for step in steps_of(pointer):
        found = found[step] if isinstance(step, int) else found.get(step)
        written = f"{written}[{found['key']}]" if isinstance(step, int) else pointer_to(written, step)
    return written


def _is_iso_date(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def shown(box: Box, value: Any) -> str:
    """A canonical value as its control shows it: decimals in the reader's notation, no needless zeros."""
    if box.kind == "flag":
        return "true" if value is True else "false"
    if value is None or value == "":
        return ""
    if box.kind in ("amount", "quantity"):
        return _number(str(value), least=2 if box.kind == "amount" else 0)
    return str(value)


def _number(text: str, *, least: int) -> str:
    try:
        written = with_one_reading(plain(Decimal(text), least=least))
    except InvalidOperation:
        return text
    return written if (get_language() or "en").startswith("en") else written.replace(".", ",")


def grouped(text: str, *, least: int = 0) -> str:
    """A figure with the reader's digit grouping; what is no figure, or may be read in two ways, stays as it is."""
    try:
        exact = read_number(text)
        return in_notation(exact, places(exact, least=least))
    except NotANumber:
        return text


class Controls:
    """Makes the controls of one draft: `draft` in canonical JSON, its held texts, the faults to be shown.

    `fixed` are fields of the header that are shown and cannot be changed; `used` are codes that the company used most
    and last, by list.
    """

    def __init__(
        self,
        draft: Mapping[str, Any],
        *,
        held: Mapping[str, str],
        faults: Iterable[Violation],
        on: date,
        fixed: Collection[str] = (),
        used: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.draft, self.held, self.on, self.fixed = draft, held, on, fixed
        self.used = used or {}
        self.shown: dict[str, str] = {}
        self.faults: dict[str, list[str]] = {}
        for fault in faults:
            self.faults.setdefault(fault.pointer, []).append(str(fault.sentence))
        self.goods: dict[str, str] = {}
        self._lists: tariff.CodeLists | None = None

    def of(self, boxes: Iterable[Box], *, row: Mapping[str, Any] | None = None, prefix: str = "") -> list[Control]:
        """Controls for `boxes` of the header, or of `row` whose pointer is `prefix`."""
        values, name = self.draft if row is None else row, named(self.draft, prefix)
        made = [self.one(box, values, pointer_to(prefix, box.field), pointer_to(name, box.field)) for box in boxes]
        self.shown |= {control.name: control.text for control in made}
        return made

    def fresh(self, boxes: Iterable[Box], *, prefix: str, name: str) -> list[Control]:
        """Controls of a row that is not there yet."""
        return [self.one(box, {}, pointer_to(prefix, box.field), pointer_to(name, box.field)) for box in boxes]

    def rows(self, name: str, boxes: Iterable[Box], *, start: int = 0, stop: int | None = None) -> Iterator["Row"]:
        """Controls of the repeated part `name` ("items"), rows `start` to `stop`."""
        boxes = tuple(boxes)
        for place, row in enumerate(self.draft.get(name, [])[start:stop], start=start):
            controls = tuple(self.of(boxes, row=row, prefix=pointer_to(name, place)))
            yield Row(place=place, key=str(row["key"]), controls=controls)

    def new_row(self, part: str, boxes: Iterable[Box]) -> "Row":
        """A row of `part` from which a script makes new ones: it puts a place, a number and a key of its own in."""
        controls = self.fresh(boxes, prefix=pointer_to(part, NEW_PLACE), name=f"{part}[{NEW_KEY}]")
        return Row(place=NEW_PLACE, key=NEW_KEY, controls=tuple(controls))

    @property
    def bases(self) -> str:
        """What the page shows in each box, by name, as JSON: a save sends it back to say on what it builds."""
        return json.dumps(self.shown, ensure_ascii=False, separators=(",", ":"))

    def codes(self, name: str) -> Mapping[str, str]:
        """A code list in the reader's language; one query for all lists of the page."""
        self._lists = self._lists or tariff.code_lists(on=self.on)
        return self._lists.names(name)

    def name_goods(self, code: str) -> None:
        """From now on the commodity `code` says what it means: one query."""
        found = tariff.commodity(code, on=self.on) if code else None
        if found is not None:
            self.goods[code] = in_language(found, "description")

    def one(self, box: Box, values: Mapping[str, Any], pointer: str, name: str) -> Control:
        """The control of a single box of the row `values`."""
        text = self.held.get(pointer, shown(box, values.get(box.field)))
        faults = tuple(self.faults.get(pointer, ()))
        if box.kind == "flag":
            return Control(box, pointer, name, text, faults, choices=YES_NO)
        if not box.codes or box.codes in CHOSEN_FROM_A_LIST:
            return Control(box, pointer, name, text, faults, self.goods.get(text, ""), fixed=pointer in self.fixed)
        known = self.codes(box.codes)
        meaning = str(known.get(text, ""))
        if pointer in self.fixed:
            return Control(box, pointer, name, text, faults, meaning, fixed=True)
        choices = _choices(known, text) if 0 < len(known) <= SHORT_LIST else ()
        labels = dict(choices)
        often = [(code, labels[code]) for code in self.used.get(box.codes, ())[:MOST_OFTEN] if code in labels]
        return Control(box, pointer, name, text, faults, meaning, choices, often=tuple(often))


def _choices(known: Mapping[str, str], text: str) -> tuple[tuple[str, str], ...]:
    """The list as options; a code that is not in it stays visible, so that nothing typed or copied is lost."""
    options = [("", "—"), *((code, f"{code} · {name}" if name else code) for code, name in known.items())]
    if text and text not in known:
        options.append((text, f"{text} · ?"))
    return tuple(options)


def paired(controls: Iterable[Control]) -> list[tuple[Control, ...]]:
    """Controls as they stand together: an amount with its currency, all others alone."""
    left = {control.box.field: control for control in controls}
    pairs: list[tuple[Control, ...]] = []
    for name in list(left):
        if name in left:
            first = left.pop(name)
            currency = left.pop(f"{name.removesuffix('_amount')}_currency", None)
            pairs.append((first,) if currency is None else (first, currency))
    return pairs


@dataclass(frozen=True, slots=True)
class Row:
    """A repeated row; `place` counts from zero, as pointers do."""

    place: int
    key: str
    controls: tuple[Control, ...]

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def faults(self) -> int:
        return sum(len(control.faults) for control in self.controls)
