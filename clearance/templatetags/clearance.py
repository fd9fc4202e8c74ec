"""What a list says about a declaration in plain words."""

from datetime import datetime, timedelta

from django import template

from clearance.selectors import NextStep, plain_status
from declarations.models import Declaration
from declarations.selectors import trader_field
from lib.languages import in_language

register = template.Library()


@register.filter
def next_step(declaration: Declaration) -> NextStep:
    """Where the declaration stands; its `case` was fetched with it."""
    return plain_status(declaration)


@register.filter
def filed_for(declaration: Declaration) -> str:
    """The company that a declaration is filed for; of a draft whom its box names so far, else the one that files."""
    if declaration.trader is not None:
        return in_language(declaration.trader)
    named = getattr(declaration, trader_field(declaration.declaration_type).replace("_code", "_name"))
    return next(iter(str(named or "").splitlines()), "") or in_language(declaration.declarant)


@register.filter
def until(start: datetime, end: datetime) -> timedelta:
    """The time from `start` to `end`, for the filter `duration`."""
    return end - start
