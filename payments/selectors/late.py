"""Reads about what could be late: what became due after release, until when, and how it was paid."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import F, Sum
from django.utils import timezone

from declarations.models import FINE, Charge, Declaration, Levy, Penalty
from lib.figures import ZERO
from payments.models import Account, Posting
from tariffs.calculation import Owed, Paid
from tariffs.models import INTEREST
from tariffs.selectors import last_day_to_pay


def owed_after_release(declaration: Declaration) -> dict[str, list[Owed]]:
    """What is charged on a declaration by tax, where part of it had a day until which it was to be paid.

    Charges before release have none: the goods waited for them. Interest bears no interest.
    """
    dated: dict[str, list[Owed]] = defaultdict(list)
    for at, amount in Penalty.objects.filter(mrn=declaration.mrn, status__in=Penalty.OWED).values_list("at", "amount"):
        dated[FINE].append(Owed(amount, last_day_to_pay(owed_on=timezone.localdate(at))))
    levies = Levy.objects.filter(mrn=declaration.mrn, status=Levy.Status.OWED).exclude(tax_code=INTEREST)
    for tax, amount, due in levies.values_list("tax_code", "amount", "due"):
        dated[tax].append(Owed(amount, due))
    if not dated and not declaration.stands_as:
        return {}
    for tax, parts in _assessed(declaration).items():
        dated[tax] += parts
    return {tax: parts for tax, parts in dated.items() if any(part.due for part in parts)}


def _assessed(declaration: Declaration) -> dict[str, list[Owed]]:
    """What the versions are charged: at first without a day, and what corrections after release brought more."""
    found: dict[str, list[Owed]] = defaultdict(list)
    most: dict[str, Decimal] = defaultdict(Decimal)
    versions = list(Declaration.objects.filter(mrn=declaration.mrn).defer("held", "kept").order_by("version"))
    released = max((row.version for row in versions if not row.stands_as), default=1)
    sums: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = (
        Charge.objects.filter(declaration__in=versions, payable=True).order_by().values_list("declaration", "tax_code")
    )
    for pk, tax, total in rows.annotate(total=Sum("amount")):
        sums[pk][tax] = total
    for version in versions:
        if version.version < released:
            continue
        assert version.lodged_at is not None, "a version was lodged"
        due = last_day_to_pay(owed_on=timezone.localdate(version.lodged_at)) if version.stands_as else None
        for tax, total in sums[version.pk].items():
            if total > most[tax]:
                found[tax].append(Owed(total - most[tax], due))
                most[tax] = total
    return found


def booked_on(mrn: str, tax: str) -> list[Paid]:
    """What the ledger booked for a tax of an MRN, in order, by the primary key of the entry."""
    rows = (
        Posting.objects.filter(entry__declaration__mrn=mrn, account__kind=Account.Kind.REVENUE, account__tax_code=tax)
        .order_by("pk")
        .values_list("entry", "entry__at")
        .annotate(amount=F("credit") - F("debit"))
    )
    return [Paid(key, amount or ZERO, timezone.localdate(at)) for key, at, amount in rows]
