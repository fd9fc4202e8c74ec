"""One traveller: what was declared, what is due, what the officer may do next; photographs, history, who looked."""

import uuid
from typing import Any

from django.core import signing
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import person
from border import forms, selectors
from border.views.gate import officers_only, powers, traveller_of, traveller_to_act_on
from border.views.phone import OPEN_SALT
from border.wording import ORIGINS, PURPOSES, VERBS
from lib.papers import qr_drawing
from lib.violations import Violation
from passengers import selectors as passengers
from passengers.models import TravelDeclaration
from passengers.selectors.lists import lists_for
from passengers.services import read
from risk.selectors import hits_in_words
from tariffs.models import CashLimit
from tariffs.selectors import code_list

ROWS = 50


@officers_only
@require_safe
def traveller(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The page of one traveller."""
    return show(request, traveller_of(request, key))


def show(request: HttpRequest, found: TravelDeclaration, refused: tuple[Violation, ...] = ()) -> HttpResponse:
    """The page, with what a verb refused on top."""
    context = _reading(request, found) | _acting(request, found) | {"refused": refused}
    return render(request, "border/traveller.html", context, status=422 if refused else 200)


def _reading(request: HttpRequest, found: TravelDeclaration) -> dict[str, Any]:
    versions = list(passengers.versions_of(found))
    newest, on = versions[-1], timezone.localdate()
    lane = selectors.lane_of(found)
    hits = [hit for hit in hits_in_words(lane.reasons) if hit.selected] if lane else []
    categories = {row.code: row for row in lists_for({}, on=newest.law_on, step="goods").categories}
    return {
        "declaration": found,
        "version": newest,
        "versions": [(each, read(each.content)) for each in versions],
        "content": read(newest.content),
        "charges": passengers.charges_of(newest),
        "findings": passengers.findings_of(newest),
        "photos": {str(each.public_id) for each in passengers.photos_of(found)},
        "pictures": {row.get("key"): row["photo"] for row in newest.content.get("goods", ()) if row.get("photo")},
        "categories": categories,
        "countries": code_list("country", on=on),
        "lane": lane,
        "hits": hits,
        "must_be_seen": selectors.has_to_be_seen(found),
        "was_examined": selectors.was_examined(found),
        "due": max(passengers.still_due(found), 0),
        "aside": selectors.aside_of(found),
        "events": list(passengers.events_of(found)),
        "verbs": VERBS,
        "purposes": PURPOSES,
        "origins": ORIGINS,
        "kinds": dict(CashLimit.Kind.choices),
        "handover": getattr(found, "handover", None),
        "powers": powers(request),
        "now": timezone.now(),
        "today": on,
    }


def _acting(request: HttpRequest, found: TravelDeclaration) -> dict[str, Any]:
    """Forms and the key under which an act is sent; one key for a page, a script makes one for each act."""
    on, user = timezone.localdate(), person(request)
    acts = selectors.may_act_on(user, found, on=on)
    goods = selectors.goods_in_words(found.draft, on=on)
    here = found.presented_at is not None
    context = {
        "acts": acts,
        "here": here,
        "is_open": here and found.closed_at is None,
        "key": uuid.uuid4().hex,
        "setting_aside": forms.AsideForm(goods=goods, prefix="aside"),
        "handing_over": forms.CargoForm(goods=goods, offices=selectors.offices(on=on), prefix="cargo"),
    }
    if acts and passengers.still_due(found) > 0:
        context["qr"] = qr_drawing(request.build_absolute_uri(_opening(found)))
    return context


def _opening(found: TravelDeclaration) -> str:
    """The address that opens the declaration on the traveller's own phone for a quarter of an hour."""
    return reverse("travel_open", args=[signing.dumps(found.pk, salt=OPEN_SALT)])


@officers_only
@require_safe
def state(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Where it stands, in a few bytes: the page asks while a sum is awaited."""
    found = traveller_of(request, key)
    return JsonResponse({"status": found.status, "version": found.version, "paid": str(found.paid)})


@officers_only
@require_http_methods(["GET", "HEAD"])
def correction(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The form of a correction. It is sent as an act (see `acts`)."""
    return show_correction(request, traveller_to_act_on(request, key))


def correction_form(found: TravelDeclaration, data: Any = None) -> forms.CorrectionForm:
    lists = lists_for(found.draft, on=found.law_on or timezone.localdate(), step="goods")
    return forms.CorrectionForm(data, draft=found.draft, categories=lists.categories, currencies=lists.currencies)


def show_correction(
    request: HttpRequest,
    found: TravelDeclaration,
    form: forms.CorrectionForm | None = None,
    refused: tuple[Violation, ...] = (),
) -> HttpResponse:
    if found.presented_at is None or found.closed_at is not None:
        raise Http404
    context = {
        "declaration": found,
        "form": form or correction_form(found),
        "refused": refused,
        "key": uuid.uuid4().hex,
        "powers": powers(request),
    }
    return render(request, "border/correction.html", context, status=422 if form else 200)


@officers_only
@require_safe
def photo(request: HttpRequest, key: uuid.UUID, photo: uuid.UUID) -> Any:
    """A photograph of the goods."""
    declaration = traveller_of(request, key)
    found = passengers.photo_of(declaration, photo)
    if found is None:
        raise Http404
    response = FileResponse(found.file.open(), content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@officers_only
@require_safe
def history(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Earlier declarations of the same documents, for the roles that may see them, at whatever post."""
    declaration = traveller_of(request, key)
    if not powers(request).sees_history:
        raise Http404
    documents = [each.document for each in read(declaration.draft).people if each.document]
    rows = {
        row.pk: row
        for number in documents
        for row in passengers.history_of_document(number)
        if row.pk != declaration.pk and row.version
    }
    found = sorted(rows.values(), key=lambda row: -row.pk)
    context = {"declaration": declaration, "rows": found, "documents": documents, "powers": powers(request)}
    return render(request, "border/history.html", context)


@officers_only
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at what; for auditors."""
    if not powers(request).watches:
        raise Http404
    rows = selectors.looks(person(request), text=request.GET.get("text", "")[:80], on=timezone.localdate())
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"tab": "looks", "page": page, "text": request.GET.get("text", ""), "powers": powers(request)}
    return render(request, "border/looks.html", context)
