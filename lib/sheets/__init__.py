"""One reader of tables, CSV and XLSX, for every desk: see `reading`. And one way to write them: see `writing`."""

from lib.cells import Column, Row
from lib.sheets.cell import Unreadable
from lib.sheets.clipboard import read_clipboard
from lib.sheets.faults import Faults
from lib.sheets.hidden import column_letter, columns_said, rows_said
from lib.sheets.names import Expected
from lib.sheets.numbers import Signs, settled, signs_of
from lib.sheets.reading import Sheet, read_rows, read_sheet
from lib.sheets.sheets import Table, read_tables
from lib.sheets.table import Source, read_content, read_table
from lib.sheets.writing import harmless, without_control, workbook, written

__all__ = [
    "Column",
    "Expected",
    "Faults",
    "Row",
    "Sheet",
    "Signs",
    "Source",
    "Table",
    "Unreadable",
    "column_letter",
    "columns_said",
    "harmless",
    "read_clipboard",
    "read_content",
    "read_rows",
    "read_sheet",
    "read_table",
    "read_tables",
    "rows_said",
    "settled",
    "signs_of",
    "without_control",
    "workbook",
    "written",
]
