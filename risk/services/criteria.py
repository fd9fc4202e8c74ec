"""Criteria: made, replaced by a new version, switched on and off. Each verb leaves a row of history.

One verb at a time: so rows of history are committed in the order of their keys, and the last key tells whether
anything was changed.
"""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Rejected, refuse
from risk import rules
from risk.models import Criterion, CriterionEvent
from risk.rules import Draft

_ONE_AT_A_TIME = 7_205_126_005  # any number that no other lock has; the same in every process


@transaction.atomic
def make_criterion(draft: Draft, *, on: date, at: datetime, by: User | None) -> Criterion:
    """The first version of a new criterion, switched off until someone has replayed it."""
    _one_at_a_time()
    if Criterion.objects.filter(code=draft.code).exists():
        raise refuse("K020", "code", _("There is a criterion with this code. Edit it, or choose another code."))
    return _make(draft, version=1, on=on, at=at, by=by)


@transaction.atomic
def new_version(criterion: Criterion, draft: Draft, *, on: date, at: datetime, by: User | None) -> Criterion:
    """A further version of `criterion`, switched off; the one in force stays until the new one is switched on."""
    _one_at_a_time()
    versions = Criterion.objects.select_for_update().filter(code=criterion.code)
    newest = max(version.version for version in versions)
    return _make(replace(draft, code=criterion.code, about=criterion.about), version=newest + 1, on=on, at=at, by=by)


@transaction.atomic
def switch_on(criterion: Criterion, *, on: date, at: datetime, by: User | None) -> Criterion:
    """Let the version take part in scoring from its first day, or from `on` if that is past.

    Another version that was on ends the day before; one that began no earlier is switched off.
    """
    _one_at_a_time()
    locked = {version.pk: version for version in Criterion.objects.select_for_update().filter(code=criterion.code)}
    criterion = locked[criterion.pk]
    if criterion.switched_on:
        return criterion
    starts = max(criterion.valid_from, on)
    if criterion.valid_to and criterion.valid_to < starts:
        raise refuse("K021", "valid_to", _("The last day of this version is past. Make a new version."))
    for other in locked.values():
        if other.switched_on:
            _make_room(other, starts=starts, at=at, by=by)
    criterion.valid_from, criterion.switched_on = starts, True
    criterion.save(update_fields=["valid_from", "switched_on"])
    _record(criterion, verb="switched_on", at=at, by=by)
    return criterion


@transaction.atomic
def switch_off(criterion: Criterion, *, at: datetime, by: User | None) -> Criterion:
    """The version takes no further part in scoring."""
    _one_at_a_time()
    criterion = Criterion.objects.select_for_update().get(pk=criterion.pk)
    if criterion.switched_on:
        criterion.switched_on = False
        criterion.save(update_fields=["switched_on"])
        _record(criterion, verb="switched_off", at=at, by=by)
    return criterion


@transaction.atomic
def record_replay(criterion: Criterion, *, data: dict[str, object], at: datetime, by: User | None) -> CriterionEvent:
    """Keep what a replay found, so that it can be read again."""
    _one_at_a_time()
    return _record(criterion, verb="replayed", at=at, by=by, data=data)


def _one_at_a_time() -> None:
    """Wait until every other transaction that changes a criterion is done; held until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _make(draft: Draft, *, version: int, on: date, at: datetime, by: User | None) -> Criterion:
    if faults := rules.violations(draft, on=on):
        raise Rejected(faults)
    content = asdict(draft) | {
        "conditions": [dict(row) for row in draft.conditions],
        "offices": list(draft.offices),
    }
    made = Criterion.objects.create(**content, version=version, made_at=at, made_by=by)
    _record(made, verb="made", at=at, by=by)
    return made


def _make_room(other: Criterion, *, starts: date, at: datetime, by: User | None) -> None:
    if other.valid_to and other.valid_to < starts:
        return
    if other.valid_from < starts:
        other.valid_to = starts - timedelta(days=1)
        other.save(update_fields=["valid_to"])
        _record(other, verb="ended", at=at, by=by)
    else:
        other.switched_on = False
        other.save(update_fields=["switched_on"])
        _record(other, verb="switched_off", at=at, by=by)


def _record(
    criterion: Criterion, *, verb: str, at: datetime, by: User | None, data: dict[str, object] | None = None
) -> CriterionEvent:
    return CriterionEvent.objects.create(criterion=criterion, at=at, by=by, verb=verb, data=data or {})
