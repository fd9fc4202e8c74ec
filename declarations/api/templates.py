"""The machine door of templates: listed, made, filed from, deleted; and how a copy says what was left out of it."""

import uuid
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from accounts.requests import person
from declarations import selectors, services
from declarations.api import schema
from declarations.api.views import REFUSED, begun, body_of, seen_declaration
from declarations.models import Declaration, Template
from lib.exact_json import ExactJSONParser
from lib.violations import refuse
from traders.models import Company

KEY = OpenApiParameter("id", str, OpenApiParameter.PATH, description="The template's id.")


class TemplateRowSerializer(serializers.ModelSerializer[Template]):
    """A template. `company` is the TIN of the company whose it is."""

    id = serializers.UUIDField(source="declaration.public_id", read_only=True)
    company = serializers.CharField(source="company.tin", read_only=True)
    procedure = serializers.CharField(read_only=True)
    updated_at = serializers.DateTimeField(source="declaration.updated_at", read_only=True)

    class Meta:
        model = Template
        fields = ["id", "name", "company", "procedure", "times_used", "last_used_at", "updated_at"]
        read_only_fields = fields


class TemplateSerializer(TemplateRowSerializer):
    """A template with its content."""

    content = schema.ContentSerializer(read_only=True)

    class Meta(TemplateRowSerializer.Meta):
        fields = [*TemplateRowSerializer.Meta.fields, "content"]
        read_only_fields = fields


class NewTemplateSerializer(serializers.Serializer[Any]):
    """From a draft or declaration you may see, or from content; `company` is needed if you serve several."""

    name = serializers.CharField(max_length=80)
    company = serializers.CharField(required=False, max_length=20, help_text="TIN of the company whose template it is.")
    declaration = serializers.CharField(required=False, max_length=36, help_text="Its id or MRN.")
    content = schema.ContentSerializer(required=False)


class TemplateFilter(filters.FilterSet):  # type: ignore[misc]
    """By the TIN of the company, and by a part of the name."""

    company = filters.CharFilter(field_name="company__tin", max_length=20)
    name = filters.CharFilter(lookup_expr="icontains", max_length=80)

    class Meta:
        model = Template
        fields: list[str] = []


class ByKey(CursorPagination):
    ordering = "pk"


@extend_schema_view(
    list=extend_schema(summary="Templates you may file from", responses=TemplateRowSerializer(many=True)),
    retrieve=extend_schema(parameters=[KEY], summary="A template with its content", responses=TemplateSerializer),
    create=extend_schema(
        summary="Make a template", request=NewTemplateSerializer, responses={201: TemplateSerializer, **REFUSED}
    ),
    destroy=extend_schema(parameters=[KEY], summary="Delete a template", responses={204: None}),
)
class TemplateViewSet(GenericViewSet[Template]):
    """Templates of your company, and of clients as long as their mandate holds. Any other one answers 404."""

    lookup_field = "id"
    lookup_value_regex = r"[0-9a-f-]{36}"
    parser_classes: list[type[BaseParser]] = [ExactJSONParser]
    pagination_class = ByKey
    filterset_class = TemplateFilter
    serializer_class = TemplateRowSerializer
    queryset = Template.objects.none()

    def get_queryset(self) -> QuerySet[Template]:
        return selectors.templates_of(person(self.request), on=timezone.localdate())

    def get_serializer_class(self) -> type[BaseSerializer[Template]]:
        return TemplateRowSerializer

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(TemplateRowSerializer(page or [], many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:
        return Response(_whole(self._template(id)))

    def create(self, request: Request) -> Response:
        by, on, data = person(request), timezone.localdate(), body_of(request)
        source = seen_declaration(request, str(data["declaration"])) if data.get("declaration") else None
        company = _company(by, str(data.get("company") or ""), source, on=on)
        content = {} if data.get("content") is None else data["content"]
        if not isinstance(content, dict):
            raise refuse("S003", "content", _("Send one JSON object."))
        name = str(data.get("name") or "")
        made = services.make_template(company, name=name, source=source, data=content, by=by, at=timezone.now())
        return Response(_whole(self._template(str(made.declaration.public_id))), status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, id: str) -> Response:
        services.delete_template(self._template(id), by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="A draft from a template",
        description="The body holds changes: each field and list in it stands instead of the template's. "
        "`declarant_code` names the company that files, if several of yours may. `left_out` says what no longer holds.",
        request=schema.ContentSerializer,
        responses={201: schema.BegunSerializer, **REFUSED},
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"])
    def file(self, request: Request, id: str) -> Response:
        template, by, changes = self._template(id), person(request), body_of(request)
        agents = selectors.agents_for(by, template.company, on=timezone.localdate())
        tin = str(changes.get("declarant_code") or "")
        fitting = [agent for agent in agents if tin in ("", agent.tin)]
        if not fitting:
            raise refuse("A002", "declarant_code", _("You do not prepare declarations for this company."))
        draft = services.file_from(template, declarant=fitting[0], by=by, at=timezone.now(), changes=changes)
        return begun(draft)

    def _template(self, key: str) -> Template:
        found = self.get_queryset().filter(declaration__public_id=key).first() if _is_uuid(key) else None
        if found is None:
            raise Http404
        return found


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _whole(template: Template) -> dict[str, Any]:
    content = selectors.canonical(selectors.content_of(template.declaration))
    return {**TemplateRowSerializer(template).data, "content": content}


def _company(user: User, tin: str, source: Declaration | None, *, on: date) -> Company:
    """Whose template it becomes: the company named, else that of the declaration, else the only one that is served."""
    served = [company for company in selectors.served_by(user, on=on) if tin in ("", company.tin)]
    if not served:
        raise refuse("A002", "company", _("You do not prepare declarations for this company."))
    if tin or len(served) == 1:
        return served[0]
    company = selectors.served_by_draft(user, source, on=on) if source else None
    if company is None:
        raise refuse("A001", "company", _("You file for several companies. Name the one whose template it is."))
    return company
