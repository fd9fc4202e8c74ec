"""Words and colours of change sets: what was done, what happens to a row, what a row tells the public."""

from decimal import Decimal

from django import template

from tariff_changes.models import ChangeEvent, ChangeRow, ChangeSet
from tariff_changes.selectors.history import verb_of
from tariff_changes.selectors.shown_rows import ShownCell, ShownRow

register = template.Library()


@register.filter
def verb(event: ChangeEvent) -> str:
    """What was done with a change set."""
    return verb_of(event)


@register.filter
def tone(change_set: ChangeSet) -> str:
    """The colour of a change set's status."""
    return {"submitted": "yellow", "approved": "blue", "published": "green"}.get(change_set.status, "grey")


@register.filter
def action_tone(action: str) -> str:
    """The colour of what happens to a row."""
    return {"create": "green", "replace": "blue", "end": "red"}.get(action, "grey")


@register.filter
def action_name(action: str) -> str:
    """What happens to a row, in the reader's language."""
    return str(ChangeRow.Action(action).label)


@register.filter
def code_to_link(shown: ShownRow) -> str:
    """The commodity code a row of a change set is about, if it has a page."""
    column = shown.table.code_column
    return shown.row.values.get(column) or shown.row.seen.get(column, "") if column else ""


@register.filter
def sign(value: Decimal) -> str:
    """What stands before the size of a difference: a plus, a minus, or nothing."""
    return "+" if value > 0 else "−" if value < 0 else ""


@register.filter
def size(value: Decimal) -> Decimal:
    """A difference without its sign."""
    return abs(value)


@register.filter
def changed_cells(shown: ShownRow) -> list[ShownCell]:
    """The changed cells of a published row, without what the head of its set says for all."""
    held = shown.row.change_set
    of_the_set = {
        "valid_from": held.takes_effect.isoformat(),
        "act": held.legal_act.number if held.legal_act else None,
    }
    return [cell for cell in shown.changes if cell.column not in of_the_set or cell.after != of_the_set[cell.column]]
