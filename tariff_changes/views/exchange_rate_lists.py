"""Lists of new exchange rates: brought by one officer, and where something stands out decided by another."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.requests import person
from lib.uploads import read_upload
from lib.violations import Rejected
from tariff_changes.forms.exchange_rates import RateFileForm, RatesByHandForm, ReasonForm, TypedRates
from tariff_changes.models import ExchangeRateList
from tariff_changes.selectors import exchange_rate_lists as selectors
from tariff_changes.services import exchange_rates as services
from tariff_changes.services.exchange_rates import RateRow
from tariffs.selectors import code_list, territory

View = Callable[..., HttpResponse]


def _may_see(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and selectors.may_see_rate_lists(user, on=timezone.localdate())


def readers_only(view: View) -> View:
    """For those who keep the tariff or read it all; for anybody else lists do not exist."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _may_see(request):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def keepers_only(view: View) -> View:
    """For those who bring and confirm rates."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.may_keep_rates(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


def _list(pk: int) -> ExchangeRateList:
    try:
        return selectors.rate_list(pk)
    except ExchangeRateList.DoesNotExist as missing:
        raise Http404 from missing


@readers_only
@require_GET
def rate_lists(request: HttpRequest) -> HttpResponse:
    """Lists that wait, and those that were decided."""
    keeps = selectors.may_keep_rates(person(request), on=timezone.localdate())
    context = {"lists": selectors.rate_lists(), "keeps": keeps, "form": RateFileForm()}
    return render(request, "tariff_changes/rate_lists.html", context)


@keepers_only
@require_POST
def upload_rates(request: HttpRequest) -> HttpResponse:
    """A file of the central bank; what is wrong with it is listed row by row."""
    form = RateFileForm(request.POST, request.FILES)
    faults = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            brought = services.bring_file(
                read_upload(file),
                name=file.name,
                source=form.cleaned_data["source"],
                by=person(request),
                at=timezone.now(),
            )
            return redirect("rate_list", brought.pk)
        except Rejected as rejected:
            faults = rejected.violations
    context = {"lists": selectors.rate_lists(), "keeps": True, "form": form, "faults": faults}
    return render(request, "tariff_changes/rate_lists.html", context, status=422)


@keepers_only
@require_http_methods(["GET", "POST"])
def type_rates(request: HttpRequest) -> HttpResponse:
    """Rates typed by hand, for a second person to confirm."""
    form = RatesByHandForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    rows = TypedRates(request.POST or None)
    faults = []
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        typed = [RateRow(**row.cleaned_data) for row in rows if row.has_changed()]
        try:
            brought = services.bring_by_hand(typed, **form.cleaned_data, by=person(request), at=timezone.now())
            return redirect("rate_list", brought.pk)
        except Rejected as rejected:
            faults = rejected.violations
    context = {"form": form, "rows": rows, "faults": faults}
    return render(
        request, "tariff_changes/rates_by_hand.html", context, status=422 if request.method == "POST" else 200
    )


@readers_only
@require_GET
def rate_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A list beside the rates in force, with what is flagged."""
    return _shown(request, _list(pk))


def _shown(request: HttpRequest, shown: ExchangeRateList, faults: Any = (), *, status: int = 200) -> HttpResponse:
    context = {
        "list": shown,
        "names": code_list("currency", on=shown.valid_from),
        "territory": territory(),
        "keeps": selectors.may_keep_rates(person(request), on=timezone.localdate()),
        "form": ReasonForm(),
        "faults": faults,
    }
    return render(request, "tariff_changes/rate_list.html", context, status=status)


@keepers_only
@require_POST
def confirm_rates(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a list in force, as its second person."""
    try:
        services.confirm(_list(pk), by=person(request), at=timezone.now())
    except Rejected as rejected:
        return _shown(request, _list(pk), rejected.violations, status=422)
    messages.success(request, _("The rates are published."))
    return redirect("rate_list", pk)


@keepers_only
@require_POST
def turn_down_rates(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a list aside with a reason."""
    try:
        services.turn_down(_list(pk), reason=request.POST.get("reason", ""), by=person(request), at=timezone.now())
    except Rejected as rejected:
        return _shown(request, _list(pk), rejected.violations, status=422)
    messages.success(request, _("The list is put aside. No rate has changed."))
    return redirect("rate_list", pk)
