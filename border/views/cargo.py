"""The cargo side: what travellers carry beyond a traveller's goods, with everything that is known, to be declared."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import person
from border import selectors, services
from border.forms import DeclarantForm
from border.models import CargoHandover
from border.views.gate import powers
from lib.violations import Rejected
from passengers import services as passengers
from passengers.models import PassengerView

MOST = 100


@login_required
@require_safe
def cargo(request: HttpRequest) -> HttpResponse:
    """What was handed over to the officer's offices."""
    on, user = timezone.localdate(), person(request)
    if not powers(request).works_on_cargo:
        raise Http404
    rows = list(selectors.handovers_for(user, on=on)[:MOST])
    for row in rows:
        passengers.note_view(row.declaration, what=PassengerView.What.CARGO, by=user, at=timezone.now())
    context = {
        "tab": "cargo",
        "rows": [(row, selectors.takes_cargo(user, row, on=on)) for row in rows],
        "giving": DeclarantForm(),
        "powers": powers(request),
    }
    return render(request, "border/cargo.html", context)


@login_required
@require_POST
def give(request: HttpRequest, key: int) -> HttpResponse:
    """A draft on the desk of the company that will declare."""
    on, user = timezone.localdate(), person(request)
    found: CargoHandover | None = selectors.handovers_for(user, on=on).filter(pk=key).first()
    if found is None or not selectors.takes_cargo(user, found, on=on):
        raise Http404
    form = DeclarantForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the TIN of the company that declares."))
        return redirect("traveller_cargo")
    try:
        services.give_to_declarant(found, tin=form.cleaned_data["tin"], by=user, at=timezone.now(), on=on)
    except Rejected as refused:
        for fault in refused.violations:
            messages.error(request, fault.sentence)
    else:
        messages.success(request, _("A draft with everything that is known lies on the company's desk."))
    return redirect("traveller_cargo")
