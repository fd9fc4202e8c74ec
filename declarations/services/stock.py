"""Stock under suspension: opened on release, drawn upon when a declaration is lodged, given back when it ends before.

Whoever draws or gives back holds the accounts first, so that what is read as left is what is drawn from. Locks are
taken in this order: the declaration, its quotas, its stock accounts by primary key, then accounts of money.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations.facts import Case
from declarations.models import MEASURES, Declaration, Item, Status, StockAccount, StockDischarge, StockMovement
from declarations.selectors import Content, keys_of, named_accounts, named_in, trader_field
from lib.bulk import insert_rows
from lib.figures import ZERO
from lib.pointers import pointer_to
from lib.violations import Rejected, Violation
from tariffs.models import Procedure

DRAW, GIVE_BACK = StockMovement.Kind.DRAW, StockMovement.Kind.GIVE_BACK


# Drawing ------------------------------------------------------------------------------------------------------
def hold(content: Content) -> list[StockAccount]:
    """Lock the accounts of the trader that box 40 names, by primary key, and read them as they are from then on."""
    names = named_in(content)
    tin = getattr(content.declaration, trader_field(content.declaration.declaration_type))
    if not names or not tin:
        return []
    mrns, years, numbers = keys_of(names)
    return list(StockAccount.objects.raw(_HELD, [tin, mrns, years, numbers]))


# One statement, since everybody who draws pays for it: it finds, locks and reads.
_HELD = """
SELECT account.* FROM declarations_stockaccount account
WHERE account.company_id IN (SELECT id FROM traders_company WHERE tin = %s)
AND (account.mrn <> '' AND account.mrn = ANY (%s) OR account.year = ANY (%s) AND account.number = ANY (%s))
ORDER BY account.id FOR UPDATE
"""


def hold_instead(content: Content, *, old: Declaration) -> None:
    """As `hold`, with the accounts that the version before drew upon: it gives back before the new one is judged."""
    names = named_in(content)
    wanted = Q(pk__in=_held_by(old).values("account"))
    if names and old.trader is not None:
        wanted |= named_accounts(names) & Q(company__tin=old.trader.tin)
    _lock(wanted)


def draw(case: Case, *, by: User | None, at: datetime) -> None:
    """Write what the items take from stock. The database refuses more than is left, and the same draw twice."""
    insert_rows(
        [
            StockMovement(
                account=taken.account,
                kind=DRAW,
                item=case.content.items[taken.item],
                by=by,
                at=at,
                **{name: getattr(taken.taken, name) for name in MEASURES},
            )
            for taken in case.draws
            if taken.account is not None
        ]
    )


def give_back(declaration: Declaration, *, by: User | None, at: datetime) -> None:
    """Give back whatever this version of the declaration drew; a second time gives back nothing."""
    accounts = set(_held_by(declaration).values_list("account_id", flat=True))
    if not accounts:
        return
    _lock(Q(pk__in=accounts))
    drawn = list(_held_by(declaration).order_by("pk"))
    was_discharged = set(StockDischarge.objects.filter(movement__in=drawn).values_list("movement__account", flat=True))
    insert_rows(
        [
            StockMovement(
                account_id=row.account_id,
                kind=GIVE_BACK,
                item_id=row.item_id,
                by=by,
                at=at,
                **{name: -getattr(row, name) for name in MEASURES},
            )
            for row in drawn
        ]
    )
    _tell_of(was_discharged)


def _lock(wanted: Q) -> None:
    list(StockAccount.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk").values_list("pk"))


def _held_by(declaration: Declaration) -> QuerySet[StockMovement]:
    """Draws of this version that were not given back."""
    back = StockMovement.objects.filter(kind=GIVE_BACK, account=OuterRef("account"), item=OuterRef("item"))
    drawn = StockMovement.objects.filter(kind=DRAW, item__declaration=declaration)
    found: QuerySet[StockMovement] = drawn.filter(~Exists(back))
    return found


# Opening ------------------------------------------------------------------------------------------------------
def open_accounts(declaration: Declaration, *, at: datetime) -> None:
    """What was released becomes stock where its procedure says so; the term runs from the day of release."""
    opening = {code: row for code, row in _procedures_of(declaration).items() if row.opens_account}
    if not opening:
        return
    items = declaration.items.filter(extended_procedure__in=opening).select_related("valuation").order_by("number")
    insert_rows([_opened(declaration, item, opening[item.extended_procedure], at=at) for item in items])


def _opened(declaration: Declaration, item: Item, procedure: Procedure, *, at: datetime) -> StockAccount:
    assert declaration.trader is not None, "a lodged declaration has a trader"
    assert declaration.registration_year is not None
    assert declaration.registration_number is not None
    term, released = procedure.term_days, timezone.localdate(at)
    return StockAccount(
        item=item,
        company=declaration.trader,
        office_code=declaration.office_code,
        year=declaration.registration_year,
        series=declaration.registration_series,
        number=declaration.registration_number,
        item_number=item.number,
        mrn=declaration.mrn,
        procedure=procedure.requested,
        commodity_code=item.commodity_code,
        origin_country=item.origin_country,
        description=item.commercial_description,
        supplementary_unit=item.supplementary_unit_1,
        packages=item.packages_number or ZERO,
        net_mass=item.net_mass or ZERO,
        supplementary_quantity=item.supplementary_quantity_1 or ZERO,
        value=item.valuation.customs_value,
        opened_at=at,
        due=None if term is None else released + timedelta(days=term),
    )


def _procedures_of(declaration: Declaration) -> dict[str, Procedure]:
    """The rows of the table of procedures that the items were judged by."""
    assert declaration.tax_date is not None, "a lodged declaration has a tax date"
    codes = declaration.items.order_by().values("extended_procedure").distinct()
    rows = Procedure.objects.on(declaration.tax_date).filter(is_national=False, code__in=codes)
    return {row.code: row for row in rows}


# What a corrected item counts on the account that it opened, by the box that says it.
_COUNTED = {
    "extended_procedure": "procedure",
    "commodity_code": "commodity_code",
    "origin_country": "origin_country",
    "packages_number": "packages",
    "net_mass": "net_mass",
    "supplementary_quantity_1": "supplementary_quantity",
}


def refuse_other_stock(old: Declaration, content: Content) -> None:
    """What released items brought into stock stays as it came in, whatever a correction changes. Raises Rejected."""
    accounts = StockAccount.objects.filter(item__declaration__mrn=old.mrn).select_related("company").order_by("pk")
    faults: list[Violation] = []
    for account in accounts:
        faults += _changed_stock(account, content)
    if faults:
        raise Rejected(faults)


def _changed_stock(account: StockAccount, content: Content) -> Iterator[Violation]:
    sentence = _(
        "Item {item} is in stock under suspension as it was released. A correction cannot change this; an officer "
        "takes goods out by an act."
    ).format(item=account.item_number)
    owner = trader_field(content.declaration.declaration_type)
    if getattr(content.declaration, owner) != account.company.tin:
        yield Violation("D123", owner, sentence)
    if account.item_number > len(content.items):
        yield Violation("D123", "items", sentence)
        return
    item = content.items[account.item_number - 1]
    for box, counted in _COUNTED.items():
        written, came_in = getattr(item, box), getattr(account, counted)
        if (written[:2] if counted == "procedure" else written or type(came_in)()) != came_in:
            yield Violation("D123", pointer_to("items", account.item_number - 1, box), sentence)


# Discharging --------------------------------------------------------------------------------------------------
def discharge(declaration: Declaration, *, by: User | None, at: datetime) -> None:
    """What the declaration drew has reached its end: on release, or with EXITED where the procedure ends at the exit.

    Called by the verbs that make it RELEASED and EXITED, in their transaction; safe to repeat.
    """
    drawn = list(_held_by(declaration).filter(discharge=None).select_related("item").order_by("pk"))
    if not drawn:
        return
    table = _procedures_of(declaration)
    exited = declaration.status == Status.EXITED
    discharge_movements(
        [
            row
            for row in drawn
            if row.item is not None and (exited or not table[row.item.extended_procedure].ends_at_exit)
        ],
        by=by,
        at=at,
    )


@transaction.atomic
def discharge_movements(movements: Sequence[StockMovement], *, by: User | None, at: datetime) -> None:
    """What these movements took out need be secured no longer: money hears of the declarations that brought it in.

    Who counts what is discharged of an account holds it: until that is done nothing more is.
    """
    accounts = StockAccount.objects.filter(pk__in={row.account_id for row in movements}).order_by("pk")
    list(accounts.select_for_update().values_list("pk"))
    insert_rows([StockDischarge(movement=row, by=by, at=at) for row in movements])
    _tell_of({row.account_id for row in movements})


def take_out_called(accounts: Sequence[StockAccount], *, by: User | None, at: datetime) -> list[StockMovement]:
    """Everything that is left on these accounts, locked by the caller, leaves them: its duty is called."""
    taken = [
        StockMovement(
            account=account,
            kind=StockMovement.Kind.CALLED,
            by=by,
            at=at,
            **{name: getattr(account, f"{name}_left") for name in MEASURES},
        )
        for account in accounts
    ]
    insert_rows(taken)
    return taken


def _tell_of(account_keys: Collection[int]) -> None:
    """Money hears of the declarations that brought these goods in: what secures them is counted anew."""
    accounts = StockAccount.objects.filter(pk__in=account_keys, item__isnull=False)
    for declaration_pk in sorted(set(accounts.values_list("item__declaration_id", flat=True))):
        announce("stock.discharged", declaration_pk)
