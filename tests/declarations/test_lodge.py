"""The gate: what lodging gives, what it refuses, and that it may be repeated."""

import hashlib
import json
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from declarations import selectors, services
from declarations.models import Charge, Declaration, ItemValuation, Status
from lib.check_digits import mrn_is_valid
from lib.violations import Rejected
from tests import make


def lodge(draft: Declaration) -> Declaration:
    return services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())


# What it gives ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_lodging_numbers_assesses_and_keeps_the_declaration() -> None:
    made = lodge(make.draft())
    made.refresh_from_db()
    assert made.status == Status.ASSESSED
    assert made.tax_date == make.ON
    assert made.lodged_at == make.AT
    assert made.trader == make.company()
    assert made.customs_number == "TJ01/2026/C1"
    assert mrn_is_valid(made.mrn)
    assert made.mrn.startswith("26TJ")
    assert [event.verb for event in selectors.events_of(made)] == ["lodge", "assess"]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "letter"), [("IM", "R"), ("EX", "A")])
def test_the_mrn_says_whether_it_is_an_import_or_an_export(kind: str, letter: str) -> None:
    export: dict[str, Any] = {
        "declaration_type": "EX", "general_procedure": "1", "exporter_code": make.TIN, "export_country": "TJ",
        "destination_country": "CN", "items": [make.item(extended_procedure="1000")],
    }  # fmt: skip
    assert make.lodged(**(export if kind == "EX" else {})).mrn[16] == letter


@pytest.mark.django_db
def test_serials_of_an_office_follow_one_another_and_offices_count_apart() -> None:
    numbers = [make.lodged(office_code=office).customs_number for office in ("TJ01", "TJ01", "TJ02")]
    assert numbers == ["TJ01/2026/C1", "TJ01/2026/C2", "TJ02/2026/C1"]


@pytest.mark.django_db
def test_the_snapshot_is_the_content_as_lodged_with_its_hash() -> None:
    made = make.lodged()
    snapshot = made.snapshot
    content = json.loads(snapshot.content)
    assert hashlib.sha256(snapshot.content.encode()).hexdigest() == snapshot.sha256
    assert content["mrn"] == made.mrn
    declared = selectors.canonical(selectors.content_of(Declaration.objects.get(pk=made.pk)))
    assert {name: content[name] for name in declared} == declared


@pytest.mark.django_db
def test_both_ways_of_lodging_keep_the_same_content() -> None:
    data = make.data(lrn="ONE", items=[make.item(net_mass="399,5")])
    at_once = services.lodge_at_once(declarant=make.company(owner=make.trader()), data=data, on=make.ON, at=make.AT,
                                     by=make.trader()).declaration  # fmt: skip
    by_draft = make.lodged(**{**data, "lrn": "TWO"})
    one, two = json.loads(at_once.snapshot.content), json.loads(by_draft.snapshot.content)
    differing = {name for name in one | two if one.get(name) != two.get(name)}
    assert differing == {"lrn", "mrn", "customs_number"}


