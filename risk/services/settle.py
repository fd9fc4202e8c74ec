"""The lane after scoring: what a profile spares, and what the capacity of the office lets go. See `yielding`."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from declarations.models import Declaration
from risk import yielding
from risk.models import CompanyProfile, Score
from risk.scoring import Result
from risk.selectors.targets import full_lanes
from risk.yielding import Marks, Settled


def settle(declaration: Declaration, result: Result, marks: Mapping[int, Marks], *, at: datetime) -> Settled:
    """The result, lowered where it may be; `marks` by primary key of the criterion. Up to three queries.

    Two that are scored in the same moment may both take the last place of an hour: a target is no lock.
    """
    settled, hits = Settled(result, {}), yielding.officers_hits(result)
    if not any(marks[hit.pk].general or marks[hit.pk].may_yield for hit in hits):
        return settled
    of_company = CompanyProfile.objects.on(timezone.localdate(at)).filter(company=declaration.trader_id)
    profiles = frozenset(of_company.values_list("kind", flat=True))
    settled = yielding.by_profile(settled, marks, profiles)
    if not any(marks[hit.pk].may_yield for hit in yielding.officers_hits(settled.result)):
        return settled
    before = _yielded_before(declaration)
    full = full_lanes(declaration.office_code, at=at) if before is None else {}
    return yielding.by_capacity(settled, marks, profiles=profiles, full=full, before=before)


def _yielded_before(declaration: Declaration) -> frozenset[str] | None:
    """Codes of criteria that gave way to capacity in the version before this one; None for a first version."""
    if declaration.version == 1:
        return None
    last = Score.objects.filter(declaration__mrn=declaration.mrn).exclude(declaration=declaration).order_by("-pk")
    reasons = last.values_list("reasons", flat=True).first() or []
    return frozenset(hit["code"] for hit in reasons if _gave_way(hit.get("yielded")))


def _gave_way(yielded: dict[str, object] | None) -> bool:
    return yielded is not None and "profile" not in yielded
