"""What an officer does with one traveller, sent as a form or by the phone's outbox: each act once, under its key."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import person
from border import forms, selectors, services
from border.services import Told
from border.views.gate import officers_only, powers, traveller_of, traveller_to_act_on
from border.views.traveller import correction_form, show, show_correction
from lib.violations import Rejected, Violation
from passengers import services as passengers
from passengers.models import PassengerView, TravelDeclaration

# What is sent beside an act and is no part of it.
BESIDE = frozenset({"csrfmiddlewaretoken", "key", "told_at"})
LONGEST_WAIT = timedelta(days=3)


@dataclass(frozen=True)
class Sent:
    """An act as it came."""

    declaration: TravelDeclaration
    seen: int | None
    by: User
    at: datetime
    post: Any

    @property
    def common(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at, "on": timezone.localdate(self.at)}


def _present(sent: Sent, form: Any) -> str:
    services.present(sent.declaration, post=form.cleaned_data["post"], **sent.common)
    return _("Presented.")


def _through(sent: Sent, form: Any) -> str:
    return services.let_through(sent.declaration, post=form.cleaned_data["post"], **sent.common)


def _examine(sent: Sent, form: Any) -> str:
    services.examine(sent.declaration, seen=sent.seen, note=form.cleaned_data["note"], **sent.common)
    return _("Looked at: as declared.")


def _go(sent: Sent, form: Any) -> str:
    services.let_go(sent.declaration, seen=sent.seen, **sent.common)
    return _("Let through.")


def _correct(sent: Sent, form: Any) -> str:
    reason = form.cleaned_data["reason"]
    made = services.correct(sent.declaration, seen=sent.seen, draft=form.corrected(), reason=reason, **sent.common)
    if made.payable > made.paid:
        return _("Corrected. A sum is due: show the code to the traveller.")
    return _("Corrected.")


def _aside(sent: Sent, form: Any) -> str:
    made = services.set_aside(sent.declaration, seen=sent.seen, **form.cleaned_data, **sent.common)
    return _("Set aside. Receipt {number}.").format(number=made.number)


def _cargo(sent: Sent, form: Any) -> str:
    services.hand_over(sent.declaration, seen=sent.seen, **form.cleaned_data, **sent.common)
    return _("Handed over to the cargo side; the goods stay here meanwhile.")


def _plain(kind: Any, prefix: str | None = None) -> Callable[[TravelDeclaration, Any], Any]:
    return lambda _declaration, data: kind(data, prefix=prefix)


def _aside_form(declaration: TravelDeclaration, data: Any) -> Any:
    goods = selectors.goods_in_words(declaration.draft, on=timezone.localdate())
    return forms.AsideForm(data, goods=goods, prefix="aside")


def _cargo_form(declaration: TravelDeclaration, data: Any) -> Any:
    on = timezone.localdate()
    goods = selectors.goods_in_words(declaration.draft, on=on)
    return forms.CargoForm(data, goods=goods, offices=selectors.offices(on=on), prefix="cargo")


# The name in the address -> the form that reads it, the verb that does it.
ACTS: Mapping[str, tuple[Callable[[TravelDeclaration, Any], Any], Callable[[Sent, Any], str]]] = {
    "present": (_plain(forms.PostForm), _present),
    "through": (_plain(forms.PostForm), _through),
    "examine": (_plain(forms.NoteForm), _examine),
    "go": (_plain(forms.ButtonForm), _go),
    "correct": (correction_form, _correct),
    "aside": (_aside_form, _aside),
    "hand-over": (_cargo_form, _cargo),
}


@officers_only
@require_POST
def act(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """One act. A second time under the same key the first answer is given."""
    if verb not in ACTS:
        raise Http404
    return _do(request, traveller_to_act_on(request, key), verb)


@officers_only
@require_POST
def through_unseen(request: HttpRequest) -> HttpResponse:
    """Let through whoever showed a receipt that was checked without a line: by its text, code or number."""
    if not powers(request).acts:
        raise Http404
    found, at, by = selectors.by_scan(request.POST.get("text", "")[:320]), timezone.now(), person(request)
    if found is not None:
        passengers.note_view(found, what=PassengerView.What.SCAN, by=by, at=at)
        if selectors.travellers_for(by, on=timezone.localdate(), at=at).filter(pk=found.pk).exists():
            return _do(request, found, "through")
    sentence = _("Nobody has this code or number.") if found is None else _("This traveller was taken up elsewhere.")
    if _wants_json(request):
        fault = Violation("L013", "text", sentence)
        body = {"done": False, "again": False, "sentence": "", "violations": [fault.as_dict()], "href": ""}
        return JsonResponse(body, status=422)
    messages.error(request, sentence)
    return redirect("traveller_scan")


def _do(request: HttpRequest, found: TravelDeclaration, verb: str) -> HttpResponse:
    make, do = ACTS[verb]
    form = make(found, request.POST)
    if not form.is_valid():
        faults = [Violation("L012", name, str(text)) for name, texts in _errors(form) for text in texts]
        return _answer(request, found, Told(tuple(faults), ""), form=form if verb == "correct" else None)
    now = timezone.now()
    sent = Sent(found, _number(request.POST.get("version")), person(request), now, request.POST)
    told_at = _instant(request.POST.get("told_at"), now=now)
    asked = {name: request.POST.getlist(name) for name in request.POST if name not in BESIDE}
    once = request.POST.get("key", "")[:64] or uuid.uuid4().hex
    try:
        told = services.once(
            found, key=once, verb=verb, sent=asked, by=sent.by, at=now, told_at=told_at, do=lambda: do(sent, form)
        )
    except Rejected as refused:
        told = Told(tuple(refused.violations), "")
    return _answer(request, found, told, form=form if verb == "correct" else None)


def _wants_json(request: HttpRequest) -> bool:
    """Whether the phone's outbox asks, and not a browser that shows the answer."""
    return request.headers.get("Accept", "").startswith("application/json")


def _errors(form: Any) -> list[tuple[str, Any]]:
    rows = (*getattr(form, "people", ()), *getattr(form, "goods", ()), *getattr(form, "money", ()))
    inner = [] if isinstance(form, (forms.AsideForm, forms.CargoForm)) else rows
    return [*form.errors.items(), *(pair for row in inner for pair in row.errors.items())]


def _answer(request: HttpRequest, found: TravelDeclaration, told: Told, *, form: Any = None) -> HttpResponse:
    page = reverse("traveller", args=[found.public_id])
    if _wants_json(request):
        body = {
            "done": told.done,
            "again": told.again,
            "sentence": told.sentence,
            "violations": [fault.as_dict() for fault in told.violations],
            "reference": found.reference,
            "href": page,
        }
        return JsonResponse(body, status=200 if told.done else 422)
    if told.done:
        messages.success(request, told.sentence)
        return redirect(page)
    now = traveller_of(request, found.public_id)
    if form is not None and now.presented_at is not None and now.closed_at is None:
        return show_correction(request, now, form, told.violations)
    return show(request, now, told.violations)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def _instant(text: str | None, *, now: datetime) -> datetime | None:
    """The phone's clock in seconds, if it may be right."""
    seconds = _number_of_seconds(text)
    at = datetime.fromtimestamp(seconds, tz=UTC) if seconds else None
    return at if at is not None and now - LONGEST_WAIT < at <= now + timedelta(minutes=10) else None


def _number_of_seconds(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 11 else 0
