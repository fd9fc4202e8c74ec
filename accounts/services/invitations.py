"""Invitation of a person by an administrator, as of a new officer: a letter with a link to set a password.

The person is known from then on, so that a role can be proposed at once; it takes a second administrator as ever
(docs/adr/0026), and the officer sets up a second factor at the first sign-in.
"""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import INVITATION_SALT, is_invited
from accounts.services.acts import Act, record_act
from accounts.services.followups import announce
from accounts.services.letters import write_letter
from accounts.services.people import create_person
from lib.violations import refuse


@transaction.atomic
def invite_person(*, email: str, full_name: str, language: str, by: User, at: datetime) -> User:
    """A new person whose address `by` vouches for, and who is sent a link to it. Raises Rejected A001."""
    user = create_person(email=email, password=None, full_name=full_name, by=by, at=at)
    User.objects.filter(pk=user.pk).update(language=language)
    announce("person.invited", user.pk)
    return user


@transaction.atomic
def invite_again(user: User, *, by: User, at: datetime) -> None:
    """Another letter with a new link. Raises Rejected A018 for whoever has a password, or may not sign in."""
    if not is_invited(user):
        raise refuse("A018", "", _("This person has a password already, or the account is closed."))
    record_act(Act.PERSON_INVITED, person=user, by=by, at=at)
    announce("person.invited", user.pk)


@transaction.atomic
def send_invitation(user: User) -> None:
    """Write the letter with the link, in the person's language; the token is in no table."""
    if not is_invited(user):
        return
    token = signing.dumps(user.pk, salt=INVITATION_SALT)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        text = _(
            "An administrator of the customs service has made an account for you in the Customs Portal, with the "
            "address %(email)s. Open this link within seven days and choose a password. At the first sign-in as an "
            "officer you set up a second factor."
        )
        subject = _("Your account in the Customs Portal")
        link = settings.SITE_URL + reverse("invited", args=[token])
        write_letter(to=user.email, subject=subject, text=f"{text % {'email': user.email}}\n\n{link}\n")


@transaction.atomic
def accept_account(user: User, *, password: str) -> None:
    """The person has come by the link and chosen a password; once. Raises Rejected A018."""
    kept = User.objects.select_for_update().get(pk=user.pk)
    if not is_invited(kept):
        raise refuse("A018", "", _("This person has a password already, or the account is closed."))
    kept.set_password(password)
    kept.save(update_fields=["password"])
