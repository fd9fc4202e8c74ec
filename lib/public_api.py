"""What anybody may ask a machine door: open within limits."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class PublicThrottle(SimpleRateThrottle):
    """So many questions a minute from one address; a machine that needs more asks for less at a time."""

    scope = "public-tariff"
    rate = "240/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class PublicView(APIView):
    """Open to anyone, within limits."""

    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]
