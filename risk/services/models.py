"""Models in use: proposed by one analyst, activated by another, retired; and what they say of a declaration.

Criteria go first and stand alone: a model that is absent or cannot be opened leaves the lane to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration
from lib.bulk import insert_rows
from lib.remembered import Remembered
from lib.violations import Rejected, refuse
from risk import states
from risk.models import Model, ModelEvent, ModelScore, ModelThreshold, Score
from risk.scoring import LANES, Facts, is_drawn
from risk.services.lines import of_facts
from risk.services.model_events import record_event
from risk.services.model_files import Judge, Said, opened
from tariffs.selectors import known_codes

log = structlog.get_logger("model")
_CENT = Decimal("0.01")


# What analysts do ----------------------------------------------------------------------------------------------
@transaction.atomic
def propose_model(model: Model, *, by: User, at: datetime) -> Model:
    """Let a ready model run beside the champion as its challenger, and propose it to a second analyst.

    An earlier challenger is retired. Raises Rejected: K094 it is not ready, K097 its file does not fit.
    """
    model = _locked(model)
    if model.status != Model.Status.READY:
        raise refuse("K094", "", _("Only a model that is ready can be proposed."))
    opened(model)
    _retire_all(Model.Status.CHALLENGER, by=by, at=at)
    states.move_model(model, Model.Status.CHALLENGER, proposed_by=by)
    record_event(model, "proposed", at=at, by=by)
    return model


@transaction.atomic
def activate_model(model: Model, *, by: User, at: datetime) -> Model:
    """Make the challenger the champion. Raises Rejected: K095 a second analyst is needed, K096 it is no challenger,
    K097 its file does not fit."""
    model = _locked(model)
    if model.status != Model.Status.CHALLENGER:
        raise refuse("K096", "", _("Only a challenger can be activated: propose the model first."))
    if model.proposed_by_id == by.pk:
        raise refuse("K095", "", _("You proposed this model: another analyst activates it."))
    opened(model)
    _retire_all(Model.Status.CHAMPION, by=by, at=at)
    states.move_model(model, Model.Status.CHAMPION, activated_by=by)
    record_event(model, "activated", at=at, by=by)
    return model


@transaction.atomic
def retire_model(model: Model, *, by: User, at: datetime) -> Model:
    """Take a model out of use; without a champion criteria alone decide. Raises Rejected K098: it is not in use."""
    model = _locked(model)
    if not states.move_model(model, Model.Status.RETIRED):
        raise refuse("K098", "", _("This model is not in use."))
    record_event(model, "retired", at=at, by=by)
    return model


@transaction.atomic
def set_threshold(
    *, office: str, valid_from: date, red_above: Decimal, yellow_above: Decimal, explore: Decimal,
    by: User, at: datetime,
) -> ModelThreshold:  # fmt: skip
    """What the champion may choose from a day on; the newest row of an office holds. Raises Rejected K099 to K101."""
    if not 50 <= yellow_above <= red_above <= 100:
        raise refuse("K099", "red_above", _("Percentiles lie between 50 and 100, red not below yellow."))
    if not 0 <= explore <= 50:
        raise refuse("K099", "explore", _("Exploration lies between 0 and 50 %."))
    on = localdate(at)
    if office and office not in known_codes("office", on=on):
        raise refuse("K100", "office", _("There is no office “%s”.") % office)
    if valid_from < on:
        raise refuse("K101", "valid_from", _("The first day is past. Files that were scored keep their lane."))
    made: ModelThreshold = ModelThreshold.objects.create(
        office=office, valid_from=valid_from, red_above=red_above, yellow_above=yellow_above, explore=explore,
        set_by=by, set_at=at,
    )  # fmt: skip
    data = {"office": office, "valid_from": valid_from, "red": red_above, "yellow": yellow_above, "explore": explore}
    record_event(None, "threshold", at=at, by=by, **data)
    return made


def _locked(model: Model) -> Model:
    """The row, with every other model that is or may come into use: one verb at a time."""
    rows = {row.pk: row for row in Model.objects.select_for_update().order_by("pk")}
    found: Model = rows[model.pk]
    return found


def _retire_all(status: str, *, by: User, at: datetime) -> None:
    for former in Model.objects.filter(status=status):
        states.move_model(former, Model.Status.RETIRED)
        record_event(former, "retired", at=at, by=by)


# What models say -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Share:
    """What the champion may choose at an office."""

    red_above: Decimal
    yellow_above: Decimal
    explore: Decimal

    def lane(self, percentile: float) -> str:
        """Empty where the rank is too low."""
        return "red" if percentile > self.red_above else "yellow" if percentile > self.yellow_above else ""

    @property
    def rate(self) -> Decimal:
        """Per cent of the files passed over that are drawn, so that `explore` are drawn for each hundred picked."""
        picked = 100 - self.yellow_above
        return (self.explore * picked / self.yellow_above).quantize(_CENT)


@dataclass(frozen=True, slots=True)
class InUse:
    """Models by their part, opened, and the shares of the day by office."""

    judges: Mapping[str, tuple[int, Judge]]
    shares: Mapping[str, Share]


@dataclass(slots=True)
class Opinion:
    """The lane after the champion was heard, its reason as the score keeps it, and rows that wait for the score."""

    lane: str
    reasons: list[dict[str, Any]] = field(default_factory=list)
    rows: list[ModelScore] = field(default_factory=list)

    def keep(self, score: Score) -> None:
        """Write what was said beside the score."""
        for row in self.rows:
            row.score = score
        insert_rows(self.rows)


def opinion(use: InUse, known: Facts, declaration: Declaration, *, lane: str, draw: str, at: datetime) -> Opinion:
    """What models say of a declaration that criteria put on `lane`. The champion may raise it, never lower it."""
    made = Opinion(lane)
    if not use.judges:
        return made
    lines = of_facts(known, file=declaration.mrn, on=localdate(at))
    for part, (pk, judge) in use.judges.items():
        said = judge.says(lines)
        if said is not None:
            made.rows.append(_row(pk, part, said, at=at))
            if part == Model.Status.CHAMPION:
                _choose(made, said, use.shares.get(known.office) or use.shares.get(""), draw=f"{draw}|M{pk}")
            if made.lane in ("red", "yellow"):
                made.rows[-1].reasons = judge.reasons(said)
    return made


def _row(pk: int, part: str, said: Said, *, at: datetime) -> ModelScore:
    return ModelScore(
        model_id=pk,
        part=part,
        probability=round(Decimal(said.chance), 6),
        percentile=round(Decimal(said.percentile), 2),
        item=said.number,
        at=at,
    )


def _choose(made: Opinion, said: Said, share: Share | None, *, draw: str) -> None:
    """The champion's choice: by its rank, or by the draw among what it passes over."""
    if share is None:
        return
    row = made.rows[-1]
    row.lane = share.lane(float(row.percentile))
    row.rate = share.rate
    if not row.lane and is_drawn(draw, "explore", share.rate):
        row.lane, row.explored = "yellow", True
    if row.lane:
        made.lane = max(made.lane, row.lane, key=LANES.index)
        made.reasons.append(
            {"arm": "model", "model": row.model_id, "lane": row.lane, "items": [said.number], "selected": True,
             "explored": row.explored, "percentile": str(row.percentile)}
        )  # fmt: skip


