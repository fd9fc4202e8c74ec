"""Pages of the address book, what the boxes of parties suggest from it, and keeping in it what was typed."""

import json
import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import person
from declarations import selectors, services
from declarations.forms.begin import chosen
from declarations.forms.repeating import AddressForm, tell
from declarations.models import Party
from declarations.views.gate import draft_of, signed_in
from declarations.views.section import section
from lib.violations import Rejected

ROWS = 50


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def address_book(request: HttpRequest) -> HttpResponse:
    """Entries of the companies one serves, the ended ones on demand; a POST keeps a new one."""
    on = timezone.localdate()
    companies = selectors.served_by(person(request), on=on)
    company = chosen(companies, request.POST.get("company") or request.GET.get("company", ""))
    form = AddressForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid() and company is not None:
        try:
            services.keep_party(company, values=form.cleaned_data, by=person(request), on=on, at=timezone.now())
            messages.success(request, _("Kept in the address book."))
            return redirect("address_book")
        except Rejected as rejected:
            tell(form, rejected)
    elif request.method == "POST" and company is None:
        form.add_error(None, _("Choose whose address book it is."))
    text, ended = request.GET.get("text", "").strip()[:80], bool(request.GET.get("ended"))
    rows = selectors.parties_listed(person(request), company=company, text=text, ended=ended, on=on)
    context = {
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "form": form,
        "companies": companies,
        "company": company,
        "text": text,
        "ended": ended,
    }
    return render(request, "declarations/address_book.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, to change."""
    party, on = _party(request, pk), timezone.localdate()
    fields = ("name", "address", "country", "tax_number", "roles")
    form = AddressForm(request.POST or None, initial={name: getattr(party, name) for name in fields}, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_party(party, values=form.cleaned_data, by=person(request), on=on, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("address_book")
        except Rejected as rejected:
            tell(form, rejected)
    context = {"party": party, "form": form}
    return render(request, "declarations/address.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry is offered no more."""
    party = _party(request, pk)
    services.end_party(party, by=person(request), at=timezone.now())
    messages.success(request, _("“%(name)s” is offered no more.") % {"name": party.name})
    return redirect("address_book")


@signed_in
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The ended entry is offered again."""
    party = _party(request, pk)
    services.restore_party(party, by=person(request), at=timezone.now())
    return redirect("address", party.pk)


def _party(request: HttpRequest, pk: int) -> Party:
    found = selectors.addresses_of(person(request), on=timezone.localdate()).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# In the form of a declaration ----------------------------------------------------------------------------------
@signed_in
@require_GET
def suggested(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What a box of parties may hold: options that fill all boxes of the party."""
    draft, on = draft_of(request, key), timezone.localdate()
    company = selectors.served_by_draft(person(request), draft, on=on)
    role = request.GET.get("role", "")
    if role not in Party.Role.values:
        raise Http404
    found = selectors.parties_offered(company, role=role, text=request.GET.get("q", "")[:100]) if company else []
    options = [{"party": party, "fills": json.dumps(_fills(party, role), ensure_ascii=False)} for party in found]
    return render(request, "declarations/_parties_offered.html", {"options": options})


def _fills(party: Party, role: str) -> dict[str, str]:
    """What each box of the party is to say; of a supplier the boxes of its row."""
    if role == Party.Role.SUPPLIER:
        street = ", ".join(party.address.splitlines())
        return {"name": party.name, "code": party.tax_number, "country": party.country, "street": street}
    boxes = selectors.PARTY_BOXES[role]
    return {boxes.code: party.tax_number, boxes.name: "\n".join(filter(None, [party.name, party.address]))}


@signed_in
@require_POST
def keep(request: HttpRequest, key: uuid.UUID, role: str) -> HttpResponseBase:
    """Save the page of the form that was sent, and keep its party in the address book."""
    if role not in selectors.PARTY_BOXES:
        raise Http404
    name = "transit" if role == Party.Role.CARRIER else "parties"
    answer = section(request, key, name)
    draft, on = draft_of(request, key), timezone.localdate()
    company = selectors.served_by_draft(person(request), draft, on=on)
    if company is None:
        raise Http404
    try:
        values = services.typed_party(draft, role)
        kept = services.keep_party(company, values=values, by=person(request), on=on, at=timezone.now())
    except Rejected as rejected:
        for fault in rejected.violations:
            messages.error(request, str(fault.sentence))
    else:
        said = {"name": kept.name, "company": company}
        messages.success(request, _("“%(name)s” is kept in the address book of %(company)s.") % said)
    return answer
