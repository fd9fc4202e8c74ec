"""The way back: a draft that undoes a published change set from a day on. It travels like every other set.

What the set created ends; what it ended is created again; what it replaced gets its old values. A row that has not yet
come into force is taken out by its end. What a later set has changed again stays as that set wants it, and is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from lib.pointers import pointer_to
from lib.violations import Violation, refuse
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import Texts, texts_by_pk
from tariff_changes.services.difference import Difference, take_over
from tariff_changes.services.drafts import begin, locked
from tariff_changes.services.rows import created, ended, replaced
from tariffs.columns import LAW

Action = ChangeRow.Action
Status = ChangeSet.Status
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Undoing:
    """The day from which a set is undone, what it wrote and changed as that stands now, and when it took effect."""

    start: str
    written: Mapping[tuple[str, int], Texts]
    targets: Mapping[tuple[str, int], Texts]


@transaction.atomic
def opposite(change_set: ChangeSet, *, by: User, at: datetime, takes_effect: date | None = None) -> ChangeSet:
    """A draft that undoes `change_set` from `takes_effect` on: its own day if that is still to come, else tomorrow.

    Raises Rejected: T422 where the set is not published, T440 where its opposite is on the way or published.
    """
    held = locked(change_set)
    if held.status != Status.PUBLISHED:
        raise refuse("T422", "", _("Only a published change set has an opposite."))
    if held.is_loaded:
        raise refuse("T422", "", _("A loaded country is not taken back: load its folder with other rows."))
    other = held.opposites.exclude(status=Status.WITHDRAWN).first()
    if other is not None:
        sentence = _("Change set %(number)d takes this one back already.")
        raise refuse("T440", "", sentence % {"number": other.pk})
    start = takes_effect or max(localdate(at) + DAY, held.takes_effect)
    draft = begin(
        title=(_("Takes back: %(title)s") % {"title": held.title})[:200],
        reason=_("Takes back change set %(number)d of %(day)s.")
        % {"number": held.pk, "day": held.takes_effect.isoformat()},
        takes_effect=start,
        legal_act=held.legal_act,
        by=by,
        at=at,
    )
    draft.opposite_of = held
    draft.save(update_fields=["opposite_of"])
    take_over(draft, _difference(held, start), by=by, at=at)
    draft.refresh_from_db()
    return draft


def _difference(change_set: ChangeSet, start: date) -> Difference:
    rows = list(change_set.rows.order_by("place"))
    undoing = _Undoing(
        start.isoformat(),
        _standing(rows, "written"),
        _standing(rows, "target"),
    )
    proposed: list[ChangeRow] = []
    notices: list[Violation] = []
    for row in rows:
        try:
            proposed += _undone(row, undoing)
        except _ChangedAgain:
            sentence = _("A later change set has changed this again: it stays as that set wants it.")
            notices.append(Violation("T441", pointer_to("rows", row.place), sentence))
    return Difference("", len(rows), tuple(proposed), len(rows) - len(proposed), notices=tuple(notices))


def _standing(rows: list[ChangeRow], name: str) -> dict[tuple[str, int], Texts]:
    found: dict[tuple[str, int], Texts] = {}
    for table in LAW.values():
        pks = [pk for row in rows if row.table == table.name and (pk := getattr(row, name)) is not None]
        if pks:
            found |= {(table.name, pk): texts for pk, texts in texts_by_pk(table, pks).items()}
    return found


class _ChangedAgain(Exception):
    """What a row wrote does not stand any more."""


def _undone(row: ChangeRow, undoing: _Undoing) -> Iterator[ChangeRow]:
    table = LAW[row.table]
    if not table.dated:
        yield from _undone_act(row, undoing)
        return
    match row.action:
        case Action.CREATE:
            yield from _taken_back(row, undoing)
        case Action.END:
            yield from _reopened(row, undoing)
        case Action.REPLACE:
            yield from _replaced_back(row, undoing)


def _standing_row(row: ChangeRow, undoing: _Undoing) -> Texts | None:
    """What the row wrote, if it is still in force on the day or later; None if it has run out by itself."""
    written = undoing.written.get((row.table, row.written or 0))
    if written is None:
        raise _ChangedAgain
    if written["valid_to"] and written["valid_to"] < undoing.start:
        if _was_shortened(row, written):
            raise _ChangedAgain
        return None
    return written


def _was_shortened(row: ChangeRow, written: Texts) -> bool:
    """Whether a later set has given what was written another last day."""
    return bool(written["valid_to"] != row.values.get("valid_to", row.seen.get("valid_to", "")))


def _taken_back(row: ChangeRow, undoing: _Undoing) -> Iterator[ChangeRow]:
    """A row that was created ends."""
    if (written := _standing_row(row, undoing)) is not None:
        yield ended(row.table, row.written, written)


def _replaced_back(row: ChangeRow, undoing: _Undoing) -> Iterator[ChangeRow]:
    """A row that was replaced comes back: in the place of the new one, or after its end where it began later."""
    written = _standing_row(row, undoing)
    if written is None:
        return
    begins = max(undoing.start, written["valid_from"])
    last = written["valid_to"] if _was_shortened(row, written) else row.seen["valid_to"]
    comes_back = not last or last >= max(begins, row.seen["valid_from"])
    if not comes_back or row.seen["valid_from"] > begins:
        yield ended(row.table, row.written, written)
        if comes_back:
            yield created(row.table, {c: text for c, text in row.seen.items() if text})
        return
    values = {
        column: text
        for column, text in row.seen.items()
        if text != written[column] and column not in ("valid_from", "valid_to")
    }
    if last != written["valid_to"]:
        values["valid_to"] = last
    if "act" in written:
        values["act"] = row.seen["act"]
    if begins > undoing.start:
        values["valid_from"] = begins
    yield replaced(row.table, row.written, written, values)


def _reopened(row: ChangeRow, undoing: _Undoing) -> Iterator[ChangeRow]:
    """An ended row is created again, from the day on or from the day after its end if that is later."""
    standing = undoing.targets.get((row.table, row.target or 0))
    begins = max(undoing.start, row.seen["valid_from"])
    if standing is not None and standing["valid_to"]:
        begins = max(begins, (date.fromisoformat(standing["valid_to"]) + DAY).isoformat())
    if row.seen["valid_to"] and row.seen["valid_to"] < begins:
        return
    values = {column: text for column, text in row.seen.items() if text}
    yield created(row.table, {**values, "valid_from": begins})


def _undone_act(row: ChangeRow, undoing: _Undoing) -> Iterator[ChangeRow]:
    """A legal act that was put right gets its old words; one that was made stays, for it charges nothing by itself."""
    if row.action != Action.REPLACE:
        return
    now = undoing.targets.get((row.table, row.target or 0))
    if now is None:
        raise _ChangedAgain
    values = {column: text for column, text in row.seen.items() if text != now[column]}
    if values:
        yield replaced(row.table, row.target, now, values)
