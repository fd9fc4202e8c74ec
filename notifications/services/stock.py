"""News of goods under suspension for the company they belong to. Each may run twice."""

from datetime import datetime

from declarations.models import StockAccount
from notifications.kinds import Kind
from notifications.services.tell import News, People, tell


def stock_due(pk: int, *, now: datetime) -> int:
    """The term of a stock account ends soon."""
    return _tell(pk, "", now=now)


def stock_overdue(pk: int, *, now: datetime) -> int:
    """The term of a stock account has ended."""
    return _tell(pk, "overdue", now=now)


def extension_decided(pk: int, *, now: datetime) -> int:
    """An officer has decided on a request for more time."""
    return _tell(pk, "decided", now=now)


def _tell(pk: int, variant: str, *, now: datetime) -> int:
    account = StockAccount.objects.select_related("item").get(pk=pk)
    latest = account.extensions.order_by("-pk").values_list("pk", flat=True).first() if variant == "decided" else None
    news = News(
        Kind.STOCK_DUE,
        f"stock:{pk}:{variant}:{latest or account.due}",
        now,
        {"mrn": account.mrn or account.customs_number},
        variant,
        declaration=account.item.declaration_id if account.item else None,
        company=account.company_id,
    )
    return tell(news, People(companies=[account.company_id]), now=now)
