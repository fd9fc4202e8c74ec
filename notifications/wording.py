"""A message in the reader's words: the language is the active one, days and amounts are written as on every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from lib.languages import day_text
from lib.money import Currency
from lib.short_messages import shortened
from lib.templatetags.portal import amount as written_amount
from notifications.kinds import OFFICERS, WORDS, Kind
from notifications.models import Message

_DAYS = ("due", "day", "first", "last", "visit")
_PAGES = {
    Kind.REFUND: "money_back",
    Kind.PAY_OUT: "money_back",
    Kind.BANK_ACCOUNT: "bank_accounts",
    Kind.REFUND_CLAIMED: "back_desk",
}

_LATE_PAGES = {"audit": "audit", "company": "company_audit"}


@dataclass(frozen=True, slots=True)
class Said:
    """What the reader sees of a message."""

    title: str
    text: str
    todo: str
    short: str


def said(message: Message, *, national: Currency) -> Said:
    """The message in the active language."""
    words = WORDS[message.kind, message.variant]
    places = _places(message.params, national=national)
    filled = [_filled(str(text), places) for text in (words.title, words.text, words.todo, words.short)]
    return Said(filled[0], filled[1].strip(), filled[2], shortened(filled[3]))


def place_of(message: Message) -> str:
    """The page of the thing, which asks by itself who may see it."""
    if message.kind == Kind.GUARANTEE and "key" in message.params:
        return reverse("guarantee", args=[message.params["key"]])
    if message.kind == Kind.LATE and "key" in message.params:
        return reverse(_LATE_PAGES[message.variant], args=[message.params["key"]])
    if message.declaration is not None:
        page = "case" if message.kind in OFFICERS else "declaration"
        return reverse(page, args=[message.declaration.public_id])
    if message.kind in _PAGES:
        return reverse(_PAGES[Kind(message.kind)])
    if message.kind == Kind.ROLE:
        return reverse("profile")
    if message.company is not None and message.variant != "refused":
        return reverse("company", args=[message.company.tin])
    return reverse("companies")


def _filled(text: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _places(params: Mapping[str, Any], *, national: Currency) -> dict[str, str]:
    places = {"decision": "", "office": ""} | {name: str(value) for name, value in params.items()}
    for name in _DAYS:
        if name in places:
            places[name] = day_text(date.fromisoformat(places[name]))
    if "amount" in places:
        places["amount"] = written_amount(Decimal(places["amount"]), national)
    if "role" in places:
        places["role"] = str(Role(places["role"]).label)
        places["office"] = f" ({places['office']})" if places["office"] else ""
    if places.get("company") == "":
        places["company"] = _("your company")
    return places
