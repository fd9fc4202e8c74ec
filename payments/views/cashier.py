"""The cashier's desk: today's money, files of statements with their progress, and what waits for a person."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from lib.violations import Rejected
from payments import selectors, services
from payments.bank_files import fault_from_json
from payments.forms import StatementFileForm
from payments.models import BankFile
from payments.views.gate import acting_desk_or_refuse, desk_or_404

_A_PAGE = 25
_A_FEW = 10


@login_required
@require_GET
def cashier(request: HttpRequest) -> HttpResponse:
    """The desk."""
    desk = desk_or_404(request)
    now, on = timezone.now(), timezone.localdate()
    attempts = selectors.attempts_without_end(at=now)
    context = {
        "desk": desk,
        "form": StatementFileForm(),
        "today": selectors.today(on=on),
        "paid_in": selectors.paid_in_today(on=on),
        "files": selectors.bank_files()[:_A_FEW],
        "page": Paginator(selectors.suspense_open(), _A_PAGE).get_page(request.GET.get("page")),
        "suspense": selectors.suspense_balance(),
        "refused": selectors.refused_callbacks(on=on),
        "attempts": attempts[:_A_FEW],
        "more_attempts": attempts.count() - _A_FEW,
    }
    return render(request, "payments/cashier.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def bank_files(request: HttpRequest) -> HttpResponse:
    """Every file; a post keeps a new one, which the worker reads."""
    desk = desk_or_404(request)
    violations = []
    form = StatementFileForm()
    if request.method == "POST":
        acting_desk_or_refuse(request)
        form = StatementFileForm(request.POST, request.FILES)
        if form.is_valid():
            upload: Any = form.cleaned_data["file"]
            try:
                kept, new = services.receive_file(
                    name=upload.name or "",
                    content=upload,
                    source=BankFile.Source.UPLOAD,
                    by=person(request),
                    at=timezone.now(),
                )
            except Rejected as refused:
                violations = refused.violations
            else:
                if not new:
                    messages.info(request, _("This file came before. Here is what became of it."))
                return redirect("bank_file", key=kept.public_id)
    page = Paginator(selectors.bank_files(), _A_PAGE).get_page(request.GET.get("page"))
    context = {"desk": desk, "form": form, "violations": violations, "page": page}
    return render(request, "payments/bank_files.html", context, status=422 if violations or form.errors else 200)


@login_required
@require_GET
def bank_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A file: how far it is, what is wrong with it, what it told of."""
    desk_or_404(request)
    kept = file_or_404(key)
    context: dict[str, object] = {
        "file": kept,
        "unfinished": kept.status in BankFile.UNFINISHED,
        "fault": fault_from_json(kept.fault).as_violation() if kept.fault else None,
    }
    if request.headers.get("HX-Request"):
        return render(request, "payments/_bank_file.html", context)
    context |= {
        "statements": kept.statements.all(),
        "page": Paginator(selectors.entries_of(kept), _A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "payments/bank_file.html", context)


@login_required
@require_GET
def bank_file_content(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """The file as it came, to be kept elsewhere; no browser is told that it may show it."""
    desk_or_404(request)
    kept = file_or_404(key)
    answer = FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def file_or_404(key: uuid.UUID) -> BankFile:
    """Raises Http404."""
    try:
        return selectors.bank_file_for(key)
    except BankFile.DoesNotExist as missing:
        raise Http404 from missing
