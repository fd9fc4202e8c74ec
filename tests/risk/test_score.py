"""The task that scores a lodged declaration."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from threading import Event

import pytest
from django.db import IntegrityError, connection, connections, transaction

from declarations.selectors import canonical, content_of
from declarations.services import ending
from declarations.services.amend import amend
from risk import services
from risk.models import Hit, Score
from risk.selectors import reasons_in_words, score_of
from risk.services.score import criteria_on
from tests import make
from tests.risk import make as risk

pytestmark = pytest.mark.django_db


def test_a_lodged_declaration_is_scored_with_its_reasons() -> None:
    criterion = risk.criterion()
    declaration = make.assessed()
    services.score(declaration.pk, at=make.AT)
    score = score_of(declaration)
    assert score is not None
    assert score.lane == "red"
    (reason,) = reasons_in_words(score)
    assert (reason.code, reason.name, reason.instruction, list(reason.items)) == (
        "TEA", "Tea of China", "Open a packet.", [1],
    )  # fmt: skip
    declared = declaration.items.get().commodity_code
    assert reason.sentences == [f"Commodity code starts with 0902 (declared: {declared})"]
    assert Hit.objects.get(score=score).criterion == criterion


def test_a_declaration_that_meets_nothing_is_green() -> None:
    risk.criterion()
    declaration = make.assessed(items=[make.item(commodity_code="1001990000")])
    services.score(declaration.pk, at=make.AT)
    score = score_of(declaration)
    assert score is not None
    assert (score.lane, score.reasons) == ("green", [])


def test_scoring_twice_changes_nothing(announced: list[tuple[str, int]]) -> None:
    risk.criterion()
    declaration = make.assessed()
    first = services.score(declaration.pk, at=make.AT)
    assert services.score(declaration.pk, at=make.AT) == first
    assert Score.objects.filter(declaration=declaration).count() == 1


def test_a_cancelled_declaration_is_not_scored() -> None:
    declaration = make.assessed()
    ending.cancel(declaration, reason="wrong goods", by=make.trader(), at=make.AT)
    assert services.score(declaration.pk, at=make.AT) is None
    assert score_of(declaration) is None


def test_lodging_sets_scoring_to_work(follow_ups: Callable[[], AbstractContextManager[None]]) -> None:
    with follow_ups():
        declaration = make.assessed()
    assert score_of(declaration) is not None


@pytest.mark.usefixtures("as_owner")
def test_a_score_is_never_changed() -> None:
    declaration = make.assessed()
    score = services.score(declaration.pk, at=make.AT)
    assert score is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(lane="red")


def test_figures_reckoned_from_the_assessment_can_be_asked_for() -> None:
    risk.criterion(code="CHEAP", conditions=[{"field": "item.unit_value", "op": "<", "value": "1000000"}])
    risk.criterion(code="DEAR", conditions=[{"field": "item.unit_value", "op": ">", "value": "1000000"}])
    risk.criterion(code="FIRST", conditions=[{"field": "header.earlier_declarations", "op": "<", "value": "1"}])
    risk.criterion(code="NO-ST1", conditions=[{"field": "document.code", "op": "not_in", "value": "861"}])
    score = services.score(make.assessed().pk, at=make.AT)
    assert score is not None
    assert {hit["code"] for hit in score.reasons} == {"CHEAP", "FIRST", "NO-ST1"}


def test_an_amendment_keeps_its_draw() -> None:
    """The random share follows from the MRN: to amend is no second ticket."""
    risk.criterion(share=50)
    declaration = make.assessed()
    first = services.score(declaration.pk, at=make.AT)
    again = amend(
        declaration, data=canonical(content_of(declaration)) | {"comments": "changed"}, reason="typing error",
        by=make.trader(), at=make.AT, on=make.ON,
    )  # fmt: skip
    second = services.score(again.pk, at=make.AT)
    assert first is not None
    assert second is not None
    assert first.declaration_id != second.declaration_id
    assert first.lane == second.lane


@pytest.mark.django_db(transaction=True)
def test_a_criterion_whose_verb_began_first_and_ended_last_is_scored_by() -> None:
    """Whoever scores between the two remembers nothing that the first one's end would leave false."""
    early, late = (services.make_criterion(risk.draft(code=code), on=make.ON, at=make.AT, by=None) for code in "AB")
    begun, may_end = Event(), Event()

    def switch_early() -> None:
        with transaction.atomic():
            services.switch_on(early, on=make.ON, at=make.AT, by=None)
            begun.set()
            assert may_end.wait(10)
        connections.close_all()

    def switch_late() -> None:
        services.switch_on(late, on=make.ON, at=make.AT, by=None)
        criteria_on(make.AT)
        connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(switch_early)
        assert begun.wait(10)
        second = pool.submit(switch_late)
        while not second.done() and not _waits_for_a_lock():
            wait([second], timeout=0.01)
        may_end.set()
        first.result()
        second.result()
    assert {fact.code for fact in criteria_on(make.AT)} == {"A", "B"}


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM "
            "pg_database WHERE datname = current_database()))"
        )
        return bool(cursor.fetchone()[0])