@pytest.mark.django_db
def test_what_was_lodged_is_announced_after_the_commit(
    announced: list[tuple[str, int]], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = make.lodged()
        assert announced == []
    assert ("clearance.tasks.take_up", made.pk) in announced


# What it refuses ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_refused_draft_stays_a_draft_and_nothing_is_numbered() -> None:
    draft = make.draft(invoice_currency=None)
    with pytest.raises(Rejected) as refused:
        lodge(draft)
    assert "D040" in [violation.code for violation in refused.value.violations]
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    assert draft.mrn == ""
    assert lodge(make.draft()).registration_number == 1


@pytest.mark.django_db
def test_a_refused_declaration_lodged_at_once_leaves_nothing_behind() -> None:
    firm = make.company(owner=make.trader())
    with pytest.raises(Rejected):
        services.lodge_at_once(declarant=firm, data=make.data(lrn=None), on=make.ON, at=make.AT, by=make.trader())
    assert not Declaration.objects.filter(declarant=firm).exists()


# Repeating ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_same_reference_again_returns_what_was_lodged_first() -> None:
    first = make.lodged(lrn="AGAIN")
    second = make.draft(lrn="AGAIN")
    assert lodge(second) == first
    second.refresh_from_db()
    assert second.status == Status.DRAFT
    assert make.lodged(lrn="OTHER") != first


@pytest.mark.django_db
def test_a_reference_is_unique_in_a_company_not_in_the_country() -> None:
    first = make.lodged(lrn="MINE")
    make.stranger()
    theirs = make.lodged(
        lrn="MINE", declarant=make.company(make.OTHER_TIN), by=make.stranger(), consignee_code=make.OTHER_TIN
    )
    assert theirs != first


@pytest.mark.django_db
def test_lodging_a_lodged_declaration_changes_nothing() -> None:
    made = make.lodged()
    assert lodge(made) == made
    assert Charge.objects.filter(declaration=made).count() == 3


def at_the_same_time(*work: Callable[[], Any]) -> list[Any]:
    """The results of functions that start together, each with a connection of its own."""
    gate, results = threading.Barrier(len(work)), [None] * len(work)

    def run(place: int, verb: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=10)
            results[place] = verb()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
def test_a_double_click_lodges_once() -> None:
    draft, trader = make.draft(), make.trader()
    results = at_the_same_time(
        *[lambda: services.lodge(draft, on=make.ON, at=make.AT, by=trader) for _click in range(4)]
    )
    assert {result.mrn for result in results} == {Declaration.objects.get(pk=draft.pk).mrn}
    assert Charge.objects.filter(declaration=draft).count() == 3


@pytest.mark.django_db(transaction=True)
def test_ten_requests_with_one_reference_lodge_one_declaration() -> None:
    trader, firm, data = make.trader(), make.company(), make.data(lrn="TWICE")

    def request() -> services.Lodging:
        return services.lodge_at_once(declarant=firm, data=data, on=make.ON, at=make.AT, by=trader)

    results = at_the_same_time(*[request for _request in range(10)])
    assert len({result.declaration.pk for result in results}) == 1
    assert sorted(result.repeated for result in results) == [False, *[True] * 9]
    assert Declaration.objects.filter(lrn="TWICE").count() == 1


@pytest.mark.django_db(transaction=True)
def test_declarations_lodged_together_get_numbers_of_their_own() -> None:
    trader, drafts = make.trader(), [make.draft() for _number in range(6)]
    results = at_the_same_time(
        *[lambda one=one: services.lodge(one, on=make.ON, at=make.AT, by=trader) for one in drafts]  # type: ignore[misc]
    )
    assert sorted(result.registration_number for result in results) == [1, 2, 3, 4, 5, 6]


# Cost ---------------------------------------------------------------------------------------------------------
def queries_to_lodge(items: int) -> int:
    draft = make.draft(items=[make.item() for _item in range(items)])
    with CaptureQueriesContext(connection) as captured:
        lodge(draft)
    return len(captured)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_depend_on_the_number_of_items() -> None:
    queries_to_lodge(1)  # fills what each process remembers
    assert queries_to_lodge(2) == queries_to_lodge(60) <= 35


@pytest.mark.django_db
def test_999_items_are_lodged_and_every_one_of_them_is_assessed() -> None:
    made = make.lodged(items=[make.item() for _item in range(999)])
    assert ItemValuation.objects.filter(item__declaration=made).count() == 999
    assert Charge.objects.filter(declaration=made).count() == 2 * 999 + 1
    assert made.customs_value == sum(ItemValuation.objects.values_list("customs_value", flat=True), Decimal(0))


def broken(*_arguments: object) -> None:
    raise RuntimeError("the machine fails here")


@pytest.mark.django_db
def test_a_fault_after_the_number_was_given_leaves_no_gap_and_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = make.draft()
    with monkeypatch.context() as patch:
        patch.setattr("declarations.assessment.store", broken)
        with pytest.raises(RuntimeError):
            lodge(draft)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    assert lodge(draft).registration_number == 1
