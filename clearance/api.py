"""The machine door of what moves money as well: cancel and amend, beside the verbs that declarations know alone."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import person
from clearance import services
from declarations import api
from declarations.api import KEY, SHOWN, body_of, own_declaration
from declarations.api.schema import AmendmentSerializer, ReasonSerializer
from declarations.selectors import as_dict


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


def _reason(request: Request) -> str:
    return str(body_of(request).get("reason") or "")
