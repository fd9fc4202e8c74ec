"""The official exchange rates on a date."""

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lib.figures import plain
from lib.public_api import PublicView
from tariff_lookup.api.question import DAY, asked
from tariffs.models import ExchangeRate
from tariffs.selectors import exchange_rates_in_force, territory


class ExchangeRateSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    nominal = serializers.IntegerField()
    rate = serializers.CharField(help_text="National currency for `nominal` units.")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    is_example = serializers.BooleanField()
    age = serializers.IntegerField(help_text="Days since it began, on the day asked.")
    is_old = serializers.BooleanField(help_text="Older than the country lets a rate stand unnoticed.")


def _rate(row: ExchangeRate) -> dict[str, Any]:
    return {
        "currency": row.currency,
        "nominal": row.nominal,
        "rate": plain(row.rate),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
        "is_example": row.is_example,
        "age": row.age,
        "is_old": row.is_old,
    }


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
        on = asked(request)["on"]
        rates = [_rate(row) for row in exchange_rates_in_force(on=on)]
        return Response({"on": on, "national_currency": territory().currency, "rates": rates})
