"""Release times for everybody: by office, lane, regime and step, with whom files waited for, and the target."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from lib.table_answers import table_answer
from reporting import selectors
from reporting.views import drawings
from reporting.views.asked import asked_of, names_of, times_asked


@require_GET
def release_times(request: HttpRequest) -> HttpResponse:
    """The page; what is of too few files or companies is not shown."""
    today = timezone.localdate()
    offices = selectors.all_offices(on=today)
    asked = asked_of(request, offices=offices, everywhere=True, on=today)
    times = times_asked(asked, on=today, public=True)
    is_shown = times is not None and times.whole is not None and not times.whole.hidden
    context = {
        "asked": asked,
        "times": times,
        "names": names_of(offices),
        "today": today,
        "least_files": selectors.LEAST_FILES,
        "least_companies": selectors.LEAST_COMPANIES,
        "charts": {
            "months": drawings.months_chart(times.months),
            "waiters": drawings.waiters_chart(times),
            "steps": drawings.steps_chart(times),
        }
        if times is not None and is_shown
        else {},
    }
    return render(request, "reporting/release_times.html", context, status=200 if asked.is_known else 404)


@require_GET
def release_times_table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every published figure of the period. Raises Http404 for a period there is not."""
    today = timezone.localdate()
    asked = asked_of(request, offices=selectors.all_offices(on=today), everywhere=True, on=today)
    if asked.period is None:
        raise Http404
    name = f"release-times-{asked.period.first}-{asked.period.last}"
    return table_answer(selectors.exported_times(asked.period, public=True), name=name, kind=kind)
