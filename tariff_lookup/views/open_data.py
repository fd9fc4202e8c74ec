"""Open data: the whole tariff on a date, table by table as CSV and whole as JSON, at addresses that stay."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from tariff_lookup import open_data
from tariff_lookup.forms import DayForm
from tariffs.selectors import territory

Response = TypeVar("Response", bound=HttpResponseBase)


def _day(text: str) -> date:
    """The date of an address. Raises Http404 where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _edition(request: HttpRequest, day: str, **rest: str) -> str:
    """What a file's content depends on: the law as it is known, and the address."""
    return f'"{territory().edition}-{day}-{"-".join(rest.values())}"'


def _file(pieces: Iterable[str], *, name: str, content_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _open(response)


def _open(response: Response) -> Response:
    """Anyone's page may read it; it carries its licence."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Link"] = f'<{open_data.LICENCE["path"]}>; rel="license"'
    return response


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What there is, where it lies and what may be done with it."""
    form = DayForm(request.GET or None, today=timezone.localdate())
    form.is_valid()
    context = {
        "form": form,
        "day_text": form.day.isoformat(),
        "tables": open_data.tables().values(),
        "licence": open_data.LICENCE,
    }
    return render(request, "tariff_lookup/open_data.html", context)


@require_safe
def latest(request: HttpRequest, file: str) -> HttpResponse:
    """The address without a date leads to that of today."""
    return _open(redirect("open_data_file", day=timezone.localdate().isoformat(), file=file))


@require_safe
@condition(etag_func=_edition)
def file(request: HttpRequest, day: str, file: str) -> HttpResponseBase:
    """One file of a date: `tariff.json`, `datapackage.json`, or a table as CSV."""
    on = _day(day)
    if file == "tariff.json":
        pieces = open_data.as_json(on=on, territory=territory())
        return _file(pieces, name=f"tariff-{day}.json", content_type="application/json")
    if file == "datapackage.json":
        return _open(JsonResponse(open_data.descriptor(on=on, territory=territory())))
    table = open_data.tables().get(file.removesuffix(".csv")) if file.endswith(".csv") else None
    if table is None:
        raise Http404
    return _file(open_data.as_csv(table, on=on), name=f"{table.public}-{day}.csv", content_type="text/csv")
