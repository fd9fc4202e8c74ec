"""Locks and history for verbs on stock accounts: the declaration first, then its accounts by primary key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from declarations.models import StockAccount
from declarations.reading import clean
from declarations.services.history import lock, record
from lib.violations import refuse


def hold_account(key: int) -> StockAccount:
    """The account, locked until the transaction ends, and the declaration that opened it before it."""
    return hold_accounts(key, whole_declaration=False)[0]


def hold_accounts(key: int, *, whole_declaration: bool) -> list[StockAccount]:
    """The account first, then the others of its declaration if they are meant as well; all locked."""
    named = StockAccount.objects.select_related("item").get(pk=key)
    if named.item is not None:
        lock(named.item.declaration_id)
    wanted = Q(pk=key)
    if whole_declaration:
        wanted |= Q(
            company=named.company_id,
            office_code=named.office_code,
            year=named.year,
            series=named.series,
            number=named.number,
        )
    rows = StockAccount.objects.select_for_update(of=("self",)).select_related("item__declaration", "company")
    found = list(rows.filter(wanted).order_by("pk"))
    return sorted(found, key=lambda one: (one.pk != key, one.item_number))


def record_on(
    account: StockAccount, *, verb: str, by: User | None, at: datetime, note: str = "", data: Mapping[str, Any]
) -> None:
    """A row of history of the declaration that opened the account; goods from before the system have none."""
    if account.item is not None:
        told = {"account": str(account), **data}
        record(account.item.declaration, verb=verb, by=by, at=at, note=note, data=told)


def needed(text: str, *, code: str, pointer: str, sentence: str) -> str:
    """The text without what nobody sees. Raises Rejected with `code` if nothing is left."""
    said = clean(text)
    if not said:
        raise refuse(code, pointer, sentence)
    return said
