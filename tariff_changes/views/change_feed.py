"""The public feed of changes of the tariff: as pages and as Atom."""

from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.codes import digits_of
from tariff_changes.selectors import published


def _code(request: HttpRequest) -> str:
    return digits_of(request.GET.get("code", ""))[: published.LONGEST_CODE]


def _page(request: HttpRequest) -> int:
    number = request.GET.get("page", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Published changes, the latest first."""
    code = _code(request)
    page = published.page_of(_page(request), code=code)
    context = {
        "code": code,
        "page": page,
        "entries": published.entries(page.object_list, code=code),
        "today": timezone.localdate(),
    }
    return render(request, "tariff_changes/changes/list.html", context)


@require_safe
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One published change with all its rows."""
    held = published.published_set(pk)
    if held is None:
        raise Http404
    code = _code(request)
    rows = published.rows_of(held, number=_page(request), code=code)
    context = {
        "set": held,
        "entry": published.entries([held])[0],
        "code": code,
        "rows": rows.rows,
        "total": rows.total,
        "page": Paginator(range(rows.total), published.ROWS_A_PAGE).get_page(rows.number),
        "today": timezone.localdate(),
    }
    return render(request, "tariff_changes/changes/one.html", context)


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The last fifty changes as Atom 1.0 (RFC 4287)."""
    code = _code(request)
    feed = Atom1Feed(
        title=_("Changes of the customs tariff") + (f": {code}" if code else ""),
        link=request.build_absolute_uri(reverse("tariff_changes") + (f"?code={code}" if code else "")),
        description=_("What changes in the tariff, from which day, and by which legal act."),
        language=get_language() or "en",
        feed_url=request.build_absolute_uri(),
        feed_guid=_tag(request, f"tariff-changes{'-' + code if code else ''}"),
        author_name=_("Customs service"),
    )
    for entry in published.entries(published.published(code=code)[: published.IN_THE_FEED], code=code):
        feed.add_item(
            title=entry.change_set.title,
            link=request.build_absolute_uri(reverse("tariff_change", args=[entry.change_set.pk])),
            description=render_to_string("tariff_changes/changes/_entry_for_feed.html", {"entry": entry}),
            unique_id=_tag(request, f"tariff-change-{entry.change_set.pk}"),
            pubdate=entry.published_at,
            updateddate=entry.published_at,
        )
    if not feed.items:
        feed.latest_post_date = _never  # type: ignore[method-assign]
    answer = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _never() -> datetime:
    """The day on which an empty feed was changed last: it stays the same, so that nobody reads it twice."""
    return datetime(2026, 1, 1, tzinfo=UTC)


def _tag(request: HttpRequest, name: str) -> str:
    """A name that stays, whatever becomes of the address (RFC 4151)."""
    return f"tag:{request.get_host().partition(':')[0]},2026:{name}"
