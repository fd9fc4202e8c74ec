"""What the fields of a question choose from, read once for a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tariffs.models import TravelCategory

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Lists:
    """`posts` by way; `countries` code -> name; `currencies` with the most usual first; `people` by number."""

    posts: Mapping[str, Pairs] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    currencies: Sequence[str] = ()
    categories: Sequence[TravelCategory] = ()
    people: Pairs = field(default_factory=list)
