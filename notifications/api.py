"""The machine door to a person's messages: the list, and what was read."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.requests import person
from notifications import selectors, services
from notifications.kinds import Kind
from notifications.models import Message
from notifications.selectors import Filters
from notifications.wording import said
from tariffs.selectors import national_currency


class MessageSerializer(serializers.ModelSerializer[Message]):
    """`title`, `text` and `todo` are in the caller's language; `declaration` opens in the API of declarations."""

    declaration = serializers.UUIDField(source="declaration.public_id", default=None)
    company = serializers.CharField(source="company.tin", default=None)
    title = serializers.CharField()
    text = serializers.CharField()
    todo = serializers.CharField()

    class Meta:
        model = Message
        fields = ["id", "kind", "variant", "at", "read_at", "declaration", "company", "title", "text", "todo"]

    def to_representation(self, instance: Message) -> dict[str, Any]:
        words = said(instance, national=self.context["national"])
        for name in ("title", "text", "todo"):
            setattr(instance, name, getattr(words, name))
        return dict(super().to_representation(instance))


class LatestFirst(CursorPagination):
    ordering = ("-at", "-pk")


_UNREAD = OpenApiParameter("unread", bool, description="Only what was not read.")
_KIND = OpenApiParameter("kind", str, enum=Kind.values)


class MessageViewSet(ListModelMixin, GenericViewSet[Message]):
    """What the caller was told, the latest first."""

    serializer_class = MessageSerializer
    pagination_class = LatestFirst
    filter_backends: list[Any] = []
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        asked = self.request.query_params
        filters = Filters(unread=asked.get("unread", "") in ("true", "1"), kind=asked.get("kind", ""))
        return selectors.inbox(person(self.request), filters)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "national": national_currency()}

    @extend_schema(parameters=[_UNREAD, _KIND])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """The message was read."""
        try:
            found = selectors.message_for(person(request), int(pk))
        except Message.DoesNotExist as missing:
            raise Http404 from missing
        services.read_message(found, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="read", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """All of the caller's messages were read."""
        services.read_all(person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
