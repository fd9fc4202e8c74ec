"""A file for a change set: read, compared with the law, and shown before anything of it is taken over."""

from datetime import date

from django.utils.translation import gettext as _

from lib.sheets import Expected, Faults, Sheet, read_sheet
from lib.violations import refuse
from tariff_changes.models import ChangeSet
from tariff_changes.rules import Case, file_faults
from tariff_changes.services.difference import Difference, compare
from tariff_changes.services.judging import read
from tariff_changes.services.tariff_table import COLUMNS as COLUMNS_OF_A_TARIFF
from tariff_changes.services.tariff_table import compare_tariff, is_tariff_table
from tariffs.columns import LAW, changed_by_hand
from tariffs.models import Commodity

_CODE_COLUMN = {"measure": "commodity", "commodity": "code"}
_BEYOND = 10**6  # places that no row of a set has


def read_file(
    content: bytes,
    *,
    name: str,
    change_set: ChangeSet,
    table: str = "",
    tax: str = "",
    end_missing: bool = False,
) -> Difference:
    """What the rows of a CSV or XLSX file would change on the day of the set. Writes nothing.

    The file holds the columns of `table` (docs/tariff-changes.md), or is a national tariff in one table, which is known
    by its header; `tax` is that tariff's tax. With `end_missing` rows in force of the same tax or table that the file
    does not name are ended. Raises Rejected with every fault as `file:row:column`, the first thousand of them.
    """
    faults = Faults(name)
    sheet = read_sheet(content, name=name, faults=faults, tables=_expected(table))
    if is_tariff_table(sheet.header):
        return compare_tariff(sheet, change_set=change_set, end_missing=end_missing, faults=faults, tax=tax)
    if not table:
        raise refuse("T431", f"{name}:1:", _("Say which table the rows are of."))
    _refuse_lost_zeros(sheet, table, faults, on=change_set.takes_effect)
    found = compare(sheet, table=table, change_set=change_set, end_missing=end_missing, faults=faults)
    _refuse_unreadable(change_set, found, faults)
    return found


def _expected(table: str) -> list[Expected]:
    """The tables that a file may hold: the one that was chosen, and a national tariff."""
    tariff = Expected.of(COLUMNS_OF_A_TARIFF)
    return [Expected.of(LAW[table].of_set.values()), tariff] if table in changed_by_hand() else [tariff]


def _refuse_lost_zeros(sheet: Sheet, table: str, faults: Faults, *, on: date) -> None:
    """A spreadsheet takes the first zero off a code: 901110000 begins codes of chapter 90, 0901110000 is coffee."""
    column = _CODE_COLUMN.get(table, "")
    rows = {number: code for number, cells in sheet.rows if len(code := cells.get(column, "")) % 2 and code.isdecimal()}
    asked = {*rows.values(), *(f"0{code}" for code in rows.values())}
    known = set(Commodity.objects.on(on).filter(code__in=asked).values_list("code", flat=True))
    for number, code in rows.items():
        if code not in known and f"0{code}" in known:
            sentence = _("The code %(code)s may have lost its first zero: there is a line 0%(code)s. Write all digits.")
            faults.add("T432", number, column, sentence % {"code": code})


def _refuse_unreadable(change_set: ChangeSet, found: Difference, faults: Faults) -> None:
    """Unknown codes and broken rows are the file's fault; what they mean for the law is judged in the draft.

    What the draft creates already is known: lines come with one file, their rates with the next.
    """
    rows = {_BEYOND + place: row for place, row in enumerate(found.proposed)}
    for place, row in rows.items():
        row.place = place
    case = Case(change_set, read(change_set, more=found.proposed).rows, change_set.takes_effect)
    for fault in file_faults(case):
        number, _dot, column = fault.pointer.removeprefix("rows[").partition("].")
        blamed = rows.get(int(number))
        if blamed is not None and blamed.source_row is not None:
            faults.add(fault.code, blamed.source_row, column, fault.sentence)
    faults.refuse()
