"""By which ways a person is told of what, and the number for SMS."""

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from lib.violations import Rejected
from notifications import gateways, selectors, services
from notifications.forms import CodeForm, PhoneForm, WaysForm, ways_forms


@login_required
def choices(request: SignedInRequest) -> HttpResponse:
    phone = selectors.phone_of(request.user)
    sms = gateways.connected() is not None and phone is not None and phone.confirmed_at is not None
    rows = ways_forms(selectors.choices_of(request.user), sms=sms, data=request.POST or None)
    if request.method == "POST" and all(row.is_valid() for row in rows):
        services.choose_ways(request.user, {row.kind: row.ways() for row in rows})
        notices.success(request, _("Your choices are saved."))
        return redirect("message_choices")
    return _page(request, rows=rows)


@login_required
@require_POST
def phone(request: SignedInRequest) -> HttpResponse:
    """Ask for a code to a number, or give the number up."""
    if "forget" in request.POST:
        services.forget_number(request.user)
        notices.success(request, _("No SMS are sent to you any more."))
        return redirect("message_choices")
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            services.ask_for_code(request.user, number=form.cleaned_data["number"], at=timezone.now())
        except Rejected as rejected:
            form.add_error("number", rejected.violations[0].sentence)
        else:
            notices.info(request, _("A code is on its way to your telephone. Type it within ten minutes."))
            return redirect("message_choices")
    return _page(request, phone_form=form)


@login_required
@require_POST
def code(request: SignedInRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            services.confirm_number(request.user, code=form.cleaned_data["code"], at=timezone.now())
        except Rejected as rejected:
            form.add_error("code", rejected.violations[0].sentence)
        else:
            notices.success(request, _("Your number is confirmed. Choose below what comes by SMS."))
            return redirect("message_choices")
    return _page(request, code_form=form)


def _page(
    request: SignedInRequest,
    *,
    rows: list[WaysForm] | None = None,
    phone_form: PhoneForm | None = None,
    code_form: CodeForm | None = None,
) -> HttpResponse:
    number = selectors.phone_of(request.user)
    offered = gateways.connected() is not None
    confirmed = number is not None and number.confirmed_at is not None
    shown = rows or ways_forms(selectors.choices_of(request.user), sms=offered and confirmed)
    faulty = any(form.errors for form in (*shown, phone_form, code_form) if form is not None)
    context = {
        "rows": shown,
        "phone": number,
        "sms_offered": offered,
        "sms_possible": offered and confirmed,
        "phone_form": phone_form or PhoneForm(),
        "code_form": code_form or CodeForm(),
    }
    return render(request, "notifications/choices.html", context, status=422 if faulty else 200)
