"""The version of a declaration that stands, locked for a verb on what hangs on its MRN."""

from declarations import services as declarations
from declarations.models import Declaration, StockAccount
from payments import selectors


def lock_newest(declaration_pk: int) -> Declaration:
    """The version that stands now, locked until the transaction ends.

    Who had to wait for an amendment gets the version that it made: the one that was waited for is superseded by then.
    """
    locked = declarations.lock(selectors.newest_version(declaration_pk))
    while (newest := selectors.newest_version(declaration_pk)) != locked.pk:
        locked = declarations.lock(newest)
    return locked


def lock_with_stock(declaration_pk: int) -> Declaration:
    """The same with all its stock accounts, by primary key: nobody discharges anything of it meanwhile."""
    locked = lock_newest(declaration_pk)
    list(StockAccount.objects.filter(mrn=locked.mrn).order_by("pk").select_for_update().values_list("pk"))
    return locked
