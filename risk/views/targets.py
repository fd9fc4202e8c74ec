"""What offices can take, and what they have taken today. Analysts set it; supervisors and auditors read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from lib.violations import Rejected
from risk import selectors, services
from risk.desk_forms import TargetForm
from risk.models import OfficeTarget
from risk.selectors import targets as reads
from risk.views.gate import analysts_only

ROWS = 50


@login_required
@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    """Use against target of today, and every target of the reader's offices."""
    return _page(request, TargetForm(offices=reads.all_offices(), initial={"valid_from": timezone.localdate()}))


@analysts_only
@require_POST
def set_target(request: HttpRequest) -> HttpResponse:
    """A target of an office from a day on."""
    form = TargetForm(request.POST, offices=reads.all_offices())
    if form.is_valid():
        try:
            services.set_target(form.draft(), by=person(request), at=timezone.now())
        except Rejected as error:
            form.take(error)
        else:
            messages.success(request, _("The target is set."))
            return redirect("office_targets")
    return _page(request, form)


@analysts_only
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A target ends: from now on the office takes files without a limit."""
    try:
        services.end_target(reads.target(pk), by=person(request), at=timezone.now())
    except OfficeTarget.DoesNotExist as missing:
        raise Http404 from missing
    except Rejected as error:
        messages.error(request, error.violations[0].sentence)
    else:
        messages.success(request, _("The target has ended."))
    return redirect("office_targets")


def _page(request: HttpRequest, form: TargetForm) -> HttpResponse:
    reader, now, today = person(request), timezone.now(), timezone.localdate()
    if not reads.may_see_targets(reader, on=today):
        raise Http404
    context = {
        "use": reads.use_today(reader, at=now),
        "page": Paginator(reads.targets_for(reader, on=today), ROWS).get_page(request.GET.get("page")),
        "form": form,
        "now": now,
        "today": today,
        "is_analyst": selectors.is_analyst(reader, on=today),
    }
    return render(request, "risk/targets.html", context, status=422 if form.is_bound else 200)
