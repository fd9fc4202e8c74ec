"""Tables of goods that wait to be written into a draft, and what is known from a company's earlier ones."""

from collections.abc import Sequence

from declarations.models import ColumnChoice, Declaration, DraftBefore, GoodsFile, Item
from traders.models import Company

_RECENT = 300  # declarations that are looked through


def codes_declared(company: Company, low: str, high: str, *, most: int) -> list[str]:
    """The codes from `low` to `high` in the company's latest lodged declarations, `most` of them."""
    latest = Declaration.objects.filter(declarant=company, lodged_at__isnull=False).order_by("-pk")[:_RECENT]
    found = Item.objects.filter(declaration__in=latest.values("pk"), commodity_code__gte=low, commodity_code__lte=high)
    return list(found.order_by("commodity_code").values_list("commodity_code", flat=True).distinct()[:most])


def goods_file_of(declaration: Declaration) -> GoodsFile | None:
    """The table that is being looked at for a draft."""
    found: GoodsFile | None = GoodsFile.objects.filter(declaration=declaration).first()
    return found


def columns_chosen(company: Company, headings: Sequence[str]) -> dict[str, list[str]]:
    """The boxes that the company last chose for tables headed so, by heading."""
    chosen = ColumnChoice.objects.filter(company=company, heading__in=headings)
    return dict(chosen.values_list("heading", "columns"))


def before_of(declaration: Declaration) -> DraftBefore | None:
    """What a draft held before a table was written into it; its content is not fetched."""
    found: DraftBefore | None = DraftBefore.objects.filter(declaration=declaration).defer("content").first()
    return found
