"""Hit rates: what criteria selected, what was examined, and how often there was something to find."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from lib.proportions import percent_within
from risk.models import Criterion, Hit, HitCount, Outcome

RATED_DAYS = 90


@dataclass(frozen=True)
class HitRate:
    """How often a criterion was met since a day; of hits selected, how many were examined and had a discrepancy."""

    hits: int = 0
    selected: int = 0
    examined: int = 0
    right: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Share of examined hits with a discrepancy, percent; None before the first examination."""
        found = percent_within(self.right, self.examined)
        return found[0] if found else None

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """Between which percentages the true share lies, at 95 % (Wilson); None before the first examination."""
        found = percent_within(self.right, self.examined)
        return found[1:] if found else None

    def __add__(self, other: "HitRate") -> "HitRate":
        return HitRate(
            self.hits + other.hits, self.selected + other.selected, self.examined + other.examined,
            self.right + other.right,
        )  # fmt: skip


_FIGURES = ("hits", "selected", "examined", "right")


def hit_rates(*, since: date) -> dict[int, HitRate]:
    """Hit rates by version over scores made since the day, as they were counted last."""
    rows = HitCount.objects.filter(day__gte=since, criterion__isnull=False).order_by().values_list("criterion")
    return {pk: HitRate(*figures) for pk, *figures in rows.annotate(*(Sum(name) for name in _FIGURES))}


def arm_rates(*, since: date) -> dict[bool, HitRate]:
    """The same of each arm as a whole, each declaration once: False by conditions, True by the random share alone."""
    rows = HitCount.objects.filter(day__gte=since, criterion=None).order_by().values_list("random")
    found = {random: HitRate(*figures) for random, *figures in rows.annotate(*(Sum(name) for name in _FIGURES))}
    return {arm: found.get(arm, HitRate()) for arm in (False, True)}


def since_of(on: date) -> date:
    """The first day of the period over which rates are shown on `on`."""
    return on - timedelta(days=RATED_DAYS)


# Which files stand behind a figure ------------------------------------------------------------------------------
ARMS = {":conditions": False, ":random": True}
_RANDOM = Q(criterion__conditions=[])


def declarations_of(
    named: str, *, came: str, since: date | None = None, until: date | None = None
) -> QuerySet[Hit, int]:
    """Keys of declarations that a criterion met on days of scoring, and what came of it.

    `named`: a code, a version as “TEA v2”, or an arm (":conditions", ":random": the random share alone). `came`: "hit",
    "selected", "examined" or "discrepancy".
    """
    rows = _on_days(Hit.objects.all(), since, until)
    if named in ARMS:
        rows = rows.filter(_RANDOM if ARMS[named] else ~_RANDOM)
        if ARMS[named]:
            others = _on_days(Hit.objects.filter(~_RANDOM), since, until)
            rows = rows.exclude(score__in=others.filter(Q() if came == "hit" else Q(selected=True)).values("score"))
    else:
        code, _space, version = named.strip().upper().partition(" V")
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 5 else None
        versions = Criterion.objects.filter(code__iexact=code, **({} if number is None else {"version": number}))
        rows = rows.filter(criterion__in=list(versions.values_list("pk", flat=True)))
    if came != "hit":
        rows = rows.filter(selected=True)
    if came in ("examined", "discrepancy"):
        found = Outcome.objects.filter(**({"discrepancy": True} if came == "discrepancy" else {}))
        rows = rows.filter(score__declaration__in=found.values("declaration"))
    keys: QuerySet[Hit, int] = rows.order_by().values_list("score__declaration", flat=True)
    return keys


def _on_days(rows: QuerySet[Hit], since: date | None, until: date | None) -> QuerySet[Hit]:
    if since:
        rows = rows.filter(score__at__gte=_start(since))
    if until:
        rows = rows.filter(score__at__lt=_start(until + timedelta(days=1)))
    return rows


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
