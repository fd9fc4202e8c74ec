"""Criteria: made, proposed with a replay, approved by a second person, switched off. Each verb leaves a row of history.

One verb at a time: so rows of history are committed in the order of their keys, and the last key tells whether
anything was changed.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.violations import Conflict, Rejected, Violation, refuse
from risk import rules
from risk.models import Criterion, CriterionEvent, Replay
from risk.rules import Draft, going_live
from risk.scoring import LIST_OPERATORS
from risk.selectors.replays import last_replay

KEPT_FRESH = timedelta(days=30)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ONE_AT_A_TIME = 7_205_126_005  # any number that no other lock has; the same in every process


@transaction.atomic
def make_criterion(draft: Draft, *, on: date, at: datetime, by: User | None) -> Criterion:
    """The first version of a new criterion, switched off until someone has replayed it."""
    one_at_a_time()
    if draft.code.strip() and not _CODE.fullmatch(draft.code):
        sentence = _("Write the code in Latin letters, digits, dots and dashes, without spaces, such as BEER-VALUE.")
        raise refuse("K001", "code", sentence)
    if Criterion.objects.filter(code=draft.code).exists():
        raise refuse("K020", "code", _("There is a criterion with this code. Edit it, or choose another code."))
    return _make(draft, version=1, on=on, at=at, by=by)


@transaction.atomic
def new_version(
    criterion: Criterion, draft: Draft, *, on: date, at: datetime, by: User | None, seen: int | None = None
) -> Criterion:
    """A further version of `criterion`, switched off; the one in force stays until the new one is switched on.

    `seen` is the number of the newest version that the writer knows of (None: of all). Raises Rejected K103 (Conflict)
    if another one was made since.
    """
    one_at_a_time()
    versions = Criterion.objects.select_for_update(of=("self",)).select_related("made_by").filter(code=criterion.code)
    last = max(versions, key=lambda version: version.version)
    newest = last.version
    nothing_newer(seen, newest, by=last.made_by)
    return _make(replace(draft, code=criterion.code, about=criterion.about), version=newest + 1, on=on, at=at, by=by)


# Going live ---------------------------------------------------------------------------------------------------
@transaction.atomic
def propose(criterion: Criterion, *, reason: str = "", at: datetime, by: User) -> Criterion:
    """Put a version forward with its last replay; another analyst lets it go live. `reason`: why all the same.

    Raises Rejected: K050 not replayed or too long ago, K051 it hit nothing and K052 it would take a large share (each
    asks for a reason), K053 it would take everything, K055 it waits already or is on.
    """
    criterion = _locked(criterion)
    if criterion.switched_on or criterion.proposed_by_id is not None:
        raise Conflict([Violation("K055", "", _("This version is on already, or waits for a second analyst."))])
    replay = last_replay(criterion)
    if replay is None or not _is_fresh(replay, at=at):
        sentence = _("Replay this version first: what it would have done in the last days is kept with it.")
        raise refuse("K050", "", sentence)
    if doubt := going_live.doubt(criterion, replay, is_explained=bool(reason.strip())):
        raise Rejected([doubt])
    criterion.replay, criterion.reason = replay, reason.strip()[:500]
    criterion.proposed_by, criterion.proposed_at = by, at
    criterion.save(update_fields=["replay", "reason", "proposed_by", "proposed_at"])
    _record(criterion, verb="proposed", at=at, by=by, note=criterion.reason, data={"replay": replay.pk})
    return criterion


@transaction.atomic
def approve(criterion: Criterion, *, on: date, at: datetime, by: User) -> Criterion:
    """Let a proposed version go live: a second analyst's word, neither the maker's nor the proposer's.

    Raises Rejected: K054 it is one's own, K055 it no longer waits (Conflict: somebody was faster), K021 its last day
    is past.
    """
    locked = _versions(criterion)
    criterion = _waiting(locked[criterion.pk])
    if by.pk in (criterion.made_by_id, criterion.proposed_by_id):
        sentence = _("Another analyst has to approve it: you made this version or put it forward yourself.")
        raise refuse("K054", "", sentence)
    criterion.approved_by, criterion.approved_at = by, at
    criterion.save(update_fields=["approved_by", "approved_at"])
    _record(criterion, verb="approved", at=at, by=by)
    return _switch_on(criterion, locked, on=on, at=at, by=by)


@transaction.atomic
def send_back(criterion: Criterion, *, reason: str, at: datetime, by: User) -> Criterion:
    """A proposed version does not go live: the second analyst's word, or the first one takes it back. Needs a reason.

    Raises Rejected: K056 without a reason, K055 (Conflict) it no longer waits.
    """
    criterion = _waiting(_locked(criterion))
    note = _reason(reason, _("Say why it does not go live: the other analyst has to know what to change."))
    _forget_proposal(criterion)
    _record(criterion, verb="sent_back", at=at, by=by, note=note)
    return criterion


@transaction.atomic
def switch_on(criterion: Criterion, *, on: date, at: datetime, by: User | None) -> Criterion:
    """Let a version that no person made (a country's file is its own approval) take part in scoring.

    It does so from its first day, or from `on` if that is past. Another version that was on ends the day before; one
    that began no earlier is switched off. What a person made goes live by `propose` and `approve`: else Rejected K054.
    """
    locked = _versions(criterion)
    criterion = locked[criterion.pk]
    if criterion.made_by_id is not None:
        raise refuse("K054", "", _("What an analyst made goes live once another analyst has approved it."))
    return _switch_on(criterion, locked, on=on, at=at, by=by)


def _switch_on(
    criterion: Criterion, locked: dict[int, Criterion], *, on: date, at: datetime, by: User | None
) -> Criterion:
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
def switch_off(criterion: Criterion, *, reason: str, at: datetime, by: User | None) -> Criterion:
    """The version takes no further part in scoring: one person, with a reason. To go live again it needs two anew.

    Raises Rejected K056 without a reason.
    """
    criterion = _locked(criterion)
    note = _reason(reason, _("Say why it is switched off: it selects nothing from this moment on."))
    if criterion.switched_on:
        criterion.switched_on = False
        criterion.save(update_fields=["switched_on"])
        _forget_proposal(criterion)
        _record(criterion, verb="switched_off", at=at, by=by, note=note)
    return criterion


@transaction.atomic
def record_replay(criterion: Criterion, *, data: dict[str, object], at: datetime, by: User | None) -> CriterionEvent:
    """Keep in the history that the version was replayed; `data` names the replay and its figures."""
    one_at_a_time()
    return _record(criterion, verb="replayed", at=at, by=by, data=data)


def nothing_newer(seen: int | None, newest: int, *, by: User | None) -> None:
    """Raises Rejected K103 (Conflict): of two who write at once the second hears of the first."""
    if seen is None or seen >= newest:
        return
    sentence = _("Meanwhile %(person)s has made version %(number)s. Look at it and take over what it changes: what you "
                 "send now takes its place.")  # fmt: skip
    about = {"person": by or _("the portal"), "number": newest}
    raise Conflict([Violation("K103", "", sentence % about)])


def _is_fresh(replay: Replay, *, at: datetime) -> bool:
    return replay.status == Replay.Status.DONE and replay.asked_at >= at - KEPT_FRESH


def _versions(criterion: Criterion) -> dict[int, Criterion]:
    """Every version of the criterion by key, locked; nobody else changes a criterion meanwhile."""
    one_at_a_time()
    return {version.pk: version for version in Criterion.objects.select_for_update().filter(code=criterion.code)}


def _locked(criterion: Criterion) -> Criterion:
    one_at_a_time()
    return Criterion.objects.select_for_update().get(pk=criterion.pk)


def _waiting(criterion: Criterion) -> Criterion:
    if criterion.proposed_by_id is None or criterion.switched_on:
        sentence = _("This version no longer waits for approval: somebody decided meanwhile. Look at its history.")
        raise Conflict([Violation("K055", "", sentence)])
    return criterion


def _reason(text: str, sentence: str) -> str:
    if not text.strip():
        raise refuse("K056", "reason", sentence)
    return text.strip()


def _forget_proposal(criterion: Criterion) -> None:
    """What was approved once is proposed anew before it goes live again; history keeps who did what."""
    criterion.replay, criterion.reason = None, ""
    criterion.proposed_by = criterion.proposed_at = criterion.approved_by = criterion.approved_at = None
    names = ["replay", "reason", "proposed_by", "proposed_at", "approved_by", "approved_at"]
    criterion.save(update_fields=names)


def one_at_a_time() -> None:
    """Wait until every other transaction that changes a criterion is done; held until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _make(draft: Draft, *, version: int, on: date, at: datetime, by: User | None) -> Criterion:
    if faults := rules.violations(draft, on=on):
        raise Rejected(faults)
    content = asdict(draft) | {
        "conditions": [_kept(row) for row in draft.conditions],
        "offices": list(draft.offices),
    }
    made = Criterion.objects.create(**content, version=version, made_at=at, made_by=by)
    _record(made, verb="made", at=at, by=by)
    return made


def _kept(row: Mapping[str, str]) -> dict[str, str]:
    """A condition as it is kept: without spaces around it; what names a list in capitals; a group where it has one."""
    kept = {name: str(value).strip() for name, value in row.items() if name != "group" or value}
    return kept | ({"value": kept.get("value", "").upper()} if kept["op"] in LIST_OPERATORS else {})


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
        _forget_proposal(other)
        _record(other, verb="switched_off", at=at, by=by)


def _record(
    criterion: Criterion, *, verb: str, at: datetime, by: User | None, note: str = "",
    data: dict[str, object] | None = None,
) -> CriterionEvent:  # fmt: skip
    return CriterionEvent.objects.create(criterion=criterion, at=at, by=by, verb=verb, note=note, data=data or {})
