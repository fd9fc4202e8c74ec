"""Verbs about members: invited by a letter to an address that has to be theirs, and ended at once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import has_verified
from accounts.services import announce, write_letter
from lib.validity import in_force
from lib.violations import Rejected, refuse
from traders.models import Company, Invitation, Membership, Right
from traders.selectors import INVITATION_SALT, open_invitations
from traders.services.claims import not_confirmed
from traders.services.record import Verb, lock, record

OPEN_FOR = timedelta(days=7)
MOST_OPEN = 20  # invitations of a company at a time


@transaction.atomic
def invite(
    company: Company, *, email: str, rights: Sequence[Right | str], language: str, by: User, at: datetime
) -> Invitation:
    """Send a letter with a link to the address; whoever shows that it is theirs may take `rights`.

    Nothing here depends on whether the address has an account. An earlier invitation of the address is withdrawn.
    Raises Rejected T006 (not confirmed), T011 (no right named), T013 (too many are open).
    """
    if not lock(company).is_confirmed:
        raise Rejected([not_confirmed()])
    if not rights:
        raise refuse("T011", "rights", _("Choose at least one right."))
    waiting = open_invitations(company, at=at)
    waiting.filter(email__iexact=email.strip()).update(withdrawn_at=at)
    if waiting.count() >= MOST_OPEN:
        raise refuse("T013", "email", _("Too many invitations wait for an answer. Withdraw some, or wait a week."))
    invitation = Invitation.objects.create(
        company=company,
        email=email.strip().lower(),
        rights=[Right(right).value for right in rights],
        language=language,
        invited_by=by,
        invited_at=at,
        expires_at=at + OPEN_FOR,
    )
    record(company, Verb.INVITED, about=_about(invitation), by=by, at=at)
    announce("invitation.made", invitation.pk)
    return invitation


@transaction.atomic
def send_invitation(invitation: Invitation) -> None:
    """Write the letter with the link; the token is in no table."""
    token = signing.dumps(invitation.pk, salt=INVITATION_SALT)
    link = settings.SITE_URL + reverse("invitation", args=[token])
    with translation.override(invitation.language):
        text = _(
            "%(person)s invites you to act for %(company)s in the Customs Portal. Open this link within seven days and "
            "sign in with this address, or sign up with it first:"
        )
        names = {"person": invitation.invited_by, "company": invitation.company}
        subject = _("Invitation to %(company)s") % names
        write_letter(to=invitation.email, subject=subject, text=f"{text % names}\n\n{link}\n")


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User, on: date, at: datetime) -> list[Membership]:
    """`by` takes the rights, once. Raises Rejected T014 no longer open, T015 another address, T016 nobody to answer."""
    lock(invitation.company)
    if not has_verified(by, invitation.email):
        raise refuse(
            "T015", "", _("This invitation was sent to another address. Sign in with the account of that one.")
        )
    owners = Membership.objects.on(on).filter(company_id=invitation.company_id, right=Right.OWNER)
    if not owners.filter(user_id=invitation.invited_by_id).exists():
        raise refuse("T016", "", _("Who invited you no longer owns the company. Ask its owner for a new invitation."))
    waiting = open_invitations(invitation.company, at=at).filter(pk=invitation.pk)
    if not waiting.update(accepted_at=at, accepted_by=by):
        raise refuse("T014", "", _("This invitation no longer holds. Ask the owner of the company for a new one."))
    rights = [Right(right) for right in invitation.rights]
    return [
        give_right(invitation.company, user=by, right=right, by=invitation.invited_by, on=on, at=at) for right in rights
    ]


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Its link no longer works. One that is no longer open is left as it is."""
    if open_invitations(invitation.company, at=at).filter(pk=invitation.pk).update(withdrawn_at=at):
        record(invitation.company, Verb.INVITATION_WITHDRAWN, about=_about(invitation), by=by, at=at)


@transaction.atomic
def add_member(company: Company, *, user: User, right: Right | str, by: User, on: date, at: datetime) -> Membership:
    """`user` has `right` from `on`, as an accepted invitation gives it. A right held already is returned as it is."""
    lock(company)
    return give_right(company, user=user, right=Right(right), by=by, on=on, at=at)


@transaction.atomic
def end_membership(membership: Membership, *, by: User, on: date, at: datetime) -> None:
    """The right ends at once: its last day is the day before `on`. The last owner stays (T012)."""
    lock(membership.company)
    if membership.right == Right.OWNER and not _other_owners(membership, on=on):
        raise refuse("T012", "", _("A company keeps at least one owner. Make somebody else an owner first."))
    membership.valid_to = max(on, membership.valid_from) - timedelta(days=1)
    membership.save(update_fields=["valid_to"])
    about = f"{membership.user} · {membership.user.email} · {membership.get_right_display()}"
    record(membership.company, Verb.MEMBER_ENDED, about=about, by=by, at=at)


@transaction.atomic
def end_memberships_of(company: Company, *, user: User, by: User, on: date, at: datetime) -> None:
    """Every right of `user` in the company ends at once. Raises Rejected T012 for the last owner."""
    for membership in Membership.objects.on(on).filter(company=company, user=user):
        end_membership(membership, by=by, on=on, at=at)


def give_right(company: Company, *, user: User, right: Right, by: User, on: date, at: datetime) -> Membership:
    """The right from `on`, unless it is held; the company is locked or new."""
    held = Membership.objects.on(on).filter(company=company, user=user, right=right).first()
    if held is not None:
        return held
    membership = Membership.objects.create(company=company, user=user, right=right, valid_from=on)
    record(company, Verb.MEMBER_ADDED, about=f"{user} · {user.email} · {right.label}", by=by, at=at)
    return membership


def _other_owners(membership: Membership, *, on: date) -> bool:
    owners = Membership.objects.filter(in_force(on), company_id=membership.company_id, right=Right.OWNER)
    return owners.exclude(user_id=membership.user_id).exists()


def _about(invitation: Invitation) -> str:
    return f"{invitation.email} · {', '.join(invitation.right_labels)}"
