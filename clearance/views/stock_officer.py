"""What officers do about stock: what is overdue, what waits for them, more time, acts, goods from before the system."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Look
from accounts.requests import person
from clearance import forms, selectors
from clearance.services import stock as services
from clearance.views.gate import ROWS, CappedPaginator, note_asked, powers_or_404
from clearance.views.stock import show
from declarations.models import RefusedBalance, StockAccount, StockWriteOff, TermExtension
from declarations.selectors import stock_accounts
from declarations.services import stock_table
from lib.table_answers import marked
from lib.uploads import read_upload
from lib.violations import Rejected

T = TypeVar("T")
SHOWN_REFUSED = 20
EXPORTED = 20_000
OVERDUE_COLUMNS = (
    "number", "item", "mrn", "company", "tin", "procedure", "commodity_code", "description", "due", "days_late",
    "packages_left", "net_mass_left", "supplementary_quantity_left", "supplementary_unit", "value_left",
)  # fmt: skip


# Overdue ------------------------------------------------------------------------------------------------------
@login_required
@require_GET
def overdue(request: HttpRequest) -> HttpResponse:
    """Stock of the officer's offices whose term is over, the longest first."""
    form, rows = _overdue(request)
    context = {
        "form": form,
        "page": CappedPaginator(rows, ROWS).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "procedures": stock_accounts.procedure_names(on=timezone.localdate()),
        "today": timezone.localdate(),
        "soon": timezone.localdate(),
    }
    return render(request, "clearance/stock_overdue.html", context)


@login_required
@require_GET
def overdue_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as a table; at most twenty thousand rows."""
    _form, rows = _overdue(request)
    note_asked(request, Look.What.EXPORT)
    lines = _lines(list(rows[:EXPORTED]))
    answer = StreamingHttpResponse(marked(chain([OVERDUE_COLUMNS], lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="overdue-stock-{timezone.localdate().isoformat()}.csv"'
    return answer


def _overdue(request: HttpRequest) -> tuple[forms.StockFilter, Any]:
    powers, today = powers_or_404(request), timezone.localdate()
    asked = request.GET.copy()
    asked["state"] = "overdue"
    form = forms.StockFilter(asked, procedures=stock_accounts.procedure_names(on=today))
    if not form.is_valid():
        return form, StockAccount.objects.none()
    return form, stock_accounts.stock_of_offices(powers.within(), form.wanted(), on=today)


def _lines(rows: list[StockAccount]) -> Iterator[tuple[object, ...]]:
    today = timezone.localdate()
    for row in rows:
        assert row.due is not None
        yield (
            row.customs_number, row.item_number, row.mrn, row.company.name, row.company.tin, row.procedure,
            row.commodity_code, row.description, row.due.isoformat(), (today - row.due).days, row.packages_left,
            row.net_mass_left, row.supplementary_quantity_left, row.supplementary_unit, row.value_left,
        )  # fmt: skip


# What waits ---------------------------------------------------------------------------------------------------
@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Requests, acts and entries that wait for a decision in the officer's offices."""
    powers = powers_or_404(request)
    within = powers.within()
    context = {
        "extensions": CappedPaginator(stock_accounts.extensions_waiting(within), ROWS).get_page(1),
        "acts": CappedPaginator(stock_accounts.write_offs_waiting(within), ROWS).get_page(1),
        "balances": CappedPaginator(stock_accounts.balances_waiting(within), ROWS).get_page(request.GET.get("page")),
        "refused": list(stock_accounts.balances_refused(within)[:SHOWN_REFUSED]),
        "acts_here": powers.acts,
    }
    return render(request, "clearance/stock_waiting.html", context)


# Verbs on an account ------------------------------------------------------------------------------------------
@login_required
@require_POST
def record(request: HttpRequest, key: int) -> HttpResponse:
    """Record an act of loss, destruction or waste."""
    found = _found(lambda: stock_accounts.stock_account_for(person(request), key, on=timezone.localdate()))
    if not powers_or_404(request).sees(found.office_code):
        raise Http404
    form = forms.ActForm(request.POST, prefix="act")
    done = _("The act is recorded. A second officer confirms it.")
    if form.is_valid():
        return _act(request, found, "recording", form, services.record_write_off, {"act": form.act()}, done)
    return show(request, found, {"recording": form})


