"""What the gate would say of a draft, and what it would be charged. Nothing is written.

A draft of an amendment is judged as it will be: by the law of the version it amends, with what that one has drawn given
back. This is done, looked at and undone, by the function that does it in earnest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction

from declarations import assessment
from declarations.models import Declaration, Status
from declarations.selectors import Content, content_of, lodged_under
from declarations.services.amend import as_if_given_back, judge_instead
from declarations.services.lodge import judge
from declarations.services.repeated import reference_taken
from lib.violations import Rejected, Violation
from tariffs.calculation import Assessment, SharedCost


def check(declaration: Declaration, *, on: date) -> list[Violation]:
    """What `lodge` would find wrong on the day, the reference of a draft that was lodged before too.

    Of a draft of an amendment, what would be found wrong when it is sent.
    """
    content = content_of(declaration)
    try:
        if _is_amendment(declaration):
            _judge_amendment(declaration, content, today=on)
        else:
            judge(content, on=on, today=on)
    except Rejected as rejected:
        return [*_taken(declaration), *rejected.violations]
    return _taken(declaration)


def preview(declaration: Declaration, *, on: date) -> Assessment:
    """What a draft would be charged on the day; an amendment by the law of what it amends."""
    if not _is_amendment(declaration):
        return assessment.preview(declaration, on=on)
    assert declaration.amends is not None
    assert declaration.amends.tax_date is not None
    with _undone():
        as_if_given_back(declaration.amends, content_of(declaration))
        return assessment.preview(declaration, on=declaration.amends.tax_date)


def apportioned(declaration: Declaration, *, on: date) -> tuple[SharedCost, ...]:
    """How the costs of the header fall on the items, under the law of `preview`; none if items state their own."""
    return assessment.apportioned(declaration, on=law_day(declaration, on=on))


def law_day(declaration: Declaration, *, on: date) -> date:
    """The day whose law counts for a draft that is sent on the day."""
    amended = declaration.amends if declaration.status == Status.DRAFT else None
    return (amended.tax_date if amended else None) or on


def _is_amendment(declaration: Declaration) -> bool:
    return declaration.status == Status.DRAFT and declaration.amends_id is not None


def _taken(declaration: Declaration) -> list[Violation]:
    if declaration.status != Status.DRAFT or declaration.amends_id is not None:
        return []
    earlier = lodged_under(declarant_id=declaration.declarant_id, lrn=declaration.lrn)
    return [reference_taken(earlier)] if earlier is not None else []


def _judge_amendment(draft: Declaration, content: Content, *, today: date) -> None:
    assert draft.amends is not None
    with _undone():
        judge_instead(content, instead_of=draft.amends, today=today)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
