"""The ways in to the cashier's desk and to the treasury's: for a stranger neither exists; who only reads is told so."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.requests import person
from payments import selectors


def desk_or_404(request: HttpRequest) -> selectors.Desk:
    """What the reader may do at the desk. Raises Http404 for anybody without it."""
    desk = selectors.desk_of(person(request), on=timezone.localdate())
    if not desk.reads:
        raise Http404
    return desk


def acting_desk_or_refuse(request: HttpRequest) -> None:
    """Raises Http404 for anybody without the desk, PermissionDenied for who only reads there."""
    if not desk_or_404(request).acts:
        raise PermissionDenied


def books_or_404(request: HttpRequest) -> selectors.Desk:
    """What the reader may do with the books. Raises Http404 for anybody but the treasury and auditors."""
    desk = selectors.books_of(person(request), on=timezone.localdate())
    if not desk.reads:
        raise Http404
    return desk


def acting_books_or_refuse(request: HttpRequest) -> None:
    """Raises Http404 for anybody without the books, PermissionDenied for who only reads them."""
    if not books_or_404(request).acts:
        raise PermissionDenied
