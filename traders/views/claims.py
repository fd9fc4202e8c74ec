"""Pages for officers: companies that wait to be confirmed, and one of them with its papers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from lib.violations import Rejected
from traders import selectors, services
from traders.forms import DecisionForm
from traders.models import Company
from traders.views.companies import show

CLAIMS_PAGE = 50
View = Callable[..., HttpResponse]


def deciding(view: View) -> View:
    """For officers who decide on claims; for everybody else there is nothing here."""

    @login_required
    @wraps(view)
    def answer(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.may_confirm(request.user, on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return answer


@deciding
@require_GET
def claims(request: SignedInRequest) -> HttpResponse:
    page = Paginator(selectors.claims(), CLAIMS_PAGE).get_page(request.GET.get("page"))
    return render(request, "traders/claims.html", {"page": page})


@deciding
@require_GET
def claim(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _claim(pk), DecisionForm())


@deciding
@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm the claim, or refuse it with a sentence."""
    company, form = _claim(pk), DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, company, form)
    confirms = "confirm" in request.POST
    verb = services.confirm_company if confirms else services.refuse_company
    try:
        verb(company, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Rejected as rejected:
        show(rejected, form)
        return _page(request, company, form)
    text = _("%(company)s is confirmed.") if confirms else _("%(company)s is not confirmed; the person reads why.")
    messages.success(request, text % {"company": company})
    return redirect("claims")


def _claim(pk: int) -> Company:
    try:
        return selectors.claim(pk)
    except Company.DoesNotExist as absent:
        raise Http404 from absent


def _page(request: SignedInRequest, company: Company, form: DecisionForm) -> HttpResponse:
    context = {"company": company, "form": form, "rivals": selectors.rivals(company)}
    return render(request, "traders/claim.html", context, status=422 if form.errors else 200)
