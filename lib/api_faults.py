"""How the machine door says what was wrong: problem details (RFC 9457), one shape for every fault, whoever found it.

`title` and `status` say what kind of fault it is, `detail`, `code` and `pointer` are those of the first violation, and
`violations` lists all of them.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response
from rest_framework.views import exception_handler

from lib.pointers import pointer_to
from lib.violations import Conflict, Rejected, Violation

CONTENT_TYPE = "application/problem+json"
# Where a kind of fault is described: a part of the page about the API.
TYPE = "/api/docs/#problem-{status}"
_TITLES: Mapping[int, str | Promise] = {
    400: gettext_lazy("The request could not be read"),
    401: gettext_lazy("Who asks is not known"),
    403: gettext_lazy("You may not do this"),
    404: gettext_lazy("There is nothing here"),
    405: gettext_lazy("This cannot be done here"),
    409: gettext_lazy("It does not fit what is there by now"),
    412: gettext_lazy("It was changed meanwhile"),
    413: gettext_lazy("What was sent is too large"),
    415: gettext_lazy("This kind of content is not taken here"),
    422: gettext_lazy("What was sent is refused"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("The portal failed"),
    503: gettext_lazy("The portal is busy"),
}


def problem(status: int, violations: Sequence[Violation], *, also: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body of an answer that says what was wrong; `also` is told beside it."""
    first = violations[0] if violations else Violation(f"H{status}", "", "")
    said = first.as_dict()
    detail = said["sentence"]
    if len(violations) > 1:
        detail = _("{sentence} ({count} faults in all)").format(sentence=detail, count=len(violations))
    return {
        "type": TYPE.format(status=status),
        "title": str(_TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "code": said["code"],
        "pointer": said["pointer"],
        "violations": [violation.as_dict() for violation in violations],
        **(also or {}),
    }


def problem_answer(
    status: int, violations: Sequence[Violation], *, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The same as an answer, for doors that are no view of the API."""
    body = json.dumps(problem(status, violations), ensure_ascii=False)
    return HttpResponse(body, content_type=CONTENT_TYPE, status=status, headers=headers)


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every fault at the machine door looks alike."""
    if isinstance(error, Rejected):
        also = error.also if isinstance(error, Conflict) else None
        body = problem(error.status, error.violations, also=also)
        return Response(body, status=error.status, content_type=CONTENT_TYPE)
    response = exception_handler(error, context)
    if response is not None:
        response.data = problem(response.status_code, _flatten(response.data, "", f"H{response.status_code}"))
        response.content_type = CONTENT_TYPE
    return response


def _flatten(detail: Any, pointer: str, code: str) -> list[Violation]:
    if isinstance(detail, dict):
        found: list[Violation] = []
        for key, value in detail.items():
            inner = pointer if key in ("detail", "non_field_errors") else f"{pointer}.{key}".lstrip(".")
            found += _flatten(value, inner, code)
        return found
    if isinstance(detail, list):
        found = []
        for place, value in enumerate(detail):
            inner = pointer_to(pointer, place) if isinstance(value, dict) else pointer
            found += _flatten(value, inner, code) if value else []
        return found
    return [Violation(code, pointer, str(detail))]
