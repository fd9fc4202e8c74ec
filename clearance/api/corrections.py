"""The machine door of corrections: what they change and cost, and the verbs of the trader."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.requests import person
from clearance import selectors
from clearance.models import Correction
from clearance.services import corrections
from declarations import api
from declarations.api import REFUSED, body_of
from declarations.api.schema import ReasonSerializer, ViolationsSerializer
from declarations.selectors import canonical, changes_between, content_of, may_prepare
from lib.exact_json import ExactJSONParser

F = TypeVar("F", bound=Callable[..., Response])


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """`id` is the draft's: its content is read and changed under /declarations/{id}/ until it is sent."""

    id = serializers.UUIDField(source="draft.public_id")
    declaration = serializers.UUIDField(source="declaration.public_id")

    class Meta:
        model = Correction
        fields = [
            "id", "declaration", "mrn", "kind", "status", "reason", "moment", "effect", "difference", "needs_consent",
            "act", "sent_at", "answer", "answered_at", "ended_at", "end_text",
        ]  # fmt: skip


class ChangeSerializer(serializers.Serializer[Any]):
    box = serializers.CharField()
    name = serializers.CharField(source="label")
    where = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    moved = serializers.CharField()


class TaxChangeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    payable = serializers.BooleanField()
    before = serializers.DecimalField(max_digits=18, decimal_places=4)
    after = serializers.DecimalField(max_digits=18, decimal_places=4)
    difference = serializers.DecimalField(max_digits=18, decimal_places=4)


class OneCorrectionSerializer(serializers.Serializer[Any]):
    correction = CorrectionSerializer()
    changes = ChangeSerializer(many=True)
    taxes = TaxChangeSerializer(many=True, help_text="What an open correction would do, tax by tax.")


_CORRECTION_KEY = OpenApiParameter("id", str, OpenApiParameter.PATH, description="The id of the correction's draft.")
CORRECTED = {200: CorrectionSerializer, **REFUSED, 409: ViolationsSerializer}


def _verb(summary: str, request: Any = None) -> Callable[[F], F]:
    return extend_schema(summary=summary, request=request, responses=CORRECTED, parameters=[_CORRECTION_KEY])


@extend_schema_view(
    list=extend_schema(summary="Corrections you may see, newest first", responses=CorrectionSerializer(many=True)),
    retrieve=extend_schema(
        summary="A correction, what it changes and what it costs", responses=OneCorrectionSerializer,
        parameters=[_CORRECTION_KEY],
    ),
)  # fmt: skip
class CorrectionViewSet(GenericViewSet[Correction]):
    """Corrections of lodged declarations. What you may not see answers 404."""

    lookup_field = "id"
    lookup_value_regex = r"[0-9A-Fa-f-]{36}"
    parser_classes: list[type[BaseParser]] = [ExactJSONParser]
    pagination_class = api.NewestFirst
    serializer_class = CorrectionSerializer
    queryset = Correction.objects.none()

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(CorrectionSerializer(page or [], many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:
        found, today = _correction(request, id), timezone.localdate()
        found.draft.amends = found.declaration
        before, after = (canonical(content_of(each)) for each in (found.declaration, found.draft))
        is_open = found.status == found.Status.DRAFT or found.status in found.OPEN
        shown = {
            "correction": found,
            "changes": changes_between(before, after),
            "taxes": corrections.effect_of(found.draft, on=today).taxes if is_open else [],
        }
        return Response(OneCorrectionSerializer(shown).data)

    @_verb("Send it: it counts at once where no consent is needed", ReasonSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, id: str) -> Response:
        at, on = timezone.now(), timezone.localdate()
        own = _own_correction(request, id)
        return told(corrections.send(own, reason=reason_in(request), by=person(request), at=at, on=on))

    @_verb("Withdraw what was sent and not decided")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        own = _own_correction(request, id)
        return told(corrections.withdraw(own, by=person(request), at=timezone.now()))

    @_verb("Accept a proposal of customs")
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: str) -> Response:
        at, on = timezone.now(), timezone.localdate()
        return told(corrections.accept(_own_correction(request, id), by=person(request), at=at, on=on))

    @_verb("Accept after all a proposal that was contested")
    @action(detail=True, methods=["post"], url_path="accept-contested")
    def accept_contested(self, request: Request, id: str) -> Response:
        at, on = timezone.now(), timezone.localdate()
        return told(corrections.accept_contested(_own_correction(request, id), by=person(request), at=at, on=on))

    @_verb("Contest a proposal, with reasons", ReasonSerializer)
    @action(detail=True, methods=["post"])
    def contest(self, request: Request, id: str) -> Response:
        own = _own_correction(request, id)
        return told(corrections.contest(own, reason=reason_in(request), by=person(request), at=timezone.now()))

    def get_queryset(self) -> QuerySet[Correction]:
        return selectors.corrections_visible_to(person(self.request), on=timezone.localdate())


def told(correction: Correction) -> Response:
    """A correction as every verb answers it."""
    return Response(CorrectionSerializer(correction).data)


def reason_in(request: Request) -> str:
    """The reason that came with a verb; empty where none did."""
    return str(body_of(request).get("reason") or "")


def _correction(request: Request, key: str) -> Correction:
    try:
        return selectors.correction_for(person(request), UUID(key), on=timezone.localdate())
    except (Correction.DoesNotExist, ValueError) as error:
        raise Http404 from error


def _own_correction(request: Request, key: str) -> Correction:
    """A correction of a declaration of a company for which the caller may prepare."""
    found = _correction(request, key)
    if not may_prepare(person(request), found.declaration, on=timezone.localdate()):
        raise Http404
    return found
