"""A new declaration that takes goods out of stock, with box 40 filled."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import person
from declarations import services
from declarations.forms import begin
from declarations.models import StockAccount
from declarations.selectors.stock_accounts import procedures_that_draw, stock_account_for
from declarations.views.gate import signed_in


@signed_in
@require_POST
def draw(request: HttpRequest, key: int) -> HttpResponse:
    """Begin the declaration under the chosen procedure, for whoever prepares for the company of the stock."""
    user, on = person(request), timezone.localdate()
    try:
        account = stock_account_for(user, key, on=on)
    except StockAccount.DoesNotExist as missing:
        raise Http404 from missing
    client = begin.client_for(user, account, on=on)
    fitting = procedures_that_draw(account, on=on)
    wanted = request.POST.get("procedure", "")
    procedure = next((row for row in fitting if row.code == wanted), None)
    if client is None:
        raise Http404
    if procedure is None:
        messages.error(request, _("Choose the procedure under which the goods come out."))
        return redirect("stock_account", key=key)
    data = begin.drawn_on(account, client, procedure, on=on)
    draft = services.create_draft(declarant=client.declarant, by=user, at=timezone.now(), data=data)
    sentence = _("Box 40 names %(stock)s. Everything left is filled in: change the quantities if you take less.")
    messages.success(request, sentence % {"stock": account})
    return redirect("declaration_section", draft.public_id, "procedure")
