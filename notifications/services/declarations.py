"""News of a declaration for those who filed it and those it was filed for. Each may run twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from clearance.models import Case
from clearance.selectors import officers_for
from declarations.models import Declaration, Event, Status
from lib.figures import plain
from notifications.kinds import Kind
from notifications.services.tell import News, People, tell
from payments.selectors import due
from traders.models import Right

PAY = (Right.OWNER, Right.PAYER)
_STANDING = ("mrn", "version", "status", "payable", "guaranteed", "declarant_id", "trader_id", "lodged_at")


@dataclass(frozen=True, slots=True)
class Step:
    """A row of history: who did it and when; `key` is its primary key."""

    key: int
    by: int | None
    at: datetime


def standing(pk: int) -> Declaration:
    """The declaration without its boxes."""
    return Declaration.objects.only(*_STANDING).get(pk=pk)


def assessed(pk: int, *, now: datetime) -> int:
    """What is due, to those who pay; nothing where nothing is, or where it is paid by now."""
    declaration = standing(pk)
    if declaration.status != Status.ASSESSED or not (declaration.payable or declaration.guaranteed):
        return 0
    wanted = due(declaration) if declaration.version > 1 else declaration.payable
    variant, amount = ("", wanted) if wanted else ("guarantee", declaration.guaranteed)
    if not amount or amount < 0:
        return 0
    assert declaration.lodged_at is not None, "what is assessed was lodged"
    params = {"mrn": declaration.mrn, "amount": plain(amount)}
    news = News(Kind.MONEY_DUE, f"assessed:{pk}", declaration.lodged_at, params, variant, declaration=pk)
    return tell(news, parties(declaration, PAY), now=now)


def released(pk: int, *, now: datetime) -> int:
    return _tell_parties(pk, Kind.RELEASED, verb="release", now=now)


def rejected(pk: int, *, now: datetime) -> int:
    return _tell_parties(pk, Kind.REJECTED, verb="reject", now=now)


def cancelled(pk: int, *, now: datetime) -> int:
    """To everybody but who did it."""
    return _tell_parties(pk, Kind.AMENDED, verb="cancel", variant="cancelled", but_the_actor=True, now=now)


def amended(pk: int, *, now: datetime) -> int:
    """The new version, to everybody but who made it."""
    declaration = Declaration.objects.only(*_STANDING, "created_by_id").get(pk=pk)
    assert declaration.lodged_at is not None, "a version that takes another's place is lodged"
    params = {"mrn": declaration.mrn, "version": declaration.version}
    news = News(Kind.AMENDED, f"amended:{pk}", declaration.lodged_at, params, declaration=pk)
    return tell(news, parties(declaration, but=declaration.created_by_id), now=now)


def exited(pk: int, *, now: datetime) -> int:
    return _tell_parties(pk, Kind.EXITED, verb="exit", now=now)


# Shared ---------------------------------------------------------------------------------------------------------
def parties(declaration: Declaration, rights: Iterable[Right] = tuple(Right), *, but: int | None = None) -> People:
    """People of the company that filed and of the one it filed for."""
    return People(companies=(declaration.declarant_id, declaration.trader_id), rights=rights, but=but)


def officers_of(case: Case, *, now: datetime, asked_by: int | None = None) -> People:
    """Who holds the file, else who asked, else the officers of its lane in its office."""
    one = case.claimed_by_id or asked_by
    if one:
        return People(users=[one])
    return People(users=officers_for(case, on=timezone.localdate(now)).values_list("pk", flat=True))


def _tell_parties(
    pk: int, kind: Kind, *, verb: str, now: datetime, variant: str = "", but_the_actor: bool = False
) -> int:
    declaration = standing(pk)
    step = _step(pk, verb, now=now)
    news = News(kind, _named(verb, step, pk), step.at, _about(declaration), variant, declaration=pk)
    return tell(news, parties(declaration, but=step.by if but_the_actor else None), now=now)


def _about(declaration: Declaration) -> dict[str, Any]:
    return {"mrn": declaration.mrn}


def _named(verb: str, step: Step, pk: int) -> str:
    return f"{verb}:{step.key or pk}"


def _step(pk: int, verb: str, *, now: datetime) -> Step:
    """The latest row of history of that verb; where history has none, the declaration itself names the event."""
    rows = Event.objects.filter(declaration_id=pk, verb=verb).order_by("-pk").values_list("pk", "by_id", "at")
    found = rows.first()
    return Step(*found) if found else Step(0, None, now)
