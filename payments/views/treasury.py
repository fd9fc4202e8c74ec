"""The treasury's pages: where money lies, every account with its limit, money that awaits its owner by age."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from lib.violations import Conflict, Rejected, Violation
from payments import selectors, services
from payments.forms import AccountsForm, LimitForm
from payments.models import Account, LimitChange
from payments.views.gate import acting_books_or_refuse, books_or_404
from tariffs.selectors import currencies

_A_PAGE = 25
_A_FEW = 10
# Desks that stand beside these pages: the name of their address and what a link to them says.
FURTHER: tuple[tuple[str, str], ...] = ()


@login_required
@require_GET
def treasury(request: HttpRequest) -> HttpResponse:
    """What waits, and where money lies."""
    desk = books_or_404(request)
    context = {
        "desk": desk,
        "kinds": selectors.sums_by_kind(),
        "limits": selectors.limit_changes(waiting=True)[:_A_FEW],
        "differences": selectors.waiting_differences()[:_A_FEW],
        "ages": selectors.suspense_by_age(at=timezone.now()),
        "closings": selectors.closings()[:_A_FEW],
        "further": FURTHER,
    }
    return render(request, "payments/treasury/overview.html", context)


@login_required
@require_GET
def treasury_accounts(request: HttpRequest) -> HttpResponse:
    """Every account, searched and filtered."""
    books_or_404(request)
    form = AccountsForm(request.GET)
    filters = chosen_accounts(form)
    page = Paginator(selectors.all_accounts(**filters), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filtered": any(filters.values()),
        "page": page,
        "own": selectors.balances_of_administration(list(page.object_list)),
    }
    return render(request, "payments/treasury/accounts.html", context)


def chosen_accounts(form: AccountsForm) -> dict[str, str]:
    """What the form asks of `all_accounts`; what it does not know asks nothing."""
    form.is_valid()
    asked = form.cleaned_data
    return {"search": asked.get("q", ""), "kind": asked.get("kind", ""), "only": asked.get("only", "")}


@login_required
@require_GET
def treasury_account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its postings, and the history of its limit."""
    books_or_404(request)
    return _show(request, _account(pk))


@login_required
@require_POST
def treasury_limit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another limit."""
    acting_books_or_refuse(request)
    account = _account(pk)
    form = LimitForm(request.POST, currency=currencies().by_code[account.currency])
    if not form.is_valid():
        return _show(request, account, form, status=422)
    asked = form.cleaned_data
    try:
        services.ask_limit(account, limit=asked["limit"], reason=asked["reason"], by=person(request), at=timezone.now())
    except Rejected as refused:
        return _show(request, account, form, refused.violations, status=_status(refused))
    messages.success(request, _("Asked for. Another person of the treasury has to agree."))
    return redirect("treasury_account", pk=pk)


@login_required
@require_POST
def treasury_limit_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Agree to a limit that was asked for, or refuse it."""
    acting_books_or_refuse(request)
    change = LimitChange.objects.none() if verb not in ("confirm", "refuse") else selectors.limit_changes()
    found = change.filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        if verb == "confirm":
            services.confirm_limit(found, by=person(request), at=timezone.now())
            messages.success(request, _("The limit holds from now on."))
        else:
            services.refuse_limit(found, by=person(request), at=timezone.now())
            messages.success(request, _("Refused. The limit stays as it was."))
    except Rejected as refused:
        return _show(request, found.account, None, refused.violations, status=_status(refused))
    return redirect("treasury_account", pk=found.account_id)


@login_required
@require_GET
def treasury_limits(request: HttpRequest) -> HttpResponse:
    """Changes of limits: those that wait, and all there were."""
    desk = books_or_404(request)
    context = {
        "desk": desk,
        "waiting": selectors.limit_changes(waiting=True),
        "page": Paginator(selectors.limit_changes(), _A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "payments/treasury/limits.html", context)


@login_required
@require_GET
def treasury_suspense(request: HttpRequest) -> HttpResponse:
    """Money that awaits its owner, by age and one by one; each is allotted on the cashier's desk."""
    books_or_404(request)
    context = {
        "ages": selectors.suspense_by_age(at=timezone.now()),
        "page": Paginator(selectors.suspense_open(), _A_PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "payments/treasury/suspense.html", context)


def _account(pk: int) -> Account:
    try:
        return selectors.any_account(pk)
    except Account.DoesNotExist as missing:
        raise Http404 from missing


def _status(refused: Rejected) -> int:
    return 409 if isinstance(refused, Conflict) else 422


def _show(
    request: HttpRequest,
    account: Account,
    form: LimitForm | None = None,
    violations: list[Violation] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    desk = books_or_404(request)
    changes = list(selectors.limit_changes().filter(account=account))
    asked = next((change for change in changes if change.status == LimitChange.Status.ASKED), None)
    has_limit = account.kind in (Account.Kind.DEFERRED, Account.Kind.GUARANTEE)
    own = selectors.balances_of_administration([account])
    context = {
        "desk": desk,
        "account": account,
        "balance": own.get(account.pk, account.balance),
        "page": Paginator(selectors.postings_of(account), _A_PAGE).get_page(request.GET.get("page")),
        "changes": changes,
        "asked": asked,
        "may_ask": desk.acts and has_limit and asked is None,
        "may_confirm": desk.acts and asked is not None and asked.by_id != person(request).pk,
        "form": form or LimitForm(currency=currencies().by_code[account.currency]),
        "violations": violations or [],
    }
    return render(request, "payments/treasury/account.html", context, status=status)
