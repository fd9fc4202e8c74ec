"""Cells as a spreadsheet puts them on the clipboard: tabs between cells, line ends between rows.

A cell with a tab, a line end or a quotation mark in it stands in quotation marks, and each of its own is doubled. A
quotation mark that does not open such a cell means itself: `5" pipe` and `"Lipton" tea` are texts.
"""

import re
from collections.abc import Iterator

# Possessive, so that a mark that nothing closes costs no second look.
_CELL = re.compile(r'"(?P<quoted>(?:[^"]++|"")*+)"(?=[\t\r\n]|\Z)|(?P<plain>[^\t\r\n]*+)')


def read_clipboard(text: str) -> Iterator[list[str]]:
    """The rows in their order; empty ones at the end are no rows."""
    text = text.removeprefix("\ufeff").rstrip("\r\n")
    row: list[str] = []
    place = 0
    while True:
        found = _CELL.match(text, place)
        assert found is not None, "an empty cell matches"
        quoted = found["quoted"]
        row.append(found["plain"] if quoted is None else _line_ends(quoted.replace('""', '"')))
        place = found.end()
        if place == len(text):
            yield row
            return
        if text[place] != "\t":
            yield row
            row = []
            place += text.startswith("\r\n", place)
        place += 1


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
