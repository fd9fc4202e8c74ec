"""Programs of a company: added and ended by its owner, with a client of OAuth 2."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken, Application

from accounts.models import User
from accounts.services import Act, record_act
from lib.violations import refuse
from machines.kinds import Scope
from machines.models import Program, Token
from machines.selectors import programs_of
from traders.models import Company, Right
from traders.selectors import rights_of
from traders.services import add_member, end_memberships_of, record_program

MOST_PROGRAMS = 20
RIGHTS = (Right.PREPARER, Right.PAYER)
_OF_RIGHT = {
    Right.PREPARER.value: (Scope.DECLARATIONS_READ, Scope.DECLARATIONS_WRITE),
    Right.PAYER.value: (Scope.DECLARATIONS_READ, Scope.PAYMENTS_READ, Scope.PAYMENTS_WRITE),
}
_OF_ALL = (Scope.MESSAGES_READ, Scope.MESSAGES_WRITE)


@transaction.atomic
def add_program(
    company: Company, *, name: str, rights: Sequence[Right | str], by: User, on: date, at: datetime
) -> tuple[Program, str, str]:
    """The program, its client id and its secret, which nobody is told again.

    Raises Rejected M001 no name or one that is taken, M002 no right, M003 too many programs.
    """
    name = name.strip()
    held = programs_of(Company.objects.select_for_update().get(pk=company.pk))
    if not name or held.filter(name__iexact=name).exists():
        raise refuse("M001", "name", _("Give the program a name that no other program of the company has."))
    wanted = [Right(right) for right in rights if right in [each.value for each in RIGHTS]]
    if not wanted:
        raise refuse("M002", "rights", _("Choose what the program may do."))
    if held.count() >= MOST_PROGRAMS:
        raise refuse(
            "M003", "name", _("A company has at most %(most)s programs. End one first.") % {"most": MOST_PROGRAMS}
        )
    user = User(email=f"program-{uuid.uuid4().hex}@programs.invalid", full_name=name, is_program=True, date_joined=at)
    user.set_unusable_password()
    user.save()
    for right in wanted:
        add_member(company, user=user, right=right, by=by, on=on, at=at)
    program = Program.objects.create(company=company, user=user, name=name, added_at=at, added_by=by)
    record_program(company, ended=False, about=name, by=by, at=at)
    return program, *_client(program)


@transaction.atomic
def new_secret(program: Program, *, by: User, at: datetime) -> tuple[str, str]:
    """Another client id and secret in the place of the old ones, which end at once with what was lent to them."""
    Program.objects.select_for_update().get(pk=program.pk)
    Application.objects.filter(user=program.user).delete()
    about = f"{program.company.tin} · {program.name}"
    record_act(Act.SECRET_RENEWED, person=program.user, about=about, by=by, at=at)
    return _client(program)


@transaction.atomic
def end_program(program: Program, *, by: User, on: date, at: datetime) -> None:
    """Its tokens, its client and its rights end at once. One that ended is left as it is."""
    if not Program.objects.filter(pk=program.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by):
        return
    Application.objects.filter(user=program.user).delete()
    Token.objects.filter(program=program, ended_at__isnull=True).update(ended_at=at)
    end_memberships_of(program.company, user=program.user, by=by, on=on, at=at)
    User.objects.filter(pk=program.user_id).update(is_active=False)
    record_program(program.company, ended=True, about=program.name, by=by, at=at)


def scopes_of(program: Program, *, on: date) -> list[Scope]:
    """What the program's rights cover."""
    rights = rights_of(program.user, program.company, on=on)
    covered = {scope for right in rights for scope in _OF_RIGHT.get(right, ())}
    return [scope for scope in Scope if scope in covered or (covered and scope in _OF_ALL)]


def forget_lent(*, at: datetime) -> int:
    """Throw away lent tokens that have expired; how many."""
    return int(AccessToken.objects.filter(expires__lt=at - timedelta(days=1)).delete()[0])


def _client(program: Program) -> tuple[str, str]:
    secret = secrets.token_urlsafe(48)
    made = Application.objects.create(
        name=str(program.pk),
        user=program.user,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    return made.client_id, secret
