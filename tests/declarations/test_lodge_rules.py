"""What lodging leaves behind, column by column, and what each way of lodging answers."""

import json
from datetime import timedelta
from typing import Any

import pytest

from declarations import services, states
from declarations.models import Charge, Declaration, Event, ItemValuation, Status
from lib.violations import Conflict, Rejected
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(minutes=5)
NEXT_YEAR = make.ON.replace(year=2027, month=2, day=1)


def at_once(**changes: Any) -> services.Lodging:
    more = {name: changes.pop(name) for name in ("on", "source", "kept") if name in changes}
    return services.lodge_at_once(
        declarant=make.company(owner=make.trader()),
        data=make.data(**changes),
        by=make.trader(),
        at=LATER,
        **{"on": make.ON, **more},
    )


def by_draft(**changes: Any) -> Declaration:
    draft = make.draft(by=make.colleague(), **changes)
    return services.lodge(draft, on=make.ON, at=LATER, by=make.trader())


# What it leaves -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", [by_draft, lambda: at_once().declaration])
def test_a_lodged_declaration_has_its_number_its_day_and_who_lodged_it(way: Any) -> None:
    made = Declaration.objects.get(pk=way().pk)
    assert (made.registration_year, made.registration_series, made.registration_number) == (2026, "C", 1)
    assert (made.tax_date, made.lodged_at, made.updated_at) == (make.ON, LATER, LATER)
    assert (made.trader, made.updated_by, made.status) == (make.company(), make.trader(), Status.ASSESSED)
    assert made.mrn[:4] == "26TJ"


@pytest.mark.parametrize("way", [by_draft, lambda: at_once().declaration])
def test_both_steps_stand_in_the_history_with_their_statuses_person_and_time(way: Any) -> None:
    made = way()
    rows = Event.objects.filter(declaration=made, verb__in=("lodge", "assess")).order_by("pk")
    assert list(rows.values_list("verb", "old_status", "new_status", "by", "at", "note")) == [
        ("lodge", "draft", "lodged", make.trader().pk, LATER, ""),
        ("assess", "lodged", "assessed", make.trader().pk, LATER, ""),
    ]


def test_the_totals_are_the_sums_of_values_and_charges() -> None:
    made = by_draft(items=[make.item(), make.item(item_price="99.90")])
    values = ItemValuation.objects.filter(item__declaration=made)
    assert made.customs_value == sum(value.customs_value for value in values) > 0
    charges = Charge.objects.filter(declaration=made)
    assert made.payable == sum(charge.amount for charge in charges if charge.payable) > 0
    assert made.guaranteed == 0
    secured = by_draft(general_procedure="7", items=[make.item(extended_procedure="7100")], warehouse="W-01")
    held = [charge.amount for charge in Charge.objects.filter(declaration=secured) if not charge.payable]
    assert secured.guaranteed == sum(held) > 0


def test_the_year_of_the_number_is_that_of_the_day_of_lodging() -> None:
    made = at_once(on=NEXT_YEAR).declaration
    assert (made.tax_date, made.registration_year, made.mrn[:2]) == (NEXT_YEAR, 2027, "27")


def test_the_snapshot_names_the_number_the_version_and_the_day_in_one_fixed_form() -> None:
    made = at_once(exporter_name="Юньнань чай\nKunming").declaration
    snapshot = made.snapshot
    content = json.loads(snapshot.content)
    assert (content["mrn"], content["customs_number"]) == (made.mrn, made.customs_number)
    assert (content["version"], content["tax_date"]) == (1, "2026-11-23")
    assert snapshot.at == LATER
    assert "Юньнань" in snapshot.content
    assert snapshot.content == json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# What it answers ----------------------------------------------------------------------------------------------
def test_lodging_says_whether_it_was_lodged_before() -> None:
    draft = make.draft()

    def once(one: Declaration) -> services.Lodging:
        return services.lodge_once(one, on=make.ON, at=make.AT, by=make.trader())

    first = once(draft)
    assert (first.repeated, once(draft).repeated) == (False, True)
    same = once(make.draft(lrn=draft.lrn))
    assert (same.repeated, same.declaration) == (True, first.declaration)


def test_a_reference_lodged_at_once_again_makes_nothing_new() -> None:
    first, second = at_once(lrn="ONE"), at_once(lrn="ONE")
    assert (first.repeated, second.repeated) == (False, True)
    assert second.declaration == first.declaration
    assert Declaration.objects.count() == 1


