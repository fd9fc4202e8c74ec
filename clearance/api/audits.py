"""The machine door of audits: what a company was told of those it is under, with notice and report as PDF."""

import uuid
from typing import Any

from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.requests import person
from clearance.models import CompanyAudit
from clearance.selectors import audits


class AuditNoticeSerializer(serializers.ModelSerializer[CompanyAudit]):
    """An audit as its company knows it. `conclusion` is empty until the audit has ended.

    Questions about single files come as those of their declarations, and are answered there.
    """

    id = serializers.UUIDField(source="public_id")
    company = serializers.CharField(source="company.tin")
    conclusion = serializers.SerializerMethodField()

    class Meta:
        model = CompanyAudit
        fields = [
            "id", "number", "company", "period_from", "period_to", "notice", "visit_from", "visit_to", "notified_at",
            "ended_at", "conclusion",
        ]  # fmt: skip

    def get_conclusion(self, audit: CompanyAudit) -> str:
        return audit.conclusion if audit.ended_at else ""


class LatestToldFirst(CursorPagination):
    ordering = ("-notified_at", "-pk")


class AuditNoticeList(ListAPIView[CompanyAudit]):
    """Audits of the caller's companies that these were told of, the latest first."""

    serializer_class = AuditNoticeSerializer
    pagination_class = LatestToldFirst
    queryset = CompanyAudit.objects.none()

    def get_queryset(self) -> Any:
        return audits.notices_for(person(self.request), on=timezone.localdate())


class AuditPaper(APIView):
    """The notice or the report of an audit, in the language that is asked for (Accept-Language)."""

    @extend_schema(
        summary="A paper of an audit as PDF",
        description="404 as long as the worker has not made it: the notice some seconds after it was told.",
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(audits.PAPERS))],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, key: uuid.UUID, kind: str) -> FileResponse:
        found = audits.notices_for(person(request), on=timezone.localdate()).filter(public_id=key).first()
        issued = audits.audit_paper(found, kind, language=get_language() or "en") if found else None
        if issued is None:
            raise Http404
        answer = FileResponse(issued.file.open("rb"), content_type="application/pdf", filename=issued.name)
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
