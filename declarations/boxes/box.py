"""The shape of one row of the box table."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Kind = Literal["code", "text", "lines", "amount", "quantity", "integer", "date", "flag"]
Group = Literal["goods", "packages", "procedure", "value", "references"]
Spelling = Literal["", "code", "commodity", "container", "plate"]
Section = Literal["procedure", "parties", "transport", "value", "goods", "documents", "payment", "transit"]


@dataclass(frozen=True, slots=True)
class Box:
    """A data element of the declaration.

    `field` is the column and the JSON name, `box` the box of the SAD, `xml` the path in ASYCUDA's export relative to
    its level's element (read without regard to case), `kind` how a value is read, `size` its length at the most,
    `section` the part of the form, `codes` the code list it is taken from, `wco` its path in the WCO Data Model
    where one is known, `risk` whether a selectivity criterion may ask for it. `place` is the part of an item's page,
    if it is another than that of the section.
    """

    field: str
    box: str
    label: str | Promise
    xml: str
    kind: Kind
    size: int
    section: Section
    codes: str = ""
    wco: str = ""
    risk: bool = False
    place: Group | None = None

    @property
    def group(self) -> Group:
        """The part of an item's page on which the box stands: that of its section, where the row names no other."""
        return self.place or _GROUP_OF.get(self.section, "references")

    @property
    def spelling(self) -> Spelling:
        """How its text is spelt so that two spellings of one thing are one; empty for free text and figures."""
        if self.codes == "commodity":
            return "commodity"
        return _SPELLING_OF.get(self.field, "code" if self.kind == "code" else "")


_SPELLING_OF: dict[str, Spelling] = {
    "identity": "container", "departure_identity": "plate", "border_identity": "plate",
}  # fmt: skip
_GROUP_OF: dict[Section, Group] = {"goods": "goods", "value": "value", "procedure": "procedure"}
