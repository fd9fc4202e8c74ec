"""The calculator for machines: the same form, the same numbers."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customs_portal.lib.languages import in_language
from customs_portal.lib.violations import Rejected, Violation
from tariffs.api.public import PublicView
from tariffs.calculation import Charge, ExchangeRateFact
from tariffs.estimates import Alternative, ChargeLine, Estimate, EstimatedItem, estimate
from tariffs.forms import calculator
from tariffs.rates import UNIT_SYMBOLS
from tariffs.selectors import need_sentence

MOST_ITEMS = 99


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
