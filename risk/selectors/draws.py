"""The random share checked: seeds and their hashes, and every draw of a period reckoned again from what was kept.

Whoever keeps lanes that were drawn hands them in as rows: scores of declarations stand here, travellers' elsewhere.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.selectors import has_role
from risk.models import DrawSeed, Score
from risk.scoring import LANES, is_drawn, ticket_of

MOST_CHECKED = 20_000
MOST_SHOWN = 100


@dataclass(frozen=True)
class DrawnRow:
    """A lane as it was kept: the day whose seeds drew, the number of what was drawn, its reasons with their tickets."""

    day: date
    number: str
    at: datetime
    lane: str
    reasons: Sequence[dict[str, object]]


@dataclass(frozen=True)
class DrawFault:
    """A draw that cannot have come about as it was kept."""

    number: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """How many lanes and draws of a period were reckoned again, and what did not agree."""

    lanes: int
    draws: int
    drawn: int
    faults: Sequence[DrawFault]
    has_more: bool = False

    def __add__(self, other: "Checked") -> "Checked":
        return Checked(
            self.lanes + other.lanes, self.draws + other.draws, self.drawn + other.drawn,
            [*self.faults, *other.faults], self.has_more or other.has_more,
        )  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """One draw as anybody can repeat it: SHA-256 of `text`, its first 8 bytes as a number, modulo 10,000."""

    code: str
    lane: str
    text: str
    ticket: int
    share: str
    selected: bool


def may_check_draws(user: User, *, on: date) -> bool:
    """The auditor, and internal security."""
    return has_role(user, Role.AUDITOR, Role.SECURITY, on=on)


def seeds() -> QuerySet[DrawSeed]:
    """Every seed, the latest day first. The seed itself is shown by `revealed` alone."""
    rows: QuerySet[DrawSeed] = DrawSeed.objects.order_by("-day", "lane")
    return rows


def revealed(seed: DrawSeed, *, on: date) -> str:
    """The seed, once its day is over; else nothing."""
    return seed.seed if seed.day < on else ""


def seeds_after(day: date) -> int:
    """How many seeds there are of days yet to come."""
    return int(DrawSeed.objects.filter(day__gt=day).count())


def rows_of_scores(*, since: date | None, until: date, number: str = "") -> Iterator[DrawnRow]:
    """Scores that were drawn on these days, of all declarations or of one MRN."""
    rows = Score.objects.filter(drawn_on__lte=until).order_by("pk")
    if since is not None:
        rows = rows.filter(drawn_on__gte=since)
    if number:
        rows = rows.filter(declaration__mrn=number)
    columns = ("drawn_on", "declaration__mrn", "at", "lane", "reasons")
    for row in rows.values_list(*columns).iterator(chunk_size=1000):
        yield DrawnRow(*row)


def check(rows: Iterable[DrawnRow], *, since: date, until: date, most: int = MOST_CHECKED) -> Checked:
    """Reckon again every draw of the rows, which lie on these days; the caller leaves out days that are not over."""
    lanes, draws, drawn = 0, 0, 0
    faults: list[DrawFault] = []
    known = _by_day(since, until)
    for row in islice(rows, most):
        lanes += 1
        for hit in row.reasons:
            if "ticket" not in hit:
                continue
            draws, drawn = draws + 1, drawn + bool(hit["selected"])
            seed = known.get((row.day, str(hit["lane"])))
            faults += [DrawFault(row.number, str(hit["code"]), each) for each in _faults(hit, seed, row.number, row.at)]
        faults += [DrawFault(row.number, "", each) for each in _of_lane(row.lane, row.reasons)]
    return Checked(lanes, draws, drawn, faults, has_more=lanes == most)


def repeatable(rows: Iterable[DrawnRow]) -> list[Drawn]:
    """Every draw of the rows, to be repeated by hand; of days that are over, which the caller sees to."""
    found = list(islice(rows, MOST_SHOWN))
    days = {row.day for row in found}
    known = _by_day(min(days), max(days)) if days else {}
    return [
        Drawn(str(hit["code"]), str(hit["lane"]), f"{known[row.day, str(hit['lane'])].seed}|{row.number}|{hit['code']}",
              int(str(hit["ticket"])), str(hit["share"]), bool(hit["selected"]))
        for row in found
        for hit in row.reasons
        if "ticket" in hit and (row.day, hit["lane"]) in known
    ]  # fmt: skip


def _by_day(since: date, until: date) -> dict[tuple[date, str], DrawSeed]:
    return {(seed.day, seed.lane): seed for seed in DrawSeed.objects.filter(day__gte=since, day__lte=until)}


def _faults(hit: dict[str, object], seed: DrawSeed | None, number: str, at: datetime) -> Iterator[str]:
    if seed is None:
        yield _("There is no seed of this day and lane.")
        return
    if hashlib.sha256(seed.seed.encode()).hexdigest() != seed.sha256:
        yield _("The seed does not have the hash that was published.")
    if seed.made_at > at:
        yield _("The seed was made after the draw.")
    ticket = ticket_of(f"{seed.seed}|{number}", str(hit["code"]))
    if ticket != hit["ticket"]:
        about = {"kept": hit["ticket"], "reckoned": ticket}
        yield _("Ticket %(kept)s was kept, %(reckoned)s is reckoned.") % about
    if is_drawn(f"{seed.seed}|{number}", str(hit["code"]), Decimal(str(hit["share"]))) != hit["selected"]:
        yield _("What was kept as drawn does not follow from ticket and share.")


def _of_lane(lane: str, reasons: Sequence[dict[str, object]]) -> Iterator[str]:
    highest = max((str(hit["lane"]) for hit in reasons if hit["selected"]), key=LANES.index, default="green")
    if LANES.index(lane) < LANES.index(highest):
        yield _("The lane is lower than what was selected.")
