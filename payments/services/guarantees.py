"""A guarantee is freed as the stock it secures is discharged: in part or whole, never beyond it and never twice.

What a correction takes back from a discharge is held again.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal, localcontext

from django.db import transaction
from django.db.models import Exists, OuterRef

from declarations.models import MEASURES, Declaration, StockAccount, StockDischarge, StockMovement
from lib.figures import ZERO, last_place
from payments import selectors
from payments.models import GuaranteeFreed
from payments.services.holding import hold_as_needed
from payments.services.versions import lock_with_stock
from tariffs.selectors import national_currency

MEASURED_BY = (("net_mass", "supplementary_quantity"), ("packages",), ("value",))
PRECISION = 60
Done = Mapping[str, Decimal]
Shares = Mapping[int | None, Decimal]


@transaction.atomic
def free_guarantee(declaration_pk: int, *, at: datetime) -> Declaration:
    """Free of the guarantee what the discharged stock of this declaration no longer needs secured, and hold again what
    was given back to it.

    Safe to repeat: each discharge and each draw given back counts once (a key of the database). The history of the
    declaration says what was freed or held again.
    """
    declaration = lock_with_stock(declaration_pk)
    count_anew(declaration, at=at)
    hold_as_needed(declaration, at=at)
    return declaration


def count_anew(declaration: Declaration, *, at: datetime) -> None:
    """Write down how much less of the guarantee is needed than was written so far. The declaration is locked."""
    discharges = list(StockDischarge.objects.filter(freed=None, movement__account__mrn=declaration.mrn).order_by("pk"))
    given_back = list(selectors.given_back_unheard(declaration.mrn))
    change = sum(freed_by_item(declaration).values(), ZERO) - selectors.freed_of(declaration.mrn)
    causes = [{"discharge": one} for one in discharges] + [{"given_back": one} for one in given_back]
    rows = [GuaranteeFreed(**cause, mrn=declaration.mrn, amount=ZERO, at=at) for cause in causes]
    if change and not rows:
        rows = [GuaranteeFreed(mrn=declaration.mrn, at=at)]
    if rows:
        rows[-1].amount = change
        GuaranteeFreed.objects.bulk_create(rows)


def freed_by_item(declaration: Declaration) -> Shares:
    """What of the secured charges is secured no longer, by item."""
    return shares_of(declaration, selectors.secured_by_item(declaration))


def shares_of(declaration: Declaration, amounts: Shares) -> Shares:
    """Of each item's amount the share that was discharged, rounded down.

    The last part of an item frees the rest of it; the last of all what is charged on the declaration (None) too.
    """
    place = last_place(national_currency().decimals)
    done = _discharged(declaration.mrn)
    shares: dict[int | None, Decimal] = {}
    whole = set()
    for account in StockAccount.objects.filter(mrn=declaration.mrn):
        shares[account.item_number] = _share(amounts.get(account.item_number, ZERO), account, done[account.pk], place)
        if _is_whole(account, done[account.pk]):
            whole.add(account.item_number)
    if shares and amounts.keys() - {None} <= whole:
        shares[None] = amounts.get(None, ZERO)
    return shares


def _discharged(mrn: str) -> dict[int, dict[str, Decimal]]:
    """What was discharged of each account, by measure; what a correction gave back after all does not count."""
    rows = StockMovement.objects.filter(account__mrn=mrn)
    back = rows.filter(kind=StockMovement.Kind.GIVE_BACK, account=OuterRef("account"), item=OuterRef("item"))
    done: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows.filter(~Exists(back), discharge__isnull=False):
        for name in MEASURES:
            done[row.account_id][name] += getattr(row, name)
    return done


def _measures(account: StockAccount) -> list[str]:
    """What an account is measured by: mass and quantity as far as they came in, or else packages, or else value."""
    for names in MEASURED_BY:
        if there := [name for name in names if getattr(account, name)]:
            return there
    return []


def _is_whole(account: StockAccount, done: Done) -> bool:
    return all(done[name] >= getattr(account, name) for name in _measures(account))


def _share(amount: Decimal, account: StockAccount, done: Done, place: Decimal) -> Decimal:
    """The part of an amount that goes with what is discharged: the least by any measure, rounded down."""
    if _is_whole(account, done):
        return amount
    with localcontext() as context:
        context.prec = PRECISION
        parts = [amount * done[name] / Decimal(getattr(account, name)) for name in _measures(account)]
        return min(min(parts), amount).quantize(place, rounding=ROUND_DOWN)
