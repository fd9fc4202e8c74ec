"""The treasury's pages of money that goes back: what waits, payment files; and the cashier's: back to the sender."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from lib.figures import ZERO, plain
from lib.table_answers import table_answer
from lib.violations import Conflict, Rejected, Violation
from payments import selectors, services
from payments.bank_files.pain002 import MOST_BYTES as MOST_OF_A_REPORT
from payments.forms import ReasonForm, ReportForm, ToSenderForm
from payments.models import PaymentFile, PayOut, SuspenseItem
from payments.views.desk_tables import Rows
from payments.views.gate import acting_desk_or_refuse, desk_or_404

_A_PAGE, _AT_ONCE = 25, 2_000


@login_required
@require_GET
def back_desk(request: HttpRequest) -> HttpResponse:
    """What waits for the treasury."""
    return _show_desk(request)


@login_required
@require_GET
def back_table(request: HttpRequest, table: str, kind: str) -> HttpResponseBase:
    """Claims or pay-outs as CSV or XLSX."""
    _desk(request)
    if table not in _TABLES:
        raise Http404
    return table_answer(_TABLES[table](), name=table, kind=kind)


@login_required
@require_POST
def payment_file_make(request: HttpRequest) -> HttpResponse:
    """A file of everything that is approved."""
    _acting_desk(request)
    try:
        made = services.make_payment_file(by=person(request), at=timezone.now())
    except Rejected as refused:
        return _show_desk(request, refused.violations, status=422)
    messages.success(request, _("The file is made. Download it, give it to the bank, then mark it as sent."))
    return redirect("payment_file", key=made.public_id)


@login_required
@require_GET
def payment_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A file: what is in it, who took it, whether it was sent."""
    return _show_file(request, _file(request, key))


