"""What an officer's queue shows: its columns, the views kept, how much waits for whom, what to open next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from clearance.models import FOR_THE_TRADER, Case, DeskChoice, SavedView, WaitsFor
from clearance.selectors.people import Powers
from clearance.selectors.queue import Wanted, next_unclaimed


@dataclass(frozen=True)
class Column:
    """A column of the queue; `usual` ones are shown until an officer chooses."""

    code: str
    label: str | Promise
    usual: bool = True
    numeric: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("lane", _("Lane")),
    Column("file", _("File")),
    Column("office", _("Office"), usual=False),
    Column("procedure", _("Procedure"), usual=False),
    Column("trader", _("Trader")),
    Column("tin", _("TIN"), usual=False),
    Column("items", _("Items"), usual=False, numeric=True),
    Column("code", _("Code"), usual=False),
    Column("goods", _("Goods")),
    Column("reasons", _("Why it is here")),
    Column("value", _("Value"), numeric=True),
    Column("lodged", _("Lodged"), usual=False),
    Column("target", _("Target")),
    Column("held", _("Held by")),
)
ALWAYS = frozenset({"file"})


@dataclass(frozen=True)
class Board:
    """How many open files wait for what, within the officer's offices; `late` and `free` of those at the office."""

    office: int
    free: int
    mine: int
    late: int
    trader: int
    money: int


def choice_of(user: User) -> DeskChoice:
    """What the officer has chosen, or the usual desk (not saved)."""
    usual = [column.code for column in COLUMNS if column.usual]
    return DeskChoice.objects.filter(user=user).first() or DeskChoice(user=user, columns=usual)


def columns_of(choice: DeskChoice) -> Sequence[Column]:
    """The columns to show, in the order of the desk."""
    return [column for column in COLUMNS if column.code in ALWAYS or column.code in choice.columns]


def views_of(user: User) -> Sequence[SavedView]:
    """The officer's kept views, by name."""
    return list(SavedView.objects.filter(user=user))


def board_of(powers: Powers, *, by: User, at: datetime) -> Board:
    """One read of the queue's index."""
    office, unheld = Q(waits_for=WaitsFor.OFFICE), Q(claimed_by=None)
    return Board(
        **Case.objects.waiting().filter(powers.within()).aggregate(
            office=Count("pk", filter=office),
            free=Count("pk", filter=office & unheld),
            mine=Count("pk", filter=office & Q(claimed_by=by)),
            late=Count("pk", filter=office & Q(due_at__lt=at)),
            trader=Count("pk", filter=Q(waits_for__in=FOR_THE_TRADER)),
            money=Count("pk", filter=Q(waits_for=WaitsFor.MONEY)),
        )
    )  # fmt: skip


def next_to_open(powers: Powers, wanted: Wanted, *, by: User, at: datetime, but: UUID | None = None) -> Case | None:
    """The file to go on with: of those that `by` holds and that wait for the office, else a free one that is wanted.

    Never the one of the declaration `but`.
    """
    mine = Case.objects.waiting().filter(powers.within(), claimed_by=by, waits_for=WaitsFor.OFFICE, decided_at=None)
    if but is not None:
        mine = mine.exclude(declaration__public_id=but)
    held = mine.select_related("declaration").order_by("due_at", "pk").first()
    return held or next_unclaimed(powers, wanted, by=by, at=at)
