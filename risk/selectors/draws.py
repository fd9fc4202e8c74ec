"""The random share checked: seeds and their hashes, and every draw of a period reckoned again from what was kept."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.selectors import has_role
from risk.models import DrawSeed, Score
from risk.scoring import LANES, is_drawn, ticket_of

MOST_CHECKED = 20_000


@dataclass(frozen=True)
class DrawFault:
    """A draw that cannot have come about as it was kept."""

    mrn: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """How many scores and draws of a period were reckoned again, and what did not agree."""

    scores: int
    draws: int
    drawn: int
    faults: Sequence[DrawFault]
    has_more: bool = False


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


def check_draws(*, since: date, until: date, on: date, most: int = MOST_CHECKED) -> Checked:
    """Reckon again every draw of scores that were drawn on these days, as far as the days are over."""
    rows = Score.objects.filter(drawn_on__gte=since, drawn_on__lte=until, drawn_on__lt=on).order_by("pk")
    scores, draws, drawn = 0, 0, 0
    faults: list[DrawFault] = []
    known = _by_day(since, until)
    columns = ("drawn_on", "declaration__mrn", "at", "lane", "reasons")
    for day, mrn, at, lane, reasons in rows.values_list(*columns)[:most].iterator(chunk_size=1000):
        scores += 1
        for hit in reasons:
            if "ticket" not in hit:
                continue
            draws, drawn = draws + 1, drawn + bool(hit["selected"])
            seed = known.get((day, hit["lane"]))
            faults += [DrawFault(mrn, hit["code"], each) for each in _faults(hit, seed, mrn, at)]
        faults += [DrawFault(mrn, "", each) for each in _of_lane(lane, reasons)]
    return Checked(scores, draws, drawn, faults, has_more=scores == most)


def draws_of_number(mrn: str, *, on: date) -> list[Drawn]:
    """Every draw of the versions with this MRN, to be repeated by hand; nothing before the day is over."""
    rows = Score.objects.filter(declaration__mrn=mrn, drawn_on__lt=on).order_by("pk").values_list("drawn_on", "reasons")
    found = [(day, reasons) for day, reasons in rows[:100] if day is not None]
    days = {day for day, _reasons in found}
    known = _by_day(min(days), max(days)) if days else {}
    return [
        Drawn(hit["code"], hit["lane"], f"{known[day, hit['lane']].seed}|{mrn}|{hit['code']}", hit["ticket"],
              hit["share"], hit["selected"])
        for day, reasons in found
        for hit in reasons
        if "ticket" in hit and (day, hit["lane"]) in known
    ]  # fmt: skip


def _by_day(since: date, until: date) -> dict[tuple[date, str], DrawSeed]:
    return {(seed.day, seed.lane): seed for seed in DrawSeed.objects.filter(day__gte=since, day__lte=until)}


def _faults(hit: dict[str, object], seed: DrawSeed | None, mrn: str, at: datetime) -> Iterator[str]:
    if seed is None:
        yield _("There is no seed of this day and lane.")
        return
    if hashlib.sha256(seed.seed.encode()).hexdigest() != seed.sha256:
        yield _("The seed does not have the hash that was published.")
    if seed.made_at > at:
        yield _("The seed was made after the draw.")
    ticket = ticket_of(f"{seed.seed}|{mrn}", str(hit["code"]))
    if ticket != hit["ticket"]:
        about = {"kept": hit["ticket"], "reckoned": ticket}
        yield _("Ticket %(kept)s was kept, %(reckoned)s is reckoned.") % about
    if is_drawn(f"{seed.seed}|{mrn}", str(hit["code"]), Decimal(str(hit["share"]))) != hit["selected"]:
        yield _("What was kept as drawn does not follow from ticket and share.")


def _of_lane(lane: str, reasons: Sequence[dict[str, object]]) -> Iterator[str]:
    highest = max((str(hit["lane"]) for hit in reasons if hit["selected"]), key=LANES.index, default="green")
    if LANES.index(lane) < LANES.index(highest):
        yield _("The lane is lower than what was selected.")
