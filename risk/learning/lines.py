"""One line of goods as the model sees it, whatever it was read from: a lodged declaration or a row of a CSV file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Line:
    """An empty text and a None are not known. `on` is the ordinal of the day, `file` the declaration it belongs to.

    `price` is the value of the line and `mass` its net mass in kg; `wrong` what an examination found (None: nobody
    looked). Prices are compared with each other alone, so one source keeps to one currency.
    """

    file: str
    on: int
    number: int = 1
    office: str = ""
    code: str = ""
    origin: str = ""
    departure: str = ""
    tax: str = ""
    indicator: str = ""
    regime: str = ""
    use: str = ""
    payment: str = ""
    mode: str = ""
    importer: str = ""
    seller: str = ""
    declarant: str = ""
    courier: str = ""
    mass: float | None = None
    gross: float | None = None
    price: float | None = None
    rate: float | None = None
    lines: int = 1
    wrong: bool | None = None

    @property
    def unit_price(self) -> float | None:
        """Value per kilogram to five figures, so that one price is one price."""
        if not self.mass or self.mass <= 0 or self.price is None:
            return None
        return round(self.price / self.mass, 4)


def by_day(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines in the order of their days, one list for each day."""
    for _on, day in groupby(sorted(lines, key=lambda line: line.on), key=lambda line: line.on):
        yield list(day)
