"""What verbs of money that goes back share: who may, what has to be said, locks, their history, the papers kept."""

import hashlib
import re
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.selectors import has_role
from lib.money import round_money
from lib.received import received
from lib.uploads import SCANS
from lib.violations import Conflict, Violation, refuse
from payments import selectors
from payments.models import BankAccount, MoneyEvent, MoneyPaper, RefundClaim
from tariffs.selectors import national_currency
from traders.models import Company
from traders.selectors import ties_of

MOST_PAPERS = 10
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def of_company(company: Company, *, by: User, at: datetime) -> None:
    """Raise Rejected P101 unless `by` may use this company's money."""
    on = timezone.localdate(at)
    if not selectors.paying_companies(by, on=on).filter(pk=company.pk).exists():
        raise refuse("P101", "", _("Only an owner or payer of the company may do this."))


def of_treasury(company: Company | None, *, by: User, at: datetime) -> None:
    """Raise Rejected P102 unless `by` is of the treasury, P103 if bound to the company as a trader."""
    if not has_role(by, Role.TREASURY, on=timezone.localdate(at)):
        raise refuse("P102", "", _("Only an officer of the treasury may do this."))
    if company is not None and any(tie.company.pk == company.pk for tie in ties_of(by)):
        raise refuse("P103", "", _("You are linked to this company as a trader. Another officer acts on it."))


def clean(text: str, most: int) -> str:
    """The text without what nobody sees, cut to what is kept of it."""
    return _CONTROL.sub("", text).strip()[:most]


def needed(text: str, *, pointer: str, sentence: str) -> str:
    """The text without what nobody sees. Raises Rejected P104 if nothing is left."""
    said = clean(text, 1000)
    if not said:
        raise refuse("P104", pointer, sentence)
    return said


def amount_needed(amount: Decimal, *, pointer: str = "amount") -> None:
    """Raise Rejected P009 for nothing or less, P107 for more decimals than the currency has."""
    if amount <= 0:
        raise refuse("P009", pointer, _("The amount must be more than zero."))
    if amount != round_money(amount, national_currency().decimals):
        raise refuse("P107", pointer, _("The amount has more decimals than the currency."))


def moved_on(thing: Any) -> Conflict:
    """Somebody else was quicker, or it was done before. Read afresh, so that the sentence says how it stands now."""
    now = type(thing).objects.get(pk=thing.pk)
    sentence = _("This is “{state}” by now. Nothing was changed; reload the page.")
    return Conflict([Violation("P105", "", sentence.format(state=now.get_status_display()))])


def lock_bank_account(pk: int) -> BankAccount:
    """The row as it is now, held until the transaction ends."""
    found: BankAccount = BankAccount.objects.select_for_update(of=("self",)).select_related("company").get(pk=pk)
    return found


def lock_confirmed(account: BankAccount, *, company: Company) -> BankAccount:
    """The company's account, held, if money may go to it. Raises Rejected P117."""
    found = lock_bank_account(account.pk)
    if found.company_id != company.pk or found.status != BankAccount.Status.CONFIRMED:
        raise refuse("P117", "bank_account", _("Choose a bank account that two people of the company confirmed."))
    return found


def write_event(verb: str, *, by: User | None, at: datetime, note: str = "", **about: Any) -> None:
    """The row of history of one thing: `claim`, `bank_account`, `pay_out` or `file`."""
    MoneyEvent.objects.create(verb=verb, by=by, at=at, note=note[:1000], **about)


def keep_paper(
    *,
    name: str,
    content: bytes,
    by: User,
    at: datetime,
    claim: RefundClaim | None = None,
    bank_account: BankAccount | None = None,
) -> MoneyPaper:
    """Keep a scan for a claim or a bank account. Raises Rejected F001 to F087 (`lib.received`), P106 too many."""
    if MoneyPaper.objects.filter(claim=claim, bank_account=bank_account).count() >= MOST_PAPERS:
        raise refuse("P106", "file", _("{most} papers are the most.").format(most=MOST_PAPERS))
    kept = received(name=name, content=content, accepted=SCANS)
    paper = MoneyPaper(
        claim=claim,
        bank_account=bank_account,
        name=kept.name,
        content_type=kept.content_type,
        size=len(kept.content),
        sha256=hashlib.sha256(kept.content).hexdigest(),
        at=at,
        by=by,
    )
    paper.file.save(uuid.uuid4().hex, ContentFile(kept.content), save=False)
    paper.save(force_insert=True)
    return paper
