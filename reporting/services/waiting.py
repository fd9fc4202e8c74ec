"""Open files that need an officer, counted by age: replaced as a whole each time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case as Choice
from django.db.models import Count, IntegerField, Q, Value, When

from clearance.models import Case, WaitsFor
from clearance.selectors import AGES
from reporting.models import Waiting
from reporting.services.turn import turn_of_counting


@transaction.atomic
def count_waiting(*, at: datetime) -> int:
    """Count the open files; how many rows there are."""
    turn_of_counting()
    younger = [When(opened_at__gt=at - age, then=Value(place)) for place, age in enumerate(AGES)]
    age = Choice(*younger, default=Value(len(AGES)), output_field=IntegerField())
    late = Count("pk", filter=Q(waits_for=WaitsFor.OFFICE, due_at__lt=at))
    grouped = Case.objects.waiting().annotate(age=age).values("office_code", "lane", "waits_for", "age")
    rows = grouped.annotate(files=Count("pk"), late=late).order_by()
    made = [Waiting(waits=row.pop("waits_for"), **row) for row in map(dict[str, Any], rows)]
    Waiting.objects.all().delete()
    Waiting.objects.bulk_create(made)
    return len(made)
