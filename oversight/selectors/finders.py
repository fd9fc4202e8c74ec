"""Where marks are found: the acts of a day that deserve a question, each from the table that keeps it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from accounts.models import AdministrativeAct
from clearance.models import Case, InstructionCheck, Opening, Outcome, Reroute
from declarations.models import Levy, Penalty
from lib.figures import plain
from oversight.models import Mark
from payments.models import LimitChange, RefundClaim
from risk.models import Lane
from traders.models import Membership

Kind = Mark.Kind
HASTY = timedelta(seconds=60)
Finder = Callable[[datetime, datetime], Iterator[Mark]]
_ROLES = (AdministrativeAct.Verb.ROLE_GIVEN, AdministrativeAct.Verb.ROLE_REFUSED, AdministrativeAct.Verb.ROLE_ENDED)


def marks_of(since: datetime, until: datetime) -> Iterator[Mark]:
    """Every mark on an act from `since` to before `until`, not yet saved."""
    for find in FINDERS:
        yield from find(since, until)


def decisions_of(since: datetime, until: datetime) -> list[tuple[str, int, int]]:
    """(office, officer, releases decided) of the time."""
    rows = _decided(since, until).values_list("office_code", "decided_by")
    return list(rows.annotate(number=Count("pk")).order_by())


def first_act() -> datetime | None:
    """When the first release was decided or the first role given: nothing is to be looked through before."""
    found = [
        Case.objects.filter(decided_at__isnull=False).aggregate(first=Min("decided_at"))["first"],
        AdministrativeAct.objects.aggregate(first=Min("at"))["first"],
    ]
    return min((each for each in found if each), default=None)


def _decided(since: datetime, until: datetime) -> QuerySet[Case]:
    return Case.objects.filter(decided_at__gte=since, decided_at__lt=until, decided_by__isnull=False)


def _lanes(since: datetime, until: datetime) -> Iterator[Mark]:
    rows = Reroute.objects.filter(outcome="done", decided_at__gte=since, decided_at__lt=until)
    for row in rows.select_related("case__declaration"):
        down = row.lane_from == Lane.RED
        second = row.decided_by_id if row.decided_by_id != row.asked_by_id else None
        yield Mark(
            kind=Kind.DOWN if down else Kind.UP, officer_id=row.asked_by_id, second_id=second, at=row.decided_at,
            office_code=row.office_code, mrn=row.mrn, file=row.case.declaration.public_id, about=row.reason[:300],
            source=f"reroute:{row.pk}",
        )  # fmt: skip


def _unchecked(since: datetime, until: datetime) -> Iterator[Mark]:
    rows = InstructionCheck.objects.filter(result="impossible", at__gte=since, at__lt=until)
    for row in rows.select_related("case__declaration", "criterion"):
        yield Mark(
            kind=Kind.UNCHECKED, officer_id=row.by_id, at=row.at, office_code=row.case.office_code, mrn=row.case.mrn,
            file=row.case.declaration.public_id, about=f"{row.criterion.code}: {row.text}"[:300],
            source=f"check:{row.pk}",
        )  # fmt: skip


def _waived(since: datetime, until: datetime) -> Iterator[Mark]:
    rows = Outcome.objects.filter(how=Outcome.How.CLOSED, at__gte=since, at__lt=until)
    for row in rows.select_related("finding__examination__case__declaration"):
        case = row.finding.examination.case
        yield Mark(
            kind=Kind.WAIVED, officer_id=row.by_id, at=row.at, office_code=case.office_code, mrn=row.mrn,
            file=case.declaration.public_id, about=row.reason[:300], source=f"outcome:{row.pk}",
        )  # fmt: skip


def _dropped(since: datetime, until: datetime) -> Iterator[Mark]:
    levies = Levy.objects.filter(status="dropped", dropped_at__gte=since, dropped_at__lt=until).select_related(
        "declaration"
    )
    fines = Penalty.objects.filter(status="dropped", decided_at__gte=since, decided_at__lt=until)
    dropped = [("levy", row, row.dropped_by_id, row.dropped_at) for row in levies]
    dropped += [("fine", row, row.decided_by_id, row.decided_at) for row in fines.select_related("declaration")]
    for name, row, by, at in dropped:
        yield Mark(
            kind=Kind.DROPPED, officer_id=by, second_id=row.by_id, at=at, office_code=row.declaration.office_code,
            mrn=row.declaration.mrn, file=row.declaration.public_id, about=row.decision[:300],
            source=f"{name}:{row.pk}",
        )  # fmt: skip


def _looks(since: datetime, until: datetime) -> Iterator[Mark]:
    """Releases that were decided without a look into any version of the file, or right after the first look."""
    opened = Opening.objects.filter(
        declaration__mrn=OuterRef("mrn"), by=OuterRef("decided_by"), at__lte=OuterRef("decided_at")
    )
    first = opened.order_by().values("declaration__mrn").annotate(first=Min("at")).values("first")
    for row in _decided(since, until).annotate(first_look=Subquery(first)).select_related("declaration"):
        if row.first_look is None:
            yield _of_decision(row, Kind.UNSEEN, "")
        elif row.decided_at - row.first_look < HASTY:
            yield _of_decision(row, Kind.HASTY, f"{(row.decided_at - row.first_look).total_seconds():.0f} s")


def _own(since: datetime, until: datetime) -> Iterator[Mark]:
    """Releases for a company of which the officer was a member once. Whoever still is one cannot decide at all."""
    members = Membership.objects.filter(user=OuterRef("decided_by"))
    party = Q(company=OuterRef("declaration__trader")) | Q(company=OuterRef("declaration__declarant"))
    for row in _decided(since, until).filter(Exists(members.filter(party))).select_related("declaration"):
        yield _of_decision(row, Kind.OWN, f"{row.trader_tin} {row.trader_name}")


def _of_decision(case: Case, kind: Mark.Kind, about: str) -> Mark:
    assert case.decided_by_id is not None
    assert case.decided_at is not None
    return Mark(
        kind=kind, officer_id=case.decided_by_id, at=case.decided_at, office_code=case.office_code, mrn=case.mrn,
        file=case.declaration.public_id, about=about[:300], source=f"case:{case.pk}",
    )  # fmt: skip


def _roles(since: datetime, until: datetime) -> Iterator[Mark]:
    rows = AdministrativeAct.objects.filter(verb__in=_ROLES, at__gte=since, at__lt=until, by__isnull=False)
    for row in rows:
        assert row.by_id is not None
        about = f"{row.get_verb_display()}: {row.about}"[:300]
        yield Mark(
            kind=Kind.ROLE, officer_id=row.by_id, second_id=row.person_id, at=row.at, about=about,
            source=f"act:{row.pk}",
        )  # fmt: skip


def _money(since: datetime, until: datetime) -> Iterator[Mark]:
    ended = ("granted", "refused")
    claims = RefundClaim.objects.filter(status__in=ended, ended_at__gte=since, ended_at__lt=until)
    for claim in claims.select_related("declaration"):
        yield Mark(
            kind=Kind.REFUND, officer_id=claim.ended_by_id, second_id=claim.advised_by_id, at=claim.ended_at,
            office_code=claim.declaration.office_code, mrn=claim.mrn, file=claim.declaration.public_id,
            about=f"{claim.number} {claim.status}", source=f"claim:{claim.pk}",
        )  # fmt: skip
    for limit in LimitChange.objects.filter(decided_at__gte=since, decided_at__lt=until).select_related("account"):
        yield Mark(
            kind=Kind.LIMIT, officer_id=limit.decided_by_id, second_id=limit.by_id, at=limit.decided_at,
            about=f"{limit.account} {plain(limit.old)} → {plain(limit.new)}"[:300], source=f"limit:{limit.pk}",
        )  # fmt: skip


FINDERS: tuple[Finder, ...] = (_lanes, _unchecked, _waived, _dropped, _looks, _own, _roles, _money)
