"""The random share for the auditor: hashes of seeds before their day, seeds after it, every draw reckoned again."""

from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import person
from risk import selectors
from risk.forms import DrawsForm
from risk.selectors.draws import MOST_CHECKED
from risk.views.gate import View

ROWS, FAULTS = 40, 100


def checkers_only(view: View) -> View:
    """For those who check the draws."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not selectors.may_check_draws(person(request), on=timezone.localdate()):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(answer)


@checkers_only
@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    """Seeds by day and lane; the draws of a period or of one MRN, reckoned again when asked."""
    today = timezone.localdate()
    form = DrawsForm(request.GET if "check" in request.GET else None, initial={
        "since": today - timedelta(days=7), "until": today - timedelta(days=1),
    })  # fmt: skip
    checked, drawn = None, []
    if form.is_bound and form.is_valid():
        read = form.cleaned_data
        if read["number"].strip():
            drawn = selectors.draws_of_number(read["number"].strip().upper(), on=today)
        else:
            until = read["until"] or today - timedelta(days=1)
            since = read["since"] or until - timedelta(days=7)
            checked = selectors.check_draws(since=since, until=until, on=today)
    page = Paginator(selectors.seeds(), ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "checked": checked,
        "faults": checked.faults[:FAULTS] if checked else [],
        "drawn": drawn,
        "page": page,
        "seeds": [(each, selectors.revealed(each, on=today)) for each in page.object_list],
        "most": MOST_CHECKED,
    }
    return render(request, "risk/draws.html", context, status=422 if form.errors else 200)
