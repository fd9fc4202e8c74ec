"""An officer arranges the queue: columns, keys, and views kept under a name. No file is touched by it."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import DeskChoice, SavedView
from clearance.selectors import COLUMNS
from lib.violations import refuse

VIEWS_AT_MOST = 12


def arrange_desk(*, columns: Collection[str], uses_keys: bool, by: User) -> DeskChoice:
    """Keep which columns the officer sees, in the order of the desk, and whether one letter is a key."""
    chosen = [column.code for column in COLUMNS if column.code in columns]
    made: DeskChoice = DeskChoice.objects.update_or_create(
        user=by, defaults={"columns": chosen, "uses_keys": uses_keys}
    )[0]
    return made


@transaction.atomic
def keep_view(*, name: str, filters: Mapping[str, str], by: User) -> SavedView:
    """Keep filters under a name; an earlier view of that name is replaced. Raises Rejected C005, C080 too many."""
    User.objects.select_for_update().get(pk=by.pk)
    name = " ".join(name.split())
    if not name:
        raise refuse("C005", "name", _("Give the view a name."))
    kept = SavedView.objects.filter(user=by)
    if not kept.filter(name=name).exists() and kept.count() >= VIEWS_AT_MOST:
        raise refuse("C080", "name", _("You keep %d views already. Delete one first.") % VIEWS_AT_MOST)
    made: SavedView = SavedView.objects.update_or_create(user=by, name=name, defaults={"filters": dict(filters)})[0]
    return made


def forget_view(view: SavedView) -> None:
    """Delete a kept view of one's own."""
    view.delete()
