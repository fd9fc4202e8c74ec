"""The stock account on paper: what came in, every movement, and what is left, in the reader's language."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from declarations.models import IssuedPaper, StockAccount
from declarations.selectors.stock_accounts import movements_shown, opening_of, procedure_names, terms_of
from declarations.services.issued import record_print, register
from lib.languages import in_language
from lib.papers import print_pdf, qr_drawing
from lib.signing import sign
from tariffs.selectors import code_list, national_currency, territory

MOST_LINES = 400  # of movements on a paper that is printed while somebody waits; the latest


@transaction.atomic
def print_account(account: StockAccount, *, to: User, on: date, at: datetime) -> bytes:
    """The account as signed PDF in the active language, as of `at`; declarations as `to` may see them.

    Of goods that a declaration brought in the paper has a QR by which anybody may check it. Raises SigningFailed.
    """
    paper = None
    if account.item is not None:
        number = f"{account.mrn}-{account.item_number}"
        paper = register(account.item.declaration, kind=IssuedPaper.Kind.STOCK, number=number, at=at)
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
        "address": paper.address if paper else "",
        "qr": qr_drawing(paper.address) if paper else "",
    }
    content = sign(print_pdf("papers/stock_account.html", context))
    if paper is not None:
        record_print(paper, language=get_language() or "en", content=content, at=at)
    return content
