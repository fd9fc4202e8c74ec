"""One booking as its company reads it: what moved where, tax by tax, and what it leads to."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import person
from declarations.selectors import visible_to
from payments import selectors
from payments.models import Entry


@login_required
@require_GET
def own_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry that touched an account of a company the reader may pay for; other customers' lines stay away."""
    user, on = person(request), timezone.localdate()
    try:
        found = selectors.entry_for(user, pk, on=on)
    except Entry.DoesNotExist as error:
        raise Http404 from error
    own = selectors.paying_companies(user, on=on)
    lines = found.postings.select_related("account__company").order_by("pk")
    seen = found.declaration is not None and visible_to(user, on=on).filter(pk=found.declaration.pk).exists()
    context = {
        "entry": found,
        "by": found.by if own.filter(memberships__user=found.by).exists() else None,  # no officer's name
        "own": [line for line in lines if line.account.company_id and line.account.company in own],
        "taxes": [line for line in lines if line.account.tax_code],
        "payments": found.payments.select_related("company", "receipt").order_by("pk") if seen else [],
        "declaration": found.declaration if seen else None,
        "bank_entry": getattr(found, "bank_entry", None),
    }
    return render(request, "payments/entry.html", context)
