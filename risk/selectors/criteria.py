"""Reads about criteria and scores: what is in force, hit rates, and reasons in words for officers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.selectors import has_role
from declarations.models import Declaration, Status
from lib.languages import in_language
from risk.boxes import FIELDS
from risk.models import Criterion, CriterionEvent, Lane, Score
from risk.selectors.yielded import yielded_in_words

OPERATOR_WORDS: dict[str, str | Promise] = {
    "=": _("is"),
    "!=": _("is not"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "in_list": _("is in list"),
    "not_in_list": _("is not in list"),
    "<": _("below"),
    "<=": _("at most"),
    ">": _("above"),
    ">=": _("at least"),
    "between": _("between"),
    "starts_with": _("starts with"),
    "contains": _("contains"),
    "empty": _("is empty"),
    "filled": _("is filled"),
}


@dataclass(frozen=True)
class ReasonInWords:
    """A hit as an officer reads it. `sentences` say what was declared; never shown to a trader."""

    criterion: int
    code: str
    name: str
    lane: str
    instruction: str
    items: Sequence[int]
    sentences: Sequence[str]
    selected: bool


def is_analyst(user: User, *, on: date) -> bool:
    """Whether `user` may read and change criteria."""
    return has_role(user, Role.ANALYST, on=on)


def may_see_criteria(user: User, *, on: date) -> bool:
    """Analysts and auditors read criteria; nobody else knows that they exist."""
    return has_role(user, Role.ANALYST, Role.AUDITOR, on=on)


def newest_versions() -> QuerySet[Criterion]:
    """The newest version of each criterion."""
    return Criterion.objects.order_by("code", "-version").distinct("code")


def waiting_versions() -> QuerySet[Criterion]:
    """Versions that wait for a second analyst, the longest waiting first."""
    waiting = Criterion.objects.filter(proposed_by__isnull=False, switched_on=False, approved_by=None)
    return waiting.select_related("proposed_by").order_by("proposed_at", "pk")


def versions_in_force(*, on: date) -> dict[str, Criterion]:
    """The version of each criterion that takes part in scoring on the day, by code."""
    return {version.code: version for version in Criterion.objects.switched_on(on=on)}


def versions_of(code: str) -> QuerySet[Criterion]:
    """Every version, the newest first."""
    return Criterion.objects.filter(code=code).select_related("made_by")


def criterion(pk: int) -> Criterion:
    """One version. Raises Criterion.DoesNotExist."""
    people = ("made_by", "proposed_by", "approved_by")
    return Criterion.objects.select_related(*people, "replay").get(pk=pk)


def history_of(code: str) -> QuerySet[CriterionEvent]:
    """Events of all versions, the newest first."""
    return CriterionEvent.objects.filter(criterion__code=code).select_related("criterion", "by")


def score_of(declaration: Declaration) -> Score | None:
    """The score of this version of the declaration."""
    return Score.objects.filter(declaration=declaration).first()


def unscored(*, limit: int) -> list[int]:
    """Lodged declarations, the oldest first, whose score a lost message left undone."""
    rows = Declaration.objects.filter(status__in=(Status.ASSESSED, Status.PAID), score__isnull=True, stands_as="")
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def reasons_in_words(score: Score) -> list[ReasonInWords]:
    """Every hit of the score, selected and highest lane first, in the reader's language."""
    return hits_in_words(score.reasons)


def hits_in_words(hits: Sequence[Mapping[str, Any]]) -> list[ReasonInWords]:
    """The same of hits as they are kept, of a declaration or of a traveller."""
    hits = [hit for hit in hits if "criterion" in hit]  # what a model chose is told by `models.opinions_of`
    criteria = Criterion.objects.in_bulk([hit["criterion"] for hit in hits])
    found = [_in_words(hit, criteria[hit["criterion"]]) for hit in hits]
    order = {"red": 0, "yellow": 1, "blue": 2, "green": 3}
    return sorted(found, key=lambda reason: (not reason.selected, order[reason.lane]))


def _in_words(hit: Mapping[str, Any], criterion: Criterion) -> ReasonInWords:
    return ReasonInWords(
        criterion=criterion.pk,
        code=criterion.code,
        name=in_language(criterion),
        lane=hit["lane"],
        instruction=in_language(criterion, "instruction"),
        items=hit["items"],
        sentences=[*(sentence(*reason) for reason in hit["conditions"]), *yielded_in_words(hit, dict(Lane.choices))],
        selected=hit["selected"],
    )


def sentence(field: str, op: str, wanted: str, found: str = "") -> str:
    """A condition in words: “Country of origin is one of CN, TR (declared: CN)”."""
    known = FIELDS.get(field)
    words = f"{known.label if known else field} {OPERATOR_WORDS.get(op, op)} {wanted}".strip()
    if found and found != wanted:
        words += " " + gettext("(declared: %s)") % found
    return words


def conditions_in_words(version: Criterion) -> list[str]:
    """The conditions of a version: a sentence for each that always has to hold, one for each group of which one has to.

    “Procedure is 4000”, “either: Country of origin is CN; Net mass above 500”, “or: Country of origin is TR”.
    """
    words = {"": list[str]()}
    for row in version.conditions:
        said = sentence(row["field"], row["op"], str(row.get("value", "")))
        words.setdefault(row.get("group", ""), []).append(said)
    always = words.pop("")
    groups = [words[group] for group in sorted(words)]
    if len(groups) < 2:
        return [*always, *(said for group in groups for said in group)]
    first, *others = ("; ".join(group) for group in groups)
    return [*always, gettext("either: %s") % first, *(gettext("or: %s") % other for other in others)]
