"""What became of models in use: figures from real findings, and how far a month lies from what they learnt."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from accounts.models import User
from lib.violations import Rejected
from risk.learning import figures
from risk.learning.features import FEATURES
from risk.models import Model, ModelDrift, ModelEvent, ModelScore, Outcome
from risk.services.draws import draws_of
from risk.services.lines import history
from risk.services.model_events import record_event
from risk.services.model_files import opened
from risk.services.models import draw_repeats
from risk.services.score import EXPLORES
from risk.services.train import measured

MOST, SAMPLE = 50_000, 5_000
DECILES = [10.0 * place for place in range(1, 10)]


@transaction.atomic
def evaluate(model: Model, *, days: int, by: User | None, at: datetime) -> ModelEvent:
    """What examinations found on files that the model scored in the last days, and whether its draws repeat.

    `data`: what `measured` gives; `arms` (picked, explored, passed): examined and wrong; `draws`: files, differ.
    """
    scored = (
        ModelScore.objects.filter(model=model, at__gte=at - timedelta(days=days))
        .annotate(
            looked=Exists(Outcome.objects.filter(declaration__mrn=OuterRef("score__declaration__mrn"))),
            wrong=Exists(
                Outcome.objects.filter(declaration__mrn=OuterRef("score__declaration__mrn"), discrepancy=True)
            ),
        )
        .select_related("score__declaration")
        .order_by("-pk")[:MOST]
    )
    rows = list(scored)
    looked = [row for row in rows if row.looked]
    data: dict[str, Any] = measured([float(row.probability) for row in looked], [row.wrong for row in looked])
    data["days"], data["scored"] = days, len(rows)
    data["arms"] = {
        arm: _arm([row for row in looked if _arm_of(row) == arm]) for arm in ("picked", "explored", "passed")
    }
    drawn = [row for row in rows if row.part == Model.Status.CHAMPION and (row.explored or not row.lane)]
    draws = draws_of((row.score.drawn_on, row.score.declaration.mrn) for row in drawn)
    differ = sum(not draw_repeats(row, draw[EXPLORES]) for row, draw in zip(drawn, draws, strict=True))
    data["draws"] = {"files": len(drawn), "differ": differ}
    return record_event(model, "evaluated", at=at, by=by, **data)


def _arm_of(row: ModelScore) -> str:
    return "explored" if row.explored else "picked" if row.lane else "passed"


def _arm(rows: list[Any]) -> dict[str, int]:
    return {"examined": len(rows), "wrong": sum(row.wrong for row in rows)}


def report_drift(*, at: datetime) -> int:
    """The report of the last whole month for each model in use that has none; how many were made. Safe to repeat."""
    month = (localdate(at).replace(day=1) - timedelta(days=1)).replace(day=1)
    used = Model.objects.filter(status__in=(Model.Status.CHAMPION, Model.Status.CHALLENGER))
    return sum(
        _report(model, month, at=at)
        for model in used.exclude(pk__in=ModelDrift.objects.filter(month=month).values("model"))
    )


def _report(model: Model, month: date, *, at: datetime) -> bool:
    try:
        judge = opened(model)
    except Rejected:
        return False  # Whoever scores has told of it.
    last = month.replace(day=monthrange(month.year, month.month)[1])
    lines = history(since=month, until=last, most=SAMPLE)
    if not lines:
        return False
    rows = [judge.memory.row(line) for line in lines]
    moved = {
        feature: round(figures.stability(judge.bins[feature][1], figures.shares(values, judge.bins[feature][0])), 4)
        for feature, values in zip(FEATURES, zip(*rows, strict=True), strict=True)
    }
    ranks = ModelScore.objects.filter(model=model, at__date__gte=month, at__date__lte=last).order_by("-pk")
    found = [float(rank) for rank in ranks.values_list("percentile", flat=True)[:MOST]]
    scores = figures.stability([0.1] * 10 + [0.0], figures.shares(found, DECILES)) if found else None
    kept = {"lines": len(lines), "scored": len(found), "features": moved,
            "scores": None if scores is None else round(scores, 4)}  # fmt: skip
    _row, made = ModelDrift.objects.get_or_create(model=model, month=month, defaults={"at": at, "data": kept})
    return bool(made)
