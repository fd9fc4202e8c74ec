"""Publication: an approved change set becomes law, whole or not at all, and each row knows what was written for it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.bulk import copy_in
from lib.violations import refuse
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.rules import JudgedRow
from tariff_changes.services.journey import refuse_faults, standing
from tariff_changes.services.law_lock import may_write_law, one_at_a_time
from tariff_changes.services.people import record, refuse_unless_either
from tariff_changes.states import move
from tariffs.columns import LAW, Table
from tariffs.models import Country, CountryGroup, LegalAct

Status = ChangeSet.Status


@transaction.atomic
def publish(change_set: ChangeSet, *, by: User, at: datetime, on: date) -> ChangeSet:
    """Write an approved set into the law, judged once more. Rejected with every fault, and then nothing changes."""
    refuse_unless_either(by, at=at)
    one_at_a_time()
    held = standing(change_set, Status.APPROVED)
    reading = refuse_faults(held, on=on)
    _remember(held, enact(reading.rows))
    conclude(held, reading.rows, by=by, at=at)
    announce("law.published", held.pk)
    return held


def enact(rows: Sequence[JudgedRow]) -> dict[int, int]:
    """Write judged rows into the law; place -> primary key of what was written. T401 where the tables refuse it."""
    try:
        with may_write_law():
            return write(rows)
    except (IntegrityError, DataError) as error:
        raise refuse("T401", "", _("The tables refuse the change set: %(why)s") % {"why": error}) from error


def conclude(change_set: ChangeSet, rows: Sequence[JudgedRow], *, by: User | None, at: datetime) -> None:
    """What was written is published: the set says so, its history tells how much."""
    move(change_set, Status.PUBLISHED, published_at=at)
    counts = Counter(f"{judged.table.name}.{judged.action}" for judged in rows)
    record(change_set, verb="published", by=by, at=at, rows=dict(counts))


def write(rows: Sequence[JudgedRow]) -> dict[int, int]:
    """End, put right and create the rows, table after table, in bulk. Needs the key to published law."""
    written: dict[int, int] = {}
    for table in LAW.values():
        own = [judged for judged in rows if judged.table.name == table.name]
        if not own:
            continue
        if table.dated:
            _end(table, [judged for judged in own if not judged.in_place])
        written |= _put_right(table, [judged for judged in own if judged.in_place])
        written |= _create(table, [judged for judged in own if judged.creates and not judged.in_place])
    return written


def _end(table: Table, rows: Iterable[JudgedRow]) -> None:
    """Targets end on their last day; one that would end before it begins never comes into force and is taken out."""
    taken_out = [judged.target for judged in rows if judged.takes_out]
    ended = [(judged.target, judged.last_day) for judged in rows if judged.target is not None and not judged.takes_out]
    table.model.objects.filter(pk__in=taken_out).delete()
    name = connection.ops.quote_name(table.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} AS row SET valid_to = ended.day"  # noqa: S608 — the name is a table of ours
            " FROM unnest(%s::bigint[], %s::date[]) AS ended (pk, day) WHERE row.id = ended.pk",
            [[pk for pk, _day in ended], [day for _pk, day in ended]],
        )


def _create(table: Table, rows: Sequence[JudgedRow]) -> dict[int, int]:
    """place -> primary key of the row that was created."""
    refer = _References(rows)
    made = copy_in(table.model, [refer.fields(judged) for judged in rows])
    return {judged.place: pk for judged, pk in zip(rows, made, strict=True)}


def _put_right(table: Table, rows: Sequence[JudgedRow]) -> dict[int, int]:
    """Rows that keep their primary key get new values: legal acts, and what a country's folder corrects."""
    refer = _References(rows)
    fields = [(judged.target, refer.fields(judged)) for judged in rows]
    if fields:
        right = [table.model(pk=pk, **values) for pk, values in fields]
        table.model.objects.bulk_update(right, list(fields[0][1]), batch_size=2000)
    return {judged.place: judged.target for judged in rows if judged.target is not None}


def _remember(change_set: ChangeSet, written: dict[int, int]) -> None:
    name = connection.ops.quote_name(ChangeRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} AS row SET written = made.pk"  # noqa: S608 — the name is a table of ours
            " FROM unnest(%s::bigint[], %s::bigint[]) AS made (place, pk)"
            " WHERE row.change_set_id = %s AND row.place = made.place",
            [list(written), list(written.values()), change_set.pk],
        )


class _References:
    """Turns codes into the rows they name, once for all rows of a table."""

    def __init__(self, rows: Sequence[JudgedRow]) -> None:
        numbers = {judged.values["act"] for judged in rows if judged.values.get("act")}
        self.acts = {act.number: act for act in LegalAct.objects.filter(number__in=numbers)}
        self.groups: dict[str, Any] = {}
        self.countries: dict[str, Any] = {}
        if any(judged.table.name == "group_member" for judged in rows):
            self.groups = {group.code: group for group in CountryGroup.objects.all()}
            self.countries = {country.code: country for country in Country.objects.all()}

    def fields(self, judged: JudgedRow) -> dict[str, Any]:
        """The new row's values by field."""
        named = {"act": self.acts, "group": self.groups, "country": self.countries}
        values: dict[str, Any] = {}
        for name, column in judged.table.by_name.items():
            field, _arrow, refers = column.target.partition("__")
            values[field] = named[name].get(judged.values[name]) if refers else judged.values[name]
        return values
