"""The public record of changes of the tariff: what was published, when it takes effect, in which roles people did it.

Names of officers and their reasons stay inside; the law, the act it rests on and the dates are anybody's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role
from lib.languages import in_language
from tariff_changes.models import ChangeEvent, ChangeRow, ChangeSet
from tariff_changes.selectors import shown_rows
from tariff_changes.selectors.shown_rows import RowPage, ShownRow, about
from tariffs.columns import LAW

SETS_A_PAGE = 20
ROWS_BESIDE = 5
ROWS_A_PAGE = 100
IN_THE_FEED = 50
LONGEST_CODE = 11


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows of a table are new, replaced or ended."""

    table: str
    action: str
    rows: int

    @property
    def words(self) -> str:
        """In the reader's language: "measure, replaced: 300"."""
        label, action = LAW[self.table].label, ChangeRow.Action(self.action).label
        return f"{label}, {action}: {self.rows}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A published change set with its first rows (those about the code that was asked for)."""

    change_set: ChangeSet
    published_at: datetime
    counted: tuple[Counted, ...]
    rows: tuple[ShownRow, ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)

    @property
    def act(self) -> str:
        """The act of the set; empty where each row names its own."""
        act = self.change_set.legal_act
        return f"{act.number} · {in_language(act, 'title')}" if act else ""

    @property
    def made_by(self) -> str:
        """Who stands behind the change, by role."""
        if self.change_set.is_loaded:
            return _("loaded from the folder of the country")
        return _("made by a %(maker)s, approved by an %(approver)s") % {
            "maker": Role.TARIFF.label,
            "approver": Role.APPROVING.label,
        }


def published(*, code: str = "", since: datetime | None = None) -> QuerySet[ChangeSet]:
    """Published sets, the latest first; with `code` those with a row about a code that begins so."""
    sets = ChangeSet.objects.filter(status=ChangeSet.Status.PUBLISHED).select_related("legal_act", "opposite_of")
    if since is not None:
        sets = sets.filter(published_at__gt=since)
    if code:
        sets = sets.filter(Exists(ChangeRow.objects.filter(about(code), change_set=OuterRef("pk"))))
    return sets.order_by("-published_at", "-pk")


def page_of(number: int, *, code: str = "", since: datetime | None = None) -> Page[ChangeSet]:
    """One page of published sets."""
    return Paginator(published(code=code, since=since), SETS_A_PAGE).get_page(number)


def entries(sets: Iterable[ChangeSet], *, code: str = "") -> list[Entry]:
    """The sets with their counts and first rows. Two queries, and two for each set."""
    held = list(sets)
    counts = _counts(held)
    return [_entry(change_set, counts.get(change_set.pk, {}), code) for change_set in held]


def _counts(held: Sequence[ChangeSet]) -> Mapping[int, Mapping[str, int]]:
    """Set -> rows by table and action, as publication wrote them down."""
    events = ChangeEvent.objects.filter(change_set__in=held, verb="published")
    return {event.change_set_id: event.data.get("rows", {}) for event in events}


def _entry(change_set: ChangeSet, counts: Mapping[str, int], code: str) -> Entry:
    """A loaded country is shown by its counts: its first rows say nothing about the rest."""
    assert change_set.published_at is not None
    shown = rows_of(change_set, number=1, per_page=ROWS_BESIDE, code=code)
    rows = () if change_set.is_loaded and not code else shown.rows
    return Entry(
        change_set,
        change_set.published_at,
        tuple(_counted(key, number) for key, number in counts.items()),
        rows,
        shown.total,
    )


def _counted(key: str, number: int) -> Counted:
    """`measure.replace` and 300, taken apart."""
    table, _dot, action = key.partition(".")
    return Counted(table, action, number)


def rows_of(change_set: ChangeSet, *, number: int, per_page: int = ROWS_A_PAGE, code: str = "") -> RowPage:
    """A page of the rows of a published set."""
    return shown_rows.rows_of(change_set, page=number, per_page=per_page, code=code)


def published_set(pk: int) -> ChangeSet | None:
    """One published set; None where it is not published."""
    return published().filter(pk=pk).first()
