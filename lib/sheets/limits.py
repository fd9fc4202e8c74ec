"""How large a table may be. Each bound holds while a file is read, before what is beyond it is kept or looked at."""

from time import thread_time

MOST_BYTES = 20_000_000
MOST_BYTES_UNPACKED = 200_000_000  # of the parts of a workbook that are read, together
MOST_BYTES_OF_A_PART = 50_000_000  # of each part that holds no rows
MOST_BYTES_WITHOUT_AN_ELEMENT = 1_000_000
MOST_DEPTH = 50  # elements inside each other
MOST_PARTS = 5_000
MOST_SHEETS = 30
MOST_TEXTS = 2_000_000  # shared by the cells of a workbook
MOST_ROWS = 100_000
MOST_LINES = 1_100_000  # empty ones among them: a spreadsheet has 1,048,576
MOST_EMPTY = 10_000  # rows in a row, after which nobody goes on with a list of goods
MOST_COLUMNS = 60
MOST_MERGED = 10_000
MOST_CELLS = 3_000_000
MOST_CHARACTERS = 32_767  # in one cell, as in a spreadsheet
MOST_SECONDS = 30  # of work, not of waiting


class Deadline:
    """How much work a file may make."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self._end = thread_time() + seconds

    @property
    def passed(self) -> bool:
        return thread_time() > self._end