@login_required
@require_GET
def payment_file_table(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponseBase:
    """The pay-outs of a file as CSV or XLSX, to read; what the bank takes is the file."""
    kept = _file(request, key)
    return table_answer(_in_file(kept), name=kept.message_id, kind=kind)


@login_required
@require_POST
def payment_file_content(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """The file as it was made, whenever it is asked for; who took it is written down."""
    _acting_desk(request)
    kept = _file(request, key)
    services.record_download(kept, by=person(request), at=timezone.now())
    answer = FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=f"{kept.message_id}.xml", content_type="application/xml"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def payment_file_sent(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A person says that the bank has it."""
    _acting_desk(request)
    kept = _file(request, key)
    try:
        services.mark_file_sent(kept, by=person(request), at=timezone.now())
    except Rejected as refused:
        status = 409 if isinstance(refused, Conflict) else 422
        return _show_file(request, _file(request, key), refused.violations, status=status)
    messages.success(request, _("Marked as sent. The bank’s statement will say what was paid."))
    return redirect("payment_file", key=key)


@login_required
@require_POST
def payment_file_report(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The bank's answer: what it refused goes back."""
    _acting_desk(request)
    kept = _file(request, key)
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_file(request, kept, form=form, status=422)
    content = form.cleaned_data["file"].read(MOST_OF_A_REPORT + 1)
    try:
        done = services.take_report(kept, content, by=person(request), at=timezone.now())
    except Rejected as refused:
        form.take(refused.violations)
        return _show_file(request, kept, form=form, status=422)
    text = ngettext("The bank refused one pay-out.", "The bank refused {number} pay-outs.", done)
    messages.success(request, text.format(number=done))
    return redirect("payment_file", key=key)


def _show_desk(request: HttpRequest, violations: list[Violation] | None = None, *, status: int = 200) -> HttpResponse:
    approved = selectors.pay_outs_approved()
    context = {
        "desk": _desk(request),
        "today": timezone.localdate(),
        "claims": Paginator(selectors.claims_to_decide(), _A_PAGE).get_page(request.GET.get("page")),
        "overdue": selectors.claims_overdue(on=timezone.localdate()).count(),
        "accounts": selectors.accounts_to_confirm()[:_A_PAGE],
        "waiting": selectors.pay_outs_to_approve()[:100],
        "approved": approved[:100],
        "approved_count": approved.count(),
        "approved_sum": sum((each.amount for each in approved), ZERO),
        "files": selectors.payment_files()[:_A_PAGE],
        "ended": selectors.pay_outs_ended()[:_A_PAGE],
        "decided": selectors.claims_ended()[:_A_PAGE],
        "violations": violations or [],
    }
    return render(request, "payments/back_desk.html", context, status=status)


def _show_file(
    request: HttpRequest,
    kept: PaymentFile,
    violations: list[Violation] | None = None,
    *,
    form: ReportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(selectors.pay_outs_in(kept), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "file": kept,
        "desk": _desk(request),
        "page": page,
        "form": form or ReportForm(),
        "violations": violations or [],
    }
    return render(request, "payments/payment_file.html", context, status=status)


def _desk(request: HttpRequest) -> selectors.BackDesk:
    """Raises Http404 for whoever has not this desk."""
    desk = selectors.back_desk_of(person(request), on=timezone.localdate())
    if not desk.reads:
        raise Http404
    return desk


def _acting_desk(request: HttpRequest) -> None:
    """Raises PermissionDenied for who only reads."""
    if not _desk(request).acts:
        raise PermissionDenied


def _file(request: HttpRequest, key: uuid.UUID) -> PaymentFile:
    _desk(request)
    try:
        return selectors.payment_file_for(key)
    except PaymentFile.DoesNotExist as missing:
        raise Http404 from missing


# The cashier's part --------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def suspense_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Send unmatched money back to the account it came from."""
    acting_desk_or_refuse(request)
    item = _item(key)
    form = ToSenderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.send_to_sender(item, by=person(request), at=timezone.now(), **form.cleaned_data)
        except Rejected as refused:
            form.take(refused.violations)
        else:
            messages.success(request, _("Ordered. The treasury approves it and sends it with its next file."))
            return redirect("pay_out", key=made.public_id)
    context = {"item": item, "entry": item.bank_entry, "form": form}
    return render(request, "payments/suspense_back.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def suspense_explain(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say what money that went out was: one of our pay-outs (the treasury), or the bank's charges."""
    desk_or_404(request)
    item = _item(key)
    user, on = person(request), timezone.localdate()
    treasury = selectors.back_desk_of(user, on=on).acts
    if not (treasury or selectors.desk_of(user, on=on).acts):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    likely = selectors.pay_outs_like(item)
    if request.method == "POST":
        try:
            if done := _explained(request, item, form, likely):
                messages.success(request, done)
                return redirect("suspense_item", key=key)
        except Rejected as refused:
            form.is_valid()
            form.take(refused.violations)
    context = {"item": item, "entry": item.bank_entry, "form": form, "likely": likely, "treasury": treasury}
    return render(request, "payments/suspense_explain.html", context, status=422 if form.errors else 200)


def _explained(request: HttpRequest, item: SuspenseItem, form: ReasonForm, likely: list[PayOut]) -> str:
    """What was done, or nothing where the form is not complete."""
    user, now = person(request), timezone.now()
    if reference := request.POST.get("pay_out"):
        chosen = next((each for each in likely if each.reference == reference), None)
        if chosen is None:
            raise Http404
        services.explain_by_pay_out(item, chosen, by=user, at=now)
        return _("It was this pay-out.")
    if not form.is_valid():
        return ""
    services.explain_as_charges(item, reason=form.cleaned_data["reason"], by=user, at=now)
    return _("Booked as charges of the bank.")


def _item(key: uuid.UUID) -> SuspenseItem:
    try:
        return selectors.suspense_item_for(key)
    except SuspenseItem.DoesNotExist as missing:
        raise Http404 from missing


# Tables --------------------------------------------------------------------------------------------------------
def _claims() -> Rows:
    yield ("number", "mrn", "company", "ground", "status", "claimed", "granted", "sent", "due", "ended")
    for rows in (selectors.claims_to_decide(), selectors.claims_ended()):
        for row in rows.iterator(chunk_size=_AT_ONCE):
            granted = plain(row.granted, least=2) if row.granted and row.status == row.Status.GRANTED else ""
            yield (
                row.number, row.mrn, row.company.tin, row.kind, row.status, plain(row.amount, least=2), granted,
                timezone.localtime(row.sent_at).date(), row.due,
                row.ended_at and timezone.localtime(row.ended_at).date(),
            )  # fmt: skip


def _pay_outs() -> Rows:
    yield PAY_OUT_HEADS
    for rows in (selectors.pay_outs_to_approve(), selectors.pay_outs_approved(), selectors.pay_outs_ended()):
        yield from map(_pay_out_row, rows.select_related("file").iterator(chunk_size=_AT_ONCE))


def _in_file(kept: PaymentFile) -> Rows:
    yield PAY_OUT_HEADS
    rows = selectors.pay_outs_in(kept).select_related("file", "company")
    yield from map(_pay_out_row, rows.iterator(chunk_size=_AT_ONCE))


PAY_OUT_HEADS = (
    "reference", "company", "payee", "account", "bank", "amount", "currency", "status", "ordered", "file", "ended",
)  # fmt: skip


def _pay_out_row(row: PayOut) -> tuple[object, ...]:
    return (
        row.reference, row.company.tin if row.company else "", row.payee, row.number, row.bank_code,
        plain(row.amount, least=2), row.currency, row.status, timezone.localtime(row.ordered_at).date(),
        row.file.message_id if row.file else "", row.ended_at and timezone.localtime(row.ended_at).date(),
    )  # fmt: skip


_TABLES: dict[str, Callable[[], Rows]] = {"claims": _claims, "pay-outs": _pay_outs}
