"""Named tokens: those of a program, and those with which a person's own program signs in as the person."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import is_officer
from accounts.services import Act, record_act
from lib.violations import refuse
from machines.kinds import Scope
from machines.models import Program, Token
from machines.selectors import TOKEN_BEGIN, Grant, digest_of, own_tokens_of, tokens_of
from machines.services.programs import scopes_of

MOST_TOKENS = 20
LONGEST_DAYS = 366


@transaction.atomic
def issue_token(
    program: Program, *, name: str, scopes: Sequence[str], days: int, by: User, on: date, at: datetime
) -> tuple[Token, str]:
    """The token's row and the token, which nobody is told again.

    Raises Rejected M001 no name or one that is taken, M004 no scope the program's rights cover, M005 days, M006 too
    many, M007 the program has ended.
    """
    if not Program.objects.select_for_update().filter(pk=program.pk, ended_at__isnull=True).exists():
        raise refuse("M007", "", _("The program has ended."))
    new = Token(user=program.user, program=program, name=name.strip(), made_by=by, made_at=at)
    return _issued(new, held=tokens_of(program, at=at), scopes=scopes, allowed=scopes_of(program, on=on), days=days)


@transaction.atomic
def issue_own_token(
    user: User, *, name: str, scopes: Sequence[str], days: int, on: date, at: datetime
) -> tuple[Token, str]:
    """As `issue_token`, for a program of the person's own, which acts as the person. Raises Rejected M031 as well."""
    User.objects.select_for_update().get(pk=user.pk)
    if is_officer(user, on=on):
        raise refuse("M031", "", _("An officer works with a second factor, which a machine has not."))
    new = Token(user=user, name=name.strip(), made_by=user, made_at=at)
    return _issued(new, held=own_tokens_of(user, at=at), scopes=scopes, allowed=list(Scope), days=days)


@transaction.atomic
def end_token(token: Token, *, by: User, at: datetime) -> None:
    """It no longer opens anything."""
    if Token.objects.filter(pk=token.pk, ended_at__isnull=True).update(ended_at=at):
        record_act(Act.TOKEN_ENDED, person=token.user, about=_called(token), by=by, at=at)


def _called(token: Token) -> str:
    """How the log names a token: by its company and program, its name and its first letters, never by itself."""
    owner = f"{token.program.company.tin} {token.program.name} · " if token.program else ""
    return f"{owner}{token.name} · {token.start}…"


def used(grant: Grant, *, on: date) -> None:
    """Note the day on which a named token was used: one write a day."""
    if grant.token is not None and grant.token.used_on != on:
        Token.objects.filter(pk=grant.token.pk).update(used_on=on)


def _issued(
    new: Token, *, held: QuerySet[Token], scopes: Sequence[str], allowed: Sequence[Scope], days: int
) -> tuple[Token, str]:
    if not new.name or held.filter(name__iexact=new.name).exists():
        raise refuse("M001", "name", _("Give the token a name that no other one has."))
    wanted = sorted({scope for scope in scopes if scope in allowed})
    if not wanted:
        raise refuse("M004", "scopes", _("Choose what the token lets the program do, within the program's rights."))
    if not 1 <= days <= LONGEST_DAYS:
        raise refuse("M005", "days", _("A token holds for 1 to %(most)s days.") % {"most": LONGEST_DAYS})
    if held.count() >= MOST_TOKENS:
        raise refuse("M006", "name", _("There may be %(most)s tokens at most. End one first.") % {"most": MOST_TOKENS})
    token = TOKEN_BEGIN + secrets.token_urlsafe(32)
    new.start, new.digest, new.scopes = token[:10], digest_of(token), wanted
    new.expires_at = new.made_at + timedelta(days=days)
    new.save(force_insert=True)
    record_act(Act.TOKEN_ISSUED, person=new.user, about=_called(new), by=new.made_by, at=new.made_at)
    return new, token
