"""More time for stock: asked for by the trader before the term is over, decided by an officer.

Whether the officer may decide is judged by clearance, which calls `grant_extension` and `refuse_extension`. How often
and by how much a term is extended says the table of procedures.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import ExtendedTerm, ExtensionPaper, StockAccount, TermExtension
from declarations.selectors.stock_accounts import (
    may_ask_for_stock,
    procedure_of,
    same_number,
    terms_of,
)
from declarations.services.stock_locks import hold_accounts, needed, record_on
from declarations.states import EXTENSION
from lib.languages import day_text
from lib.pointers import pointer_to
from lib.received import received
from lib.uploads import shown_name
from lib.violations import Rejected, Violation, refuse

MOST_PAPERS = 10


# Asking -------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_extension(
    account: StockAccount,
    *,
    until: date,
    reason: str,
    whole_declaration: bool = False,
    files: Sequence[tuple[str, bytes]] = (),
    by: User,
    at: datetime,
) -> TermExtension:
    """Ask for more time for an account, or for every account of its declaration, with papers (name and content).

    Raises Rejected: W001 not for this person, W002 no term, W003 nothing left, W004 the term is over, W005 a request
    is open, W006 no reason, W007 to W009 the day or the number of extensions, W012 too many papers, F001 to F004.
    """
    on = timezone.localdate(at)
    if not may_ask_for_stock(by, account, on=on):
        raise refuse("W001", "", _("Only an owner or preparer of the company, or of its declarant, may ask for this."))
    held = hold_accounts(account.pk, whole_declaration=whole_declaration)
    first = held[0]
    _still_running(first, on=on)
    _no_other_open(first, whole_declaration=whole_declaration)
    _all_within_the_limits(held, until, on=on)
    reason = needed(reason, code="W006", pointer="reason", sentence=_("Say why more time is needed."))
    if len(files) > MOST_PAPERS:
        raise too_many_papers()
    made = TermExtension.objects.create(
        account=first,
        whole_declaration=whole_declaration,
        until_wanted=until,
        reason=reason,
        asked_by=by,
        asked_at=at,
    )
    for place, (name, content) in enumerate(files):
        _store(made, place, name, content)
    record_on(first, verb="ask_extension", by=by, at=at, data={"until": until.isoformat(), "whole": whole_declaration})
    announce("stock.extension_asked", first.pk)
    return made


def too_many_papers() -> Rejected:
    """What is said of a request with more than `MOST_PAPERS` papers."""
    return refuse("W012", "papers", _("At most %d papers can come with a request.") % MOST_PAPERS)


def _still_running(account: StockAccount, *, on: date) -> None:
    if account.due is None:
        raise refuse("W002", "", _("This stock has no term: nothing needs to be extended."))
    if account.is_empty:
        raise refuse("W003", "", _("Nothing is left of this stock: no more time is needed."))
    if account.due < on:
        sentence = _("The term ended on {due}. More time can be asked for only before that; turn to the office.")
        raise refuse("W004", "", sentence.format(due=day_text(account.due)))


def _no_other_open(account: StockAccount, *, whole_declaration: bool) -> None:
    """One request at a time, also where the one is for an item and the other for its whole declaration."""
    kin = same_number(account).filter(company=account.company_id).values("pk")
    waiting = TermExtension.objects.filter(status=TermExtension.Status.ASKED, account__in=kin).select_related("account")
    for one in waiting:
        if whole_declaration or one.whole_declaration or one.account_id == account.pk:
            sentence = _("A request of {day} waits for its decision. Another one can be made after that.")
            raise refuse("W005", "", sentence.format(day=day_text(one.asked_at)))


def _extended_with(held: Sequence[StockAccount], until: date) -> list[StockAccount]:
    """The accounts that the day is for: the one named, and of the others those with stock and an earlier term."""
    first, *others = held
    return [first, *(one for one in others if one.due is not None and one.due < until and not one.is_empty)]


def _all_within_the_limits(held: Sequence[StockAccount], until: date, *, on: date) -> None:
    """The day lies after the term, and within what the table of procedures allows for each account it is for."""
    first = held[0]
    assert first.due is not None
    if until <= first.due:
        sentence = _("The term already runs until {due}. Name a later day.")
        raise refuse("W007", "until", sentence.format(due=day_text(first.due)))
    for account in _extended_with(held, until):
        _within_the_limits(account, until, on=on)


def _within_the_limits(account: StockAccount, until: date, *, on: date) -> None:
    row = procedure_of(account, on=on)
    if row is None or account.due is None:
        return
    if row.extensions is not None and terms_of(account).count() >= row.extensions:
        sentence = _("{stock}: procedure {code} allows {most} extensions of a term, and that many were granted.")
        raise refuse("W009", "", sentence.format(stock=account, code=row.code, most=row.extensions))
    if row.extension_days is not None and (until - account.due).days > row.extension_days:
        sentence = _("{stock}: a term of procedure {code} is extended by {days} days at most, until {last}.")
        last = day_text(account.due + timedelta(days=row.extension_days))
        told = sentence.format(stock=account, code=row.code, days=row.extension_days, last=last)
        raise refuse("W008", "until", told)


def _store(extension: TermExtension, place: int, name: str, content: bytes) -> None:
    try:
        kept = received(name=name, content=content)
    except Rejected as error:
        pointer, shown = pointer_to("papers", place), shown_name(name)
        faults = [Violation(each.code, pointer, f"{shown}: {each.sentence}") for each in error.violations]
        raise Rejected(faults) from error
    paper = ExtensionPaper(
        extension=extension,
        name=kept.name,
        content_type=kept.content_type,
        size=len(kept.content),
        sha256=hashlib.sha256(kept.content).hexdigest(),
    )
    paper.file.save(uuid.uuid4().hex, ContentFile(kept.content), save=False)
    paper.save(force_insert=True)


# Deciding -----------------------------------------------------------------------------------------------------
@transaction.atomic
def grant_extension(extension: TermExtension, *, until: date, note: str = "", by: User, at: datetime) -> TermExtension:
    """The term runs until the day: of the account, or of each of its declaration that has stock and an earlier term.

    Raises Rejected: W007 to W009 the day or the number of extensions, W010 decided already, W011 one's own request.
    """
    held = _to_decide(extension, by=by)
    first = held[0]
    _all_within_the_limits(held, until, on=timezone.localdate(at))
    _decide(extension, TermExtension.Status.GRANTED, decision=note.strip(), granted_until=until, by=by, at=at)
    for account in _extended_with(held, until):
        assert account.due is not None
        ExtendedTerm.objects.create(extension=extension, account=account, due_before=account.due, due_after=until)
    record_on(
        first,
        verb="extend",
        by=by,
        at=at,
        note=note.strip(),
        data={"until": until.isoformat(), "whole": extension.whole_declaration},
    )
    announce("stock.extension_decided", first.pk)
    return TermExtension.objects.get(pk=extension.pk)


@transaction.atomic
def refuse_extension(extension: TermExtension, *, reason: str, by: User, at: datetime) -> TermExtension:
    """The term stays, with a reason that the trader reads. Raises Rejected: W006, W010, W011."""
    held = _to_decide(extension, by=by)
    reason = needed(reason, code="W006", pointer="reason", sentence=_("Give the reason: the trader reads it."))
    _decide(extension, TermExtension.Status.REFUSED, decision=reason, granted_until=None, by=by, at=at)
    record_on(held[0], verb="refuse_extension", by=by, at=at, note=reason, data={})
    announce("stock.extension_decided", held[0].pk)
    return TermExtension.objects.get(pk=extension.pk)


def _to_decide(extension: TermExtension, *, by: User) -> list[StockAccount]:
    if extension.asked_by_id == by.pk:
        raise refuse("W011", "", _("Nobody decides a request of their own."))
    held = hold_accounts(extension.account_id, whole_declaration=extension.whole_declaration)
    extension.refresh_from_db()
    if extension.status != TermExtension.Status.ASKED:
        raise _decided(extension)
    return held


def _decide(
    extension: TermExtension,
    end: TermExtension.Status,
    *,
    decision: str,
    granted_until: date | None,
    by: User,
    at: datetime,
) -> None:
    if not EXTENSION.write(
        extension.pk, end, decision=decision, granted_until=granted_until, decided_by=by, decided_at=at
    ):
        raise _decided(extension)


def _decided(extension: TermExtension) -> Rejected:
    sentence = _("{officer} has already decided this request: {decision}.")
    return refuse("W010", "", sentence.format(officer=extension.decided_by, decision=extension.get_status_display()))
