"""What a user did wrong, as values: a code, a pointer to the field, and a sentence that says what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus


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

    status: int = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = list(violations)
        super().__init__("; ".join(f"{v.code} {v.pointer}: {v.sentence}" for v in self.violations))


class Conflict(Rejected):
    """What was asked for does not fit what is there by now. Nothing was written. `also` is told beside the faults."""

    status: int = HTTPStatus.CONFLICT

    def __init__(self, violations: Sequence[Violation], *, also: Mapping[str, str] | None = None) -> None:
        super().__init__(violations)
        self.also = dict(also or {})


class NotAsBefore(Conflict):
    """The caller said on which version it builds (`If-Match`), and there is a later one. Nothing was written."""

    status = HTTPStatus.PRECONDITION_FAILED


def refuse(code: str, pointer: str, sentence: str) -> Rejected:
    """A `Rejected` with a single violation, to be raised."""
    return Rejected([Violation(code, pointer, str(sentence))])
