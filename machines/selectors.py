"""Reads for programs and about them: whose token it is, what a company's programs may read, what was sent."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.models import User
from accounts.selectors import is_officer
from machines.models import Endpoint, Happening, Program, Sending, Token
from traders.models import Company, Right
from traders.selectors import companies_of, company_for

TOKEN_BEGIN = "cpt_"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Grant:
    """What may be done with the token that was shown."""

    user: User
    scopes: frozenset[str]
    token: Token | None = None


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def grant_of(token: str, *, at: datetime) -> Grant | None:
    """What the token grants at this instant; None where it is unknown, expired or ended."""
    if token.startswith(TOKEN_BEGIN):
        held = Token.objects.filter(digest=digest_of(token), ended_at__isnull=True, expires_at__gt=at)
        held = held.filter(program__ended_at__isnull=True, user__is_active=True).select_related("user")
        kept = held.first()
        if kept is None or (kept.program_id is None and is_officer(kept.user, on=timezone.localdate(at))):
            return None  # An officer works with a second factor, which a machine has not.
        return Grant(kept.user, frozenset(kept.scopes), kept)
    lent = (
        AccessToken.objects.filter(token_checksum=digest_of(token), expires__gt=at)
        .filter(application__user__program__ended_at__isnull=True, application__user__is_active=True)
        .select_related("application__user__program")
        .first()
    )
    if lent is None or lent.application is None or not hasattr(lent.application.user, "program"):
        return None
    return Grant(lent.application.user, frozenset(lent.scope.split()))


# A company's own --------------------------------------------------------------------------------------------------
def own_company(user: User, tin: str, *, on: date) -> Company:
    """The confirmed company whose programs and webhooks `user` keeps: an owner's alone. Else Company.DoesNotExist."""
    company = company_for(user, tin, Right.OWNER, on=on)
    if not company.is_confirmed:
        raise Company.DoesNotExist
    return company


def programs_of(company: Company) -> QuerySet[Program]:
    return Program.objects.filter(company=company, ended_at__isnull=True).select_related("user", "added_by")


def tokens_of(program: Program, *, at: datetime) -> QuerySet[Token]:
    return Token.objects.filter(program=program, ended_at__isnull=True, expires_at__gt=at)


def own_tokens_of(user: User, *, at: datetime) -> QuerySet[Token]:
    """Tokens with which the person's own program signs in as the person."""
    return Token.objects.filter(user=user, program=None, ended_at__isnull=True, expires_at__gt=at)


def endpoints_of(company: Company) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(company=company, ended_at__isnull=True)


def sendings_of(endpoint: Endpoint) -> QuerySet[Sending]:
    """The log of an address, the newest first."""
    return Sending.objects.filter(endpoint=endpoint).select_related("happening").prefetch_related("trials")


# The feed ---------------------------------------------------------------------------------------------------------
def feed_of(user: User, *, after: int, kinds: Iterable[str], on: date) -> QuerySet[Happening]:
    """Events of the companies in which `user` has a right, in the order in which they were told, later than `after`."""
    own = companies_of(user, on=on)
    found = Happening.objects.filter(company__in=own, pk__gt=after).select_related("company").order_by("pk")
    wanted = [kind for kind in kinds if kind]
    return found.filter(kind__in=wanted) if wanted else found


def as_message(happening: Happening) -> dict[str, Any]:
    """The event as it stands in the feed and in a webhook."""
    return {
        "id": f"evt_{happening.pk}",
        "type": happening.kind,
        "timestamp": happening.at.isoformat(),
        "company": happening.company.tin,
        "data": happening.data,
    }
