"""What a list says about a declaration in plain words."""

from datetime import datetime, timedelta

from django import template

from clearance.selectors import NextStep, plain_status
from declarations.models import Declaration

register = template.Library()


@register.filter
def next_step(declaration: Declaration) -> NextStep:
    """Where the declaration stands; its `case` was fetched with it."""
    return plain_status(declaration)


@register.filter
def until(start: datetime, end: datetime) -> timedelta:
    """The time from `start` to `end`, for the filter `duration`."""
    return end - start
