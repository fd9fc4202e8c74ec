"""What a question to the public tariff may name: a day, words or a code, an origin."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

DAY = OpenApiParameter("on", date, description="The date whose law is asked for; today if absent.")


class QuestionSerializer(serializers.Serializer[Any]):
    on = serializers.DateField(required=False, help_text="The date whose law is asked for; today if absent.")
    q = serializers.CharField(required=False, max_length=200, allow_blank=True)
    origin = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text="Measures for goods of this country only.")


def asked(request: Request) -> dict[str, Any]:
    question = QuestionSerializer(data=request.query_params)
    question.is_valid(raise_exception=True)
    return {"on": timezone.localdate(), "q": "", "origin": "", **question.validated_data}
