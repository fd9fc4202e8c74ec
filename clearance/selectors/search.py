"""The officers' search over all files they may see, and who opened which of them. Every answer is bounded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import WATCHERS, User
from accounts.selectors import has_role
from clearance.models import Case, Finding, Opening
from clearance.selectors.people import Powers
from declarations.models import Declaration, Status
from declarations.selectors import MOST_FOUND, lodged_in_rows, visible_to, written_mrn
from risk.selectors import declarations_of
from traders.models import Company

MOST_EXPORTED = 10_000
_AT_ONCE = 500
ANY_FINDING = "any"


@dataclass(frozen=True)
class Asked:
    """What an officer looks for; an empty filter filters nothing. `finding` is a code or `ANY_FINDING`.

    `criterion` is a code, a version as “TEA v2”, or an arm (see `risk.selectors.declarations_of`); `came` what came of
    it. Then the days are those of scoring.
    """

    text: str = ""
    office: str = ""
    lane: str = ""
    status: str = ""
    finding: str = ""
    trader: str = ""
    criterion: str = ""
    came: str = "selected"
    held_by: int | None = None
    since: date | None = None
    until: date | None = None


def files_found(user: User, asked: Asked, *, on: date, most: int = MOST_FOUND) -> list[int]:
    """Keys of the newest declarations that `user` may see as an officer and that fit, at most `most`."""
    rows = _narrowed(visible_to(user, on=on).exclude(status=Status.DRAFT), asked)
    rows = rows.order_by(*(("-searched__lodged_on",) if asked.since or asked.until else ()), "-pk")
    if asked.text.strip():
        return lodged_in_rows(rows, asked.text, most=most)
    return list(rows.values_list("pk", flat=True)[:most])


def files_of(keys: list[int]) -> list[Declaration]:
    """These declarations in this order, each with its file, its trader and who holds it: one query."""
    rows = Declaration.objects.as_rows().select_related("trader", "declarant", "case__claimed_by", "amends")
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by()}
    return [found[key] for key in keys if key in found]


def in_portions(keys: list[int]) -> Iterator[Declaration]:
    """As `files_of`, for many."""
    for start in range(0, len(keys), _AT_ONCE):
        yield from files_of(keys[start : start + _AT_ONCE])


def _narrowed(rows: QuerySet[Declaration], asked: Asked) -> QuerySet[Declaration]:
    if asked.office:
        rows = rows.filter(office_code=asked.office)
    if asked.lane:
        rows = rows.filter(case__lane=asked.lane)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.held_by is not None:
        rows = rows.filter(case__claimed_by=asked.held_by, case__closed_at=None)
    if asked.trader:
        companies = list(Company.objects.filter(tin=asked.trader).values_list("pk", flat=True))
        rows = rows.filter(Q(trader__in=companies) | Q(declarant__in=companies))
    if asked.finding:
        rows = rows.filter(pk__in=_with_finding(asked.finding))
    if asked.criterion:
        days = {"since": asked.since, "until": asked.until}
        return rows.filter(pk__in=declarations_of(asked.criterion, came=asked.came, **days))
    if asked.since:
        rows = rows.filter(searched__lodged_on__gte=asked.since)
    if asked.until:
        rows = rows.filter(searched__lodged_on__lte=asked.until)
    return rows


def _with_finding(code: str) -> QuerySet[Finding, int]:
    found = Finding.objects.exclude(code=Finding.Code.CONFORM)
    if code != ANY_FINDING:
        found = found.filter(code=code)
    return found.order_by().values_list("examination__case__declaration", flat=True)


def holders(powers: Powers, *, also: int | None) -> list[User]:
    """Officers who hold open files that the asker sees, and the officer `also`."""
    held = Case.objects.filter(powers.within(), closed_at=None).exclude(claimed_by=None).order_by()
    people = User.objects.filter(Q(pk__in=held.values("claimed_by")) | Q(pk=also, officer_roles__isnull=False))
    return list(people.distinct().order_by("full_name", "pk")[:MOST_FOUND])


# Who opened a file ------------------------------------------------------------------------------------------------
def sees_openings(user: User, *, on: date) -> bool:
    """Those who look at the work of others."""
    return has_role(user, *WATCHERS, on=on)


def openings(
    *, officer: str = "", number: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Opening]:
    """Openings of files, the latest first: of an officer by name or address, of a file by its MRN, of a period."""
    rows = Opening.objects.select_related("by", "declaration").order_by("-pk")
    rows = rows.only("at", "by__full_name", "by__email", "declaration__mrn", "declaration__version",
                     "declaration__public_id", "declaration__office_code")  # fmt: skip
    if officer.strip():
        named = User.objects.filter(Q(full_name__icontains=officer.strip()) | Q(email__iexact=officer.strip()))
        rows = rows.filter(by__in=list(named.values_list("pk", flat=True)[:100]))
    if number.strip():
        files = Declaration.objects.filter(mrn=written_mrn(number)).exclude(mrn="")
        rows = rows.filter(declaration__in=list(files.values_list("pk", flat=True)))
    if since:
        rows = rows.filter(at__gte=_start(since))
    if until:
        rows = rows.filter(at__lte=timezone.make_aware(datetime.combine(until, time.max)))
    return rows


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
