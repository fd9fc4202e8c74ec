"""Doors of the API: read what came, fetch through the gate, one verb, answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser, FileUploadParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from accounts.models import Look, User
from accounts.requests import person
from accounts.selectors import posts_of
from accounts.services import note_look
from declarations import selectors, services
from declarations.api import schema
from declarations.api.filters import DeclarationFilter
from declarations.api.goods import GoodsReadSerializer, TableOfGoodsSerializer, read_table_of_goods
from declarations.forms.left_out import left_out
from declarations.forms.meant import law_for
from declarations.models import Declaration
from lib.exact_json import ExactJSONParser
from lib.uploads import read_upload
from lib.violations import refuse
from traders.models import Company

KEY = OpenApiParameter("id", str, OpenApiParameter.PATH, description="The declaration's id or its MRN.")
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER,
    description="The ETag of the answer you build on: if the declaration was changed since, 412 and nothing happens.",
)  # fmt: skip
REFUSED = {422: schema.ViolationsSerializer}
CHANGED = {**REFUSED, 412: schema.ViolationsSerializer}
SHOWN = {200: schema.DeclarationSerializer, **CHANGED}
LODGED = {
    200: schema.DeclarationSerializer, 201: schema.DeclarationSerializer, 409: schema.RepeatedSerializer, **CHANGED,
}  # fmt: skip
ABOUT_LODGING = (
    "201 when it was lodged now; 200 with the first one when the reference (LRN) was lodged before with the same "
    "content; 409 when it was lodged before with other content: nothing new was made, `mrn` names the first one."
)


class NewestFirst(CursorPagination):
    ordering = "-pk"


class XmlBodyParser(FileUploadParser):
    """The file as the body itself, under any name."""

    media_type = "application/xml"

    def get_filename(self, stream: Any, media_type: Any, parser_context: Any) -> str:
        return super().get_filename(stream, media_type, parser_context) or "declaration.xml"


class TextXmlBodyParser(XmlBodyParser):
    media_type = "text/xml"


@extend_schema_view(
    list=extend_schema(
        summary="Declarations you may see, newest first", responses=schema.DeclarationRowSerializer(many=True)
    ),
    create=extend_schema(
        summary="Make a draft",
        request=schema.ContentSerializer,
        responses={201: schema.DeclarationSerializer, **REFUSED},
    ),
    retrieve=extend_schema(parameters=[KEY], summary="One declaration", responses=schema.DeclarationSerializer),
    update=extend_schema(
        parameters=[KEY, IF_MATCH],
        summary="Replace a draft's content",
        request=schema.ContentSerializer,
        responses=SHOWN,
    ),
    partial_update=extend_schema(
        parameters=[KEY, IF_MATCH],
        summary="Replace the named fields and lists of a draft",
        request=schema.ContentSerializer,
        responses=SHOWN,
    ),
    destroy=extend_schema(parameters=[KEY, IF_MATCH], summary="Throw a draft away", responses={204: None, **CHANGED}),
)
class DeclarationViewSet(GenericViewSet[Declaration]):
    """Declarations. What you may not see answers 404; what is wrong answers 422 with code, pointer and sentence."""

    lookup_field = "id"
    lookup_value_regex = r"[0-9A-Za-z-]{18,36}"
    parser_classes: list[type[BaseParser]] = [ExactJSONParser]
    pagination_class = NewestFirst
    filterset_class = DeclarationFilter
    serializer_class = schema.DeclarationRowSerializer
    queryset = Declaration.objects.none()

    # The draft ------------------------------------------------------------------------------------------------
    def list(self, request: Request) -> Response:
        rows = selectors.rows_visible_to(person(request), on=timezone.localdate())
        page = self.paginate_queryset(self.filter_queryset(rows))
        _note_of_officer(request)
        return self.get_paginated_response(schema.DeclarationRowSerializer(page or [], many=True).data)

    def create(self, request: Request) -> Response:
        by, at, data = person(request), timezone.now(), body_of(request)
        declarant = _declarant(by, str(data.get("declarant_code") or ""), on=timezone.localdate())
        made = services.create_draft(declarant=declarant, data=data, source=Declaration.Source.API, by=by, at=at)
        return shown(made, status=status.HTTP_201_CREATED)

    def retrieve(self, request: Request, id: str) -> Response:
        return shown(seen_declaration(request, id))

    def update(self, request: Request, id: str) -> Response:
        with _as_it_was(request, id) as draft:
            saved = services.save_draft(draft, data=body_of(request), by=person(request), at=timezone.now())
        return shown(saved)

    def partial_update(self, request: Request, id: str) -> Response:
        with _as_it_was(request, id) as draft:
            saved = services.patch_draft(draft, data=body_of(request), by=person(request), at=timezone.now())
        return shown(saved)

    def destroy(self, request: Request, id: str) -> Response:
        with _as_it_was(request, id) as draft:
            services.discard_draft(draft, by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="A draft from an ASYCUDA file",
        description="The file as the body (application/xml) or as the field `file` of a form. Elements without a box "
        "are listed under `kept`.",
        request={"application/xml": bytes, "multipart/form-data": schema.XmlUploadSerializer},
        parameters=[
            OpenApiParameter("declarant", str, description="TIN of the company that files, if you have several.")
        ],
        responses={201: schema.DeclarationSerializer, **REFUSED},
    )
    @action(detail=False, methods=["post"], parser_classes=[XmlBodyParser, TextXmlBodyParser, MultiPartParser])
    def xml(self, request: Request) -> Response:
        upload, by = _file(request), person(request)
        declarant = _declarant(by, request.query_params.get("declarant", ""), on=timezone.localdate())
        made = services.draft_from_xml(
            declarant=declarant, name=str(upload.name or ""), content=read_upload(upload), by=by, at=timezone.now()
        )
        return shown(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="A draft with what holds of the content",
        description="Papers of the earlier consignment and those that have ended are left out and listed.",
        request=None,
        responses={201: schema.BegunSerializer, **REFUSED},
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, id: str) -> Response:
        earlier, by = seen_declaration(request, id), person(request)
        own = selectors.declarants_of(by, on=timezone.localdate())
        declarant = earlier.declarant if earlier.declarant in own else _declarant(by, "", on=timezone.localdate())
        return begun(services.copy(earlier, declarant=declarant, by=by, at=timezone.now()))

    @extend_schema(
        summary="A table of goods as items, before it is written",
        description="Writes nothing. Send `rows`, with the proposals that you accept, as `items` of the draft.",
        request={"multipart/form-data": TableOfGoodsSerializer, "application/json": TableOfGoodsSerializer},
        responses={200: GoodsReadSerializer, **REFUSED},
        parameters=[KEY],
    )
    @action(
        detail=True, methods=["post"], url_path="items/read", url_name="items-read",
        parser_classes=[ExactJSONParser, MultiPartParser],
    )  # fmt: skip
    def read_items(self, request: Request, id: str) -> Response:
        declaration = own_declaration(request, id)
        law = law_for(declaration.declarant, on=timezone.localdate())
        return Response(read_table_of_goods(declaration, body_of(request), law))

    # The gate -------------------------------------------------------------------------------------------------
    @extend_schema(
        operation_id="declarations_make_and_lodge",
        summary="Make and lodge a declaration",
        description=ABOUT_LODGING,
        request=schema.ContentSerializer,
        responses=LODGED,
    )
    @action(detail=False, methods=["post"], url_path="lodge", url_name="lodge-at-once")
    def lodge_at_once(self, request: Request) -> Response:
        by, at, on, data = person(request), timezone.now(), timezone.localdate(), body_of(request)
        declarant = _declarant(by, str(data.get("declarant_code") or ""), on=on)
        lodging = services.lodge_at_once(declarant=declarant, data=data, on=on, at=at, by=by)
        return _lodged(lodging)

    @extend_schema(
        summary="Lodge a draft",
        description=ABOUT_LODGING,
        request=None,
        responses=LODGED,
        parameters=[KEY, IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    def lodge(self, request: Request, id: str) -> Response:
        with _as_it_was(request, id) as draft:
            on, at = timezone.localdate(), timezone.now()
            lodging = services.lodge_once(draft, on=on, at=at, by=person(request))
        return _lodged(lodging)

    @extend_schema(
        summary="What lodging would find wrong today", responses=schema.ViolationsSerializer, parameters=[KEY]
    )
    @action(detail=True, methods=["get"])
    def violations(self, request: Request, id: str) -> Response:
        found = services.check(own_declaration(request, id), on=timezone.localdate())
        return Response({"violations": [violation.as_dict() for violation in found]})

    @extend_schema(
        summary="What the draft would be charged today", responses=schema.PreviewSerializer, parameters=[KEY]
    )
    @action(detail=True, methods=["get"])
    def preview(self, request: Request, id: str) -> Response:
        assessed = services.preview(seen_declaration(request, id), on=timezone.localdate())
        return Response(schema.PreviewSerializer(assessed).data)

    # After the gate -------------------------------------------------------------------------------------------
    @extend_schema(
        summary="Charges, line by line",
        responses=schema.AssessedChargeSerializer(many=True),
        parameters=[KEY],
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def charges(self, request: Request, id: str) -> Response:
        return Response(
            schema.AssessedChargeSerializer(selectors.charges_of(seen_declaration(request, id)), many=True).data
        )

    @extend_schema(
        summary="History of all versions",
        responses=schema.DeclarationEventSerializer(many=True),
        parameters=[KEY],
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def events(self, request: Request, id: str) -> Response:
        return Response(
            schema.DeclarationEventSerializer(selectors.events_of(seen_declaration(request, id)), many=True).data
        )

    @extend_schema(
        methods=["get"],
        summary="Stored files",
        responses=schema.DeclarationFileSerializer(many=True),
        parameters=[KEY],
        filters=False,
    )
    @extend_schema(
        methods=["post"],
        summary="Attach a file",
        request={"multipart/form-data": schema.UploadSerializer},
        responses={201: schema.DeclarationFileSerializer, **REFUSED},
        parameters=[KEY],
    )
    @action(detail=True, methods=["get", "post"], parser_classes=[MultiPartParser], pagination_class=None)
    def files(self, request: Request, id: str) -> Response:
        if request.method == "GET":
            return Response(
                schema.DeclarationFileSerializer(selectors.files_of(seen_declaration(request, id)), many=True).data
            )
        declaration, upload = own_declaration(request, id), _file(request)
        stored = services.receive_file(
            declaration,
            name=str(upload.name or ""),
            content=read_upload(upload),
            by=person(request),
            at=timezone.now(),
            document_code=str(_form(request).get("document_code", ""))[:5],
        )
        return Response(schema.DeclarationFileSerializer(stored).data, status=status.HTTP_201_CREATED)

    def get_queryset(self) -> QuerySet[Declaration]:
        return selectors.visible_to(person(self.request), on=timezone.localdate())

    def get_serializer_class(self) -> type[BaseSerializer[Declaration]]:
        return schema.DeclarationRowSerializer


def body_of(request: Request) -> Mapping[str, Any]:
    """The JSON object of a request. Raises Rejected."""
    if not isinstance(request.data, Mapping):
        raise refuse("S003", "", _("Send one JSON object."))
    return request.data


def seen_declaration(request: Request, key: str) -> Declaration:
    """A declaration the caller may see; 404 for any other."""
    try:
        return selectors.declaration_for(person(request), key, on=timezone.localdate())
    except Declaration.DoesNotExist as error:
        raise Http404 from error


def own_declaration(request: Request, key: str) -> Declaration:
    """A declaration of a company for which the caller may prepare."""
    declaration, on = seen_declaration(request, key), timezone.localdate()
    if not selectors.may_prepare(person(request), declaration, on=on):
        raise Http404
    return declaration


def shown(
    declaration: Declaration, *, content: selectors.Content | None = None, status: int = status.HTTP_200_OK
) -> Response:
    """Content and standing, with the word for `If-Match` as the ETag."""
    tag = f'"{services.state_of(declaration)}"'
    return Response(selectors.as_dict(declaration, content=content), status=status, headers={"ETag": tag})


def begun(draft: Declaration) -> Response:
    """A draft made from an earlier declaration or a template, with what was left out of it."""
    answer = shown(draft, status=status.HTTP_201_CREATED)
    answer.data["left_out"] = [asdict(row) for row in left_out(draft.beginning, on=timezone.localdate())]
    return answer


@contextmanager
def _as_it_was(request: Request, key: str) -> Iterator[Declaration]:
    """The caller's own declaration, changed only if it is as `If-Match` says. Raises NotAsBefore."""
    declaration = own_declaration(request, key)
    state = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    with services.as_it_was(declaration, "" if state == "*" else state):
        yield declaration


