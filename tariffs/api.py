"""The machine door of the public tariff: search, a line with its measures, the calculator, exchange rates."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from customs_portal.lib.languages import in_language
from customs_portal.lib.violations import Rejected, Violation
from tariffs import browsing
from tariffs.calculation import Charge, ExchangeRateFact
from tariffs.estimates import Alternative, ChargeLine, Estimate, EstimatedItem, estimate
from tariffs.forms import calculator
from tariffs.models import Commodity, ExchangeRate
from tariffs.rates import UNIT_SYMBOLS
from tariffs.search import search
from tariffs.selectors import exchange_rates_in_force, need_sentence, territory

MOST_ITEMS = 99
DAY = OpenApiParameter("on", date, description="The date whose law is asked for; today if absent.")


class PublicThrottle(SimpleRateThrottle):
    """So many questions a minute from one address; a machine that needs more asks for less at a time."""

    scope = "public-tariff"
    rate = "240/min"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Without Redis nobody is counted, and nobody is turned away."""
        try:
            return super().allow_request(request, view)
        except RedisError:
            return True

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class PublicView(APIView):
    """Open to anyone, within limits."""

    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]


class QuestionSerializer(serializers.Serializer[Any]):
    on = serializers.DateField(required=False, help_text="The date whose law is asked for; today if absent.")
    q = serializers.CharField(required=False, max_length=200, allow_blank=True)
    origin = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text="Measures for goods of this country only.")


def _asked(request: Request) -> dict[str, Any]:
    question = QuestionSerializer(data=request.query_params)
    question.is_valid(raise_exception=True)
    return {"on": timezone.localdate(), "q": "", "origin": "", **question.validated_data}


# What is answered ---------------------------------------------------------------------------------------------
class LineSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    description = serializers.CharField()
    description_ru = serializers.CharField(allow_blank=True)
    description_tg = serializers.CharField(allow_blank=True)
    declarable = serializers.BooleanField()
    supplementary_unit = serializers.CharField(allow_blank=True)


class GroupSerializer(serializers.Serializer[Any]):
    heading = LineSerializer()
    lines = LineSerializer(many=True)


class FoundSerializer(serializers.Serializer[Any]):
    question = serializers.CharField()
    groups = GroupSerializer(many=True)


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


class ExchangeRateSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    nominal = serializers.IntegerField()
    rate = serializers.CharField(help_text="National currency for `nominal` units.")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    is_example = serializers.BooleanField()


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


def _rate(row: ExchangeRate) -> dict[str, Any]:
    return {
        "currency": row.currency,
        "nominal": row.nominal,
        "rate": format(row.rate.normalize(), "f"),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
        "is_example": row.is_example,
    }


# Doors --------------------------------------------------------------------------------------------------------
class SearchView(PublicView):
    @extend_schema(
        operation_id="tariff_search",
        parameters=[OpenApiParameter("q", str, required=True, description="A code or words."), DAY],
        responses=FoundSerializer,
    )
    def get(self, request: Request) -> Response:
        """Goods by code or by words in English, Russian or Tajik, grouped by heading."""
        asked = _asked(request)
        found = search(asked["q"], on=asked["on"])
        groups = [
            {"heading": _line(group.heading), "lines": [_line(line.commodity) for line in group.lines]}
            for group in found.groups
        ]
        return Response({"question": found.question, "groups": groups})


class CommodityView(PublicView):
    @extend_schema(
        operation_id="tariff_commodity",
        parameters=[DAY, OpenApiParameter("origin", str, description="Measures for goods of this country only.")],
        responses=CommoditySerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """One line of the nomenclature on a date, with the measures that apply to it."""
        asked = _asked(request)
        page = browsing.commodity_page(code, on=asked["on"], origin=asked["origin"])
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


class ExchangeRatesView(PublicView):
    @extend_schema(
        operation_id="exchange_rates",
        parameters=[DAY],
        responses=inline_serializer(
            "ExchangeRates",
            {
                "on": serializers.DateField(),
                "national_currency": serializers.CharField(),
                "rates": ExchangeRateSerializer(many=True),
            },
        ),
    )
    def get(self, request: Request) -> Response:
        """The official exchange rates in force on a date."""
        on = _asked(request)["on"]
        rates = [_rate(row) for row in exchange_rates_in_force(on=on)]
        return Response({"on": on, "national_currency": territory().currency, "rates": rates})


# The calculator -----------------------------------------------------------------------------------------------
class ItemSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Commodity code.")
    value = serializers.CharField(help_text="Price of the item in the invoice currency.")
    origin = serializers.CharField(help_text="Country of origin, two letters.")
    proof = serializers.CharField(required=False, allow_blank=True, help_text="Document code of a proof of origin.")
    net_mass = serializers.CharField(required=False, allow_blank=True, help_text="Kilograms.")
    gross_mass = serializers.CharField(required=False, allow_blank=True, help_text="Kilograms.")
    quantities = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Unit code to quantity, such as {'LTR': '500'}."
    )

    def validate_quantities(self, quantities: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(quantities) - set(UNIT_SYMBOLS)):
            raise serializers.ValidationError(f"No rate is charged on: {', '.join(unknown)}.")
        return quantities


class CalculationSerializer(serializers.Serializer[Any]):
    items = ItemSerializer(many=True, min_length=1, max_length=MOST_ITEMS)  # type: ignore[call-arg]
    currency = serializers.CharField(required=False, help_text="Invoice currency; USD if absent.")
    on = serializers.CharField(required=False, help_text="The date whose law applies; today if absent.")
    delivery_term = serializers.CharField(required=False, allow_blank=True)
    procedure = serializers.CharField(required=False, allow_blank=True, help_text="4000 if absent.")
    freight = serializers.CharField(required=False, allow_blank=True)
    freight_currency = serializers.CharField(required=False, allow_blank=True)
    insurance = serializers.CharField(required=False, allow_blank=True)
    insurance_currency = serializers.CharField(required=False, allow_blank=True)
    share = serializers.ChoiceField(
        choices=["0", "1"], required=False, help_text="Share costs by price (0) or by gross mass (1)."
    )


class RateFactSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    rate = serializers.CharField()
    since = serializers.DateField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class ChargeSerializer(serializers.Serializer[Any]):
    tax = serializers.CharField()
    name = serializers.CharField()
    base = serializers.CharField()
    rate = serializers.CharField()
    amount = serializers.CharField()
    payable = serializers.BooleanField()
    formula = serializers.CharField()
    legal_basis = serializers.CharField()
    legal_act_link = serializers.CharField(allow_blank=True)
    is_example = serializers.BooleanField()
    exchange_rates = RateFactSerializer(many=True)


class ItemResultSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    code = serializers.CharField()
    customs_value = serializers.CharField()
    formula = serializers.CharField()
    units = serializers.ListField(child=serializers.CharField())
    total = serializers.CharField()
    charges = ChargeSerializer(many=True)


class AlternativeSerializer(serializers.Serializer[Any]):
    document = serializers.CharField()
    name = serializers.CharField()
    items = serializers.ListField(child=serializers.IntegerField())
    payable = serializers.CharField()
    saved = serializers.CharField()


class ResultSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    currency = serializers.CharField()
    customs_value = serializers.CharField()
    payable = serializers.CharField()
    guaranteed = serializers.CharField()
    complete = serializers.BooleanField(help_text="False while something in `needs` is missing.")
    needs = inline_serializer(
        "Needs",
        {
            "code": serializers.CharField(),
            "pointer": serializers.CharField(),
            "sentence": serializers.CharField(),
            "unit": serializers.CharField(allow_blank=True),
        },
        many=True,
    )
    items = ItemResultSerializer(many=True)
    charges = ChargeSerializer(many=True, help_text="Charged on the whole declaration.")
    alternatives = AlternativeSerializer(many=True)


class CalculatorView(PublicView):
    @extend_schema(operation_id="calculator", request=CalculationSerializer, responses=ResultSerializer)
    def post(self, request: Request) -> Response:
        """Duties and taxes of one consignment: the same numbers as the page and as an assessment. Nothing is stored."""
        asked = CalculationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        calc = calculator(
            as_typed(asked.validated_data), count=len(asked.validated_data["items"]), today=timezone.localdate()
        )
        if blank := [form.place for form in calc.items if form.is_blank]:
            raise Rejected([Violation("T201", f"items[{place}]", "This item is empty.") for place in blank])
        if not calc.is_valid():
            raise Rejected(calc.violations())
        return Response(_result(estimate(calc.consignment(), proofs=calc.proofs(), on=calc.on)))


def as_typed(asked: Mapping[str, Any]) -> dict[str, str]:
    """The request as the calculator's form would send it."""
    typed = {name: str(value) for name, value in asked.items() if name != "items"}
    for place, item in enumerate(asked["items"]):
        typed |= {f"{place}-{name}": str(value) for name, value in item.items() if name != "quantities"}
        typed |= {f"{place}-quantity_{unit}": str(number) for unit, number in item.get("quantities", {}).items()}
    return typed


def _result(answer: Estimate) -> dict[str, Any]:
    assessment = answer.assessment
    return {
        "on": answer.law.on,
        "currency": assessment.currency,
        "customs_value": str(answer.value),
        "payable": str(assessment.payable),
        "guaranteed": str(assessment.guaranteed),
        "complete": answer.is_complete,
        "needs": [
            {
                "code": need.code,
                "pointer": need.pointer,
                "sentence": need_sentence(need),
                "unit": need.values.get("unit", ""),
            }
            for need in answer.needs
        ],
        "items": [_item(item) for item in answer.items],
        "charges": [_charge(line) for line in answer.whole],
        "alternatives": [_alternative(other) for other in answer.alternatives],
    }


def _item(item: EstimatedItem) -> dict[str, Any]:
    return {
        "number": item.item.number,
        "code": item.item.commodity_code,
        "customs_value": str(item.value.customs_value),
        "formula": item.value.formula,
        "units": list(item.units),
        "total": str(item.total),
        "charges": [_charge(line) for line in item.lines],
    }


def _charge(line: ChargeLine) -> dict[str, Any]:
    charge: Charge = line.charge
    return {
        "tax": charge.tax_code,
        "name": charge.tax_name,
        "base": str(charge.base),
        "rate": charge.rate_text,
        "amount": str(charge.amount),
        "payable": charge.payable,
        "formula": charge.formula,
        "legal_basis": charge.legal_basis,
        "legal_act_link": line.act.link if line.act is not None else "",
        "is_example": charge.is_example,
        "exchange_rates": [_rate_fact(rate) for rate in charge.exchange_rates],
    }


def _rate_fact(rate: ExchangeRateFact) -> dict[str, Any]:
    number = format(rate.rate.normalize(), "f")
    return {"currency": rate.currency, "rate": number, "since": rate.since, "source": rate.source}


def _alternative(other: Alternative) -> dict[str, Any]:
    return {
        "document": other.document.code,
        "name": in_language(other.document),
        "items": list(other.items),
        "payable": str(other.payable),
        "saved": str(other.saved),
    }


urlpatterns = [
    path("tariff/search/", SearchView.as_view(), name="api_tariff_search"),
    path("tariff/<str:code>/", CommodityView.as_view(), name="api_commodity"),
    path("calculator/", CalculatorView.as_view(), name="api_calculator"),
    path("exchange-rates/", ExchangeRatesView.as_view(), name="api_exchange_rates"),
]
