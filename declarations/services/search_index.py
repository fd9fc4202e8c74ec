"""The index of the search: one row for each lodged version, written as it is lodged."""

from django.db import connection, transaction

from declarations.models import Declaration, Searched, Status
from declarations.selectors import Content, content_of, with_parts, words_of

AT_ONCE = 200


def index(content: Content) -> None:
    """Write down what the declaration is found by, in the transaction that lodges it."""
    declaration = content.declaration
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [declaration.pk, declaration.tax_date, words_of(content)])


def reindex(*, after: int = 0) -> int | None:
    """Make the rows of the next few lodged versions anew; the key to go on after, None when all are done."""
    lodged = Declaration.objects.exclude(status=Status.DRAFT).filter(pk__gt=after).order_by("pk")
    keys = list(lodged.values_list("pk", flat=True)[:AT_ONCE])
    rows = with_parts(Declaration.objects.filter(pk__in=keys).select_related("declarant", "trader"))
    last = None
    with transaction.atomic():
        Searched.objects.filter(pk__in=[row.pk for row in rows]).delete()
        for row in rows.order_by("pk"):
            index(content_of(row))
            last = row.pk
    return last


_INSERT = """
INSERT INTO declarations_searched (declaration_id, lodged_on, words) VALUES (%s, %s, array_to_tsvector(%s::text[]))
"""
