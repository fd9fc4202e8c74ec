"""Addresses that events of a company are sent to: added and ended by its owner; tests, and sending again by hand."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import Act, announce, record_act
from lib.violations import refuse
from machines import signatures
from machines.addresses import Forbidden, judge
from machines.kinds import Kind
from machines.models import Endpoint, Happening, Sending
from machines.selectors import endpoints_of
from machines.services.feed import wait_for_turn
from machines.states import MOVES, Status
from traders.models import Company

MOST = 10


@transaction.atomic
def add_endpoint(company: Company, *, url: str, kinds: Sequence[str], by: User, at: datetime) -> tuple[Endpoint, str]:
    """The address and the secret that its events are signed with, which nobody is told again.

    Raises Rejected M010 no address that may be called, M011 it is there already, M012 too many.
    """
    held = endpoints_of(Company.objects.select_for_update().get(pk=company.pk))
    try:
        judge(url)
    except Forbidden as fault:
        raise refuse("M010", "url", str(fault)) from fault
    if held.filter(url=url).exists():
        raise refuse("M011", "url", _("Events are sent to this address already."))
    if held.count() >= MOST:
        raise refuse("M012", "url", _("A company has at most %(most)s addresses. End one first.") % {"most": MOST})
    secret = signatures.new_secret()
    known = [kind for kind in kinds if kind in Kind.values and kind != Kind.TEST]
    made = Endpoint.objects.create(
        company=company, url=url, kinds=known, secret=signatures.sealed(secret), added_at=at, added_by=by
    )
    record_act(Act.ADDRESS_ADDED, about=f"{company.tin} · {url}", by=by, at=at)
    return made, secret


@transaction.atomic
def end_endpoint(endpoint: Endpoint, *, by: User, at: datetime) -> None:
    """Nothing more is sent to it; what waits is given up."""
    if Endpoint.objects.filter(pk=endpoint.pk, ended_at__isnull=True).update(ended_at=at):
        record_act(Act.ADDRESS_ENDED, about=f"{endpoint.company.tin} · {endpoint.url}", by=by, at=at)
        for pk in Sending.objects.filter(endpoint=endpoint, status=Status.WAITING).values_list("pk", flat=True):
            MOVES.write(pk, Status.GIVEN_UP)


@transaction.atomic
def send_test(endpoint: Endpoint, *, at: datetime) -> Sending:
    """An event of the kind `test` for this address alone."""
    data = {"text": "This is a test."}
    wait_for_turn()
    last = Happening.objects.filter(company=endpoint.company, kind=Kind.TEST).aggregate(last=Max("subject"))["last"]
    event = Happening.objects.create(
        company=endpoint.company, kind=Kind.TEST, subject=(last or 0) + 1, declaration=None, data=data, at=at
    )
    Endpoint.objects.filter(pk=endpoint.pk).update(rests_until=None)
    sending = Sending.objects.create(happening=event, endpoint=endpoint, due_at=at)
    announce("webhook.waiting", sending.pk)
    return sending


@transaction.atomic
def send_again(sending: Sending, *, at: datetime) -> bool:
    """Send it once more, whether it was taken or given up; whether it was not waiting already."""
    Endpoint.objects.filter(pk=sending.endpoint_id).update(rests_until=None)
    moved = MOVES.write(sending.pk, Status.WAITING, tries=0, due_at=at)
    if moved:
        announce("webhook.waiting", sending.pk)
    return moved