def test_a_reference_lodged_again_with_other_content_is_refused_and_names_the_first() -> None:
    first = at_once(lrn="ONE").declaration
    with pytest.raises(Conflict, match=first.mrn) as refused:
        at_once(lrn="ONE", invoice_currency="EUR")
    assert refused.value.also == {"mrn": first.mrn, "id": str(first.public_id)}
    draft = make.draft(lrn="ONE", items=[make.item(), make.item()])
    with pytest.raises(Conflict):
        services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())
    assert next(fault.code for fault in services.check(draft, on=make.ON)) == "S018"
    assert Declaration.objects.exclude(status="draft").get() == first


def test_what_was_lodged_at_once_says_where_it_came_from_and_keeps_what_had_no_box() -> None:
    plain = at_once().declaration
    assert (plain.source, plain.kept) == (Declaration.Source.API, [])
    kept = [{"path": "SAD/Odd", "value": "1"}]
    filed = Declaration.objects.get(pk=at_once(source=Declaration.Source.BROWSER, kept=kept).declaration.pk)
    assert (filed.source, filed.kept) == (Declaration.Source.BROWSER, kept)
    assert (filed.created_by, filed.created_at, filed.declarant) == (make.trader(), LATER, make.company())


def test_checking_names_every_fault_and_writes_nothing() -> None:
    good, bad = make.draft(), make.draft(invoice_currency=None)
    assert services.check(good, on=make.ON) == []
    codes = [violation.code for violation in services.check(bad, on=make.ON)]
    with pytest.raises(Rejected) as refused:
        services.lodge(bad, on=make.ON, at=make.AT, by=make.trader())
    assert codes == [violation.code for violation in refused.value.violations]
    assert codes
    good.refresh_from_db()
    assert (good.status, good.mrn) == (Status.DRAFT, "")


# Changes of status --------------------------------------------------------------------------------------------
def test_a_step_stands_in_the_history_with_what_was_said_of_it() -> None:
    made = make.assessed()
    details = {"why": "told"}
    event = states.transition(
        made, Status.PAID, verb="pay", by=make.trader(), at=LATER, note="At the desk.", data=details
    )
    stored = Declaration.objects.get(pk=made.pk)
    assert (made.status, stored.status, stored.updated_at) == (Status.PAID, Status.PAID, LATER)
    event.refresh_from_db()
    assert (event.declaration, event.verb, event.at) == (made, "pay", LATER)
    assert (event.note, event.data) == ("At the desk.", details)


def test_what_becomes_known_with_a_step_is_in_the_row_and_in_hand() -> None:
    in_hand = by_draft()
    stored = Declaration.objects.get(pk=in_hand.pk)
    for name in ("mrn", "registration_number", "tax_date", "lodged_at", "trader", "customs_value", "payable"):
        assert getattr(in_hand, name) == getattr(stored, name) is not None


def test_a_step_without_details_keeps_none() -> None:
    event = states.transition(make.assessed(), Status.CANCELLED, verb="cancel", by=None, at=LATER)
    assert (event.by, event.note, event.data) == (None, "", {})


@pytest.mark.parametrize(
    ("status", "leads_to"),
    [
        (Status.DRAFT, {Status.LODGED}),
        (Status.LODGED, {Status.ASSESSED}),
        (Status.RELEASED, {Status.EXITED, Status.SUPERSEDED}),
        (Status.EXITED, {Status.SUPERSEDED}),
        (Status.REJECTED, set()),
        (Status.CANCELLED, set()),
        (Status.SUPERSEDED, set()),
    ],
)
def test_a_draft_is_only_lodged_then_assessed_and_what_has_ended_changes_no_more(
    status: Status, leads_to: set[Status]
) -> None:
    declaration = Declaration(status=status)
    assert {new for new in Status if states.may_become(declaration, new)} == leads_to


@pytest.mark.parametrize(
    ("status", "onward"),
    [(Status.ASSESSED, Status.PAID), (Status.PAID, Status.RELEASED)],
)
def test_between_assessment_and_release_every_status_leads_one_step_on_or_to_an_end(
    status: Status, onward: Status
) -> None:
    declaration = Declaration(status=status)
    ends = {Status.REJECTED, Status.CANCELLED, Status.SUPERSEDED}
    assert {new for new in Status if states.may_become(declaration, new)} == ends | {onward}
