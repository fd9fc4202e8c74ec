"""What a user did wrong, as values: a code, a pointer to the field, and a sentence that says what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from lib.pointers import pointer_to


@dataclass(frozen=True)
class Violation:
    """One fault. `pointer` names the field as in `items[2].commodity_code`; an empty one means the whole."""

    code: str
    pointer: str
    sentence: str

    def as_dict(self) -> dict[str, str]:
        return {key: str(value) for key, value in asdict(self).items()}


class Rejected(Exception):
    """A verb refused what was asked. Nothing was written."""

    status: int = status.HTTP_422_UNPROCESSABLE_ENTITY

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = list(violations)
        super().__init__("; ".join(f"{v.code} {v.pointer}: {v.sentence}" for v in self.violations))


class Conflict(Rejected):
    """What was asked for does not fit what is there by now. Nothing was written. `also` is told beside the faults."""

    status: int = status.HTTP_409_CONFLICT

    def __init__(self, violations: Sequence[Violation], *, also: Mapping[str, str] | None = None) -> None:
        super().__init__(violations)
        self.also = dict(also or {})


class NotAsBefore(Conflict):
    """The caller said on which version it builds (`If-Match`), and there is a later one. Nothing was written."""

    status = status.HTTP_412_PRECONDITION_FAILED


def refuse(code: str, pointer: str, sentence: str) -> Rejected:
    """A `Rejected` with a single violation, to be raised."""
    return Rejected([Violation(code, pointer, str(sentence))])


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
