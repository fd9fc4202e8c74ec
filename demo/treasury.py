"""The treasury of the demonstration: days closed up to one that needs a person, and a limit that waits for another."""

from datetime import datetime
from decimal import Decimal

from accounts.models import Role, User
from demo.accounts import PEOPLE, SOMON
from demo.people import company_of
from payments import services
from payments.models import Account, Closing

_DAYS = 200


def exists() -> bool:
    return bool(Closing.objects.exists())


def close_days(*, at: datetime) -> None:
    """As so many nights would have done; then somebody asks for a limit, and auditors for a check of the books."""
    services.close_days(at=at, limit=_DAYS)
    deferred = services.open_account(company_of(SOMON), Account.Kind.DEFERRED, at=at)
    first = next(person for person in PEOPLE if person.role == Role.TREASURY)
    by = User.objects.get(email=first.email)
    services.ask_limit(deferred, limit=Decimal(250_000), reason="Contract 14 of deferred payment", by=by, at=at)
    services.ask_books_check(by=None, at=at)
