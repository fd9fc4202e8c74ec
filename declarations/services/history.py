"""The row lock that every verb takes first, the reason some need, and rows of history that change no status."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration, Event, Status
from declarations.reading import clean
from declarations.states import may_become
from lib.bulk import insert_rows
from lib.violations import NotAsBefore, Violation, refuse


def lock(pk: int) -> Declaration:
    """The declaration, locked until the transaction ends."""
    return (
        Declaration.objects.select_for_update(of=("self",)).select_related("declarant", "trader", "amends").get(pk=pk)
    )


# What later desks ask about a declaration beside its boxes.
_STANDING = (
    "status", "version", "mrn", "lrn", "office_code", "declaration_type", "general_procedure", "tax_date", "lodged_at",
    "customs_value", "payable", "guaranteed", "amends_id", "stands_as",
    "declarant__name", "declarant__tin", "trader__name", "trader__tin",
)  # fmt: skip


def lock_standing(pk: int) -> Declaration:
    """As `lock`, without the boxes: whoever asks for one pays a query for it."""
    rows = Declaration.objects.select_for_update(of=("self",)).select_related("declarant", "trader")
    found: Declaration = rows.only(*_STANDING).get(pk=pk)
    return found


def lock_draft(pk: int) -> Declaration:
    """The draft, locked. Raises Rejected if it is no longer a draft."""
    locked = lock(pk)
    if locked.status != Status.DRAFT:
        raise refuse("S010", "", _("This declaration was lodged and can no longer be edited. Amend it instead."))
    if locked.sent_at is not None:
        raise refuse("S022", "", _("This amendment was sent to customs and can no longer be edited."))
    return locked


def state_of(declaration: Declaration) -> str:
    """A word that is another one after every change of the declaration: its entity tag."""
    return f"{declaration.version}-{declaration.status}-{declaration.updated_at.timestamp():.6f}"


@contextmanager
def locked(declaration: Declaration) -> Iterator[Declaration]:
    """The draft for several verbs in one transaction: nobody else comes in between, all is done or nothing."""
    with transaction.atomic():
        yield lock_draft(declaration.pk)


@contextmanager
def as_it_was(declaration: Declaration, state: str) -> Iterator[None]:
    """Do what follows only if the declaration is still in `state` (any, if empty). Raises NotAsBefore."""
    with transaction.atomic():
        if state and state_of(lock(declaration.pk)) != state:
            sentence = _("The declaration was changed meanwhile. Read it again; nothing was changed.")
            raise NotAsBefore([Violation("S017", "", sentence)])
        yield


def lock_for(pk: int, new: Status, *, sentence: str) -> Declaration:
    """The declaration, locked. Raises Rejected with `sentence` if its status cannot become `new`."""
    locked = lock(pk)
    if not may_become(locked, new):
        raise refuse("S011", "", sentence.format(status=locked.get_status_display()))
    return locked


def reason_of(reason: str) -> str:
    """The reason, which must say something. Raises Rejected."""
    text = clean(reason)
    if not text:
        raise refuse("S013", "reason", _("Give the reason."))
    return text


def record(
    declaration: Declaration,
    *,
    verb: str,
    by: User | None,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Write a row of history that leaves the status as it is."""
    event = Event(
        declaration=declaration,
        at=at,
        by=by,
        verb=verb,
        old_status=declaration.status,
        new_status=declaration.status,
        note=note,
        data=dict(data or {}),
    )
    insert_rows([event])
    return event
