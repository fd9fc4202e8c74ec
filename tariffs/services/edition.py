"""The edition of the tables: no process goes on with what it remembers of an earlier one.

Triggers give a new one with each change of law or of a code list (`0002_triggers`).
"""

from django.db.models import F

from tariffs.models import Territory


def new_edition() -> None:
    """Give the tables a new edition for something else that hangs on them."""
    Territory.objects.update(edition=F("edition"))  # the trigger counts
