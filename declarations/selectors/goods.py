"""What is known of the goods of a company from what it declared before."""

from declarations.models import Declaration, Item
from traders.models import Company

_RECENT = 300  # declarations that are looked through


def codes_declared(company: Company, low: str, high: str, *, most: int) -> list[str]:
    """The codes from `low` to `high` in the company's latest lodged declarations, `most` of them."""
    latest = Declaration.objects.filter(declarant=company, lodged_at__isnull=False).order_by("-pk")[:_RECENT]
    found = Item.objects.filter(declaration__in=latest.values("pk"), commodity_code__gte=low, commodity_code__lte=high)
    return list(found.order_by("commodity_code").values_list("commodity_code", flat=True).distinct()[:most])
