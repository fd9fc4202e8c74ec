"""Reads about models: rows, what they said of a declaration in words, drift, what the champion may choose."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.models import Model, ModelDrift, ModelEvent, ModelScore, ModelThreshold, Score

FAR = math.log(2)
PART_WORDS: Mapping[str, str | Promise] = {
    "code": gettext_lazy("code of six digits"),
    "heading": gettext_lazy("heading"),
    "chapter": gettext_lazy("chapter"),
    "mass": gettext_lazy("net mass"),
    "price": gettext_lazy("value per kg"),
    "band": gettext_lazy("order of net mass"),
    "office": gettext_lazy("office"),
    "origin": gettext_lazy("country of origin"),
    "departure": gettext_lazy("country of export"),
    "tax": gettext_lazy("preference"),
    "indicator": gettext_lazy("valuation method"),
    "regime": gettext_lazy("procedure"),
    "use": gettext_lazy("nature of transaction"),
    "payment": gettext_lazy("delivery term"),
    "mode": gettext_lazy("mode of transport"),
    "importer": gettext_lazy("importer"),
    "seller": gettext_lazy("exporter"),
    "declarant": gettext_lazy("declarant"),
    "courier": gettext_lazy("courier"),
}
MEASURE_WORDS: Mapping[str, str | Promise] = {
    "mass": gettext_lazy("net mass of the item"),
    "price": gettext_lazy("value of the item"),
    "unit_price": gettext_lazy("value per kg of the item"),
    "rate": gettext_lazy("rate of tax"),
    "gross": gettext_lazy("gross mass beside net mass"),
    "lines": gettext_lazy("number of items"),
    "mass_figures": gettext_lazy("how round the net mass is"),
    "price_figures": gettext_lazy("how round the value is"),
}


@dataclass(frozen=True)
class Opinion:
    """What a model said, as an officer reads it. `sentences` name what moved it most, with what each added."""

    row: ModelScore
    sentences: Sequence[str]
    decides: bool


def models() -> QuerySet[Model]:
    """Every model, the newest first."""
    rows: QuerySet[Model] = Model.objects.select_related("asked_by", "proposed_by", "activated_by").order_by("-pk")
    return rows


def model(pk: int) -> Model:
    """One model. Raises Model.DoesNotExist."""
    return models().get(pk=pk)


def events_of(of: Model) -> QuerySet[ModelEvent]:
    """The history of a model, the newest first."""
    rows: QuerySet[ModelEvent] = ModelEvent.objects.filter(model=of).select_related("by").order_by("-pk")
    return rows


def evaluation_of(of: Model) -> ModelEvent | None:
    """What real findings said of it last."""
    return events_of(of).filter(verb="evaluated").first()


def unusable(of: Model) -> str:
    """Why a model in use could not be opened when a declaration was scored last; empty where it was heard since."""
    told = events_of(of).filter(verb="unusable").first()
    if told is None or ModelScore.objects.filter(model=of, at__gt=told.at).exists():
        return ""
    return str(told.data.get("fault", ""))


def drifts_of(of: Model) -> QuerySet[ModelDrift]:
    """Its reports, the newest month first."""
    rows: QuerySet[ModelDrift] = ModelDrift.objects.filter(model=of)
    return rows


def drift_in_words(report: ModelDrift) -> list[tuple[str, float]]:
    """Features with their index, what moved most first."""
    rows = [(feature_in_words(name), index) for name, index in report.data["features"].items()]
    return sorted(rows, key=lambda row: -row[1])


def thresholds() -> QuerySet[ModelThreshold]:
    """Rows of what the champion may choose, by office, the newest first."""
    rows: QuerySet[ModelThreshold] = ModelThreshold.objects.select_related("set_by")
    return rows


def opinions_of(score: Score | None) -> list[Opinion]:
    """What models said of a score in the reader's language, the champion first."""
    if score is None:
        return []
    rows = ModelScore.objects.filter(score=score).select_related("model").order_by("pk")
    return [
        Opinion(row, [contribution(*reason) for reason in row.reasons], row.part == ModelScore.Part.CHAMPION)
        for row in rows
    ]


def feature_in_words(name: str) -> str:
    """A feature as a person calls it."""
    kind, _colon, key = name.partition(":")
    if not key:
        return str(MEASURE_WORDS.get(name, name))
    words = {"key": _key_in_words(key)}
    if kind == "wrong":
        return _("findings on the same %(key)s") % words
    if kind == "seen":
        return _("lines with the same %(key)s") % words
    if kind == "apart":
        return _("value per kg beside the same %(key)s") % words
    return _("spread of the value per kg of the same %(key)s") % words


def contribution(name: str, value: float | None, part: float) -> str:
    """What moved a model: “value per kg far below what is usual for the same code (+0.12)”. Plus speaks for a look."""
    return f"{_sentence(name, value)} ({part:+.2f})"


def _key_in_words(key: str) -> str:
    return ", ".join(str(PART_WORDS.get(part, part)) for part in key.split("+"))


def _sentence(name: str, value: float | None) -> str:
    kind, _colon, key = name.partition(":")
    words: dict[str, Any] = {"key": _key_in_words(key), "feature": feature_in_words(name)}
    if value is None:
        return _("not known: %(feature)s") % words
    if kind == "wrong":
        words["share"] = f"{value * 100:.0f}"
        return _("%(share)s %% of earlier lines with the same %(key)s were wrong") % words
    if kind == "seen":
        count = round(math.expm1(value))
        if count == 0:
            return _("first line with the same %(key)s") % words
        return _("%(count)d earlier lines with the same %(key)s") % (words | {"count": count})
    if kind in ("apart", "spread"):
        return _beside(kind, value, words)
    return _measure(name, value, words)


def _beside(kind: str, value: float, words: dict[str, Any]) -> str:
    """The value per kg beside that of its kind: `apart` a logarithm, `spread` in standard deviations."""
    far, near = (FAR, FAR / 3) if kind == "apart" else (3.0, 1.0)
    if value <= -far:
        return _("value per kg far below what is usual for the same %(key)s") % words
    if value <= -near:
        return _("value per kg below what is usual for the same %(key)s") % words
    if value < near:
        return _("value per kg as is usual for the same %(key)s") % words
    if value < far:
        return _("value per kg above what is usual for the same %(key)s") % words
    return _("value per kg far above what is usual for the same %(key)s") % words


def _measure(name: str, value: float, words: dict[str, Any]) -> str:
    if name.endswith("_figures"):
        return _("%(feature)s: %(number)s figures") % (words | {"number": f"{value:.0f}"})
    number = math.exp(value) if name in ("mass", "price", "unit_price") else value
    return _("%(feature)s: %(number)s") % (words | {"number": f"{number:.6g}"})
