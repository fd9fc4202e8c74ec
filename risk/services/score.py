"""Scoring a lodged declaration, once; and what its examination found."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.services.followups import announce
from declarations.models import Declaration, Status
from declarations.services import lock
from risk import facts, rules
from risk.models import Criterion, Hit, Outcome, Score
from risk.scoring import CriterionFact, HitFact
from risk.scoring import score as pure_score

_SCORED = (Status.ASSESSED, Status.PAID)


@transaction.atomic
def score(declaration_pk: int, *, at: datetime) -> Score | None:
    """Score the declaration unless it has its score, and announce it; None if it is no longer before an officer.

    Safe to repeat: the row is locked, the score unique, and the draw follows from the MRN.
    """
    declaration = lock(declaration_pk)
    if done := Score.objects.filter(declaration=declaration).first():
        return done
    if declaration.status not in _SCORED:
        return None
    result = pure_score(facts.of_declaration(declaration), criteria_on(at), draw_of(declaration))
    made = Score.objects.create(
        declaration=declaration, lane=result.lane, reasons=[as_reason(hit) for hit in result.hits], at=at
    )
    Hit.objects.bulk_create(
        Hit(score=made, criterion_id=hit.pk, items=list(hit.items), selected=hit.selected) for hit in result.hits
    )
    announce("risk.scored", declaration.pk)
    return made


def record_outcome(declaration: Declaration, *, discrepancy: bool, at: datetime) -> Outcome:
    """What an examination of the declaration found; called by clearance inside its transaction."""
    return Outcome.objects.create(declaration=declaration, discrepancy=discrepancy, at=at)


def criteria_on(at: datetime) -> list[CriterionFact]:
    """Criteria in force on the local day of `at`, as scoring takes them."""
    return [as_fact(version) for version in Criterion.objects.switched_on(on=timezone.localdate(at))]


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
