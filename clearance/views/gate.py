"""The way in: who asks, the file through its access gate, and a stranger's 404."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Look
from accounts.requests import person
from accounts.services import note_look
from clearance import selectors
from clearance.models import Case, Correction
from clearance.selectors import Powers
from declarations import selectors as declarations
from declarations.models import Declaration

ROWS = 25
COUNTED = 1000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a list that may hold a million rows: counted to a thousand, which nobody turns through."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[:COUNTED].count())


def powers_or_404(request: HttpRequest) -> Powers:
    """The officer's powers; for somebody who has no queue the page does not exist."""
    powers = selectors.powers_of(person(request), on=timezone.localdate())
    if not powers.is_officer:
        raise Http404
    return powers


def note_asked(request: HttpRequest, what: Look.What) -> None:
    """What an officer looked for is written down: whose file was among what was found, can be found out."""
    asked = "&".join(f"{name}={value}" for name, value in request.GET.items() if value and name != "page")
    tin = request.GET.get("trader", "").strip()[:20]
    note_look(what, by=person(request), at=timezone.now(), tin=tin, text=f"{request.path}?{asked}")


def case_of(request: HttpRequest, key: uuid.UUID) -> Case:
    """The file, for an officer of its office. Raises Http404 for anybody else."""
    try:
        return selectors.case_for(person(request), key, on=timezone.localdate())
    except Case.DoesNotExist as missing:
        raise Http404 from missing


def declaration_of(request: HttpRequest, key: uuid.UUID) -> Declaration:
    """The declaration, for those who may see it. Raises Http404 for anybody else."""
    try:
        return declarations.declaration_for(person(request), key, on=timezone.localdate())
    except Declaration.DoesNotExist as missing:
        raise Http404 from missing


def correction_of(request: HttpRequest, key: uuid.UUID) -> Correction:
    """The correction with this draft, for those who may see it. Raises Http404 for anybody else."""
    try:
        return selectors.correction_for(person(request), key, on=timezone.localdate())
    except Correction.DoesNotExist as missing:
        raise Http404 from missing


def prepared_declaration_of(request: HttpRequest, key: uuid.UUID) -> Declaration:
    """The declaration, for those who may prepare for its declarant. Raises Http404 for anybody else."""
    found = declaration_of(request, key)
    if not declarations.may_prepare(person(request), found, on=timezone.localdate()):
        raise Http404
    return found
