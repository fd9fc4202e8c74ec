"""The analysts' pages of models: figures, training, a second person's consent, what the champion may choose, drift."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from lib.violations import Rejected
from risk import selectors, services
from risk.forms import ThresholdForm, TrainForm
from risk.models import Model
from risk.selectors import models as reads
from risk.views.gate import analysts_only, readers_only

PAGE = 50
EVALUATED_DAYS = 90


def _model(pk: int) -> Model:
    try:
        return reads.model(pk)
    except Model.DoesNotExist as missing:
        raise Http404 from missing


def _shown(request: HttpRequest, threshold_form: ThresholdForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    page = Paginator(reads.models(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "in_use": [(each, reads.unusable(each)) for each in page if each.status in ("champion", "challenger")],
        "learning": any(each.status == Model.Status.WAITING for each in page),
        "thresholds": list(reads.thresholds()[:PAGE]),
        "training": TrainForm(),
        "setting": threshold_form or ThresholdForm(initial={"valid_from": today}),
        "is_analyst": selectors.is_analyst(person(request), on=today),
    }
    return render(request, "risk/models.html", context, status=422 if threshold_form else 200)


@readers_only
@require_GET
def models(request: HttpRequest) -> HttpResponse:
    """Every model, the newest first, and what the champion may choose."""
    return _shown(request)


@readers_only
@require_GET
def model(request: HttpRequest, pk: int) -> HttpResponse:
    """One model: window, figures on days it did not see, real findings, hash, who and when, history."""
    found = _model(pk)
    context = {
        "model": found,
        "slices": _slices(found),
        "held": [date.fromisoformat(found.figures[name]) for name in ("held_from", "until") if name in found.figures],
        "evaluation": reads.evaluation_of(found),
        "unusable": reads.unusable(found),
        "drifts": list(reads.drifts_of(found)[:24]),
        "events": list(reads.events_of(found)[:PAGE]),
        "features": [reads.feature_in_words(name) for name in found.features],
        "days": EVALUATED_DAYS,
        "is_analyst": selectors.is_analyst(person(request), on=timezone.localdate()),
        "is_second": found.proposed_by_id not in (None, person(request).pk),
    }
    return render(request, "risk/model.html", context)


def _slices(found: Model) -> list[tuple[str, Any]]:
    names = {
        "all": _("all lines"),
        "new_price": _("code and value per kg not seen before"),
        "new_mass": _("code and net mass not seen before"),
    }
    return [(label, found.figures[name]) for name, label in names.items() if name in found.figures]


@readers_only
@require_GET
def drift(request: HttpRequest, pk: int) -> HttpResponse:
    """How far months lie from what a model learnt: scores, then each feature."""
    found = _model(pk)
    page = Paginator(reads.drifts_of(found), 1).get_page(request.GET.get("page"))
    report = page[0] if len(page) else None
    context = {"model": found, "page": page, "report": report, "rows": reads.drift_in_words(report) if report else []}
    return render(request, "risk/model_drift.html", context)


@analysts_only
@require_POST
def train(request: HttpRequest) -> HttpResponse:
    """Ask for a model; the worker learns it."""
    form = TrainForm(request.POST)
    days = form.cleaned_data["days"] if form.is_valid() else 0
    try:
        made = services.ask_training(days=days, by=person(request), at=timezone.now())
    except Rejected as error:
        messages.error(request, error.violations[0].sentence)
        return redirect("models")
    messages.success(request, _("A model is being learnt in the background. You may leave this page."))
    return redirect("model", pk=made.pk)


@analysts_only
@require_POST
def threshold(request: HttpRequest) -> HttpResponse:
    """Set what the champion may choose from a day on."""
    form = ThresholdForm(request.POST)
    if form.is_valid():
        try:
            services.set_threshold(**form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("What the model may choose is set."))
            return redirect("models")
    return _shown(request, form)


def _act(request: HttpRequest, pk: int, verb: Callable[..., object], done: str) -> HttpResponse:
    try:
        verb(_model(pk), by=person(request), at=timezone.now())
    except Rejected as error:
        messages.error(request, error.violations[0].sentence)
    else:
        messages.success(request, done)
    return redirect("model", pk=pk)


@analysts_only
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a model run beside the champion and propose it to a second analyst."""
    return _act(
        request, pk, services.propose_model, _("The model runs as challenger. Another analyst can activate it.")
    )


@analysts_only
@require_POST
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Consent, as a second analyst, to what another proposed."""
    return _act(request, pk, services.activate_model, _("The model is the champion."))


@analysts_only
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a model out of use."""
    return _act(request, pk, services.retire_model, _("The model is retired."))


@analysts_only
@require_POST
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare what a model said with what examinations found."""
    services.evaluate(_model(pk), days=EVALUATED_DAYS, by=person(request), at=timezone.now())
    return redirect("model", pk=pk)
