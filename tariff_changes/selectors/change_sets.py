"""Reads of change sets: lists, one set with its rows before and after, what was published, what concerns a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tariff_changes.models import ChangeEvent, ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import becoming, name_of, texts_in_force
from tariffs.columns import LAW, Table
from tariffs.models import Commodity, LegalAct, Measure

PAGE = 50
CHOICE = 200
Status = ChangeSet.Status
OPEN = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED)

VERBS = {
    "begun": _("begun"),
    "described": _("described anew"),
    "row_added": _("row added"),
    "row_changed": _("row changed"),
    "row_dropped": _("row dropped"),
    "file_taken": _("rows of a file taken over"),
    "edition_taken": _("new edition of the nomenclature taken over"),
    "submitted": _("submitted"),
    "approved": _("approved"),
    "sent_back": _("sent back"),
    "withdrawn": _("withdrawn"),
    "published": _("published"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a row: as it was and as it becomes."""

    column: str
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a change set as a page shows it. `name` is the key of what it is about."""

    row: ChangeRow
    table: Table
    name: str
    cells: tuple[Cell, ...]

    @property
    def pointer(self) -> str:
        """How violations name the row."""
        return f"rows[{self.row.place}]"

    @property
    def changes(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.changed)


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of the rows of a change set, and how many there are in all."""

    rows: tuple[RowView, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """An entry of the public feed. `rows` counts by table and action, as in `measure.replace`."""

    change_set: ChangeSet
    published_at: datetime
    rows: dict[str, int]
    codes: tuple[str, ...]
    codes_total: int

    @property
    def counted(self) -> list[tuple[str, str, int]]:
        """Table, action and number, in the reader's language."""
        return [
            (str(LAW[name.split(".")[0]].label), str(ChangeRow.Action(name.split(".")[1]).label), number)
            for name, number in self.rows.items()
        ]


@dataclass(frozen=True, slots=True)
class ChangeOfCode:
    """A row of a published change set that concerns a commodity code."""

    change_set: ChangeSet
    view: RowView


def change_sets(*, status: Sequence[str] = ()) -> QuerySet[ChangeSet]:
    """Change sets, the latest first, with `row_count`; only those in `status` where one is given."""
    sets = ChangeSet.objects.select_related("made_by", "submitted_by", "approved_by", "legal_act")
    if status:
        sets = sets.filter(status__in=list(status))
    return sets.annotate(row_count=Count("rows")).order_by("-pk")


def change_set(pk: int) -> ChangeSet | None:
    """One change set with the people behind it."""
    return change_sets().filter(pk=pk).first()


def change_row(change_set: ChangeSet, place: int) -> ChangeRow | None:
    """The row of a set at a place."""
    return change_set.rows.select_related("change_set").filter(place=place).first()


def counts_of(change_set: ChangeSet) -> dict[tuple[str, str], int]:
    """(table, action) -> number of rows."""
    rows = change_set.rows.order_by().values_list("table", "action").annotate(number=Count("pk"))
    return {(table, action): number for table, action, number in rows}


def rows_of(
    change_set: ChangeSet,
    *,
    page: int = 1,
    per_page: int = PAGE,
    table: str = "",
    action: str = "",
    code: str = "",
    places: Sequence[int] | None = None,
    to_decide: bool = False,
) -> RowPage:
    """A page of the set's rows with their cells before and after.

    `code` keeps rows about commodity codes that begin so, `places` those of the named places (such as those the
    judge finds fault with), `to_decide` those with an open question.
    """
    rows = change_set.rows.order_by("place")
    if table:
        rows = rows.filter(table=table)
    if action:
        rows = rows.filter(action=action)
    if code:
        rows = rows.filter(_about(code))
    if places is not None:
        rows = rows.filter(place__in=list(places))
    if to_decide:
        rows = rows.exclude(to_decide="")
    total = rows.count()
    pages = max(1, -(-total // per_page))
    number = min(max(1, page), pages)
    shown = rows[(number - 1) * per_page : number * per_page]
    return RowPage(tuple(view_of(row, change_set) for row in shown), total, number, pages)


def _about(code: str) -> Q:
    wanted = Q()
    for texts in ("values", "seen"):
        for column in ("commodity", "code"):
            wanted |= Q(**{f"{texts}__{column}__startswith": code})
    return wanted


def view_of(row: ChangeRow, change_set: ChangeSet) -> RowView:
    """The row's cells before and after, with what the set says for all rows filled in."""
    table = LAW[row.table]
    after = _after(row, table, change_set)
    cells = tuple(
        Cell(column, table.label_of(column), row.seen.get(column, ""), after.get(column, "")) for column in table.names
    )
    return RowView(row, table, name_of(table, {**row.seen, **row.values}), cells)


def _after(row: ChangeRow, table: Table, change_set: ChangeSet) -> dict[str, str]:
    if row.action == ChangeRow.Action.END:
        return {**row.seen, "valid_to": row.values.get("valid_to") or f"< {change_set.takes_effect.isoformat()}"}
    act = change_set.legal_act.number if change_set.legal_act else ""
    return becoming(table, seen=row.seen, values=row.values, takes_effect=change_set.takes_effect, act=act)


def events_of(change_set: ChangeSet, *, limit: int = 200) -> list[ChangeEvent]:
    """Who did what with the set, the latest first."""
    return list(change_set.events.select_related("by").order_by("-at", "-pk")[:limit])


def verb_of(event: ChangeEvent) -> str:
    """What was done, in the reader's language."""
    return str(VERBS.get(event.verb, event.verb))


def rows_to_change(
    table: str, *, on: date, code: str = "", limit: int = CHOICE, **lookups: Any
) -> dict[int, dict[str, str]]:
    """Published rows in force on a date that an end or a replacement may choose: primary key -> texts by column.

    `code` keeps commodities and measures whose code begins so; `lookups` are further fields, such as `tax_code`.
    """
    kind = LAW[table]
    column = {"measure": "commodity_prefix", "commodity": "code"}.get(table)
    if code and column:
        lookups[f"{column}__startswith"] = code
    found = texts_in_force(kind, on=on, **lookups)
    return dict(list(found.items())[:limit])


def legal_acts() -> list[LegalAct]:
    """Every act a change set may rest on, the latest first."""
    return list(LegalAct.objects.all())


def legal_act(number: str) -> LegalAct | None:
    """The act with this number."""
    return LegalAct.objects.filter(number=number).first()


# What was published -------------------------------------------------------------------------------------------


def published_changes(*, since: datetime | None = None, limit: int = PAGE) -> list[PublishedChange]:
    """What was published, the latest first: two queries, however large the sets are."""
    events = ChangeEvent.objects.filter(verb="published", change_set__status=Status.PUBLISHED)
    if since is not None:
        events = events.filter(at__gt=since)
    shown = events.select_related(
        "change_set", "change_set__legal_act", "change_set__made_by", "change_set__approved_by"
    ).order_by("-at", "-pk")
    return [
        PublishedChange(
            event.change_set,
            event.at,
            dict(event.data.get("rows", {})),
            tuple(event.data.get("codes", ())),
            int(event.data.get("codes_total", 0)),
        )
        for event in shown[:limit]
    ]


def changes_of(code: str, *, limit: int = PAGE) -> list[ChangeOfCode]:
    """Rows of published sets about a code and the lines above it, the latest first: its history and what comes next."""
    prefixes = [code[:digits] for digits in range(2, len(code) + 1)]
    measures = list(Measure.objects.filter(commodity_prefix__in=prefixes).values_list("pk", flat=True))
    lines = list(Commodity.objects.filter(code__in=prefixes).values_list("pk", flat=True))
    about = Q()
    for table, pks in (("measure", measures), ("commodity", lines)):
        about |= Q(table=table, written__in=pks) | Q(table=table, target__in=pks)
    rows = ChangeRow.objects.filter(about, change_set__status=Status.PUBLISHED).select_related(
        "change_set", "change_set__legal_act", "change_set__made_by", "change_set__approved_by"
    )
    shown = rows.order_by("-change_set__takes_effect", "-change_set_id", "place")[:limit]
    return [ChangeOfCode(row.change_set, view_of(row, row.change_set)) for row in shown]


def row_count(change_set: ChangeSet) -> int:
    """How many rows a set holds."""
    return change_set.rows.count()
