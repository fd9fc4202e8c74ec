"""One bag for everything that is wrong with the files of one load: each fault with its file, row and column."""

from dataclasses import dataclass, field
from typing import NoReturn

from django.utils.translation import gettext as _

from lib.violations import Rejected, Violation

MOST_FAULTS = 1000


@dataclass
class Faults:
    """What is wrong with one file or, where `file` is given with each fault, with several.

    Only the first thousand are kept; the rest is counted. `code` replaces the code of every fault where a desk has one
    of its own for files that cannot be read.
    """

    file: str = ""
    code: str = ""
    found: list[Violation] = field(default_factory=list)
    more: int = 0
    _rows: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found) + self.more

    def add(self, code: str, row: int, column: str, sentence: str, *, file: str = "") -> None:
        """One fault. `row` counts as a spreadsheet does; `column` is empty where the whole row is meant."""
        if len(self.found) >= MOST_FAULTS:
            self.more += 1
            return
        self.found.append(Violation(self.code or code, f"{file or self.file}:{row}:{column}", sentence))
        self._rows.append(row)

    def take(self, other: "Faults") -> None:
        """What another bag holds; its codes stay."""
        room = MOST_FAULTS - len(self.found)
        self.found += other.found[:room]
        self._rows += other._rows[:room]
        self.more += other.more + max(0, len(other.found) - room)

    def stop(self, code: str, row: int, column: str, sentence: str) -> NoReturn:
        """A fault that makes the rest of the file unreadable."""
        self.add(code, row, column, sentence)
        self.refuse()
        raise AssertionError

    def refuse(self) -> None:
        """Raise `Rejected` with every fault, by file and row, if there is any."""
        if not self.found:
            return
        files = {_file_of(fault): place for place, fault in reversed(list(enumerate(self.found)))}
        order = sorted(
            range(len(self.found)), key=lambda place: (files[_file_of(self.found[place])], self._rows[place])
        )
        faults = [self.found[place] for place in order]
        if self.more:
            sentence = _("And %(number)d further faults.") % {"number": self.more}
            faults.append(Violation(self.code or "T400", self.file, sentence))
        raise Rejected(faults)


def _file_of(fault: Violation) -> str:
    return fault.pointer.split(":", 1)[0]
