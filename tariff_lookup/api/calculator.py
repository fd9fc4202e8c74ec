"""The calculator for machines: the same form, the same numbers."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lib.figures import plain
from lib.languages import in_language
from lib.pointers import pointer_to
from lib.public_api import PublicView
from lib.violations import Rejected, Violation
from tariff_lookup.api.calculator_schema import MOST_ITEMS, CalculationSerializer, ResultSerializer
from tariff_lookup.estimates import (
    Alternative,
    ChargeLine,
    ConsignmentPapers,
    Estimate,
    EstimatedItem,
    Option,
    estimate,
)
from tariff_lookup.forms import MOST_ITEMS as MOST_ON_THE_PAGE
from tariff_lookup.forms import Calculator, calculator
from tariffs.calculation import ExchangeRateFact, RestrictionFact
from tariffs.models import DocumentType, LegalAct
from tariffs.selectors import QuotaBalance, need_sentence


class CalculatorView(PublicView):
    @extend_schema(operation_id="calculator", request=CalculationSerializer, responses=ResultSerializer)
    def post(self, request: Request) -> Response:
        """Duties and taxes of one consignment: the same numbers as the page and as an assessment. Nothing is stored."""
        asked = CalculationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        places = range(len(asked.validated_data["items"]))
        calc = calculator(as_typed(asked.validated_data), places=places, today=timezone.localdate(), most=MOST_ITEMS)
        faults = [*_blank(calc), *_unknown_units(calc, asked.validated_data["items"])]
        if not calc.is_valid() or faults:
            raise Rejected([*faults, *calc.violations()])
        answer = estimate(calc.consignment(), proofs=calc.proofs(), on=calc.on)
        calc.take(answer)
        if refused := calc.violations():
            raise Rejected(refused)
        return Response(_result(calc, answer))


def as_typed(asked: Mapping[str, Any]) -> dict[str, str]:
    """The request as the calculator's form would send it."""
    typed = {name: str(value) for name, value in asked.items() if name != "items"}
    for place, item in enumerate(asked["items"]):
        typed |= {f"{place}-{name}": str(value) for name, value in item.items() if name != "quantities"}
        typed |= {f"{place}-quantity_{unit}": str(number) for unit, number in item.get("quantities", {}).items()}
    return typed


def _blank(calc: Calculator) -> list[Violation]:
    places = [form.place for form in calc.items if form.is_blank]
    return [Violation("T201", pointer_to("items", place), _("This item is empty.")) for place in places]


def _unknown_units(calc: Calculator, items: Iterable[Mapping[str, Any]]) -> list[Violation]:
    return [
        Violation(
            "T203",
            pointer_to("items", form.place, "quantities", unit),
            _("There is no unit %(unit)s in the list.") % {"unit": unit},
        )
        for form, item in zip(calc.items, items, strict=True)
        for unit in item.get("quantities", {})
        if unit not in form.unit_names
    ]


def _result(calc: Calculator, answer: Estimate) -> dict[str, Any]:
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
                "pointer": calc.pointer(need),
                "sentence": need_sentence(need),
                "unit": need.values.get("unit", ""),
            }
            for need in answer.needs
        ],
        "lacking": [{"pointer": name, "sentence": sentence} for name, sentence in calc.lacking.items()],
        "items": [_item(item) for item in answer.items],
        "charges": [_charge(line) for line in answer.whole],
        "totals": [
            {"tax": tax.code, "name": tax.name, "payable": str(tax.payable), "guaranteed": str(tax.guaranteed)}
            for tax in answer.totals
        ],
        "exchange_rates": [_rate_fact(rate) for rate in answer.value_rates],
        "alternatives": [_alternative(other) for other in answer.alternatives],
        "papers": _papers(answer.papers),
        "link": _link(calc) if len(calc.filled) <= MOST_ON_THE_PAGE else "",
    }


def _link(calc: Calculator) -> str:
    return f"{settings.SITE_URL}{reverse('calculator')}?{urlencode(calc.pairs())}"


def _item(item: EstimatedItem) -> dict[str, Any]:
    return {
        "number": item.item.number,
        "commodity_code": item.item.commodity_code,
        "customs_value": str(item.value.customs_value),
        "statistical_value": str(item.value.statistical_value),
        "formula": item.value.formula,
        "units": list(item.units),
        "total": str(item.total),
        "charges": [_charge(line) for line in item.lines],
        "options": [_option(option) for option in item.options],
    }


def _charge(line: ChargeLine) -> dict[str, Any]:
    charge = line.charge
    return {
        "tax": charge.tax_code,
        "name": charge.tax_name,
        "base": str(charge.base),
        "rate": charge.rate_text,
        "rate_in_words": line.in_words,
        "amount": str(charge.amount),
        "payable": charge.payable,
        "part": charge.part,
        "formula": charge.formula,
        "legal_basis": charge.legal_basis,
        "legal_act_link": _act_link(line.act),
        "is_example": charge.is_example,
        "exchange_rates": [_rate_fact(rate) for rate in charge.exchange_rates],
    }


def _act_link(act: LegalAct | None) -> str:
    return act.link if act is not None else ""


def _rate_fact(rate: ExchangeRateFact) -> dict[str, Any]:
    return {"currency": rate.currency, "rate": plain(rate.rate), "since": rate.since, "source": rate.source}


# What may be claimed, and what is needed ----------------------------------------------------------------------
def _claim(other: Alternative | Option) -> dict[str, Any]:
    return {
        "document": other.claim.document,
        "name": in_language(other.document) if other.document is not None else "",
        "preference": other.claim.preference,
        "quota": _quota(other.quota) if other.quota is not None else None,
    }


def _quota(found: QuotaBalance) -> dict[str, Any]:
    return {
        "number": found.quota.number,
        "name": in_language(found.quota),
        "unit": found.quota.unit,
        "volume": plain(found.quota.volume),
        "balance": plain(found.balance),
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        **_claim(option),
        "total": None if option.total is None else str(option.total),
        "saved": None if option.saved is None else str(option.saved),
        "covered": None if option.draw is None else plain(option.draw.drawn),
        "current": option.is_current,
    }


def _alternative(other: Alternative) -> dict[str, Any]:
    return {
        **_claim(other),
        "items": list(other.items),
        "payable": str(other.payable),
        "saved": str(other.saved),
    }


def _papers(papers: ConsignmentPapers) -> dict[str, Any]:
    asked = [_restriction(one.restriction, one.items, one.act, one.documents) for one in papers.asked]
    banned = [_restriction(one.restriction, one.items, one.act, ()) for one in papers.prohibitions]
    return {
        "invoice": _documents(papers.invoices),
        "transport": _documents(papers.transport),
        "proofs": _documents(paper for paper, _items in papers.proofs),
        "restrictions": [*banned, *asked],
    }


def _documents(papers: Iterable[DocumentType]) -> list[dict[str, str]]:
    return [{"code": paper.code, "name": in_language(paper)} for paper in papers]


def _restriction(
    fact: RestrictionFact, items: Iterable[int], act: LegalAct | None, documents: Iterable[DocumentType]
) -> dict[str, Any]:
    return {
        "prohibited": fact.prohibited,
        "documents": _documents(documents),
        "items": list(items),
        "note": fact.note,
        "legal_basis": fact.legal_basis,
        "legal_act_link": _act_link(act),
        "is_example": fact.is_example,
    }
