"""Stock under suspension as traders and officers look at it: the list, one account, its paper, more time for it."""

import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from clearance import forms, selectors
from clearance.views.gate import ROWS, CappedPaginator
from declarations.models import ExtensionPaper, StockAccount, TermExtension
from declarations.selectors import stock_accounts
from declarations.services import stock_paper, stock_terms
from lib.signing import SigningFailed
from lib.uploads import read_upload
from lib.violations import Rejected
from traders.selectors import companies_of

log = structlog.get_logger("papers")
SHOWN_IN_THE_BROWSER = frozenset({"application/pdf", "image/png", "image/jpeg"})


def account_of(request: HttpRequest, key: int) -> StockAccount:
    """The stock account, for those who may see it. Raises Http404 for anybody else."""
    try:
        return stock_accounts.stock_account_for(person(request), key, on=timezone.localdate())
    except StockAccount.DoesNotExist as missing:
        raise Http404 from missing


@login_required
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """The list of stock accounts, with filters."""
    user, today = person(request), timezone.localdate()
    names = stock_accounts.procedure_names(on=today)
    form = forms.StockFilter(request.GET, procedures=names)
    read = form.is_valid()
    rows = stock_accounts.stock_list(user, form.wanted(), on=today) if read else StockAccount.objects.none()
    powers = selectors.powers_of(user, on=today)
    context = {
        "form": form,
        "page": CappedPaginator(rows, ROWS).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "procedures": names,
        "today": today,
        "soon": today + timedelta(days=settings.STOCK_DUE_SOON_DAYS),
        "powers": powers,
        "several": len(companies_of(user, on=today)) > 1,
    }
    return render(request, "clearance/stock.html", context)


@login_required
@require_GET
def account(request: HttpRequest, key: int) -> HttpResponse:
    """One account with every movement."""
    return show(request, account_of(request, key))


def show(request: HttpRequest, found: StockAccount, refused: dict[str, forms.VerbForm] | None = None) -> HttpResponse:
    """The page of an account; `refused` holds the form a verb refused, by the name it has on the page."""
    user, today = person(request), timezone.localdate()
    powers = selectors.powers_of(user, on=today)
    is_bound = selectors.is_bound_to(user, found)
    requests = list(stock_accounts.extensions_of(found))
    open_request = next((each for each in requests if each.status == TermExtension.Status.ASKED), None)
    may_ask = stock_accounts.may_ask_for_stock(user, found, on=today)
    late = found.due is not None and found.due < today and not found.is_empty
    context: dict[str, Any] = {
        "account": found,
        "late": late,
        "today": today,
        "procedure": stock_accounts.procedure_names(on=today).get(found.procedure, ""),
        "opening": stock_accounts.opening_of(found, to=user, on=today),
        "movements": stock_accounts.movements_shown(found, to=user, on=today),
        "requests": requests,
        "open_request": open_request,
        "write_offs": list(stock_accounts.write_offs_of(found)),
        "may_draw": may_ask and not found.is_empty and not late,
        "drawing": stock_accounts.procedures_that_draw(found, on=today),
        "may_ask": may_ask and found.due is not None and not found.is_empty and not late and open_request is None,
        "as_officer": powers.sees(found.office_code),
        "may_act": selectors.acts_on_stock(powers, found.office_code) and not is_bound,
        "bound": powers.sees(found.office_code) and is_bound,
        "asking": forms.ExtensionForm(prefix="ask"),
        "granting": forms.GrantForm(
            prefix="grant", initial={"until": open_request.until_wanted} if open_request else None
        ),
        "refusing": forms.ReasonForm(prefix="refuse"),
        "recording": forms.ActForm(prefix="act"),
        "rejecting": forms.ReasonForm(prefix="reject"),
        **(refused or {}),
    }
    return render(request, "clearance/stock_account.html", context, status=422 if refused else 200)


@login_required
@require_POST
def ask(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for more time."""
    found = account_of(request, key)
    if not stock_accounts.may_ask_for_stock(person(request), found, on=timezone.localdate()):
        raise Http404
    form = forms.ExtensionForm(request.POST, request.FILES, prefix="ask")
    if form.is_valid():
        read = dict(form.cleaned_data)
        try:
            files = [(upload.name or "", read_upload(upload, pointer="papers")) for upload in read.pop("papers")]
            stock_terms.ask_extension(found, **read, files=files, by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("Your request is with the office."))
            return redirect("stock_account", key=key)
    return show(request, found, {"asking": form})


@login_required
@require_GET
def paper(request: HttpRequest, key: int) -> HttpResponse:
    """The account as PDF, in the reader's language."""
    found, user, today = account_of(request, key), person(request), timezone.localdate()
    try:
        content = stock_paper.print_account(found, to=user, on=today, at=timezone.now())
    except SigningFailed:
        log.exception("stock account not signed", account=found.pk)
        messages.error(request, _("Papers cannot be signed at the moment. Try again in some minutes."))
        return redirect("stock_account", key=found.pk)
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"stock-{found.office_code}-{found.year}-{found.series}{found.number}-{found.item_number}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@login_required
@require_GET
def extension_paper(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """A paper that came with a request for more time."""
    try:
        stored = stock_accounts.paper_of_extension(person(request), key, on=timezone.localdate())
    except ExtensionPaper.DoesNotExist as missing:
        raise Http404 from missing
    answer = FileResponse(
        stored.file.open("rb"),
        filename=stored.name,
        content_type=stored.content_type,
        as_attachment=stored.content_type not in SHOWN_IN_THE_BROWSER,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
