"""The stock account on paper: what came in, every movement, and what is left, in the reader's language."""

from datetime import date, datetime

from accounts.models import User
from declarations.models import StockAccount
from declarations.selectors.stock_accounts import movements_shown, opening_of, procedure_names, terms_of
from lib.languages import in_language
from lib.papers import print_pdf
from tariffs.selectors import code_list, national_currency, territory

MOST_LINES = 400  # of movements on a paper that is printed while somebody waits; the latest


def print_account(account: StockAccount, *, to: User, on: date, at: datetime) -> bytes:
    """The account as PDF in the active language, as of `at`; declarations as `to` may see them."""
    movements = movements_shown(account, to=to, on=on)
    context = {
        "account": account,
        "territory": in_language(territory()),
        "office": code_list("office", on=on).get(account.office_code, ""),
        "procedure": procedure_names(on=on).get(account.procedure, ""),
        "country": code_list("country", on=on).get(account.origin_country, ""),
        "opening": opening_of(account, to=to, on=on),
        "movements": movements[-MOST_LINES:],
        "earlier": max(len(movements) - MOST_LINES, 0),
        "terms": list(terms_of(account)),
        "national": national_currency(),
        "at": at,
    }
    return print_pdf("papers/stock_account.html", context)
