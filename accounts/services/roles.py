"""Verbs about roles: one administrator proposes, another gives or refuses; a role ends at once and stays as a trace.

Only a command on the server (`appoint`) gives a role without a second person: the first administrators come from it.
"""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Office, OfficerRole, Role, RoleProposal, User
from accounts.permissions import STAFF_ROLES
from accounts.rules import faults_of_role
from accounts.selectors import roles_of
from accounts.services.acts import Act, record_act
from accounts.services.followups import announce
from accounts.services.people import create_person
from accounts.states import Outcome, decide
from lib.violations import Rejected, refuse

_LONGEST_REASON = 300


@transaction.atomic
def propose_role(
    user: User, *, role: Role, office: Office | None, reason: str, by: User, on: date, at: datetime
) -> RoleProposal:
    """Propose that `user` shall hold `role` in `office` (none: everywhere).

    Raises Rejected: A010, A011 (see `accounts.rules`), A012 for oneself, A013 it is proposed or held already.
    """
    _lock(user)
    if user.pk == by.pk:
        raise refuse("A012", "user", _("Nobody proposes a role for themselves. Ask another administrator."))
    if faults := list(faults_of_role(user, role=role, on=on)):
        raise Rejected(faults)
    same = {"user": user, "role": role, "office": office}
    if OfficerRole.objects.on(on).filter(**same).exists():
        raise refuse("A013", "role", _("This person holds that role already."))
    if RoleProposal.objects.filter(**same, outcome=Outcome.OPEN).exists():
        raise refuse("A013", "role", _("That is proposed already and waits for a second person."))
    proposal = RoleProposal.objects.create(**same, reason=reason.strip(), proposed_by=by, proposed_at=at)
    _record(Act.ROLE_PROPOSED, proposal, about=reason.strip(), by=by, at=at)
    return proposal


@transaction.atomic
def give_proposed_role(proposal: RoleProposal, *, by: User, on: date, at: datetime) -> OfficerRole:
    """The second person agrees: the role holds from `on`.

    Raises Rejected: A014 it is decided, A015 by the one who proposed it or for oneself, A010, A011.
    """
    _lock(proposal.user)
    if by.pk in (proposal.proposed_by_id, proposal.user_id):
        raise refuse("A015", "", _("Another administrator has to decide: not who proposed it, not who gets the role."))
    if faults := list(faults_of_role(proposal.user, role=Role(proposal.role), on=on)):
        raise Rejected(faults)
    _decide(proposal, Outcome.GIVEN, by=by, at=at)
    given = OfficerRole.objects.create(
        user=proposal.user, role=proposal.role, office=proposal.office, valid_from=on, proposal=proposal
    )
    _follow_roles(proposal.user, on=on)
    _record(Act.ROLE_GIVEN, given, about=_proposed_by(proposal), by=by, at=at)
    announce("role.given", given.pk)
    return given


@transaction.atomic
def refuse_proposed_role(proposal: RoleProposal, *, by: User, at: datetime) -> None:
    """The proposal ends without a role; whoever proposed it may take it back so. Raises Rejected A014, A015."""
    if by.pk == proposal.user_id:
        raise refuse("A015", "", _("Another administrator has to decide: not who proposed it, not who gets the role."))
    _decide(proposal, Outcome.REFUSED, by=by, at=at)
    _record(Act.ROLE_REFUSED, proposal, about=_proposed_by(proposal), by=by, at=at)


@transaction.atomic
def appoint(user: User, *, role: Role, office: Office | None, on: date, at: datetime) -> OfficerRole:
    """As a command on the server does: `user` holds `role` from `on`; an equal role in force is returned as it is.

    Raises Rejected A010, A011.
    """
    _lock(user)
    held = OfficerRole.objects.on(on).filter(user=user, role=role, office=office).first()
    if held is not None:
        return held
    if faults := list(faults_of_role(user, role=role, on=on)):
        raise Rejected(faults)
    _appointing("on")
    given = OfficerRole.objects.create(user=user, role=role, office=office, valid_from=on)
    _appointing("off")
    _follow_roles(user, on=on)
    _record(Act.ROLE_GIVEN, given, about="", by=None, at=at)
    return given


@transaction.atomic
def create_officer(
    *, email: str, password: str | None, full_name: str, role: Role, office: Office | None, on: date, at: datetime
) -> User:
    """A new officer with a first role from `on`, as a command makes one; see `create_person` and `appoint`."""
    user = create_person(email=email, password=password, full_name=full_name, by=None, at=at)
    appoint(user, role=role, office=office, on=on, at=at)
    return user


@transaction.atomic
def end_role(officer_role: OfficerRole, *, reason: str, by: User, on: date, at: datetime) -> None:
    """The role ends at once: its last day is the day before `on`. One that has ended is left as it is.

    Raises Rejected A016 for the last administrator with an open account: nobody could give a role afterwards; A030
    without a reason.
    """
    if not reason.strip():
        raise refuse("A030", "reason", _("Say why the role ends."))
    if officer_role.role == Role.ADMIN:
        _lock_administrators(on=on)
    _lock(officer_role.user)
    kept = OfficerRole.objects.select_for_update().get(pk=officer_role.pk)
    if kept.ended_at is not None:
        return
    others = OfficerRole.objects.on(on).filter(role=Role.ADMIN, user__is_active=True).exclude(user_id=kept.user_id)
    if kept.role == Role.ADMIN and not others.exists():
        raise refuse("A016", "", _("This is the last administrator. Appoint another one first."))
    kept.valid_to, kept.ended_at, kept.ended_by = max(on, kept.valid_from) - timedelta(days=1), at, by
    kept.end_reason = reason.strip()[:_LONGEST_REASON]
    kept.save(update_fields=["valid_to", "ended_at", "ended_by", "end_reason"])
    _follow_roles(kept.user, on=on)
    _record(Act.ROLE_ENDED, kept, about=kept.end_reason, by=by, at=at)


def _lock(user: User) -> None:
    """One decision about a person's roles at a time: two may not pass that stand against each other."""
    User.objects.select_for_update().get(pk=user.pk)


def _lock_administrators(*, on: date) -> None:
    """Of two who end each other's role at once, the second sees that the first has done it."""
    held = OfficerRole.objects.on(on).filter(role=Role.ADMIN).values("user")
    list(User.objects.select_for_update().filter(pk__in=held).order_by("pk"))


def _decide(proposal: RoleProposal, outcome: Outcome, *, by: User, at: datetime) -> None:
    if not decide(proposal, outcome, by=by, at=at):
        raise refuse("A014", "", _("This proposal is decided already."))


def _appointing(state: str) -> None:
    """The database takes a role without a proposal from a transaction that says so, and from no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.appointing', %s, true)", [state])


def _follow_roles(user: User, *, on: date) -> None:
    """Who holds a role with tables to keep may open the admin, nobody else."""
    roles = roles_of(user, on=on)
    User.objects.filter(pk=user.pk).update(is_staff=bool(roles & STAFF_ROLES))


def _record(verb: Act, row: RoleProposal | OfficerRole, *, about: str, by: User | None, at: datetime) -> None:
    what = f"{row.role} · {row.office.code if row.office else '*'}"
    record_act(verb, person=row.user, about=f"{what} · {about}" if about else what, by=by, at=at)


def _proposed_by(proposal: RoleProposal) -> str:
    return f"← {proposal.proposed_by.email}"
