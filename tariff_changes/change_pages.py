"""What officers see of change sets: who may, which lists concern them, a page of rows as a grid with its faults."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.selectors import has_role
from lib.languages import in_language
from lib.violations import Violation
from tariff_changes import services as changes
from tariff_changes.models import ChangeEvent, ChangeRow, ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors.change_sets import RowView
from tariff_changes.selectors.law_texts import name_of, texts_by_pk
from tariffs.columns import LAW, Table
from tariffs.models import CountryGroup, LegalAct, Quota
from tariffs.selectors import code_lists, territory

ROWS_A_PAGE = 100
SETS_A_PAGE = 30
# A set of at most so many rows is judged whenever its page is opened; a larger one is judged beside the page.
JUDGED_AT_ONCE = 500
Status = ChangeSet.Status


_RUNS = ("row_added", "row_changed", "row_dropped")


# Who ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do with a change set. Whoever had a hand in it does not approve it."""

    make: bool
    approve: bool
    had_a_hand: bool = False

    @property
    def judge(self) -> bool:
        return self.approve and not self.had_a_hand

    @property
    def publish(self) -> bool:
        return self.make or self.approve


def rights_of(user: User, *, on: date, change_set: ChangeSet | None = None) -> Rights:
    """What `user` may do on the day, and with this set."""
    return Rights(
        make=has_role(user, Role.TARIFF, on=on),
        approve=has_role(user, Role.APPROVING, on=on),
        had_a_hand=change_set is not None and changes.had_a_hand_in(change_set, user),
    )


