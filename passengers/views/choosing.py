"""Where the law leaves a choice: pay for a thing, leave it at the post, or declare it as cargo."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from passengers import services
from passengers.forms.choices import CHOICES
from passengers.models import TravelDeclaration
from passengers.services import Answer, read
from passengers.views.gate import while_open


@dataclass(frozen=True, slots=True)
class Chosen:
    """A thing with what becomes of it."""

    name: str
    what: str
    choice: str


def choices_of(declaration: TravelDeclaration, answer: Answer, names: dict[str, str]) -> Sequence[Chosen]:
    """The things for which something is due or that may not pass as they are; none where nothing is at stake."""
    things = read(declaration.draft).things
    if not answer.payable and not any(finding.goods for finding in answer.findings):
        return []
    return [
        Chosen(f"choice-{place}", thing.description or names.get(thing.category, thing.category), thing.choice)
        for place, thing in enumerate(things)
    ]


@require_POST
@while_open
def choose(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """Keep what was chosen for each thing; the answer follows it."""
    known, place, rows = {code for code, _name in CHOICES}, 0, []
    carries = set(declaration.draft.get("carries", ()))
    for row in declaration.draft.get("goods", ()):
        if row.get("topic") in carries:
            wanted = request.POST.get(f"choice-{place}", "")
            rows.append({**row, "choice": wanted} if wanted in known else row)
            place += 1
        else:
            rows.append(row)
    services.save_part(declaration, part="goods", value=rows, at=timezone.now())
    return redirect("travel_review", key=declaration.public_id)
