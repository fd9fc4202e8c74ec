"""After the border, for the traveller who opened the declaration: the vehicle's term, and money back at the exit."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.violations import Rejected
from passengers import selectors
from passengers.forms.leaving import ClaimForm, ContactForm, ExtensionForm
from passengers.models import TravelDeclaration, VehicleStay
from passengers.services import claims, read, stays
from passengers.views.gate import with_declaration
from passengers.views.shown import shown


@require_http_methods(["GET", "HEAD", "POST"])
@with_declaration
def stay(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """Until when the vehicle may stay; more time is asked for here, and where to be reminded is left."""
    found = selectors.stays_of(declaration)
    if not found:
        raise Http404
    current = found[-1]
    wants = request.POST.get("act", "")
    data = request.POST if request.method == "POST" else None
    contact = ContactForm(
        data if wants == "contact" else None, initial={"phone": current.phone, "email": current.email}
    )
    extension = ExtensionForm(data if wants == "extension" else None)
    if data is not None and _done(current, contact, extension):
        return redirect("travel_stay", key=declaration.public_id)
    context = {
        **shown(declaration),
        "stay": current,
        "contact": contact,
        "extension": extension,
        "extensions": current.extensions.all(),
        "is_here": current.status == VehicleStay.Status.HERE,
        "days_left": (current.leave_by - timezone.localdate()).days,
    }
    return render(request, "passengers/stay.html", context, status=200 if data is None else 422)


def _done(current: VehicleStay, contact: ContactForm, extension: ExtensionForm) -> bool:
    """Whether the form that was sent did its verb."""
    now, on = timezone.now(), timezone.localdate()
    try:
        if contact.is_bound and contact.is_valid():
            stays.leave_contact(current, **contact.cleaned_data, at=now)
            return True
        if extension.is_bound and extension.is_valid():
            stays.ask_extension(current, **extension.cleaned_data, at=now, on=on)
            return True
    except Rejected as refused:
        (contact if contact.is_bound else extension).take(refused)
    return False


@require_http_methods(["GET", "HEAD", "POST"])
@with_declaration
def claim(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """What was paid for goods that leave again: which may be claimed, and what became of earlier claims."""
    version, on = selectors.newest_version(declaration), timezone.localdate()
    if version is None or selectors.claim_until(declaration) is None:
        raise Http404
    free = selectors.claimable(declaration, read(version.content), on=on)
    choices = [(each.place, each.thing.description or each.thing.category) for each in free]
    form = ClaimForm(request.POST if request.method == "POST" else None, goods=choices)
    if request.method == "POST" and form.is_valid():
        try:
            claims.claim(declaration, goods=form.cleaned_data["goods"], at=timezone.now(), on=on)
            messages.success(request, _("Show the goods to the officer at the exit."))
            return redirect("travel_claim", key=declaration.public_id)
        except Rejected as refused:
            form.take(refused)
    context = {
        **shown(declaration),
        "form": form if choices else None,
        "claims": selectors.claims_of(declaration),
        "things": dict(enumerate(read(version.content).things, start=1)),
        "until": selectors.claim_until(declaration),
    }
    return render(request, "passengers/claim.html", context, status=422 if form.errors else 200)
