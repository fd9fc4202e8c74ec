"""The gate: what is expected to leave, and from the scanned paper the confirmation that it left, or what differs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from clearance import selectors, services
from clearance.forms import ExitForm, ExitRefusalForm
from clearance.views.gate import ROWS, CappedPaginator
from clearance.views.public import shown
from declarations.models import Declaration
from lib.violations import Rejected


@login_required
@require_GET
def expected(request: HttpRequest) -> HttpResponse:
    """Released exports and re-exports that have still to leave through the officer's offices."""
    powers = selectors.powers_of(person(request), on=timezone.localdate())
    if not selectors.confirms_exits(powers):
        raise Http404
    rows = selectors.expected_to_leave(powers)
    page = CappedPaginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "clearance/exits.html", {"page": page, "now": timezone.now()})


@login_required
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The goods of the paper with this token have left."""
    found = _of_paper(request, token)
    form = ExitForm(request.POST, prefix="exit")
    if form.is_valid():
        try:
            services.confirm_exit(found, **form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The exit is confirmed."))
            return redirect("verify_token", token=token)
    return shown(request, token, {"leaving": form})


@login_required
@require_POST
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """The goods are not those of the paper: they stay, and the finding is recorded."""
    found = _of_paper(request, token)
    form = ExitRefusalForm(request.POST, prefix="stay")
    if form.is_valid():
        try:
            services.refuse_exit(found, **form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The goods stay. What differs is recorded in the file."))
            return redirect("verify_token", token=token)
    return shown(request, token, {"staying": form})


def _of_paper(request: HttpRequest, token: str) -> Declaration:
    """The declaration of the scanned paper, for an officer at a gate. Raises Http404 for anybody else."""
    genuine = selectors.genuine_paper(token)
    powers = selectors.powers_of(person(request), on=timezone.localdate())
    found = genuine.paper.declaration if genuine else None
    if found is None or not selectors.confirms_exits(powers):
        raise Http404
    return found
