"""Stock accounts on the officer's side: who acts on which, and what binds an officer to one as a trader."""

from django.db.models import Q

from accounts.models import User
from clearance.selectors.links import linked_to
from clearance.selectors.people import LANES_OF, Powers
from declarations.models import Declaration, StockAccount
from traders.selectors import ties_of


def acts_on_stock(powers: Powers, office_code: str) -> bool:
    """Whether the officer decides about stock of the office: whoever decides files there, on whatever lane."""
    return any(role in LANES_OF for role in powers.roles_in(office_code))


def acts_within(powers: Powers) -> Q:
    """Rows of the offices in which the officer decides about stock, by their column `office_code`."""
    offices = {office for role, office in powers.roles if role in LANES_OF}
    return ~Q(pk__in=[]) if None in offices else Q(office_code__in=sorted(code for code in offices if code))


def is_bound_to(user: User, account: StockAccount) -> bool:
    """Whether `user` works or worked for the company of the stock, or is linked to the file of its declaration."""
    companies = {account.company_id}
    if account.item is not None:
        companies.add(account.item.declaration.declarant_id)
    for tie in ties_of(user):
        if tie.company.pk in companies and (tie.until is None or tie.until >= account.opened_at.date()):
            return True
    return bool(account.mrn) and Declaration.objects.filter(linked_to(user), mrn=account.mrn).exists()
