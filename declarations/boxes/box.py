"""The shape of one row of the box table."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Kind = Literal["code", "text", "lines", "amount", "quantity", "integer", "date", "flag"]
Section = Literal["procedure", "parties", "transport", "value", "goods", "documents", "payment", "transit"]


@dataclass(frozen=True, slots=True)
class Box:
    """A data element of the declaration.

    `field` is the column and the JSON name, `box` the box of the SAD, `xml` the path in ASYCUDA's export relative to
    its level's element (read without regard to case), `kind` how a value is read, `size` its length at the most,
    `section` the part of the form, `codes` the code list it is taken from, `wco` its path in the WCO Data Model
    where one is known, `risk` whether a selectivity criterion may ask for it.
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