@login_required
@require_POST
def grant(request: HttpRequest, key: int) -> HttpResponse:
    asked = _extension(request, key)
    form = forms.GrantForm(request.POST, prefix="grant")
    done = _("The term is extended.")
    return _decide(request, asked, "granting", form, services.grant_extension, done)


@login_required
@require_POST
def refuse(request: HttpRequest, key: int) -> HttpResponse:
    asked = _extension(request, key)
    form = forms.ReasonForm(request.POST, prefix="refuse")
    return _decide(request, asked, "refusing", form, services.refuse_extension, _("The request is refused."))


@login_required
@require_POST
def confirm_act(request: HttpRequest, key: int) -> HttpResponse:
    act = _write_off(request, key)
    form = forms.NothingForm(request.POST)
    done = _("Confirmed. The goods are written off.")
    return _decide(request, act, "confirming", form, services.confirm_write_off, done)


@login_required
@require_POST
def reject_act(request: HttpRequest, key: int) -> HttpResponse:
    act = _write_off(request, key)
    form = forms.ReasonForm(request.POST, prefix="reject")
    return _decide(request, act, "rejecting", form, services.reject_write_off, _("The act is rejected."))


def _decide(
    request: HttpRequest,
    subject: TermExtension | StockWriteOff,
    name: str,
    form: forms.VerbForm,
    verb: Callable[..., Any],
    done: str,
) -> HttpResponse:
    found = _found(
        lambda: stock_accounts.stock_account_for(person(request), subject.account_id, on=timezone.localdate())
    )
    if not form.is_valid():
        return show(request, found, {name: form})
    return _act(request, found, name, form, lambda _account, **given: verb(subject, **given), form.cleaned_data, done)


def _act(
    request: HttpRequest,
    found: StockAccount,
    name: str,
    form: forms.VerbForm,
    verb: Callable[..., Any],
    given: dict[str, Any],
    done: str,
) -> HttpResponse:
    """Run `verb`; a refusal shows the page again with what was typed."""
    try:
        verb(found, **given, by=person(request), at=timezone.now())
    except Rejected as error:
        form.take(error)
        return show(request, found, {name: form})
    messages.success(request, done)
    return redirect("stock_account", key=found.pk)


def _extension(request: HttpRequest, key: int) -> TermExtension:
    return _found(lambda: stock_accounts.extension_of(_mine(request), key))


def _write_off(request: HttpRequest, key: int) -> StockWriteOff:
    return _found(lambda: stock_accounts.write_off_of(_mine(request), key))


def _mine(request: HttpRequest) -> Q:
    return powers_or_404(request).within()


def _found(read: Callable[[], T]) -> T:
    """What the selector finds; for somebody who may not see it the page does not exist."""
    try:
        return read()
    except (StockAccount.DoesNotExist, TermExtension.DoesNotExist, StockWriteOff.DoesNotExist) as missing:
        raise Http404 from missing


# Goods from before the system ---------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_balance(request: HttpRequest) -> HttpResponse:
    """Enter an item that was declared before the system; `?again=` fills in what a second officer refused."""
    powers = powers_or_404(request)
    if not powers.acts:
        raise Http404
    form = _balance_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.enter_balance(form.balance(), by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("%(number)s is entered. A second officer confirms it.") % {"number": made})
            return redirect("stock_waiting")
    return render(request, "clearance/stock_balance_new.html", {"form": form}, status=422 if form.errors else 200)


def _balance_form(request: HttpRequest) -> forms.BalanceForm:
    powers, today = powers_or_404(request), timezone.localdate()
    lists: dict[str, Any] = {
        "offices": [
            office
            for office in selectors.offices_seen(powers, on=today)
            if selectors.acts_on_stock(powers, office.code)
        ],
        "procedures": stock_accounts.procedure_names(on=today),
    }
    if request.method == "POST":
        return forms.BalanceForm(request.POST, **lists)
    return forms.BalanceForm(initial=_refused_before(request), **lists)


