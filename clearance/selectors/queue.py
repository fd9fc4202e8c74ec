"""The officers' queue: one read of one partial index, whatever the number of declarations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import FOR_THE_TRADER, Case, WaitsFor
from clearance.selectors.links import linked_to
from clearance.selectors.people import Powers
from clearance.selectors.trace import rerouted_by
from lib.codes import digits_of
from lib.languages import in_language
from lib.spelling import searched
from risk.models import Criterion


@dataclass(frozen=True)
class Wanted:
    """Filters of the queue; an empty one filters nothing, but that of `waits`: the office is waited for.

    `held` is "mine", "free" or "others", `waits` "trader", "money" or "all", `due` "late" or "soon".
    """

    office: str = ""
    lane: str = ""
    held: str = ""
    waits: str = ""
    due: str = ""
    text: str = ""


SOON = timedelta(hours=2)
_WAITS = {
    "": Q(waits_for=WaitsFor.OFFICE),
    "trader": Q(waits_for__in=FOR_THE_TRADER),
    "money": Q(waits_for=WaitsFor.MONEY),
    "all": Q(),
}


def queue(powers: Powers, wanted: Wanted, *, by: User, at: datetime) -> QuerySet[Case]:
    """Files that wait for an officer in the officer's offices, the nearest target first.

    The score comes with each row for its reasons; no row costs a query of its own.
    """
    cases = Case.objects.waiting().filter(powers.within(), _WAITS[wanted.waits])
    if wanted.due:
        cases = cases.filter(due_at__lt=at if wanted.due == "late" else at + SOON)
    if wanted.office:
        cases = cases.filter(office_code=wanted.office)
    if wanted.lane:
        cases = cases.filter(lane=wanted.lane)
    cases = cases.filter(_held(wanted.held, by=by))
    if wanted.text:
        text, code = wanted.text.strip(), searched(wanted.text)
        cases = cases.filter(
            Q(mrn__startswith=code) | Q(trader_name__icontains=text) | Q(trader_tin=code)
            | Q(commodity_code__startswith=digits_of(text) or code) | Q(goods__icontains=text)
        )  # fmt: skip
    rows = cases.select_related("claimed_by", "declaration__score").order_by("due_at", "pk")
    return rows.defer("declaration__held", "declaration__kept")


def next_unclaimed(powers: Powers, wanted: Wanted, *, by: User, at: datetime) -> Case | None:
    """The file to take next: on one of the officer's lanes, held by nobody, waiting for the office.

    Who holds a file and whom it waits for are not asked of `wanted`. Files to which the officer is linked as a trader,
    or whose lane the officer has changed, are passed over.
    """
    wanted = replace(wanted, held="free", waits="")
    free = queue(powers, wanted, by=by, at=at).filter(decided_at=None)
    free = free.exclude(linked_to(by)).exclude(rerouted_by(by))
    mine = Q(pk__in=[])
    for office in {office for _role, office in powers.roles}:
        here = Q(lane__in=sorted(powers.lanes(office or "")))
        mine |= here if office is None else here & Q(office_code=office)
    return free.filter(mine).first()


def _held(held: str, *, by: User) -> Q:
    if held == "mine":
        return Q(claimed_by=by, decided_at=None)
    if held == "free":
        return Q(claimed_by=None)
    if held == "others":
        return Q(claimed_by__isnull=False) & ~Q(claimed_by=by)
    return Q()


def short_reasons(cases: Iterable[Case]) -> dict[int, list[str]]:
    """For each file the names of the criteria that put it on its lane: one query for the whole page."""
    hits = {case.pk: [hit for hit in case.declaration.score.reasons if hit["selected"]] for case in cases}
    criteria = {hit["criterion"] for each in hits.values() for hit in each if "criterion" in hit}
    names = Criterion.objects.in_bulk(criteria)
    return {
        pk: [in_language(names[hit["criterion"]]) if "criterion" in hit else _("Risk model") for hit in each]
        for pk, each in hits.items()
    }
