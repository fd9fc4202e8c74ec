"""The navigation of a page: which desks the reader has, and the balance a trader always sees."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import WATCHERS, Role, User
from accounts.selectors import FILE_ROLES, OFFICE_ROLES
from lib.languages import in_language
from notifications.selectors import unread_count
from payments.selectors import SEE_BOOKS, SEE_DESK, SEE_GUARANTEES, balance, paying_companies
from traders.selectors import CONFIRM

Text = str | Promise


@dataclass(frozen=True)
class Link:
    """A place in the navigation; `current` marks where the reader is."""

    href: str
    label: Text
    current: bool = False


@dataclass(frozen=True)
class Balance:
    """What the reader's company has on its prepaid account."""

    href: str
    label: str
    sum: Decimal


@dataclass(frozen=True)
class Navigation:
    """`more`: links that stand folded behind the row of `links`; an officer of several roles has many desks."""

    links: list[Link]
    footer: list[Link]
    more: list[Link] = field(default_factory=list)
    balance: Balance | None = None
    unread: int | None = None


PUBLIC: list[tuple[str, Text]] = [("tariff", _("Tariff")), ("calculator", _("Calculator"))]
TRADER: list[tuple[str, Text]] = [
    ("desk", _("My desk")),
    ("declarations", _("Declarations")),
    ("stock", _("Stock")),
    ("payments", _("Payments")),
    ("companies", _("Companies")),
]
FOOTER: list[tuple[str, Text]] = [
    ("exchange_rates", _("Exchange rates")),
    ("release_times", _("Release times")),
    ("open_data", _("Open data")),
    ("verify", _("Check a document")),
    ("travel_check", _("Check a traveller's receipt")),
    ("api-docs", _("For programmers")),
]
IN_THE_ROW = 7
SEE_QUEUE = {*FILE_ROLES}
AT_THE_GATE = {*OFFICE_ROLES}
SEE_TRAVELLERS = {Role.EXAMINING, Role.SUPERVISOR, Role.AUDITOR}
SEE_OFFICE_FIGURES = {Role.SUPERVISOR, Role.ANALYST}
SEE_FIGURES = {Role.DIRECTOR, Role.AUDITOR}
AT_THE_POST = {Role.EXAMINING, Role.SUPERVISOR}
SEE_OVERSIGHT = {*WATCHERS}
SEE_CRITERIA = {Role.ANALYST, Role.AUDITOR}
SEE_TARGETS = {Role.ANALYST, Role.SUPERVISOR, Role.AUDITOR}
SEE_TARIFF_CHANGES = {Role.TARIFF, Role.APPROVING, Role.AUDITOR, Role.ADMIN}


def navigation(request: HttpRequest, *, on: date) -> Navigation:
    """The links that fit the reader; the middleware has read the roles held today."""
    signed_in = request.user if request.user.is_authenticated else None
    roles = signed_in.held_roles if signed_in else frozenset()
    money = _balance(signed_in, on=on) if signed_in and not roles else None
    trader = [each for each in TRADER if money or each[0] != "payments"] if signed_in else []
    names = [*_officer(roles), *PUBLIC] if roles else [*PUBLIC, *trader]
    if signed_in and signed_in.is_staff:
        names.append(("admin:index", _("Admin")))
    unread = unread_count(signed_in) if signed_in else None
    links = _links(request, names)
    row = len(links) if len(links) <= IN_THE_ROW + 1 else IN_THE_ROW
    return Navigation(links=links[:row], more=links[row:], footer=_links(request, FOOTER), balance=money, unread=unread)


def _officer(roles: frozenset[str]) -> list[tuple[str, Text]]:
    names: list[tuple[str, Text]] = []
    if roles & SEE_QUEUE:
        names += [("queue", _("Queue")), ("files", pgettext_lazy("desk", "Search"))]
        names += [("correction_queue", _("Corrections")), ("audits", _("Audits")), ("stock", _("Stock"))]
    if roles & SEE_FIGURES:
        names.append(("figures", pgettext_lazy("desk", "Figures")))
    elif roles & SEE_OFFICE_FIGURES:
        names.append(("figures_office", pgettext_lazy("desk", "Figures")))
    elif roles & AT_THE_GATE:
        names.append(("figures_own", pgettext_lazy("desk", "Figures")))
    if Role.DIRECTOR in roles:
        names += [("release_targets", _("Targets")), ("release_times", _("Release times"))]
    if roles & SEE_TRAVELLERS:
        names.append(("travellers", pgettext_lazy("desk", "Travellers")))
    if roles & AT_THE_GATE:
        names.append(("exits", _("Exits")))
    if roles & AT_THE_POST:
        names.append(("travel_leaving", _("Vehicles and exits")))
    if Role.MONITOR in roles:
        names += [("travel_cash", _("Declarations of cash")), ("travel_cash_files", _("Files of declarations of cash"))]
    if roles & set(CONFIRM):
        names.append(("claims", _("Companies to confirm")))
    if roles & SEE_DESK:
        names.append(("cashier", _("Money of the bank")))
    if roles & SEE_BOOKS:
        names.append(("treasury", _("Treasury")))
    if roles & SEE_GUARANTEES:
        names.append(("guarantees", _("Guarantees")))
    if roles & SEE_CRITERIA:
        names += [("criteria", _("Criteria")), ("models", _("Models")), ("profiles", pgettext_lazy("desk", "Profiles"))]
    if roles & SEE_QUEUE:
        names.append(("values", pgettext_lazy("desk", "Values")))
    if roles & SEE_TARGETS:
        names.append(("office_targets", pgettext_lazy("desk", "Targets")))
    if roles & SEE_OVERSIGHT:
        names.append(("integrity", pgettext_lazy("desk", "Integrity")))
    if Role.SECURITY in roles:
        names.append(("draws", pgettext_lazy("desk", "Draws")))
    if Role.AUDITOR in roles:
        names.append(("history", _("History")))
    if roles & SEE_TARIFF_CHANGES:
        names.append(("change_sets", _("Tariff changes")))
    return names


def _links(request: HttpRequest, names: list[tuple[str, Text]]) -> list[Link]:
    places = [(reverse(name), label) for name, label in names]
    here = max((href for href, _label in places if request.path.startswith(href)), key=len, default="")
    return [Link(href=href, label=label, current=href == here) for href, label in places]


def _balance(user: User, *, on: date) -> Balance | None:
    company = paying_companies(user, on=on).first()
    if company is None:
        return None
    return Balance(href=reverse("payments"), label=in_language(company), sum=balance(company))
