"""The supervisor's pages: load, ages, who holds what; many files at once, hand-over, absence, skills, the switch."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from clearance import forms, selectors, services
from clearance.selectors import Powers
from clearance.selectors.audits import audit_load, audits_held
from clearance.services.staff import AT_ONCE, Taken
from clearance.views.gate import powers_or_404
from lib.violations import Rejected

SAID = 20


@login_required
@require_GET
def load(request: HttpRequest) -> HttpResponse:
    """Who holds what, how old it is and what was decided; for supervisors, and to read for who sees every office."""
    return show(request)


def show(request: HttpRequest, refused: dict[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The page; `refused` holds the form that a verb refused, by the name it has on the page."""
    powers = powers_or_404(request)
    if not (powers.supervises or powers.everywhere):
        raise Http404
    now, on = timezone.now(), timezone.localdate()
    staff, offices = selectors.staff_of(powers, on=on), _offices(powers)
    context: dict[str, Any] = {
        "offices": selectors.load_of(powers, at=now),
        "audit_load": audit_load(powers, on=on),
        "audits_held": audits_held(powers),
        "ages": selectors.AGES,
        "holders": selectors.holders_of(powers, at=now, on=on),
        "absences": list(selectors.absences_of(powers, on=on)),
        "reroutes": list(selectors.reroutes_waiting(powers, by=person(request))[:SAID]),
        "supervises": powers.supervises,
        "switches": [(office, office.code in selectors.automatic_offices()) for office in offices],
        "handing": forms.HandOverForm(prefix="hand", staff=staff),
        "absence": forms.AbsenceForm(prefix="away", staff=staff),
        "skill": forms.SkillForm(prefix="skill", staff=staff, offices=offices),
        "now": now,
    }
    return render(request, "clearance/load.html", context | (refused or {}), status=422 if refused else 200)


@login_required
@require_POST
def allot_many(request: HttpRequest) -> HttpResponse:
    """Allot the files that were ticked in the queue."""
    powers = supervisor_or_404(request)
    keys = [key for key in request.POST.getlist("chosen")[:AT_ONCE] if _is_key(key)]
    form = forms.ManyForm(request.POST, staff=selectors.staff_of(powers, on=timezone.localdate()), keys=keys)
    if not form.is_valid():
        for sentences in form.errors.values():
            messages.error(request, str(sentences[0]))
        return redirect("queue")
    found = selectors.waiting_of(powers, form.cleaned_data["chosen"])
    given = {"officer": form.cleaned_data["officer"], "reason": form.cleaned_data["reason"]}
    _tell(request, services.allot_many(found, **given, by=person(request), at=timezone.now()))
    return redirect("queue")


@login_required
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Everything that an officer holds goes to another one, or back to the queue."""
    powers = supervisor_or_404(request)
    form = forms.HandOverForm(request.POST, prefix="hand", staff=selectors.staff_of(powers, on=timezone.localdate()))

    def verb(officer: Any, **given: Any) -> None:
        _tell(request, services.hand_files_over(officer, **given))

    return _act(request, "handing", form, verb)


@login_required
@require_POST
def absence(request: HttpRequest) -> HttpResponse:
    """An officer is away."""
    powers = supervisor_or_404(request)
    form = forms.AbsenceForm(request.POST, prefix="away", staff=selectors.staff_of(powers, on=timezone.localdate()))
    return _act(request, "absence", form, services.record_absence, done=_("The absence is recorded."))


@login_required
@require_POST
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer is back."""
    powers = supervisor_or_404(request)
    found = selectors.absences_of(powers, on=timezone.localdate()).filter(pk=pk).first()
    if found is None:
        raise Http404
    services.end_absence(found, by=person(request), at=timezone.now())
    messages.success(request, _("The absence is ended."))
    return redirect("load")


@login_required
@require_POST
def skill(request: HttpRequest) -> HttpResponse:
    """Which goods an officer takes, and how many files."""
    powers = supervisor_or_404(request)
    staff = selectors.staff_of(powers, on=timezone.localdate())
    form = forms.SkillForm(request.POST, prefix="skill", staff=staff, offices=_offices(powers))
    return _act(request, "skill", form, services.set_skill, done=_("It is kept."))


@login_required
@require_POST
def switch(request: HttpRequest, office: str) -> HttpResponse:
    """Automatic allotment on or off."""
    powers = supervisor_or_404(request)
    if office not in {each.code for each in _offices(powers)}:
        raise Http404
    is_on = request.POST.get("on") == "1"
    services.switch_allotment(office, is_on=is_on, by=person(request), at=timezone.now())
    messages.success(request, _("Automatic allotment is on.") if is_on else _("Automatic allotment is off."))
    return redirect("load")


def supervisor_or_404(request: HttpRequest) -> Powers:
    """The powers of a supervisor; for anybody else the page does not exist."""
    powers = powers_or_404(request)
    if not powers.supervises:
        raise Http404
    return powers


def _act(
    request: HttpRequest, name: str, form: forms.VerbForm, verb: Callable[..., Any], *, done: str = ""
) -> HttpResponse:
    if form.is_valid():
        try:
            given = dict(form.cleaned_data)
            verb(given.pop("officer"), **given, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            if done:
                messages.success(request, done)
            return redirect("load")
    return show(request, {name: form})


def _tell(request: HttpRequest, taken: Taken) -> None:
    done = ngettext("%d file was handed over.", "%d files were handed over.", taken.done) % taken.done
    messages.success(request, done)
    for mrn, sentence in taken.refused[:SAID]:
        messages.warning(request, f"{mrn}: {sentence}")
    for more, words in (
        (len(taken.refused[SAID:]), ngettext_lazy("%d more was refused.", "%d more were refused.")),
        (taken.left, ngettext_lazy("%d is left: repeat it.", "%d are left: repeat it.")),
    ):
        if more:
            messages.warning(request, words % more)


def _offices(powers: Powers) -> list[Any]:
    """Offices that the person supervises."""
    codes = selectors.supervised(powers)
    seen = selectors.offices_seen(powers, on=timezone.localdate())
    return [office for office in seen if None in codes or office.code in codes]


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
