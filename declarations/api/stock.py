"""The machine door of stock under suspension: accounts with what came in and what is left, and their movements."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.requests import person
from declarations.api.filters import CodeFilter
from declarations.models import MEASURES, Declaration, StockAccount, StockMovement
from declarations.models.stock import StockAccountQuerySet
from declarations.selectors import earlier_in_text, named_accounts, stock_visible_to, visible_to

_NUMBER = ("mrn", "office_code", "year", "series", "number", "item_number")
_GOODS = ("procedure", "commodity_code", "origin_country", "description", "supplementary_unit")


class StockMovementSerializer(serializers.ModelSerializer[StockMovement]):
    """What left the account, or came back (negative).

    `mrn` and `item` are those of the declaration that drew, empty where its own gate does not let you see it.
    """

    mrn = serializers.SerializerMethodField()
    item = serializers.SerializerMethodField()
    discharged = serializers.SerializerMethodField()

    class Meta:
        model = StockMovement
        fields = ["kind", "mrn", "item", *MEASURES, "act", "discharged", "at"]
        read_only_fields = fields

    def get_mrn(self, movement: StockMovement) -> str:
        seen: Declaration | None = getattr(movement.item, "declaration", None)
        return seen.mrn if seen else ""

    def get_item(self, movement: StockMovement) -> int | None:
        return movement.item.number if movement.item and hasattr(movement.item, "declaration") else None

    def get_discharged(self, movement: StockMovement) -> bool:
        """Whether what it took out has reached its end."""
        return hasattr(movement, "discharge")


class StockAccountSerializer(serializers.ModelSerializer[StockAccount]):
    """What an item brought under a procedure and what is left of it. `due` null: no term."""

    company = serializers.CharField(source="company.tin", read_only=True)

    class Meta:
        model = StockAccount
        fields = [
            "id", *_NUMBER, "company", *_GOODS, *(f"{name}{end}" for name in MEASURES for end in ("", "_left")),
            "opened_at", "due", "is_opening_balance",
        ]  # fmt: skip
        read_only_fields = fields


class StockSerializer(StockAccountSerializer):
    """An account with its movements, oldest first."""

    movements = StockMovementSerializer(many=True, read_only=True)

    class Meta(StockAccountSerializer.Meta):
        fields = [*StockAccountSerializer.Meta.fields, "movements"]
        read_only_fields = fields


class StockFilter(filters.FilterSet):  # type: ignore[misc]
    """By number, goods, company and term; `left` says whether anything is left."""

    number = filters.CharFilter(method="of_number", max_length=60, help_text="An MRN or number, with an item or not.")
    office = CodeFilter(field_name="office_code", max_length=40)
    company = CodeFilter(field_name="company__tin", max_length=40)
    procedure = CodeFilter(field_name="procedure", max_length=4)
    commodity = CodeFilter(field_name="commodity_code", lookup_expr="startswith", max_length=11)
    due_to = filters.DateFilter(field_name="due", lookup_expr="lte")
    left = filters.BooleanFilter(method="with_stock")

    class Meta:
        model = StockAccount
        fields: list[str] = []

    def of_number(self, rows: QuerySet[StockAccount], name: str, text: str) -> QuerySet[StockAccount]:
        earlier = earlier_in_text(text)
        if earlier is None:
            return rows.none()
        said = {"office_code": earlier.office, "series": earlier.series, "item_number": earlier.item}
        return rows.filter(named_accounts([earlier]), **{column: value for column, value in said.items() if value})

    def with_stock(self, rows: StockAccountQuerySet, name: str, wanted: bool) -> StockAccountQuerySet:
        return rows.with_stock() if wanted else rows.without_stock()


class NewestFirst(CursorPagination):
    ordering = "-pk"


@extend_schema_view(
    list=extend_schema(summary="Stock accounts you may see, newest first"),
    retrieve=extend_schema(summary="One stock account with its movements", responses=StockSerializer),
)
class StockViewSet(ReadOnlyModelViewSet[StockAccount]):
    """Goods under suspension. What you may not see answers 404."""

    pagination_class = NewestFirst
    filterset_class = StockFilter
    lookup_value_regex = "[0-9]{1,9}"
    queryset = StockAccount.objects.none()

    def get_queryset(self) -> QuerySet[StockAccount]:
        user, on = person(self.request), timezone.localdate()
        rows = stock_visible_to(user, on=on)
        drawing = Prefetch("movements__item__declaration", visible_to(user, on=on))
        return rows.prefetch_related(drawing, "movements__discharge") if self.detail else rows

    def get_serializer_class(self) -> type[BaseSerializer[StockAccount]]:
        return StockSerializer if self.detail else StockAccountSerializer
