"""The statement of an account for a period, to take away: PDF, CSV, XLSX, and the bank message camt.053."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import person
from lib.sheets import workbook
from lib.table_answers import marked
from payments import selectors
from payments.forms import PeriodForm
from payments.models import Account
from payments.statement import MOST_IN_WORKBOOK, MOST_ON_PAPER, Statement, bank_message, paper, statement_of, table


@dataclass(frozen=True)
class Kind:
    """A file: its type, how it is made, and how many lines it may have (None: as many as there are)."""

    content_type: str
    make: Callable[[Statement], HttpResponseBase]
    most: int | None = None


def _whole(content: bytes) -> HttpResponse:
    return HttpResponse(content)


KINDS = {
    "pdf": Kind("application/pdf", lambda of: _whole(paper(of, at=timezone.now())), MOST_ON_PAPER),
    "csv": Kind("text/csv; charset=utf-8", lambda of: StreamingHttpResponse(marked(table(of)))),
    "xlsx": Kind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda of: _whole(workbook(table(of))),
        MOST_IN_WORKBOOK,
    ),
    "xml": Kind(
        "application/xml; charset=utf-8", lambda of: _whole(bank_message(of, at=timezone.now())), MOST_IN_WORKBOOK
    ),
}


@login_required
@require_GET
def statement_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The file of the period in the query; without days, of this month. A fault is said on a page with the form."""
    try:
        account = selectors.account_for(person(request), pk, on=timezone.localdate())
        wanted = KINDS[kind]
    except (Account.DoesNotExist, KeyError) as missing:
        raise Http404 from missing
    form = PeriodForm({**this_month(timezone.localdate()), **request.GET.dict()})
    if form.is_valid():
        statement = statement_of(account, first=form.cleaned_data["first"], last=form.cleaned_data["last"])
        if wanted.most is None or statement.count <= wanted.most:
            answer = wanted.make(statement)
            answer["Content-Type"] = wanted.content_type
            answer["Content-Disposition"] = f'attachment; filename="{statement.name}.{kind}"'
            answer["X-Content-Type-Options"] = "nosniff"
            return answer
        sentence = _("The period has {count} lines, and such a file holds {most}. Choose a shorter one, or CSV.")
        form.add_error(None, sentence.format(count=statement.count, most=wanted.most))
    return render(request, "payments/statement_period.html", {"account": account, "form": form}, status=422)


def this_month(today: date) -> dict[str, str]:
    """From the first of the month to today, as the form writes it."""
    return {"first": today.replace(day=1).isoformat(), "last": today.isoformat()}
