"""Verbs on a change set that is being prepared: begin it, describe it, and add, edit and drop its rows.

Two people may edit at once. Each verb says which version it saw; where another person was quicker it is refused with
what stands now, and nothing is lost on either side.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Rejected, Violation, refuse
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import texts_by_pk
from tariff_changes.services.people import record, refuse_unless_making
from tariffs.columns import LAW, Table, changed_by_hand
from tariffs.models import LegalAct

Action = ChangeRow.Action
Status = ChangeSet.Status


@transaction.atomic
def begin(
    *, title: str, takes_effect: date, by: User, at: datetime, reason: str = "", legal_act: LegalAct | None = None
) -> ChangeSet:
    """A new, empty change set. `legal_act` stands behind every row that names none of its own."""
    refuse_unless_making(by, at=at)
    change_set = ChangeSet(
        title=_title(title),
        reason=reason.strip(),
        takes_effect=takes_effect,
        legal_act=legal_act,
        made_by=by,
        made_at=at,
    )
    change_set.save()
    record(change_set, verb="begun", by=by, at=at, takes_effect=takes_effect)
    return change_set


@transaction.atomic
def describe(
    change_set: ChangeSet,
    *,
    version: int,
    title: str,
    reason: str,
    takes_effect: date,
    legal_act: LegalAct | None,
    by: User,
    at: datetime,
) -> ChangeSet:
    """Write what the set is called, why it is made, when it takes effect and on which act it rests."""
    held = editable(change_set, by=by, at=at)
    new = {"title": _title(title), "reason": reason.strip(), "takes_effect": takes_effect, "legal_act": legal_act}
    if held.version != version:
        raise _overtaken(held, "", _differing(held, new))
    changed = {name: value for name, value in new.items() if getattr(held, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(held, name, value)
        _touch(held, *changed)
        record(held, verb="described", by=by, at=at, changed=sorted(changed), takes_effect=takes_effect)
    return held


@transaction.atomic
def add_row(
    change_set: ChangeSet,
    *,
    table: str,
    action: str,
    by: User,
    at: datetime,
    target: int | None = None,
    values: Mapping[str, str] | None = None,
) -> ChangeRow:
    """Propose a new row, or the end or replacement of the published row `target`.

    `values` are texts by column as a table holds them (docs/tariff-changes.md): all of a new row, only the changed
    ones of a replacement, at most `valid_to` of an end. Raises Rejected: T413 for an unknown column or table, T424
    for a target that is in the set already, T406 for one that is not in the tables.
    """
    held = editable(change_set, by=by, at=at)
    kind = _table(table)
    row = ChangeRow(
        change_set=held,
        place=next_place(held),
        table=kind.name,
        action=_action(action, target),
        target=target,
        seen=_seen(held, kind, target),
        values=_known_columns(kind, values or {}),
    )
    row.save()
    _touch(held)
    record(held, verb="row_added", by=by, at=at, place=row.place, table=table, action=action)
    return row


@transaction.atomic
def edit_row(row: ChangeRow, *, version: int, values: Mapping[str, str], by: User, at: datetime) -> ChangeRow:
    """Give a row other values; an open question in it counts as answered. T423 where somebody else was quicker."""
    held = editable(row.change_set, by=by, at=at)
    standing = _row(row)
    kind = LAW[standing.table]
    new = _known_columns(kind, values)
    if standing.version != version:
        raise _overtaken_row(standing, kind, new)
    standing.values, standing.to_decide = new, ""
    standing.version += 1
    standing.save(update_fields=["values", "to_decide", "version"])
    _touch(held)
    record(held, verb="row_changed", by=by, at=at, place=standing.place)
    return standing


@transaction.atomic
def drop_row(row: ChangeRow, *, version: int, by: User, at: datetime) -> None:
    """Take a row out of the set; the published row it was about stays as it is."""
    held = editable(row.change_set, by=by, at=at)
    standing = _row(row)
    if standing.version != version:
        raise _overtaken_row(standing, LAW[standing.table], {})
    place, values = standing.place, standing.values
    standing.delete()
    _touch(held)
    record(held, verb="row_dropped", by=by, at=at, place=place, values=values)


@transaction.atomic
def drop_rows(change_set: ChangeSet, *, version: int, by: User, at: datetime) -> int:
    """Take every row out of the set, such as to read a better file; how many there were."""
    held = editable(change_set, by=by, at=at)
    if held.version != version:
        raise _overtaken(held, "", "")
    count, _models = held.rows.all().delete()
    _touch(held)
    record(held, verb="row_dropped", by=by, at=at, rows=count)
    return count


@transaction.atomic
def choose_again(row: ChangeRow, *, version: int, by: User, at: datetime) -> ChangeRow:
    """The answer to T406: take the published row as it stands now for what the change was chosen on."""
    held = editable(row.change_set, by=by, at=at)
    standing = _row(row)
    kind = LAW[standing.table]
    if standing.version != version:
        raise _overtaken_row(standing, kind, standing.values)
    now = texts_by_pk(kind, [standing.target or 0]).get(standing.target or 0)
    if now is None:
        raise refuse("T406", "", _("The row is not in the tables any more. Drop it, or make a new row of it."))
    standing.seen = now
    standing.version += 1
    standing.save(update_fields=["seen", "version"])
    _touch(held)
    record(held, verb="row_changed", by=by, at=at, place=standing.place)
    return standing


# What every edit does -----------------------------------------------------------------------------------------


def locked(change_set: ChangeSet) -> ChangeSet:
    """The set as it stands, held until the end of the transaction."""
    return ChangeSet.objects.select_for_update(of=("self",)).select_related("legal_act").get(pk=change_set.pk)


def editable(change_set: ChangeSet, *, by: User, at: datetime) -> ChangeSet:
    """The locked set, if it is being prepared and `by` is a tariff officer. T420, T422."""
    refuse_unless_making(by, at=at)
    held = locked(change_set)
    if held.status != Status.DRAFT:
        sentence = _("The change set is %(status)s: its rows are not edited.")
        raise refuse("T422", "", sentence % {"status": held.get_status_display()})
    return held


def next_place(change_set: ChangeSet) -> int:
    """The place after the last row."""
    return int(change_set.rows.aggregate(last=Max("place"))["last"] or 0) + 1


def _touch(change_set: ChangeSet, *fields: str) -> None:
    """The version rises, so that whoever looks at an older one is warned."""
    change_set.version += 1
    change_set.save(update_fields=["version", *fields])


def _row(row: ChangeRow) -> ChangeRow:
    standing = ChangeRow.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if standing is None:
        raise refuse("T423", f"rows[{row.place}]", _("Somebody else has dropped this row in the meantime."))
    return standing


def _title(title: str) -> str:
    tidy = " ".join(title.split())
    if not 0 < len(tidy) <= 200:
        raise refuse("T413", "title", _("Write a title of at most 200 characters."))
    return tidy


def _table(name: str) -> Table:
    table = changed_by_hand().get(name)
    if table is None:
        raise refuse("T413", "table", _("A change set cannot hold rows of “%(table)s”.") % {"table": name})
    return table


def _action(action: str, target: int | None) -> str:
    if action not in Action.values or (target is None) != (action == Action.CREATE):
        raise refuse("T413", "action", _("A row is new, or it ends or replaces a published row."))
    return action


def _seen(change_set: ChangeSet, table: Table, target: int | None) -> dict[str, str]:
    if target is None:
        return {}
    if other := change_set.rows.filter(table=table.name, target=target).first():
        sentence = _("Row %(row)d of the set changes this already.")
        raise refuse("T424", "target", sentence % {"row": other.place})
    seen = texts_by_pk(table, [target]).get(target)
    if seen is None:
        raise refuse("T406", "target", _("The row is not in the tables any more. Choose it again."))
    return seen


def _known_columns(table: Table, values: Mapping[str, str]) -> dict[str, str]:
    strange = [name for name in values if name not in table.by_name]
    if strange:
        raise Rejected([Violation("T413", name, _("This column is not known.")) for name in strange])
    return {name: " ".join(str(value).split()) for name, value in values.items()}


# Where another person was quicker -----------------------------------------------------------------------------


def _overtaken_row(row: ChangeRow, table: Table, wanted: Mapping[str, str]) -> Rejected:
    """T423 with each value that stands now and differs from what was wanted."""
    columns = [name for name in table.names if row.values.get(name, "") != wanted.get(name, "")]
    stands = "; ".join(f"{table.label_of(name)}: {row.values.get(name, '') or '—'}" for name in columns)
    return _overtaken(row.change_set, f"rows[{row.place}]", stands)


def _overtaken(change_set: ChangeSet, pointer: str, stands: str) -> Rejected:
    latest = change_set.events.exclude(by=None).select_related("by").first()
    who = str(latest.by) if latest else _("Somebody else")
    sentence = _("%(who)s has changed this in the meantime. It now says: %(stands)s.")
    return refuse("T423", pointer, sentence % {"who": who, "stands": stands or _("the same values")})


def _differing(change_set: ChangeSet, wanted: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{ChangeSet._meta.get_field(name).verbose_name}: {getattr(change_set, name) or '—'}"  # type: ignore[union-attr]
        for name, value in wanted.items()
        if getattr(change_set, name) != value
    )
