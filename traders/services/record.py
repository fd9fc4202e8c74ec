"""The history of a company: one row for each verb, in its transaction."""

from datetime import datetime

from accounts.models import User
from traders.models import Company, CompanyEvent

Verb = CompanyEvent.Verb


def record(company: Company, verb: CompanyEvent.Verb, *, about: str, by: User | None, at: datetime) -> None:
    """`by` None: the connected register, or a command on the server."""
    CompanyEvent.objects.create(company=company, verb=verb, about=about[:300], by=by, at=at)


def lock(company: Company) -> Company:
    """The company as it stands, held against others until the transaction ends."""
    return Company.objects.select_for_update().get(pk=company.pk)


def record_program(company: Company, *, ended: bool, about: str, by: User, at: datetime) -> None:
    """A program that works for the company was added, or ended."""
    record(company, Verb.PROGRAM_ENDED if ended else Verb.PROGRAM_ADDED, about=about, by=by, at=at)
