"""Links to pay: made by who may pay, good for the days that the terms allow, withdrawn at any time; used by anybody."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import services as declarations
from declarations.models import Declaration
from lib.creditor_reference import DECLARATION, reference_of
from lib.violations import Rejected, refuse
from payments import selectors
from payments.models import Attempt, PayLink
from payments.services.attempts import check_payable, go_to_the_bank, new_attempt, version_that_counts

_TOKEN_BYTES = 32
MOST_LINKS = 20


@transaction.atomic
def make_link(declaration: Declaration, *, by: User, at: datetime) -> PayLink:
    """A new link for who shall pay what is due. Raises Rejected: P001, P003, P044 no terms for links, P045 too many."""
    declaration = declarations.lock(declaration.pk)
    on = timezone.localtime(at).date()
    payers, rule = selectors.payers_of(by, declaration, on=on), selectors.paying_rule(on)
    if not payers:
        raise refuse("P003", "account", _("You may not pay for this declaration."))
    if rule is None:
        raise refuse("P044", "", _("No terms in force allow to pay by a link."))
    if not selectors.may_be_paid(declaration):
        raise refuse("P001", "", _("There is nothing to pay on this declaration in its present state."))
    if selectors.pay_links_of(declaration, at=at).count() >= MOST_LINKS:
        raise refuse("P045", "", _("There are many links to pay this declaration. Withdraw one first."))
    made: PayLink = PayLink.objects.create(
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        declaration=declaration,
        company=payers[0],
        by=by,
        at=at,
        until=at + timedelta(days=rule.link_days),
    )
    declarations.record(declaration, verb="pay_link", by=by, at=at)
    return made


@transaction.atomic
def withdraw_link(link: PayLink, *, by: User, at: datetime) -> PayLink:
    """The link leads to nothing from now on; money that is under way through it is still taken."""
    declarations.lock(link.declaration_id)
    if PayLink.objects.filter(pk=link.pk, withdrawn_at=None).update(withdrawn_at=at):
        declarations.record(link.declaration, verb="pay_link_withdrawn", by=by, at=at)
    link.refresh_from_db()
    return link


def link_address(link: PayLink) -> str:
    """Where the link leads, to be sent to somebody."""
    return str(settings.SITE_URL) + reverse("link_pay", args=[link.token])


def start_link_payment(link: PayLink, *, at: datetime, idempotency_key: str) -> Attempt:
    """Begin a payment of what is due by whoever has the link.

    Raises Rejected: P001 nothing is due, P046 the link is not good any more, P047 cannot be paid yet, P010.
    """
    attempt = _attempt_by(link, at=at, key=idempotency_key)
    back = reverse("link_paid", args=[link.token, attempt.public_id])
    reference = reference_of(DECLARATION, link.declaration.mrn)
    return go_to_the_bank(attempt, text=reference, at=at, return_url=back)


@transaction.atomic
def _attempt_by(link: PayLink, *, at: datetime, key: str) -> Attempt:
    declaration = version_that_counts(link.declaration_id)
    found: Attempt | None = Attempt.objects.filter(idempotency_key=key).first()
    if found is not None:
        return found
    if not selectors.is_good(link, at=at):
        raise refuse("P046", "", _("This link is not good any more. Ask who sent it for a new one."))
    try:
        check_payable(declaration, link.company, at=at)
    except Rejected as refused:
        if refused.violations[0].code == "P001":
            raise
        sentence = _("This cannot be paid just now. Tell who sent you the link: the guarantee account is too low.")
        raise refuse("P047", "", sentence) from refused
    due = selectors.due(declaration)
    return new_attempt(
        company=link.company, amount=due, by=link.by, at=at, key=key, declaration=declaration, link=link
    )  # fmt: skip
