"""The edition of the code lists: it rises with each change, so that no process goes on with what it remembers."""

from datetime import datetime

from tariffs.models import Territory


def new_edition(*, at: datetime) -> None:
    """Tell every process that what it remembers of the code lists is old. To be called after each edit of one."""
    present = Territory.objects.select_for_update().get()
    present.edition = max(present.edition + 1, int(at.timestamp() * 1_000_000))
    present.save(update_fields=["edition"])
