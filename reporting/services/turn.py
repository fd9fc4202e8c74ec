"""Whose turn it is to count: one worker at a time, so that what two of them would write never meets."""

from reporting.models import Count


def turn_of_counting() -> Count:
    """The one row of counting, locked until the transaction ends."""
    Count.objects.get_or_create(pk=1)
    found: Count = Count.objects.select_for_update().get(pk=1)
    return found
