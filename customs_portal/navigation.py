"""The navigation of a page: which desks the reader has, and the balance a trader always sees."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.selectors import roles_of


@dataclass(frozen=True)
class Link:
    """A place in the navigation; `current` marks where the reader is."""

    href: str
    label: str | Promise
    current: bool = False


@dataclass(frozen=True)
class Navigation:
    links: list[Link]
    footer: list[Link]


PUBLIC: list[tuple[str, str | Promise]] = [("tariff", _("Tariff")), ("calculator", _("Calculator"))]
TRADER: list[tuple[str, str | Promise]] = [
    ("desk", _("My desk")),
    ("declarations", _("Declarations")),
    ("payments", _("Payments")),
    ("companies", _("Companies")),
]
FOOTER: list[tuple[str, str | Promise]] = [
    ("exchange_rates", _("Exchange rates")),
    ("verify", _("Check a document")),
]


def _links(request: HttpRequest, names: list[tuple[str, str | Promise]]) -> list[Link]:
    links = []
    for name, label in names:
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        links.append(Link(href=href, label=label, current=request.path.startswith(href)))
    return links


def _officer(roles: set[str]) -> list[tuple[str, str | Promise]]:
    names: list[tuple[str, str | Promise]] = [("queue", _("Queue"))]
    if roles & {Role.ANALYST, Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN}:
        names.append(("criteria", _("Criteria")))
    return names


def navigation(request: HttpRequest) -> Navigation:
    names = list(PUBLIC)
    if request.user.is_authenticated:
        roles = roles_of(request.user, on=timezone.localdate())
        names += _officer(roles) if roles else TRADER
        if request.user.is_staff:
            names.append(("admin:index", _("Admin")))
    return Navigation(links=_links(request, names), footer=_links(request, FOOTER))
