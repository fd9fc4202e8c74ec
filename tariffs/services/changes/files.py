"""A file for a change set: read, compared with the law, and shown before anything of it is taken over."""

from django.utils.translation import gettext as _

from customs_portal.lib.violations import refuse
from tariffs.models import ChangeSet
from tariffs.services.changes.difference import Difference, compare
from tariffs.services.changes.sheets import FileFaults, read_sheet
from tariffs.services.changes.tariff_table import compare_tariff, is_tariff_table


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

    The file holds the columns of `table` (docs/tariff-changes.md), or is a national tariff in one table, which is told
    by its header; `tax` is that tariff's tax. With `end_missing` rows in force of the same tax or table that the file
    does not name are ended. Raises Rejected with every fault as `file:row:column`, the first thousand of them.
    """
    faults = FileFaults(name)
    sheet = read_sheet(content, name=name, faults=faults)
    if is_tariff_table(sheet.header):
        return compare_tariff(sheet, change_set=change_set, end_missing=end_missing, faults=faults, tax=tax)
    if not table:
        raise refuse("T431", f"{name}:1:", _("Say which table the rows are of."))
    return compare(sheet, table=table, change_set=change_set, end_missing=end_missing, faults=faults)
