"""Dated rows: `valid_from` and `valid_to`, both inclusive, an empty end open, no two values for one day."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable

# Rows that hold at all: what was ended on the day it began ends the day before, and stays as a trace.
HOLDS_ON_A_DAY = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose validity contains `on`; `prefix` is a relation's lookup such as `tax__`."""
    starts = Q(**{f"{prefix}valid_from__lte": on})
    return starts & (Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": on}))


def one_value_a_day(name: str, *key: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows with equal `key` columns may share a day.

    Core PostgreSQL has no equality in GiST, so the key enters as a one-point range over the 64-bit hash of its
    columns as text. Two different keys with one hash would be refused wrongly (one in 2^64), never accepted wrongly.
    """
    # The keyword arguments stand in alphabetical order, as a migration writes them: otherwise the constraint would
    # differ from its own migration and every `makemigrations` would find a change.
    text: Combinable | Value = Value("")
    for column in key:
        text = Func(
            text,
            Func(F(column), template="COALESCE((%(expressions)s)::text, '')"),
            Value("|"),
            arg_joiner=" || ",
            template="(%(expressions)s)",
        )
    hashed = Func(text, Value(0), function="hashtextextended")
    return ExclusionConstraint(
        name=name,
        index_type="GIST",
        expressions=[
            (Func(hashed, hashed, Value("[]"), function="int8range"), "&&"),
            (Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange"), "&&"),
        ],
        condition=condition,
    )
