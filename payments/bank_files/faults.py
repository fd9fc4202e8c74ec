"""What may be wrong with a file of statements: code, place and figures. The sentence is said in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.violations import Violation

SENTENCES: Mapping[str, Promise] = {
    "B001": _("This is no bank statement that can be read here: camt.053, camt.054 (versions 2 to 8) or MT940."),
    "B002": _("The file is damaged or not complete. Fetch it from the bank again. (%(detail)s)"),
    "B003": _("The file has what no bank statement has (%(detail)s). It is not read any further."),
    "B004": _("The statement is of the account %(found)s, which is none of ours."),
    "B005": _("The statement has amounts in %(found)s; this account is kept in %(wanted)s."),
    "B006": _("“%(found)s” is no amount in %(currency)s: it cannot be read or has too many decimals."),
    "B007": _("The closing balance %(found)s does not follow: opening balance and entries give %(wanted)s."),
    "B008": _("The same entry of the bank (%(found)s) stands twice in one statement."),
    "B009": _("Something is missing that every statement must say: %(detail)s."),
    "B010": _("The file has more than %(most)s MB. Ask the bank for one file a day."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`pointer` names the place as in `statements[0].entries[2].amount`."""

    code: str
    pointer: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def as_violation(self) -> Violation:
        """The fault in the active language."""
        values = {"detail": "", "found": "", "wanted": "", "currency": "", "most": "", **self.values}
        return Violation(self.code, self.pointer, str(SENTENCES[self.code]) % values)

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "pointer": self.pointer, "values": dict(self.values)}


def fault_from_json(told: Mapping[str, Any]) -> Fault:
    """A fault as it was written down with its file."""
    return Fault(told["code"], told["pointer"], told["values"])


class FaultyFile(Exception):
    """The file cannot be used, and nothing of it is booked."""

    def __init__(self, code: str, pointer: str = "", **values: str) -> None:
        self.fault = Fault(code, pointer, {name: value[:200] for name, value in values.items()})
        super().__init__(f"{code} {pointer} {values}")
