"""The machine door of programs: how they get a token, and the feed of events that they may ask instead of webhooks."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from oauth2_provider.views import TokenView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import person
from lib.limits import asked_this_minute
from lib.violations import refuse
from machines import selectors
from machines.kinds import Kind, Scope

MOST_EVENTS = 500
TOKENS_A_MINUTE = 30


class LendToken(TokenView):  # type: ignore[misc]
    """OAuth 2, grant `client_credentials`: a token for an hour. Who guesses secrets is stopped soon."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if asked_this_minute(request, "oauth-token") > TOKENS_A_MINUTE:
            said = {"error": "slow_down", "error_description": "Too many requests for tokens in this minute."}
            return JsonResponse(said, status=429, headers={"Retry-After": "60"})
        if request.POST.get("grant_type") != "client_credentials":
            return JsonResponse({"error": "unsupported_grant_type"}, status=400)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


class EventSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The same in the feed and as `webhook-id`.")
    type = serializers.ChoiceField(choices=Kind.choices)
    timestamp = serializers.DateTimeField()
    company = serializers.CharField(help_text="TIN of the company whose event it is.")
    data = serializers.DictField(  # type: ignore[assignment]
        help_text="What it is about: declaration, mrn, lrn, version, status, and more by type."
    )


class EventsSerializer(serializers.Serializer[Any]):
    results = EventSerializer(many=True)
    after = serializers.IntegerField(help_text="Ask next with this one; the same as before when nothing happened.")
    more = serializers.BooleanField(help_text="Whether more waits: ask again at once.")


_AFTER = OpenApiParameter("after", int, description="The `after` of the last answer; 0 or absent: from the beginning.")
_TYPE = OpenApiParameter("type", str, many=True, enum=Kind.values, description="Only these types; may be repeated.")
_LIMIT = OpenApiParameter("limit", int, description=f"At most so many, 1 to {MOST_EVENTS}; 100 if absent.")
_EXAMPLE = OpenApiExample(
    "A release",
    response_only=True,
    value={
        "results": [
            {
                "id": "evt_17",
                "type": "declaration.released",
                "timestamp": "2026-11-29T10:15:00+00:00",
                "company": "010000017",
                "data": {
                    "declaration": "0b0c3a52-6d1b-4b5e-9a9e-5a6c1f0e2d11",
                    "mrn": "26TJ000117C0000011",
                    "lrn": "2026-0001",
                    "version": 1,
                    "status": "released",
                },
            }
        ],
        "after": 17,
        "more": False,
    },
)


class EventList(APIView):
    """What happened to declarations of your companies, in the order in which it was told; kept for 90 days."""

    @extend_schema(
        summary="Events later than the last one you know",
        parameters=[_AFTER, _TYPE, _LIMIT],
        responses=EventsSerializer,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        after, limit = _number(request, "after", 0, 2**63 - 1), _number(request, "limit", 100, MOST_EVENTS)
        limit = max(1, limit)
        kinds = request.query_params.getlist("type")
        found = list(selectors.feed_of(person(request), after=after, kinds=kinds, on=timezone.localdate())[: limit + 1])
        results = [selectors.as_message(each) for each in found[:limit]]
        last = found[min(limit, len(found)) - 1].pk if found else after
        return Response({"results": results, "after": last, "more": len(found) > limit})


def _number(request: Request, name: str, usual: int, most: int) -> int:
    """A whole number of the query. Raises Rejected M030."""
    text = request.query_params.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= most):
        raise refuse("M030", name, _("Write a whole number from 0 to %(most)s.") % {"most": most})
    return int(text)


class ProgramScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema says that programs sign in."""

    target_class = "machines.authentication.ProgramAuthentication"
    name = "program"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "A client of a program, or a named token of it as `Authorization: Bearer …`.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/api/oauth/token/",
                    "scopes": {scope.value: str(scope.label) for scope in Scope},
                }
            },
        }
