"""Lists of change sets, and a new one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import person
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.forms.change_sets import HeadForm
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors import lists
from tariff_changes.views.change_sets.gate import makers_only, readers_only, rights


@readers_only
@require_GET
def change_sets(request: HttpRequest) -> HttpResponse:
    """The sets of one list: what waits, what is being prepared, mine, published, withdrawn."""
    user, may = person(request), rights(request)
    show = request.GET.get("show", "")
    if show not in lists.SHOWN:
        show = lists.first_list(may)
    counts = lists.counted(user)
    context = {
        "show": show,
        "tabs": [(name, label, counts[name]) for name, label in lists.SHOWN.items()],
        "page": lists.page_of(lists.listed(user, show), request.GET.get("page")),
        "may": may,
    }
    return render(request, "tariff_changes/change_sets/list.html", context)


@makers_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a change set."""
    form = HeadForm(request.POST or None, acts=reads.acts(), auto_id="%s")
    faults = []
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            begun = changes.begin(**given, by=person(request), at=timezone.now())
            return redirect("change_set", begun.pk)
        except Rejected as rejected:
            faults = rejected.violations
    context = {"form": form, "faults": faults}
    return render(
        request, "tariff_changes/change_sets/new.html", context, status=422 if request.method == "POST" else 200
    )
