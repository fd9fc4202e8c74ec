"""The picker: goods in everyday words, with the search of the tariff behind it."""

import uuid
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lib.languages import in_language
from passengers import services
from passengers.models import TravelDeclaration
from passengers.selectors import law as law_of
from passengers.views.gate import while_open
from passengers.views.shown import shown
from tariff_lookup.search import declarable, search
from tariffs.models import TravelCategory

MOST_FOUND = 8
OTHER = "OTHER"


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
def find(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    """Search; a post puts what was picked among the goods and opens its question."""
    on = timezone.localdate()
    if request.method == "POST":
        return _pick(request, declaration)
    asked = " ".join(request.GET.get("q", "").split())[:120]
    categories = [row for row in law_of.categories(on=on) if asked and asked.casefold() in in_language(row).casefold()]
    lines = declarable(search(asked, on=on), on=on)[:MOST_FOUND] if asked else []
    context = {**shown(declaration), "asked": asked, "categories": categories[:MOST_FOUND], "lines": lines}
    return render(request, "passengers/find.html", context)


def _category_of(commodity: str, known: Mapping[str, TravelCategory]) -> TravelCategory | None:
    """The category that the code of a line of the tariff falls into: that with the longest beginning of it."""
    fitting = [row for row in known.values() if row.commodity and commodity.startswith(row.commodity)]
    return max(fitting, key=lambda row: len(row.commodity), default=None)


def _pick(request: HttpRequest, declaration: TravelDeclaration) -> HttpResponse:
    on, now = timezone.localdate(), timezone.now()
    known = {row.code: row for row in law_of.categories(on=on)}
    commodity = "".join(sign for sign in request.POST.get("commodity", "") if sign.isdecimal())[:11]
    category = known.get(request.POST.get("category", "")) or _category_of(commodity, known) or known.get(OTHER)
    topic = category.topic if category else TravelCategory.Topic.GOODS
    row = {
        "key": uuid.uuid4().hex[:12],
        "topic": topic,
        "category": category.code if category else "",
        "unit": category.unit if category else "",
        "commodity": commodity or (category.commodity if category else ""),
        "description": " ".join(request.POST.get("description", "").split())[:120],
    }
    goods = [*declaration.draft.get("goods", ()), row]
    saved = services.save_part(declaration, part="goods", value=goods, at=now)
    carries = list(saved.draft.get("carries", ()))
    if topic not in carries:
        services.save_part(declaration, part="carries", value=[*carries, topic], at=now)
    page = redirect("travel_question", key=declaration.public_id, step=topic)
    page["Location"] += "#last"
    return page