def _note_of_officer(request: Request) -> None:
    """What somebody of customs looks for is written down, as by the pages."""
    by = person(request)
    given = {name: request.query_params.get(name, "") for name in DeclarationFilter.base_filters}
    asked = "&".join(f"{name}={value}" for name, value in given.items() if value)
    if asked and posts_of(by, on=timezone.localdate()).roles:
        tin = given["trader"].strip()[:20]
        note_look(Look.What.SEARCH, by=by, at=timezone.now(), tin=tin, text=f"{request.path}?{asked}")


def _declarant(user: User, tin: str, *, on: date) -> Company:
    """The company that files: the one named, or the only one the caller prepares for."""
    companies = [company for company in selectors.declarants_of(user, on=on) if tin in ("", company.tin)]
    if len(companies) == 1:
        return companies[0]
    if companies:
        raise refuse("A001", "declarant_code", _("You file for several companies. Name the one that files by its TIN."))
    raise refuse("A002", "declarant_code", _("You do not prepare declarations for this company."))


def _form(request: Request) -> Mapping[str, Any]:
    return request.data if isinstance(request.data, Mapping) else {}


def _file(request: Request) -> "UploadedFile[bytes]":
    upload = _form(request).get("file")
    if not isinstance(upload, UploadedFile):
        raise refuse("F001", "file", _("Send a file."))
    return upload


def _lodged(lodging: services.Lodging) -> Response:
    code = status.HTTP_200_OK if lodging.repeated else status.HTTP_201_CREATED
    return shown(lodging.declaration, content=lodging.content, status=code)
