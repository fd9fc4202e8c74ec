"""What belongs to one number is read by the number: the files of all others are not even looked at."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clearance import selectors, services
from clearance.models import Case, Examination, Finding, Query
from clearance.selectors.corrections import is_under_way
from clearance.services.release import has_open_examination
from declarations.models import Declaration
from tests import make, plans
from tests.clearance import make as clearance

pytestmark = pytest.mark.django_db
OTHERS = 1_000

READERS: dict[str, Callable[[Case], object]] = {
    "questions": lambda case: list(selectors.queries_of(case)),
    "examinations": lambda case: list(selectors.examinations_of(case)),
    "an open examination": has_open_examination,
    "what is not settled": lambda case: list(selectors.unsettled(case.mrn)),
    "whether anything is under way": lambda case: is_under_way(case.mrn),
    "the newest file": lambda case: selectors.newest_of(case.mrn),
    "whether it can be released": lambda case: services.release_if_clear(case.declaration_id, at=make.AT),
}


def copies(row: Any, number: int, **changed: Callable[[int], object]) -> list[Any]:
    columns = {each.attname: getattr(row, each.attname) for each in row._meta.fields if not each.primary_key}
    return [type(row)(**columns | {name: of(place) for name, of in changed.items()}) for place in range(number)]


@pytest.fixture
def case() -> Case:
    officer = clearance.yellow_officer()
    found = clearance.claimed("yellow", by=officer)
    declaration = Declaration.objects.get(pk=found.declaration_id)
    others = Declaration.objects.bulk_create(
        copies(
            declaration, OTHERS, public_id=lambda _place: uuid.uuid4(), mrn=lambda place: f"26TJ0999{place:010d}",
            lrn=lambda place: f"L{place}", registration_number=lambda place: 900_000 + place,
        )
    )  # fmt: skip
    files = Case.objects.bulk_create(
        copies(found, OTHERS, declaration_id=lambda place: others[place].pk, mrn=lambda place: others[place].mrn)
    )
    asked = services.ask(found, question="Where is it?", due=clearance.DUE, by=officer, at=make.AT)
    begun = services.start_examination(found, kind="documents", by=officer, at=make.AT)
    wrong = services.record_finding(begun, item_number=1, code="value", text="Too low.", by=officer, at=make.AT)
    Query.objects.bulk_create(copies(asked, OTHERS, case_id=lambda place: files[place].pk))
    looked = Examination.objects.bulk_create(copies(begun, OTHERS, case_id=lambda place: files[place].pk))
    Finding.objects.bulk_create(copies(wrong, OTHERS, examination_id=lambda place: looked[place].pk))
    plans.analyze(*(model._meta.db_table for model in (Case, Declaration, Query, Examination, Finding)))
    return found


@pytest.mark.parametrize("reader", READERS)
def test_files_of_other_numbers_are_not_read(reader: str, case: Case) -> None:
    with CaptureQueriesContext(connection) as caught:
        READERS[reader](case)
    reads = [one["sql"] for one in caught if one["sql"].startswith("SELECT") and '"clearance_case"' in one["sql"]]
    assert reads
    for sql in reads:
        assert plans.rows_taken_up(sql, table="clearance_case") < OTHERS / 10, sql
