"""A trader or broker declares a traveller's vehicle for home use: with the traveller's code and date of birth."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import person
from clearance.forms import VehicleForm
from clearance.services import vehicles
from declarations.selectors import declarants_of
from lib.limits import asked_this_minute, counted
from lib.resume_codes import plain_resume_code
from lib.violations import Rejected

TRIES_A_MINUTE, TRIES_OF_A_CODE, HOUR = 10, 20, 3600


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest) -> HttpResponse:
    """The draft opens with everything that is known. Guessing is slow, and told nothing."""
    user, on = person(request), timezone.localdate()
    companies = list(declarants_of(user, on=on))
    if not companies:
        raise Http404
    form = VehicleForm(request.POST if request.method == "POST" else None, companies=companies)
    if request.method == "POST" and form.is_valid():
        code = plain_resume_code(form.cleaned_data["code"])
        of_code = counted(f"travel-code:{code}", seconds=HOUR) if code else 0
        if asked_this_minute(request, "travel-convert") > TRIES_A_MINUTE or of_code > TRIES_OF_A_CODE:
            response = render(request, "clearance/verify_later.html", status=429)
            response["Retry-After"] = "60"
            return response
        try:
            draft = vehicles.declare_vehicle(
                form.cleaned_data["code"],
                form.cleaned_data["birth"],
                declarant=form.company(),
                by=user,
                at=timezone.now(),
                on=on,
            )
            return redirect("declaration_section", draft.public_id, "procedure")
        except Rejected as refused:
            form.take(refused)
    return render(request, "clearance/vehicle.html", {"form": form}, status=422 if form.errors else 200)
