"""Search, and a line of the nomenclature with its measures."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customs_portal.lib.languages import in_language
from tariffs import browsing
from tariffs.api.public import DAY, PublicView, asked
from tariffs.models import Commodity
from tariffs.search import Group, search


class LineSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    description = serializers.CharField()
    description_ru = serializers.CharField(allow_blank=True)
    description_tg = serializers.CharField(allow_blank=True)
    declarable = serializers.BooleanField()
    supplementary_unit = serializers.CharField(allow_blank=True)


class PathSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="The number of a section (Roman), or a code.")
    description = serializers.CharField()


class GroupSerializer(serializers.Serializer[Any]):
    path = PathSerializer(many=True, help_text="Section and chapter of the heading.")
    heading = LineSerializer()
    lines = LineSerializer(many=True)


class FoundSerializer(serializers.Serializer[Any]):
    question = serializers.CharField()
    shown_for = serializers.CharField(
        allow_blank=True, help_text="What was read instead: the other keyboard layout, without typing errors."
    )
    guessed = serializers.BooleanField(help_text="No word is known; these are the nearest.")
    nearest_to = serializers.CharField(allow_blank=True, help_text="The code asked for, where it does not exist.")
    codes = serializers.ListField(child=serializers.CharField(), help_text="Subheadings that words found, best first.")
    groups = GroupSerializer(many=True, help_text="What was found, by heading.")


class MeasureSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    tax = serializers.CharField()
    commodity = serializers.CharField(allow_blank=True)
    origin = serializers.CharField(allow_blank=True)
    procedure = serializers.CharField(allow_blank=True)
    national_procedure = serializers.CharField(allow_blank=True)
    preference = serializers.CharField(allow_blank=True)
    document = serializers.CharField(allow_blank=True)
    rate = serializers.CharField()
    rate_in_words = serializers.CharField()
    additive = serializers.BooleanField()
    is_example = serializers.BooleanField()
    legal_act = serializers.CharField()
    legal_act_link = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class CommoditySerializer(LineSerializer):
    on = serializers.DateField()
    path = LineSerializer(many=True)
    below = LineSerializer(many=True)
    measures = MeasureSerializer(many=True)
    papers = serializers.ListField(child=serializers.CharField())


def _line(row: Commodity) -> dict[str, Any]:
    return {
        "code": row.code,
        "description": in_language(row, "description"),
        "description_ru": row.description_ru,
        "description_tg": row.description_tg,
        "declarable": row.declarable,
        "supplementary_unit": row.supplementary_unit,
    }


def _measure(row: browsing.MeasureRow) -> dict[str, Any]:
    measure = row.measure
    return {
        "id": measure.pk,
        "tax": measure.tax_code,
        "commodity": measure.commodity_prefix,
        "origin": measure.origin,
        "procedure": measure.procedure,
        "national_procedure": measure.national_procedure,
        "preference": measure.preference,
        "document": measure.document_code,
        "rate": measure.rate_text,
        "rate_in_words": row.in_words,
        "additive": measure.additive,
        "is_example": measure.is_example,
        "legal_act": f"{row.act.number} · {in_language(row.act, 'title')}",
        "legal_act_link": row.act.link,
        "valid_from": measure.valid_from,
        "valid_to": measure.valid_to,
    }


class SearchView(PublicView):
    @extend_schema(
        operation_id="tariff_search",
        parameters=[OpenApiParameter("q", str, required=True, description="A code or words."), DAY],
        responses=FoundSerializer,
    )
    def get(self, request: Request) -> Response:
        """Goods by code or by words in English, Russian or Tajik, grouped by heading."""
        question = asked(request)
        found = search(question["q"], on=question["on"])
        return Response(
            {
                "question": found.question,
                "shown_for": found.shown,
                "guessed": found.guessed,
                "nearest_to": found.nearest,
                "codes": found.codes,
                "groups": [_group(group) for group in found.groups],
            }
        )


def _group(group: Group) -> dict[str, Any]:
    path = []
    if group.section is not None:
        path.append({"code": group.section.roman, "description": in_language(group.section)})
    if group.chapter is not None:
        path.append({"code": group.chapter.code, "description": in_language(group.chapter, "description")})
    lines = [_line(line.commodity) for line in group.lines]
    return {"path": path, "heading": _line(group.heading), "lines": lines}


class CommodityView(PublicView):
    @extend_schema(
        operation_id="tariff_commodity",
        parameters=[DAY, OpenApiParameter("origin", str, description="Measures for goods of this country only.")],
        responses=CommoditySerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """One line of the nomenclature on a date, with the measures that apply to it."""
        question = asked(request)
        page = browsing.commodity_page(code, on=question["on"], origin=question["origin"])
        if page is None:
            raise Http404
        return Response(
            {
                **_line(page.commodity),
                "on": page.on,
                "path": [_line(row) for row in page.path],
                "below": [_line(branch.commodity) for branch in page.branches.lines],
                "measures": [_measure(row) for tax in page.taxes for row in tax.rows],
                "papers": [paper.code for paper in page.papers.asked],
            }
        )
