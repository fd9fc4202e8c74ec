"""Papers and files of a declaration as they are: PDF, ASYCUDA file, what was attached and issued."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import person
from declarations import sad_xml, selectors, services
from declarations.api.schema import ViolationsSerializer
from declarations.api.views import seen_declaration
from declarations.models import FileView, PrintedPaper, StoredFile
from declarations.services import papers as printing
from lib.violations import Conflict, Violation

LOOK_AGAIN_SECONDS = 1
_KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="The declaration's id or its MRN.")


class InPrintSerializer(serializers.Serializer[None]):
    """The worker prints it: ask again after `Retry-After` seconds."""

    pages = serializers.IntegerField(allow_null=True, help_text="Pages laid out so far.")
    of = serializers.IntegerField(allow_null=True, help_text="Of about how many.")


class FileContent(APIView):
    """A stored file: what was attached, and what customs issued (receipts, notes)."""

    @extend_schema(
        summary="The content of a file",
        description="409 with F091 while the file waits for the virus check, with F090 if a virus was found.",
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY, 409: ViolationsSerializer
        },
    )  # fmt: skip
    def get(self, request: Request, key: UUID) -> HttpResponseBase:
        try:
            stored = selectors.file_for(person(request), key, on=timezone.localdate())
        except StoredFile.DoesNotExist as missing:
            raise Http404 from missing
        if not stored.is_handed_out:
            raise _kept_back(stored)
        services.note_look(stored, what=FileView.What.CONTENT, by=person(request), at=timezone.now())
        answer = FileResponse(
            stored.file.open("rb"), filename=stored.name, content_type=stored.content_type, as_attachment=True
        )
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


def _kept_back(stored: StoredFile) -> Conflict:
    if stored.safety == StoredFile.Safety.FOUND:
        sentence = _("This file is kept aside: a virus was found in it. Send another one.")
        return Conflict([Violation("F090", "file", sentence)])
    return Conflict([Violation("F091", "file", _("This file is not yet checked for viruses. Ask again in a minute."))])


class PaperContent(APIView):
    """The SAD or the assessment notice as PDF, in the language that is asked for (Accept-Language)."""

    @extend_schema(
        summary="A paper as PDF",
        parameters=[
            _KEY, OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=[kind.value for kind in PrintedPaper.Kind])
        ],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 202: InPrintSerializer},
    )  # fmt: skip
    def get(self, request: Request, key: str, kind: str) -> HttpResponseBase:
        declaration = seen_declaration(request, key)
        if not printing.exists(declaration, kind):
            raise Http404
        if printing.is_small(declaration) and printing.is_own(declaration):
            return HttpResponse(printing.print_now(declaration, kind), content_type="application/pdf")
        asked = printing.ask(declaration, kind, language=get_language() or "en", at=timezone.now())
        if asked.file:
            name = f"{kind}-{declaration.mrn or declaration.public_id}.pdf"
            return FileResponse(asked.file.open("rb"), filename=name, content_type="application/pdf")
        pages, of = printing.progress_of(asked) or (None, None)
        said = {"pages": pages, "of": of}
        return Response(said, status=status.HTTP_202_ACCEPTED, headers={"Retry-After": str(LOOK_AGAIN_SECONDS)})


class XmlContent(APIView):
    """The declaration as an ASYCUDA World file."""

    @extend_schema(
        summary="An ASYCUDA file", parameters=[_KEY], responses={(200, "application/xml"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, key: str) -> HttpResponseBase:
        declaration = seen_declaration(request, key)
        content = sad_xml.build(declaration, on=declaration.tax_date or timezone.localdate())
        return HttpResponse(content, content_type="application/xml")
