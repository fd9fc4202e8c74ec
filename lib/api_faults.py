"""How the machine door says what was wrong: every fault looks alike, whoever found it."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from lib.pointers import pointer_to
from lib.violations import Conflict, Rejected, Violation


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every fault at the machine door looks alike: `{"violations": [{code, pointer, sentence}]}`."""
    if isinstance(error, Rejected):
        body: dict[str, Any] = {"violations": [v.as_dict() for v in error.violations]}
        if isinstance(error, Conflict):
            body |= error.also
        return Response(body, status=error.status)
    response = exception_handler(error, context)
    if response is not None:
        response.data = {"violations": [v.as_dict() for v in _flatten(response.data, "", f"H{response.status_code}")]}
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
