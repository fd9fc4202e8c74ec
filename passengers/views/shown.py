"""What every page of a declaration shows: its code, its steps, and what is owed so far."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lib.resume_codes import shown_resume_code
from passengers import services
from passengers.models import TravelDeclaration
from passengers.services import Answer, Finding
from passengers.views.steps import steps_of


@dataclass(frozen=True, slots=True)
class Owed:
    """The line at the foot of each question."""

    answer: Answer
    first: Any
    findings: tuple[Finding, ...]


def owed(declaration: TravelDeclaration, *, on: date) -> Owed:
    """What the working copy comes to, with the reason that weighs most."""
    answer = services.looked_at(declaration, on=on)
    charges = sorted(answer.judged.charges, key=lambda charge: -charge.amount)
    return Owed(answer, charges[0] if charges else None, answer.findings)


def shown(declaration: TravelDeclaration) -> dict[str, object]:
    return {
        "declaration": declaration,
        "code": shown_resume_code(declaration.code),
        "steps": steps_of(declaration.draft),
    }
