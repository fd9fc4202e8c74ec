"""What every question to the public tariff shares: it is open to anyone within limits, on a date."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

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


def asked(request: Request) -> dict[str, Any]:
    question = QuestionSerializer(data=request.query_params)
    question.is_valid(raise_exception=True)
    return {"on": timezone.localdate(), "q": "", "origin": "", **question.validated_data}
