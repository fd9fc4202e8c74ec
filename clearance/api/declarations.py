"""The machine door of what moves money as well: cancel, amend, answer, contest, beside what declarations know alone."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import person
from clearance import selectors, services
from clearance.api.corrections import CORRECTED, reason_in, told
from clearance.models import Query
from clearance.services import corrections
from declarations import api
from declarations.api import KEY, REFUSED, SHOWN, body_of, own_declaration
from declarations.api.schema import AmendmentSerializer, ReasonSerializer
from declarations.models import Declaration, Penalty
from declarations.selectors import as_dict
from lib.exact_json import StorableJSONParser
from lib.uploads import read_upload
from lib.violations import refuse


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


class FineSerializer(serializers.ModelSerializer[Penalty]):
    """A fine on the declaration; what it is for, what was said against it, and what another officer decided."""

    class Meta:
        model = Penalty
        fields = [
            "id", "mrn", "status", "amount", "legal_basis", "text", "at", "contest", "contested_at", "decision",
            "decided_at",
        ]  # fmt: skip


class DeclarationViewSet(api.DeclarationViewSet):
    """Declarations. What you may not see answers 404; what is wrong answers 422 with code, pointer and sentence."""

    @extend_schema(summary="Withdraw before release", request=ReasonSerializer, responses=SHOWN, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> Response:
        own = own_declaration(request, id)
        cancelled = services.cancel(own, reason=reason_in(request), by=person(request), at=timezone.now())
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
            reason=reason_in(request),
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
        responses=CORRECTED,
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, id: str) -> Response:
        own = own_declaration(request, id)
        return told(corrections.begin(own, by=person(request), at=timezone.now()))

    @extend_schema(
        summary="Fines on the declaration, the oldest first",
        responses=FineSerializer(many=True),
        parameters=[KEY],
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def fines(self, request: Request, id: str) -> Response:
        return Response(FineSerializer(selectors.fines_of(api.seen_declaration(request, id)), many=True).data)

    @extend_schema(
        summary="Contest a fine, with reasons: another officer decides, until then it is due",
        request=ReasonSerializer,
        responses={200: FineSerializer, **REFUSED},
        parameters=[KEY, OpenApiParameter("fine", int, OpenApiParameter.PATH)],
    )
    @action(detail=True, methods=["post"], url_path="fines/(?P<fine>[0-9]{1,18})/contest")
    def contest(self, request: Request, id: str, fine: str) -> Response:
        own = own_declaration(request, id)
        found = next((each for each in selectors.fines_of(own) if each.pk == int(fine)), None)
        if found is None:
            raise Http404
        services.contest_fine(found, reason=reason_in(request), by=person(request), at=timezone.now())
        return Response(FineSerializer(found).data)


def _queries(declaration: Declaration) -> list[Query]:
    case = selectors.case_of(declaration)
    return list(selectors.queries_of(case)) if case else []


def _reason(request: Request) -> str:
    return str(body_of(request).get("reason") or "")
