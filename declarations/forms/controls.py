"""Controls: a box of the declaration with the text it shows, its faults and the codes it may take."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from declarations.boxes import Box
from lib.figures import places, plain
from lib.languages import in_language
from lib.numbers import in_notation
from lib.pointers import as_id, pointer_to
from lib.violations import Violation
from tariffs import selectors as tariff

SHORT_LIST = 30
CHOSEN_FROM_A_LIST = frozenset({"commodity"})
YES_NO = (("false", _("no")), ("true", _("yes")))


@dataclass(frozen=True, slots=True)
class Control:
    """One box on the screen. `pointer` is its name in the page, in a save and in a fault."""

    box: Box
    pointer: str
    text: str
    faults: tuple[str, ...] = ()
    meaning: str = ""
    choices: tuple[tuple[str, Any], ...] = ()

    @property
    def id(self) -> str:
        """The pointer as an id of HTML: `items[0].net_mass` is `items-0-net_mass`."""
        return as_id(self.pointer)

    @property
    def widget(self) -> str:
        """select, lines, date, commodity, code (a list to search) or text."""
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
            return grouped(self.text)
        return self.text

    @property
    def inputmode(self) -> str:
        return {"amount": "decimal", "quantity": "decimal", "integer": "numeric"}.get(self.box.kind, "text")


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
        written = plain(Decimal(text), least=least)
    except InvalidOperation:
        return text
    return written if (get_language() or "en").startswith("en") else written.replace(".", ",")


def grouped(text: str) -> str:
    """A figure with the reader's digit grouping; what is no figure stays as it is."""
    try:
        exact = Decimal(text.replace(",", "."))
        return in_notation(exact, places(exact))
    except InvalidOperation:
        return text


class Controls:
    """Makes the controls of one draft: `draft` in canonical JSON, its held texts, the faults to be shown."""

    def __init__(
        self, draft: Mapping[str, Any], *, held: Mapping[str, str], faults: Iterable[Violation], on: date
    ) -> None:
        self.draft, self.held, self.on = draft, held, on
        self.faults: dict[str, list[str]] = {}
        for fault in faults:
            self.faults.setdefault(fault.pointer, []).append(str(fault.sentence))
        self.goods: dict[str, str] = {}
        self._lists: tariff.CodeLists | None = None

    def of(self, boxes: Iterable[Box], *, row: Mapping[str, Any] | None = None, prefix: str = "") -> list[Control]:
        """Controls for `boxes` of the header, or of `row` whose pointer is `prefix`."""
        values = self.draft if row is None else row
        return [self._one(box, values, pointer_to(prefix, box.field)) for box in boxes]

    def rows(self, name: str, boxes: Iterable[Box], *, start: int = 0, stop: int | None = None) -> Iterator["Row"]:
        """Controls of the repeated part `name` ("items"), rows `start` to `stop`."""
        boxes = tuple(boxes)
        for place, row in enumerate(self.draft.get(name, [])[start:stop], start=start):
            yield Row(place=place, controls=tuple(self.of(boxes, row=row, prefix=pointer_to(name, place))))

    def codes(self, name: str) -> Mapping[str, str]:
        """A code list in the reader's language; one query for all lists of the page."""
        self._lists = self._lists or tariff.code_lists(on=self.on)
        return self._lists.names(name)

    def name_goods(self, code: str) -> None:
        """From now on the commodity `code` says what it means: one query."""
        found = tariff.commodity(code, on=self.on) if code else None
        if found is not None:
            self.goods[code] = in_language(found, "description")

    def _one(self, box: Box, values: Mapping[str, Any], pointer: str) -> Control:
        text = self.held.get(pointer, shown(box, values.get(box.field)))
        faults = tuple(self.faults.get(pointer, ()))
        if box.kind == "flag":
            return Control(box, pointer, text, faults, choices=YES_NO)
        if not box.codes or box.codes in CHOSEN_FROM_A_LIST:
            return Control(box, pointer, text, faults, self.goods.get(text, ""))
        known = self.codes(box.codes)
        meaning = str(known.get(text, ""))
        choices = _choices(known, text) if 0 < len(known) <= SHORT_LIST else ()
        return Control(box, pointer, text, faults, meaning, choices)


def _choices(known: Mapping[str, str], text: str) -> tuple[tuple[str, str], ...]:
    """The list as options; a code that is not in it stays visible, so that nothing typed or copied is lost."""
    options = [("", "—"), *((code, f"{code} · {name}" if name else code) for code, name in known.items())]
    if text and text not in known:
        options.append((text, f"{text} · ?"))
    return tuple(options)


@dataclass(frozen=True, slots=True)
class Row:
    """A repeated row; `place` counts from zero, as pointers do."""

    place: int
    controls: tuple[Control, ...]

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def faults(self) -> int:
        return sum(len(control.faults) for control in self.controls)
