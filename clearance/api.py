"""The machine door of what moves money as well: cancel, amend, corrections, beside what declarations know alone."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.requests import person
from clearance import selectors, services
from clearance.models import Correction, Query
from clearance.services import corrections
from declarations import api
from declarations.api import KEY, REFUSED, SHOWN, body_of, own_declaration
from declarations.api.schema import (
    AmendmentSerializer,
    ReasonSerializer,
    ViolationsSerializer,
)
from declarations.models import Declaration
from declarations.selectors import as_dict, canonical, changes_between, content_of, may_prepare
from lib.exact_json import ExactJSONParser, StorableJSONParser
from lib.uploads import read_upload
from lib.violations import refuse

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


class QuerySerializer(serializers.ModelSerializer[Query]):
    """A question of an officer. `answer` is null as long as it waits; a withdrawn question asks for nothing."""

    answer = serializers.CharField(source="answer.text", default=None)
    answered_at = serializers.DateTimeField(source="answer.at", default=None)
    withdrawn = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField(help_text="Ids of the files that came with the answer.")

    class Meta:
        model = Query
        fields = ["id", "question", "asked_at", "due", "answer", "answered_at", "withdrawn", "files"]

    def get_withdrawn(self, query: Query) -> bool:
        found = getattr(query, "answer", None)
        return found is not None and found.is_withdrawal

    def get_files(self, query: Query) -> list[UUID]:
        found = getattr(query, "answer", None)
        return [each.file.public_id for each in found.attachments.all()] if found else []


class AnswerSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)
    papers = serializers.ListField(child=serializers.FileField(), required=False)


class OneCorrectionSerializer(serializers.Serializer[Any]):
    correction = CorrectionSerializer()
    changes = ChangeSerializer(many=True)
    taxes = TaxChangeSerializer(many=True, help_text="What an open correction would do, tax by tax.")


_CORRECTION_KEY = OpenApiParameter("id", str, OpenApiParameter.PATH, description="The id of the correction's draft.")
_CORRECTED = {200: CorrectionSerializer, **REFUSED, 409: ViolationsSerializer}


def _verb(summary: str, request: Any = None) -> Callable[[F], F]:
    return extend_schema(summary=summary, request=request, responses=_CORRECTED, parameters=[_CORRECTION_KEY])


class DeclarationViewSet(api.DeclarationViewSet):
    """Declarations. What you may not see answers 404; what is wrong answers 422 with code, pointer and sentence."""

    @extend_schema(summary="Withdraw before release", request=ReasonSerializer, responses=SHOWN, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> Response:
        own = own_declaration(request, id)
        cancelled = services.cancel(own, reason=_reason(request), by=person(request), at=timezone.now())
        return Response(as_dict(cancelled))

    @extend_schema(
        summary="Replace by a new version under the same MRN",
        request=AmendmentSerializer,
        responses=SHOWN,
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"])
    def amend(self, request: Request, id: str) -> Response:
        data = {name: value for name, value in body_of(request).items() if name != "reason"}
        amended = services.amend(
            own_declaration(request, id),
            data=data,
            reason=_reason(request),
            by=person(request),
            at=timezone.now(),
            on=timezone.localdate(),
        )
        return Response(as_dict(amended))

    @extend_schema(
        summary="Questions of officers, the oldest first",
        responses=QuerySerializer(many=True),
        parameters=[KEY],
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def queries(self, request: Request, id: str) -> Response:
        return Response(QuerySerializer(_queries(api.seen_declaration(request, id)), many=True).data)

    @extend_schema(
        summary="Answer a question, with papers",
        description="A form (multipart) with `text` and any number of `papers`, or JSON with `text` alone.",
        request={"multipart/form-data": AnswerSerializer, "application/json": AnswerSerializer},
        responses={200: QuerySerializer, **REFUSED},
        parameters=[KEY, OpenApiParameter("query", int, OpenApiParameter.PATH)],
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="queries/(?P<query>[0-9]{1,18})/answer",
        parser_classes=[MultiPartParser, StorableJSONParser],
    )
    def answer(self, request: Request, id: str, query: str) -> Response:
        own = own_declaration(request, id)
        asked = next((each for each in _queries(own) if each.pk == int(query)), None)
        if asked is None:
            raise Http404
        uploads = request.FILES.getlist("papers")
        if len(uploads) > services.FILES_AT_MOST:  # none of them is read
            raise refuse("C014", "papers", _("At most %d files can be attached to an answer.") % services.FILES_AT_MOST)
        text, files = (
            str(body_of(request).get("text") or ""),
            [(str(each.name), read_upload(each, pointer="papers")) for each in uploads],
        )
        services.answer(asked, text=text, files=files, by=person(request), at=timezone.now())
        return Response(QuerySerializer(next(each for each in _queries(own) if each.pk == asked.pk)).data)

    @extend_schema(
        summary="Begin a correction: a draft that is changed like any other and then sent",
        description="The draft that was begun already is answered again. Its `id` is that of the draft.",
        request=None,
        responses=_CORRECTED,
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, id: str) -> Response:
        own = own_declaration(request, id)
        return _told(corrections.begin(own, by=person(request), at=timezone.now()))


def _queries(declaration: Declaration) -> list[Query]:
    case = selectors.case_of(declaration)
    return list(selectors.queries_of(case)) if case else []


def _reason(request: Request) -> str:
    return str(body_of(request).get("reason") or "")


# Corrections --------------------------------------------------------------------------------------------------
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
        return _told(corrections.send(own, reason=_reason(request), by=person(request), at=at, on=on))

    @_verb("Withdraw what was sent and not decided")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        own = _own_correction(request, id)
        return _told(corrections.withdraw(own, by=person(request), at=timezone.now()))

    @_verb("Accept a proposal of customs")
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: str) -> Response:
        at, on = timezone.now(), timezone.localdate()
        return _told(corrections.accept(_own_correction(request, id), by=person(request), at=at, on=on))

    @_verb("Accept after all a proposal that was contested")
    @action(detail=True, methods=["post"], url_path="accept-contested")
    def accept_contested(self, request: Request, id: str) -> Response:
        at, on = timezone.now(), timezone.localdate()
        return _told(corrections.accept_contested(_own_correction(request, id), by=person(request), at=at, on=on))

    @_verb("Contest a proposal, with reasons", ReasonSerializer)
    @action(detail=True, methods=["post"])
    def contest(self, request: Request, id: str) -> Response:
        own = _own_correction(request, id)
        return _told(corrections.contest(own, reason=_reason(request), by=person(request), at=timezone.now()))

    def get_queryset(self) -> QuerySet[Correction]:
        return selectors.corrections_visible_to(person(self.request), on=timezone.localdate())


def _told(correction: Correction) -> Response:
    return Response(CorrectionSerializer(correction).data)


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
