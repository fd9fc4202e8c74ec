"""The public record of changes of the tariff, for programs that keep a copy up to date."""

from typing import Any

from django.http import Http404
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lib.languages import in_language
from lib.public_api import PublicView
from tariff_changes.selectors import published
from tariff_changes.selectors.shown_rows import ShownRow
from tariffs.models import LegalAct

PAGE = OpenApiParameter("page", int, description="The page, from 1 on.")
CODE = OpenApiParameter("code", str, description="Only changes about codes that begin so.")


class ChangesQuestion(serializers.Serializer[Any]):
    page = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    code = serializers.RegexField(r"^[0-9]{1,11}$", required=False, default="")
    since = serializers.DateTimeField(required=False, default=None)


class ActSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    title = serializers.CharField()
    link = serializers.CharField(allow_blank=True)


class CountedSerializer(serializers.Serializer[Any]):
    table = serializers.CharField()
    action = serializers.ChoiceField(choices=["create", "replace", "end"])
    rows = serializers.IntegerField()


class LawChangeSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    takes_effect = serializers.DateField()
    published_at = serializers.DateTimeField()
    legal_act = ActSerializer(allow_null=True, help_text="None: each row names its own.")
    takes_back = serializers.IntegerField(allow_null=True, help_text="The change whose opposite this is.")
    counts = CountedSerializer(many=True)
    page_url = serializers.URLField()
    rows_url = serializers.URLField()


class ChangedRowSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    table = serializers.CharField()
    action = serializers.ChoiceField(choices=["create", "replace", "end"])
    about = serializers.CharField(help_text="The key of what the row is about, such as tax and code.")
    before = serializers.DictField(child=serializers.CharField(allow_blank=True), help_text="Cells by column.")
    after = serializers.DictField(child=serializers.CharField(allow_blank=True), help_text="Cells by column.")
    changed = serializers.ListField(child=serializers.CharField())


class ChangesSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = LawChangeSerializer(many=True)


class ChangeWithRowsSerializer(LawChangeSerializer):
    count = serializers.IntegerField(help_text="Rows in all.")
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    rows = ChangedRowSerializer(many=True)


def _asked(request: Request) -> dict[str, Any]:
    question = ChangesQuestion(data=request.query_params)
    question.is_valid(raise_exception=True)
    return dict(question.validated_data)


def _pages(request: Request, number: int, pages: int, count: int) -> dict[str, Any]:
    """Where the reader is, and the neighbouring pages by address."""

    def address(other: int) -> str | None:
        if not 1 <= other <= pages:
            return None
        query = request.query_params.copy()
        query["page"] = str(other)
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    return {
        "count": count,
        "page": number,
        "pages": pages,
        "next": address(number + 1),
        "previous": address(number - 1),
    }


def _act(act: LegalAct | None) -> dict[str, Any] | None:
    if act is None:
        return None
    return {"number": act.number, "date": act.date, "title": in_language(act, "title"), "link": act.link}


def _change(request: Request, entry: published.Entry) -> dict[str, Any]:
    held = entry.change_set
    return {
        "id": held.pk,
        "title": held.title,
        "takes_effect": held.takes_effect,
        "published_at": entry.published_at,
        "legal_act": _act(held.legal_act),
        "takes_back": held.opposite_of_id,
        "counts": [{"table": row.table, "action": row.action, "rows": row.rows} for row in entry.counted],
        "page_url": request.build_absolute_uri(reverse("tariff_change", args=[held.pk])),
        "rows_url": request.build_absolute_uri(reverse("api_tariff_change", args=[held.pk])),
    }


def _row(shown: ShownRow) -> dict[str, Any]:
    return {
        "row": shown.row.place,
        "table": shown.row.table,
        "action": shown.row.action,
        "about": shown.name,
        "before": {cell.column: cell.before for cell in shown.cells if cell.before},
        "after": {cell.column: cell.after for cell in shown.cells if cell.after},
        "changed": [cell.column for cell in shown.changes],
    }


class ChangesView(PublicView):
    @extend_schema(
        operation_id="tariff_changes",
        parameters=[
            PAGE,
            CODE,
            OpenApiParameter("since", str, description="Only what was published after this moment (ISO 8601)."),
        ],
        responses=ChangesSerializer,
    )
    def get(self, request: Request) -> Response:
        """Published changes of the tariff, the latest first."""
        asked = _asked(request)
        page = published.page_of(asked["page"], code=asked["code"], since=asked["since"])
        results = [_change(request, entry) for entry in published.entries(page.object_list, code=asked["code"])]
        return Response(
            {**_pages(request, page.number, page.paginator.num_pages, page.paginator.count), "results": results}
        )


class ChangeView(PublicView):
    @extend_schema(operation_id="tariff_change", parameters=[PAGE, CODE], responses=ChangeWithRowsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One published change with its rows, a hundred at a time: what each cell was and becomes."""
        asked = _asked(request)
        held = published.published_set(pk)
        if held is None:
            raise Http404
        rows = published.rows_of(held, number=asked["page"], code=asked["code"])
        return Response(
            {
                **_change(request, published.entries([held])[0]),
                **_pages(request, rows.number, rows.pages, rows.total),
                "rows": [_row(shown) for shown in rows.rows],
            }
        )


urlpatterns = [
    path("tariff/changes/", ChangesView.as_view(), name="api_tariff_changes"),
    path("tariff/changes/<int:pk>/", ChangeView.as_view(), name="api_tariff_change"),
]
