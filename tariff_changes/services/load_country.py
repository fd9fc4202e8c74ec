"""`load_country`: a country from a folder of plain tables, whole or not at all. docs/country.md defines it.

The law in it is a change set like every other: the same readers, the same rules, the same publication. No person
makes or approves it, and its rows bring their own days (ADR 22). Code lists are brought in beside it.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.country_folder import SETTINGS
from lib.pointers import field_of, place_in
from lib.violations import Violation, refuse
from tariff_changes.models import ChangeSet
from tariff_changes.rules import Case, JudgedRow, load_faults
from tariff_changes.services.country.code_lists import bring_in
from tariff_changes.services.country.comparing import Changes, changes_of
from tariff_changes.services.country.folder import Folder, read_folder
from tariff_changes.services.country.present import Tally
from tariff_changes.services.judging import read_rows
from tariff_changes.services.law_lock import one_at_a_time
from tariff_changes.services.publication import conclude, enact
from tariff_changes.services.rows import store
from tariffs.columns import CODE_LISTS
from tariffs.models import Commodity, ExchangeRate, Measure, Territory


@transaction.atomic
def load_country(path: Path, *, at: datetime) -> dict[str, Tally]:
    """Load the folder and return a tally for each table. Raises `Rejected` with every fault; then nothing is loaded."""
    folder = read_folder(path)
    one_at_a_time()
    try:
        tallies = {table.file: bring_in(table, folder.of(table)) for table in CODE_LISTS.values()}
        tallies[SETTINGS] = _write_territory(folder)
    except (IntegrityError, DataError) as error:
        raise refuse("T102", SETTINGS, _("The tables refuse the load: %(why)s") % {"why": error}) from error
    changes = changes_of(folder, on=localdate(at))
    change_set = _change_set(folder, at=at)
    rows = _judged(changes, change_set, folder)
    folder.refuse()
    if changes.rows:
        _publish(change_set, changes, rows, at=at)
    return tallies | changes.tallies


def _change_set(folder: Folder, *, at: datetime) -> ChangeSet:
    """What the folder changes, as a set. It is saved when there is anything."""
    is_first = not ChangeSet.objects.filter(origin=ChangeSet.Origin.FOLDER).exists()
    title = _("Law of %(country)s as loaded") if is_first else _("Law of %(country)s, loaded with changes")
    return ChangeSet(
        title=(title % {"country": folder.settings["name"]})[:200],
        origin=ChangeSet.Origin.FOLDER,
        takes_effect=localdate(at),
        made_at=at,
    )


def _judged(changes: Changes, change_set: ChangeSet, folder: Folder) -> Sequence[JudgedRow]:
    """The rows as the rules have judged them; what they find is the fault of a file's row."""
    for place, row in enumerate(changes.rows):
        row.place = place
    reading = read_rows(changes.rows, change_set, folder.readers)
    case = Case(change_set, reading.rows, change_set.takes_effect)
    for fault in (*reading.faults, *load_faults(case)):
        at = place_in(fault.pointer, "rows")
        assert at is not None
        source = changes.sources[at]
        folder.faults.append(Violation(fault.code, source.pointer(field_of(fault.pointer)), fault.sentence))
    return reading.rows


def _publish(change_set: ChangeSet, changes: Changes, rows: Sequence[JudgedRow], *, at: datetime) -> None:
    written = enact(rows)
    change_set.save()
    for row in changes.rows:
        row.written = written.get(row.place)
    store(change_set, changes.rows, first=1)
    conclude(change_set, rows, by=None, at=at)
    _measure_tables()


def _write_territory(folder: Folder) -> Tally:
    settings = folder.settings
    wanted = {
        "code": settings["code"],
        "name": settings["name"],
        "name_ru": settings.get("name_ru", ""),
        "name_tg": settings.get("name_tg", ""),
        "currency": settings["currency"],
        "trade_currencies": settings.get("trade_currencies", []),
        "tin_pattern": settings.get("tin_pattern", r"\d{9}"),
        "commodity_code_length": settings.get("commodity_code_length", 10),
        "language": settings.get("language", "en"),
        "exchange_rate_jump": settings.get("exchange_rate_jump", 10),
        "exchange_rate_age": settings.get("exchange_rate_age", 7),
    }
    present = Territory.objects.first()
    if present is None:
        Territory.objects.create(**wanted)
        return Tally(added=1)
    changed = [name for name, value in wanted.items() if getattr(present, name) != value]
    Territory.objects.filter(pk=present.pk).update(**{name: wanted[name] for name in changed})
    return Tally(changed=1) if changed else Tally(unchanged=1)


def _measure_tables() -> None:
    """Tell the planner how large the tables have become: until it knows, it reads them whole for each question."""
    tables = (Commodity, Measure, ExchangeRate)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(table._meta.db_table for table in tables))