# Lists --------------------------------------------------------------------------------------------------------
SHOWN = {
    "waiting": _("Waiting for approval"),
    "drafts": _("Being prepared"),
    "mine": _("Made by me"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
}


def listed(user: User, show: str) -> QuerySet[ChangeSet]:
    """The change sets of one list, the latest first."""
    if show == "mine":
        return reads.change_sets().filter(Q(made_by=user) | Q(submitted_by=user))
    states = {
        "waiting": (Status.SUBMITTED, Status.APPROVED),
        "drafts": (Status.DRAFT,),
        "published": (Status.PUBLISHED,),
        "withdrawn": (Status.WITHDRAWN,),
    }[show]
    return reads.change_sets(status=states)


def first_list(rights: Rights) -> str:
    """The list that concerns a person most."""
    return "drafts" if rights.make and not rights.approve else "waiting"


def counted(user: User) -> dict[str, int]:
    """How many sets each list holds."""
    return {show: listed(user, show).count() for show in SHOWN}


def page_of(sets: QuerySet[ChangeSet], number: str | None) -> Page[ChangeSet]:
    """One page of a list."""
    return Paginator(sets, SETS_A_PAGE).get_page(number)


# Faults -------------------------------------------------------------------------------------------------------
_PLACE = re.compile(r"rows\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class Faults:
    """Everything that speaks against a set, by the place of the row it concerns."""

    found: tuple[Violation, ...]
    by_place: Mapping[int, tuple[Violation, ...]]

    @property
    def places(self) -> list[int]:
        return sorted(self.by_place)

    @property
    def on_the_whole(self) -> list[Violation]:
        """Faults of no row in particular."""
        return [fault for fault in self.found if _PLACE.match(fault.pointer) is None]

    def at(self, place: int) -> tuple[Violation, ...]:
        return self.by_place.get(place, ())


def sorted_by_place(found: Sequence[Violation]) -> Faults:
    """Faults as a page wants them."""
    by_place: dict[int, list[Violation]] = defaultdict(list)
    for fault in found:
        if match := _PLACE.match(fault.pointer):
            by_place[int(match.group(1))].append(fault)
    return Faults(tuple(found), {place: tuple(faults) for place, faults in by_place.items()})


def column_of(fault: Violation) -> str:
    """The column a fault points at; empty where it is the whole row."""
    match = _PLACE.match(fault.pointer)
    return (match.group(2) or "") if match else ""


def faults_of(change_set: ChangeSet, *, on: date) -> Faults:
    """What the rules say today. Remembered until anything happens to any change set or to the tables."""
    latest = ChangeEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    known = (latest, territory().edition)
    return _judged(change_set.pk, known, on, get_language() or "en")


@lru_cache(maxsize=16)
def _judged(pk: int, known: tuple[int, int], on: date, language: str) -> Faults:
    held = reads.change_set(pk)
    assert held is not None
    return sorted_by_place(changes.judge(held, on=on))


# History ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the timeline; `times` it happened in a row, by the same person."""

    event: ChangeEvent
    times: int = 1


def timeline(change_set: ChangeSet) -> list[Happened]:
    """The history of a set, the latest first; a run of the same edits by one person is one line."""
    found: list[Happened] = []
    for event in reads.events_of(change_set):
        last = found[-1] if found else None
        if last and event.verb in _RUNS and (event.verb, event.by_id) == (last.event.verb, last.event.by_id):
            found[-1] = Happened(last.event, last.times + 1)
        else:
            found.append(Happened(event))
    return found


# Rows as a grid -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of the grid with what is wrong in it."""

    column: str
    label: str
    before: str
    after: str
    faults: tuple[Violation, ...]
    state: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid; `faults` are those of no column that is shown."""

    view: RowView
    cells: tuple[GridCell, ...]
    faults: tuple[Violation, ...]

    @property
    def row(self) -> ChangeRow:
        return self.view.row


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of one table with the columns that say something about them."""

    table: Table
    columns: tuple[tuple[str, str], ...]
    rows: tuple[GridRow, ...]

    @property
    def names(self) -> str:
        return ",".join(name for name, _label in self.columns)


def grids(views: Sequence[RowView], faults: Faults) -> list[Grid]:
    """The rows of a page, table by table."""
    by_table: dict[str, list[RowView]] = defaultdict(list)
    for view in views:
        by_table[view.table.name].append(view)
    return [_grid(group, faults) for group in by_table.values()]


def _grid(views: Sequence[RowView], faults: Faults) -> Grid:
    table = views[0].table
    faulty = {column_of(fault) for view in views for fault in faults.at(view.row.place)}
    columns = [name for name in table.names if name in faulty or _says_something(name, table, views)]
    return Grid(
        table,
        tuple((name, table.label_of(name)) for name in columns),
        tuple(grid_row(view, columns, faults) for view in views),
    )


def _says_something(name: str, table: Table, views: Sequence[RowView]) -> bool:
    """Whether a column is worth its place: it changes, tells rows apart, or is part of what they are about.

    What is usual, and what the head of the set says for all rows, needs no column.
    """
    cells = [next(cell for cell in view.cells if cell.column == name) for view in views]
    texts = {text for cell in cells for text in (cell.before, cell.after) if text}
    if not texts:
        return False
    column = table.by_name[name]
    if column.of_the_set:
        return len({cell.after for cell in cells}) > 1
    if column.usual:
        return bool(texts - {column.usual})
    return name in table.series or any(cell.changed for cell in cells) or len(texts) > 1


def grid_row(view: RowView, columns: Sequence[str], faults: Faults) -> GridRow:
    """The cells of some columns; faults of others stand at the row."""
    own = faults.at(view.row.place)
    cells = tuple(
        GridCell(
            cell.column,
            cell.label,
            cell.before,
            cell.after,
            tuple(fault for fault in own if column_of(fault) == cell.column),
            _state(view.row.action, cell.before, cell.after),
        )
        for cell in view.cells
        if cell.column in columns
    )
    return GridRow(view, cells, tuple(fault for fault in own if column_of(fault) not in columns))


def _state(action: str, before: str, after: str) -> str:
    if action == ChangeRow.Action.CREATE:
        return "new" if after else "same"
    return "changed" if before != after else "same"


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """Which rows of a set a page shows."""

    table: str = ""
    action: str = ""
    code: str = ""
    faulty: bool = False
    to_decide: bool = False
    number: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.table or self.action or self.code or self.faulty or self.to_decide)


@dataclass(frozen=True, slots=True)
class RowsShown:
    """A page of rows as grids; `page` is what the pager turns."""

    grids: list[Grid]
    total: int
    page: Page[int]


def rows_shown(change_set: ChangeSet, asked: RowsAsked, faults: Faults) -> RowsShown:
    """A hundred rows of the set. Counted and cut by the database."""
    found = reads.rows_of(
        change_set,
        page=asked.number,
        per_page=ROWS_A_PAGE,
        table=asked.table,
        action=asked.action,
        code=asked.code,
        places=faults.places if asked.faulty else None,
        to_decide=asked.to_decide,
    )
    page = Paginator(range(found.total), ROWS_A_PAGE).get_page(found.number)
    return RowsShown(grids(found.rows, faults), found.total, page)


def page_with(change_set: ChangeSet, place: int) -> int:
    """The page, without filters, on which a row stands."""
    return change_set.rows.filter(place__lt=place).count() // ROWS_A_PAGE + 1


# Codes to pick from -------------------------------------------------------------------------------------------
def codes_for(table: Table, *, on: date) -> dict[str, list[tuple[str, str]]]:
    """For each column that holds one code of a list: the codes in force, with their names."""
    picked = {name: column.refers for name, column in table.by_name.items() if column.refers and not column.many}
    found: dict[str, list[tuple[str, str]]] = {}
    for codes in picked.values():
        if codes not in found:
            found[codes] = _codes_of(codes, on=on)
    return {name: found[codes] for name, codes in picked.items()}


def _codes_of(codes: str, *, on: date) -> list[tuple[str, str]]:
    """The codes of one list in force on a date, with their names."""
    match codes:
        case "group":
            return [(group.code, in_language(group)) for group in CountryGroup.objects.all()]
        case "origin":
            return [*_codes_of("group", on=on), *_codes_of("country", on=on)]
        case "quota":
            return [(quota.number, in_language(quota)) for quota in Quota.objects.on(on)]
        case "act":
            return [(act.number, in_language(act, "title")) for act in reads.legal_acts()]
    return list(code_lists(on=on).names(codes).items())


def acts() -> QuerySet[LegalAct]:
    """Every legal act, the latest first."""
    return LegalAct.objects.order_by("-date", "number")


@dataclass(frozen=True, slots=True)
class Offer:
    """A published row that may be ended or replaced: what it is about and what it says."""

    pk: int
    name: str
    says: str
    texts: Mapping[str, str]


def choice(table: str, *, on: date, code: str, tax: str) -> list[Offer]:
    """Published rows in force that may be ended or replaced, at most `reads.CHOICE`."""
    lookups: dict[str, Any] = {"tax_code": tax} if tax and table == "measure" else {}
    found = reads.rows_to_change(table, on=on, code=code, **lookups)
    return [Offer(pk, name_of(LAW[table], texts), _says(texts), texts) for pk, texts in found.items()]


def _says(texts: Mapping[str, str]) -> str:
    """The cell a person knows a row by, in the reader's language where it has one."""
    language = (get_language() or "en")[:2]
    for column in ("rate", "document", "description", "name"):
        if text := texts.get(f"{column}_{language}") or texts.get(column):
            return text
    return ""


def published_row(table: str, pk: int) -> dict[str, str] | None:
    """The texts of one published row; None where there is none."""
    return texts_by_pk(LAW[table], [pk]).get(pk) if table in LAW else None


def drafts_of(user: User) -> list[ChangeSet]:
    """The drafts a row may be put into, those of the person first."""
    drafts = list(reads.change_sets(status=[Status.DRAFT]))
    return sorted(drafts, key=lambda draft: draft.made_by_id != user.pk)
