"""Tables to take away: rows as the answer to a request, CSV of any length or a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse

from lib.sheets import workbook, written

KINDS = ("csv", "xlsx")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def marked(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Rows as CSV for a spreadsheet, in portions. By the mark at its beginning it knows that this is UTF-8."""
    return chain(["\ufeff"], written(rows))


def table_answer(rows: Iterable[Sequence[object]], *, name: str, kind: str) -> HttpResponseBase:
    """Rows, the heading first, as a file of that kind. Raises Http404 for a kind there is not."""
    answer: HttpResponseBase
    if kind == "csv":
        answer = StreamingHttpResponse(marked(rows), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        answer = HttpResponse(workbook(rows), content_type=_XLSX)
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
