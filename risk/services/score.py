"""Scoring a lodged declaration, once; and what its examination found."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from declarations.models import Declaration, Status
from declarations.services import lock
from lib.bulk import insert_rows
from lib.remembered import Remembered
from risk import facts, rules
from risk.models import About, Criterion, CriterionEvent, Hit, Outcome, Score
from risk.scoring import CriterionFact, Facts, HitFact, Value
from risk.scoring import score as pure_score
from risk.services import models
from risk.services.lines import ASKED

_SCORED = (Status.ASSESSED, Status.PAID)


@transaction.atomic
def score(declaration_pk: int, *, at: datetime) -> Score | None:
    """Score the declaration unless it has its score; None if it is no longer before an officer.

    Safe to repeat: the row is locked, the score unique, and the draw follows from the MRN.
    """
    return score_locked(lock(declaration_pk), at=at)


def score_locked(declaration: Declaration, *, at: datetime) -> Score | None:
    """As `score`, of a declaration that the caller's transaction has locked."""
    if done := Score.objects.filter(declaration=declaration).order_by().first():
        return done
    if declaration.status not in _SCORED:
        return None
    criteria = criteria_on(at)
    asked = {condition.field for criterion in criteria for condition in criterion.conditions}
    use = models.in_use(at)
    known = facts.of_declaration(declaration, asked=asked | ASKED if use.judges else asked)
    result = pure_score(known, criteria, draw_of(declaration))
    said = models.opinion(use, known, declaration, lane=result.lane, draw=draw_of(declaration), at=at)
    reasons = [*(as_reason(hit) for hit in result.hits), *said.reasons]
    made = Score(declaration=declaration, lane=said.lane, reasons=reasons, at=at)
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
    values: Mapping[str, Value], *, office: str, draw: str, at: datetime
) -> tuple[str, list[dict[str, Any]]]:
    """The lane that criteria on travellers give to these facts, and the hits as they are kept. Writes nothing.

    `values` by the keys of `boxes.OF_TRAVELLERS`; whoever asks knows the traveller, risk does not.
    """
    result = pure_score(Facts(office, values, ()), criteria_on(at, about=About.TRAVELLERS), draw)
    return result.lane, [as_reason(hit) for hit in result.hits]


def lanes_with(
    version: Criterion, values: Mapping[str, Value], *, office: str, draw: str, at: datetime
) -> tuple[str, str, dict[str, Any] | None]:
    """The lanes of a traveller without and with a version, and its hit as it would be kept. Writes nothing."""
    before = criteria_on(at, about=About.TRAVELLERS)
    after = [*(fact for fact in before if fact.code != version.code), as_fact(version)]
    facts = Facts(office, values, ())
    tried = pure_score(facts, after, draw)
    hit = next((as_reason(hit) for hit in tried.hits if hit.pk == version.pk), None)
    return pure_score(facts, before, draw).lane, tried.lane, hit


_criteria: Remembered[tuple[int, date, str], list[CriterionFact]] = Remembered(8)


def criteria_on(at: datetime, *, about: str = About.DECLARATIONS) -> list[CriterionFact]:
    """Criteria in force on the local day of `at`, as scoring takes them; remembered until one is changed.

    Whatever changes a criterion leaves a row of history, so the last of these tells whether one was.
    """
    last = CriterionEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    on = timezone.localdate(at)
    rows = Criterion.objects.switched_on(on=on).filter(about=about)
    return _criteria.one((last, on, about), lambda: [as_fact(version) for version in rows])


def as_fact(version: Criterion) -> CriterionFact:
    """A version as scoring takes it."""
    return CriterionFact(
        pk=version.pk,
        code=version.code,
        lane=version.lane,
        conditions=rules.read(version.conditions),
        share=version.share,
        offices=frozenset(version.offices),
    )


def draw_of(declaration: Declaration) -> str:
    """The seed of the random share: nobody outside can reckon it, and an amendment keeps it."""
    return f"{settings.SECRET_KEY}|{declaration.mrn}"


def as_reason(hit: HitFact) -> dict[str, Any]:
    """A hit as the score keeps it."""
    return {
        "criterion": hit.pk,
        "code": hit.code,
        "lane": hit.lane,
        "items": list(hit.items),
        "selected": hit.selected,
        "conditions": [[each.field, each.op, each.wanted, each.found] for each in hit.reasons],
    }
