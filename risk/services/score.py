"""Scoring a lodged declaration, once; and what its examination found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Subquery, Value
from django.utils import timezone

from declarations.models import Declaration, Status
from declarations.services import lock_standing
from lib.bulk import insert_rows
from lib.figures import plain
from lib.remembered import Remembered
from risk import facts, rules, scoring
from risk.models import About, Criterion, CriterionEvent, Hit, Lane, Outcome, RiskListVersion, Score
from risk.scoring import Compiled, CriterionFact, Facts, HitFact
from risk.scoring import score as pure_score
from risk.selectors.lists import Listed, lists_on
from risk.services import models
from risk.services.draws import draw_of
from risk.services.lines import ASKED
from risk.services.settle import settle
from risk.yielding import Marks

EXPLORES = Lane.YELLOW  # where a file goes that a model passed over and the draw picked
_SCORED = (Status.ASSESSED, Status.PAID)


@transaction.atomic
def score(declaration_pk: int, *, at: datetime) -> Score | None:
    """Score the declaration unless it has its score; None if it is no longer before an officer.

    Safe to repeat: the row is locked, the score unique, and the draw follows from the MRN.
    """
    return score_locked(lock_standing(declaration_pk), at=at)


def score_locked(declaration: Declaration, *, at: datetime) -> Score | None:
    """As `score`, of a declaration that the caller's transaction has locked."""
    if done := Score.objects.filter(declaration=declaration).order_by().first():
        return done
    if declaration.status not in _SCORED:
        return None
    force, use = _in_force(at, About.DECLARATIONS), models.in_use(at)
    criteria = force.compiled
    drawn_on, draw = draw_of(declaration, at=at)
    known = facts.of_declaration(declaration, asked=criteria.fields | ASKED if use.judges else criteria.fields)
    settled = settle(declaration, pure_score(known, criteria, draw), force.marks, at=at)
    result, yielded = settled.result, {pk: {"yielded": why.as_dict()} for pk, why in settled.yielded.items()}
    said = models.opinion(use, known, declaration, lane=result.lane, draw=draw[EXPLORES], at=at)
    reasons = [*(as_reason(hit) | yielded.get(hit.pk, {}) for hit in result.hits), *said.reasons]
    made = Score(declaration=declaration, lane=said.lane, reasons=reasons, at=at, drawn_on=drawn_on)
    insert_rows([made])
    said.keep(made)
    insert_rows(
        [Hit(score=made, criterion_id=hit.pk, items=list(hit.items), selected=hit.selected) for hit in result.hits]
    )
    return made


def record_outcome(declaration: Declaration, *, discrepancy: bool, at: datetime) -> Outcome:
    """What an examination of the declaration found; called by clearance inside its transaction."""
    return Outcome.objects.create(declaration=declaration, discrepancy=discrepancy, at=at)


def lane_of_traveller(
    values: Mapping[str, scoring.Value], *, office: str, draw: scoring.Draw, at: datetime
) -> tuple[str, list[dict[str, Any]]]:
    """The lane that criteria on travellers give to these facts, and the hits as they are kept. Writes nothing.

    `values` by the keys of `boxes.OF_TRAVELLERS`, `draw` as `draw_on` answers; whoever asks knows the traveller, risk
    does not.
    """
    result = pure_score(Facts(office, values, ()), compiled_on(at, about=About.TRAVELLERS), draw)
    return result.lane, [as_reason(hit) for hit in result.hits]


@dataclass(frozen=True, slots=True)
class _InForce:
    criteria: list[CriterionFact]
    compiled: Compiled
    marks: Mapping[int, Marks]


_criteria: Remembered[tuple[int, int, date, str], _InForce] = Remembered(8)


def criteria_on(at: datetime, *, about: str = About.DECLARATIONS) -> list[CriterionFact]:
    """Criteria in force on the local day of `at`, as scoring takes them; remembered until one or a list is changed."""
    return _in_force(at, about).criteria


def compiled_on(at: datetime, *, about: str = About.DECLARATIONS) -> Compiled:
    """The same, made ready to be compared."""
    return _in_force(at, about).compiled


def _in_force(at: datetime, about: str) -> _InForce:
    """Whatever changes a criterion leaves a row of history, and what changes a list one more approved version of it:
    the last of these and the number of those tell whether anything was changed."""
    approved = RiskListVersion.objects.filter(approved_by__isnull=False).order_by().annotate(one=Value(1)).values("one")
    count = Subquery(approved.annotate(count=Count("pk")).values("count"))
    state = CriterionEvent.objects.order_by("-pk").annotate(lists=count).values_list("pk", "lists").first()
    last, lists = state or (0, 0)
    on = timezone.localdate(at)
    rows = Criterion.objects.switched_on(on=on).filter(about=about)
    return _criteria.one((last, lists or 0, on, about), lambda: _read(rows, on=on))


def _read(rows: Iterable[Criterion], *, on: date) -> _InForce:
    lists, versions = lists_on(on), list(rows)
    facts = [as_fact(version, lists) for version in versions]
    marks = {one.pk: Marks(one.general, one.may_yield, not one.conditions) for one in versions}
    return _InForce(facts, Compiled(facts), marks)


def as_fact(version: Criterion, lists: Mapping[str, Listed]) -> CriterionFact:
    """A version as scoring takes it; `lists` as of the day."""
    return CriterionFact(
        pk=version.pk,
        code=version.code,
        lane=version.lane,
        conditions=rules.read(version.conditions, lists),
        share=version.share,
        offices=frozenset(version.offices),
    )


def as_reason(hit: HitFact) -> dict[str, Any]:
    """A hit as the score keeps it; of a share, the ticket that was drawn and the share it was held against."""
    drawn = {} if hit.ticket is None else {"ticket": hit.ticket, "share": plain(hit.share)}
    return {
        "criterion": hit.pk,
        "code": hit.code,
        "lane": hit.lane,
        "items": list(hit.items),
        "selected": hit.selected,
        "conditions": [[each.field, each.op, each.wanted, each.found] for each in hit.reasons],
        **drawn,
    }