def draw_repeats(row: ModelScore, draw: str) -> bool:
    """Whether the draw of a row that the champion did not pick by rank comes out again as it was kept."""
    return is_drawn(f"{draw}|M{row.model_id}", "explore", row.rate) == row.explored


_in_use: Remembered[tuple[int, date], InUse] = Remembered(2)
_judges: Remembered[str, Judge] = Remembered(3)


def in_use(at: datetime) -> InUse:
    """Models and shares that hold on the local day of `at`; remembered until an event says that something changed."""
    last = ModelEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    on = localdate(at)
    return _in_use.one((last, on), lambda: _read(on, at=at))


def _read(on: date, *, at: datetime) -> InUse:
    judges: dict[str, tuple[int, Judge]] = {}
    for model in (
        Model.objects.filter(status__in=(Model.Status.CHAMPION, Model.Status.CHALLENGER)).order_by("status").reverse()
    ):
        try:
            judges[model.status] = model.pk, _judges.one(model.sha256, lambda model=model: opened(model))  # type: ignore[misc]
        except Rejected as fault:
            _tell_unusable(model, fault.violations[0].sentence, at=at)
    return InUse(judges, _shares(on))


def _tell_unusable(model: Model, sentence: str, *, at: datetime) -> None:
    """Once a day for one reason: scoring goes on by criteria, analysts read it on the model's page."""
    log.error("model cannot be used", model=model.pk, fault=sentence)
    told = ModelEvent.objects.filter(model=model, verb="unusable", at__date=localdate(at), data__fault=sentence)
    if not told.exists():
        record_event(model, "unusable", at=at, fault=sentence)


def _shares(on: date) -> dict[str, Share]:
    rows: Sequence[ModelThreshold] = ModelThreshold.objects.filter(valid_from__lte=on).order_by("valid_from", "pk")
    return {row.office: Share(row.red_above, row.yellow_above, row.explore) for row in rows}