def _refused_before(request: HttpRequest) -> dict[str, str]:
    again = request.GET.get("again", "")
    rows = stock_accounts.balances_refused(_mine(request))
    refused: RefusedBalance | None = (
        rows.filter(pk=int(again)).first() if again.isdecimal() and len(again) < 10 else None
    )
    return dict(refused.data) if refused is not None else {}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def balance_table(request: HttpRequest) -> HttpResponse:
    """Enter many from a file: first it is only checked, then what was checked is entered."""
    if not powers_or_404(request).acts:
        raise Http404
    context: dict[str, Any] = {"columns": stock_table.COLUMNS, "most": stock_table.MOST_ROWS}
    if request.method == "POST":
        try:
            name, content = _table(request)
            if "enter" in request.POST:
                made = services.enter_table(content, name=name, by=person(request), at=timezone.now())
                messages.success(
                    request, _("Entered: %(number)d. A second officer confirms each.") % {"number": len(made)}
                )
                return redirect("stock_waiting")
            checked = services.check_table(content, name=name, by=person(request), at=timezone.now())
            context |= {"checked": checked, "name": name, "table": stock_table.as_table(checked)}
        except Rejected as error:
            context["violations"] = error.violations
    return render(request, "clearance/stock_table.html", context, status=422 if "violations" in context else 200)


def _table(request: HttpRequest) -> tuple[str, bytes]:
    """The file that was sent, or the rows that were checked before."""
    upload = request.FILES.get("file")
    if isinstance(upload, UploadedFile):
        return str(upload.name or "file"), read_upload(upload, limit=stock_table.MOST_BYTES)
    return request.POST.get("name", "") or "table", request.POST.get("table", "").encode()


@login_required
@require_GET
def empty_table(request: HttpRequest) -> HttpResponse:
    """The table to be filled in."""
    powers_or_404(request)
    answer = HttpResponse("".join(stock_table.empty_table()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="stock-before.csv"'
    return answer


@login_required
@require_GET
def balance(request: HttpRequest, key: int) -> HttpResponse:
    """What was entered, to be confirmed or rejected by a second officer."""
    return _show_balance(request, key)


def _show_balance(request: HttpRequest, key: int, form: forms.VerbForm | None = None) -> HttpResponse:
    found = _found(lambda: stock_accounts.balance_of(_mine(request), key))
    if found.confirmed_by is not None and form is None:
        return redirect("stock_account", key=key)
    powers, today = powers_or_404(request), timezone.localdate()
    context = {
        "account": found,
        "procedure": stock_accounts.procedure_names(on=today).get(found.procedure, ""),
        "may_act": selectors.acts_on_stock(powers, found.office_code)
        and not selectors.is_bound_to(person(request), found),
        "own": found.entered_by == request.user,
        "rejecting": form if isinstance(form, forms.ReasonForm) else forms.ReasonForm(prefix="reject"),
        "confirming": form if isinstance(form, forms.NothingForm) else None,
    }
    return render(request, "clearance/stock_balance.html", context, status=422 if form else 200)


@login_required
@require_POST
def confirm_balance(request: HttpRequest, key: int) -> HttpResponse:
    found = _found(lambda: stock_accounts.balance_of(_mine(request), key))
    form = forms.NothingForm(request.POST)
    form.is_valid()
    try:
        services.confirm_balance(found, by=person(request), at=timezone.now())
    except Rejected as error:
        return _refused(request, key, form, error)
    messages.success(request, _("Confirmed. It can be drawn on from now."))
    return redirect("stock_account", key=key)


@login_required
@require_POST
def reject_balance(request: HttpRequest, key: int) -> HttpResponse:
    found = _found(lambda: stock_accounts.balance_of(_mine(request), key))
    form = forms.ReasonForm(request.POST, prefix="reject")
    if form.is_valid():
        try:
            services.refuse_balance(found, **form.cleaned_data, by=person(request), at=timezone.now())
        except Rejected as error:
            return _refused(request, key, form, error)
        messages.success(request, _("Rejected. What was entered is kept and can be entered again."))
        return redirect("stock_waiting")
    return _show_balance(request, key, form)


def _refused(request: HttpRequest, key: int, form: forms.VerbForm, error: Rejected) -> HttpResponse:
    """The page with what the verb says; where another officer was quicker, the entry may be gone."""
    form.take(error)
    try:
        return _show_balance(request, key, form)
    except Http404:
        messages.error(request, " ".join(fault.sentence for fault in error.violations))
        return redirect("stock_waiting")
