"""The tree of the nomenclature, a line of it on a date, and search."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from lib.codes import digits_of
from tariff_lookup import browsing
from tariff_lookup.forms import DayForm
from tariff_lookup.search import declarable, search
from tariffs.selectors import commodity, territory


@require_safe
@vary_on_headers("HX-Request")
def tariff(request: HttpRequest) -> HttpResponse:
    """Sections and chapters, or what a search found. A whole code on Enter leads straight to its page."""
    today = timezone.localdate()
    question = request.GET.get("q", "")
    found = search(question, on=today)
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "tariff_lookup/_found.html", {"found": found})
    whole = [code for code in found.sought if len(code) == territory().commodity_code_length]
    if len(whole) == len(found.sought) == 1 and commodity(whole[0], on=today) is not None:
        return redirect("commodity", code=whole[0])
    tree = [] if found.question else browsing.sections_with_chapters(on=today)
    return render(request, "tariff_lookup/tariff.html", {"found": found, "tree": tree})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Lines that may be declared, for a field that takes a code; with `browse`, headings and lines to open."""
    today = timezone.localdate()
    found = search(request.GET.get("q", ""), on=today)
    if "browse" in request.GET:
        return render(request, "tariff_lookup/_suggest_pages.html", {"found": found})
    return render(request, "tariff_lookup/_suggest.html", {"found": found, "lines": declarable(found, on=today)})


@require_safe
def commodity_page(request: HttpRequest, code: str) -> HttpResponse:
    """One line of the nomenclature on a date: path, lines below, measures, papers."""
    plain = digits_of(code)
    if not plain:
        raise Http404
    if plain != code:
        return redirect("commodity", code=plain)
    form = DayForm(request.GET or None, today=timezone.localdate())
    form.is_valid()
    page = browsing.commodity_page(code, on=form.day, origin=form.country)
    if page is None:
        history = browsing.validity_of(code)
        if not history:
            raise Http404
        return render(
            request, "tariff_lookup/not_in_force.html", {"code": code, "history": history, "form": form}, status=404
        )
    goods = {
        "0-commodity_code": page.commodity.code,
        "0-origin_country": page.origin,
        "on": page.on if form.data.get("on") else "",
    }
    context = {
        "page": page,
        "form": form,
        "goods": urlencode({name: str(value) for name, value in goods.items() if value}),
    }
    return render(request, "tariff_lookup/commodity.html", context)
