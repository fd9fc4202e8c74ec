"""Money on the suspense account gets its owner: by one cashier, above a set sum by two. Who comes second is told."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration
from lib.violations import Conflict, Violation, refuse
from payments import ledger, states
from payments.models import Account, Entry, SuspenseItem
from payments.services.accounts import administration, lock_accounts, open_account
from payments.services.transfers import pay_with_what_came
from traders.models import Company

Status = SuspenseItem.Status


def allot(
    item: SuspenseItem, *, company: Company, declaration: Declaration | None, reason: str, by: User, at: datetime
) -> SuspenseItem:
    """Give money on the suspense account its owner, or propose that above the set sum; a debt is taken from the owner.

    Raises Conflict B020: another cashier was first. Raises Rejected: B022 the declaration is another company's, B023
    money that went out for no known reason, P004 the owner's account does not hold what is taken.
    """
    with transaction.atomic():
        item = _locked(item)
        if item.status != Status.OPEN:
            raise _was_first(item)
        _judge(item, company, declaration)
        if needs_second(item):
            states.propose_owner(item, company=company, declaration=declaration, proposed_by=by, reason=reason)
            item.refresh_from_db()
            return item
        _book(item, company=company, declaration=declaration, by=by, at=at, reason=reason)
    return _pay(item, by=by, at=at)


def confirm_allotment(item: SuspenseItem, *, company: Company, by: User, at: datetime) -> SuspenseItem:
    """Agree, as another person, to what was proposed. Raises Conflict B020; Rejected B021 the same person, P004."""
    with transaction.atomic():
        item = _locked(item)
        if item.status != Status.PROPOSED or item.company_id != company.pk:
            raise _was_first(item)
        if item.proposed_by_id == by.pk:
            raise refuse("B021", "", _("You proposed this yourself. Another cashier has to agree."))
        _book(item, company=company, declaration=item.declaration, by=by, at=at, reason=item.reason)
    return _pay(item, by=by, at=at)


@transaction.atomic
def drop_proposal(item: SuspenseItem) -> SuspenseItem:
    """Do not agree to what was proposed, or take one's own proposal back. Raises Conflict B020."""
    item = _locked(item)
    if item.status != Status.PROPOSED:
        raise _was_first(item)
    states.drop_proposal(item)
    item.refresh_from_db()
    return item


def needs_second(item: SuspenseItem) -> bool:
    """Whether the sum is one that a cashier may not allot alone."""
    return bool(abs(item.amount) > settings.ALLOT_ALONE_UP_TO)


def _locked(item: SuspenseItem) -> SuspenseItem:
    rows = SuspenseItem.objects.select_for_update(of=("self",)).select_related(
        "company", "declaration", "bank_entry", "proposed_by", "decided_by"
    )
    found: SuspenseItem = rows.get(pk=item.pk)
    return found


def _was_first(item: SuspenseItem) -> Conflict:
    who = item.decided_by or item.proposed_by
    if who and item.company:
        sentence = _("{person} was first: this money is “{state}”, to {company}.").format(
            person=who, state=item.get_status_display(), company=item.company
        )
    else:
        sentence = _("This money is no longer as you saw it: “{state}”.").format(state=item.get_status_display())
    return Conflict([Violation("B020", "", sentence)])


def _judge(item: SuspenseItem, company: Company, declaration: Declaration | None) -> None:
    if item.is_money_out and not item.bank_entry.is_reversal:
        raise refuse("B023", "", _("This money went out. It is nobody’s to be taken from."))
    if declaration is not None and company.pk not in (declaration.trader_id, declaration.declarant_id):
        raise refuse("B022", "declaration", _("This declaration is another company’s."))


def _book(
    item: SuspenseItem, *, company: Company, declaration: Declaration | None, by: User, at: datetime, reason: str
) -> None:
    account = open_account(company, Account.Kind.PREPAID, at=at)
    account = lock_accounts(account)[account.pk]
    if item.is_money_out and account.available < -item.amount:
        raise refuse("P004", "company", _("The account of this company does not hold that much now."))
    occasion = ledger.Occasion(
        key=f"allotted:{item.pk}", kind=Entry.Kind.ALLOTTED, text=str(item.bank_entry.payer)[:250], at=at, by=by
    )
    suspense = administration(Account.Kind.SUSPENSE, at=at)
    entry = ledger.book(occasion, ledger.moved(source=suspense, target=account, amount=item.amount))
    states.allot_item(
        item, company=company, declaration=declaration, decided_by=by, entry=entry, ended_at=at, reason=reason
    )


def _pay(item: SuspenseItem, *, by: User, at: datetime) -> SuspenseItem:
    """Pay the declaration for which the money came, in a transaction that begins with the declaration."""
    item.refresh_from_db()
    if item.declaration_id and item.company and not item.is_money_out:
        pay_with_what_came(item.declaration_id, company=item.company, key=f"allotted-pays:{item.pk}", by=by, at=at)
    return item
