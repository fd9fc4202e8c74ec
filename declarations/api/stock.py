"""The machine door of stock under suspension: accounts and their movements, more time, a declaration that draws."""

from typing import Any

import structlog
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.requests import person
from declarations.api.filters import CodeFilter
from declarations.api.schema import DeclarationSerializer, ViolationsSerializer
from declarations.api.views import REFUSED, shown
from declarations.forms import begin
from declarations.models import MEASURES, Declaration, StockAccount, StockMovement, TermExtension
from declarations.models.stock import StockAccountQuerySet
from declarations.selectors import earlier_in_text, named_accounts, stock_accounts, stock_visible_to, visible_to
from declarations.services import create_draft, stock_paper, stock_terms
from lib.exact_json import StorableJSONParser
from lib.signing import SigningFailed
from lib.uploads import read_upload
from lib.violations import refuse

log = structlog.get_logger("papers")
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


class ExtensionSerializer(serializers.ModelSerializer[TermExtension]):
    """A request for more time. `granted_until` null: not decided, or refused for the reason in `decision`."""

    class Meta:
        model = TermExtension
        fields = [
            "id", "whole_declaration", "until_wanted", "reason", "asked_at", "status", "granted_until", "decision",
            "decided_at",
        ]  # fmt: skip
        read_only_fields = fields


class MoreTimeSerializer(serializers.Serializer[Any]):
    """`until` is the last day of the longer term."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=2000)
    whole_declaration = serializers.BooleanField(required=False, help_text="For every account of its declaration.")
    papers = serializers.ListField(child=serializers.FileField(), required=False)


class DrawSerializer(serializers.Serializer[Any]):
    """`procedure` is one of the account's `procedures`; left out, the first of them."""

    procedure = serializers.CharField(required=False, max_length=4)


class StockSerializer(StockAccountSerializer):
    """An account with its movements and requests for more time. `procedures` are those under which goods come out."""

    movements = StockMovementSerializer(many=True, read_only=True)
    extensions = serializers.SerializerMethodField()
    procedures = serializers.SerializerMethodField()

    class Meta(StockAccountSerializer.Meta):
        fields = [*StockAccountSerializer.Meta.fields, "movements", "extensions", "procedures"]
        read_only_fields = fields

    @extend_schema_field(ExtensionSerializer(many=True))
    def get_extensions(self, account: StockAccount) -> Any:
        return ExtensionSerializer(stock_accounts.extensions_of(account), many=True).data

    def get_procedures(self, account: StockAccount) -> list[str]:
        return [row.code for row in stock_accounts.procedures_that_draw(account, on=timezone.localdate())]


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


class NotSigned(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = gettext_lazy("Papers cannot be signed at the moment. Try again in some minutes.")


_KEY = OpenApiParameter("id", int, OpenApiParameter.PATH)


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

    @extend_schema(
        summary="Ask for more time, with papers",
        description="A form (multipart) with any number of `papers`, or JSON without. An officer decides.",
        request={"multipart/form-data": MoreTimeSerializer, "application/json": MoreTimeSerializer},
        responses={201: ExtensionSerializer, **REFUSED},
        parameters=[_KEY],
    )
    @action(detail=True, methods=["post"], url_path="more-time", parser_classes=[MultiPartParser, StorableJSONParser])
    def more_time(self, request: Request, pk: str) -> Response:
        account, by = self.get_object(), person(request)
        if not stock_accounts.may_ask_for_stock(by, account, on=timezone.localdate()):
            raise Http404
        uploads = request.FILES.getlist("papers")
        if len(uploads) > stock_terms.MOST_PAPERS:  # none of them is read
            raise stock_terms.too_many_papers()
        asked = MoreTimeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = {name: value for name, value in asked.validated_data.items() if name != "papers"}
        files = [(str(each.name), read_upload(each, pointer="papers")) for each in uploads]
        made = stock_terms.ask_extension(account, **wanted, files=files, by=by, at=timezone.now())
        return Response(ExtensionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="A draft that takes out everything left, with box 40 filled",
        request=DrawSerializer,
        responses={201: DeclarationSerializer, 422: ViolationsSerializer},
        parameters=[_KEY],
    )
    @action(detail=True, methods=["post"], parser_classes=[StorableJSONParser])
    def draw(self, request: Request, pk: str) -> Response:
        account, by, on = self.get_object(), person(request), timezone.localdate()
        client = begin.client_for(by, account, on=on)
        if client is None:
            raise Http404
        asked = DrawSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        fitting = stock_accounts.procedures_that_draw(account, on=on)
        wanted = asked.validated_data.get("procedure", "")
        chosen = next((row for row in fitting if wanted in ("", row.code)), None)
        if chosen is None:
            raise refuse("W046", "procedure", _("Choose the procedure under which the goods come out."))
        data = begin.drawn_on(account, client, chosen, on=on)
        draft = create_draft(declarant=client.declarant, by=by, at=timezone.now(), data=data)
        return shown(draft, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="The account as PDF, in the language that is asked for (Accept-Language)",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        parameters=[_KEY],
    )
    @action(detail=True, methods=["get"])
    def paper(self, request: Request, pk: str) -> HttpResponse:
        account, to, on = self.get_object(), person(request), timezone.localdate()
        try:
            content = stock_paper.print_account(account, to=to, on=on, at=timezone.now())
        except SigningFailed as failed:
            log.exception("stock account not signed", account=account.pk)
            raise NotSigned from failed
        return HttpResponse(content, content_type="application/pdf")
