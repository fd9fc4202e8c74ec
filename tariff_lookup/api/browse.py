"""Search, and a line of the nomenclature with its measures."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lib.languages import in_language
from lib.public_api import PublicView
from tariff_lookup import browsing
from tariff_lookup.api.question import DAY, asked
from tariff_lookup.search import Group, search
from tariffs.models import Commodity, Flow, Measure
from tariffs.selectors import QuotaBalance, legal_basis, quota_balances


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
    offered = serializers.ListField(
        child=serializers.CharField(), help_text="What may have been meant; nothing was put in its place."
    )
    guessed = serializers.BooleanField(help_text="No word is known; these are the nearest.")
    brands = serializers.ListField(
        child=serializers.CharField(),
        help_text="Words that were read as brands. What is sold under a brand helps to find a code and is no law.",
    )
    cut = serializers.BooleanField(help_text="The question is too long: only its beginning was read.")
    nearest_to = serializers.CharField(allow_blank=True, help_text="The code asked for, where it does not exist.")
    codes = serializers.ListField(child=serializers.CharField(), help_text="Subheadings that words found, best first.")
    groups = GroupSerializer(many=True, help_text="What was found, by heading.")


class MeasureSerializer(serializers.Serializer[Any]):
    """A rate of a tax, a restriction (one of its documents is needed) or a prohibition."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Measure.Kind.choices)
    tax = serializers.CharField(allow_blank=True)
    flow = serializers.ChoiceField(choices=Flow.choices)
    commodity = serializers.CharField(allow_blank=True)
    excluded_commodities = serializers.ListField(child=serializers.CharField())
    origin = serializers.CharField(allow_blank=True)
    excluded_origins = serializers.ListField(child=serializers.CharField())
    procedure = serializers.CharField(allow_blank=True)
    national_procedure = serializers.CharField(allow_blank=True)
    preference = serializers.CharField(allow_blank=True)
    document = serializers.CharField(allow_blank=True)
    alternative_documents = serializers.ListField(child=serializers.CharField())
    quota = serializers.CharField(allow_blank=True)
    season_from = serializers.CharField(allow_blank=True, help_text="Month and day: 06-01.")
    season_to = serializers.CharField(allow_blank=True)
    in_season = serializers.BooleanField()
    rate = serializers.CharField(allow_blank=True)
    rate_in_words = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    additive = serializers.BooleanField()
    is_example = serializers.BooleanField()
    legal_act = serializers.CharField()
    legal_act_link = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class CommodityChangeSerializer(serializers.Serializer[Any]):
    """A measure begins on the day (`rate_before`: in place of this rate), or `ends`: it no longer applies from then."""

    day = serializers.DateField()
    ends = serializers.BooleanField()
    rate_before = serializers.CharField(allow_blank=True)
    measure = MeasureSerializer()


class QuotaSerializer(serializers.Serializer[Any]):
    """A tariff quota in its period. Quantities in `unit` (UNECE Rec 20)."""

    number = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    volume = serializers.DecimalField(max_digits=20, decimal_places=6)
    drawn = serializers.DecimalField(max_digits=20, decimal_places=6)
    balance = serializers.DecimalField(max_digits=20, decimal_places=6)
    used_percent = serializers.DecimalField(max_digits=5, decimal_places=1)
    last_draw = serializers.DateTimeField(allow_null=True)
    legal_act = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class NoteSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Section (in Roman figures), chapter, heading or line.")
    note = serializers.CharField()


class CommoditySerializer(LineSerializer):
    on = serializers.DateField()
    path = LineSerializer(many=True)
    notes = NoteSerializer(many=True)
    below = LineSerializer(many=True)
    measures = MeasureSerializer(many=True)
    papers = serializers.ListField(child=serializers.CharField())
    quotas = QuotaSerializer(many=True)
    coming = CommodityChangeSerializer(many=True)
    history = MeasureSerializer(many=True)


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
        "kind": measure.kind,
        "tax": measure.tax_code,
        "flow": row.flow,
        "commodity": measure.commodity_prefix,
        "excluded_commodities": measure.excluded_commodities,
        "origin": measure.origin,
        "excluded_origins": measure.excluded_origins,
        "procedure": measure.procedure,
        "national_procedure": measure.national_procedure,
        "preference": measure.preference,
        "document": measure.document_code,
        "alternative_documents": measure.alternative_documents,
        "quota": measure.quota_number,
        "season_from": measure.season_from,
        "season_to": measure.season_to,
        "in_season": row.is_current,
        "rate": measure.rate_text,
        "rate_in_words": row.in_words,
        "note": row.note,
        "additive": measure.additive,
        "is_example": measure.is_example,
        "legal_act": legal_basis(row.act),
        "legal_act_link": row.act.link,
        "valid_from": measure.valid_from,
        "valid_to": measure.valid_to,
    }


def _change(change: browsing.Change) -> dict[str, Any]:
    return {
        "day": change.day,
        "ends": change.ends,
        "rate_before": change.before.measure.rate_text if change.before is not None else "",
        "measure": _measure(change.row),
    }


def _quota(balance: QuotaBalance) -> dict[str, Any]:
    quota = balance.quota
    return {
        "number": quota.number,
        "name": in_language(quota),
        "unit": quota.unit,
        "volume": quota.volume,
        "drawn": quota.drawn,
        "balance": balance.balance,
        "used_percent": balance.used_percent,
        "last_draw": balance.last_draw,
        "legal_act": legal_basis(quota.legal_act),
        "valid_from": quota.valid_from,
        "valid_to": quota.valid_to,
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
                "offered": found.offered,
                "guessed": found.guessed,
                "brands": found.brands,
                "cut": found.is_cut,
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
                "notes": [{"code": code, "note": note} for code, note in page.notes],
                "below": [_line(branch.commodity) for branch in page.branches.lines],
                "measures": [_measure(row) for row in page.rows],
                "papers": [paper.code for paper in page.papers.asked],
                "quotas": QuotaSerializer([_quota(quota.balance) for quota in page.quotas], many=True).data,
                "coming": [_change(change) for change in page.coming],
                "history": [_measure(row) for row in page.history],
            }
        )


class QuotasView(PublicView):
    @extend_schema(operation_id="tariff_quotas", parameters=[DAY], responses=QuotaSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every tariff quota in force on a date, with its balance."""
        balances = quota_balances(on=asked(request)["on"])
        return Response(QuotaSerializer([_quota(balance) for balance in balances], many=True).data)
