"""A change set from its first row to law: two persons, the same row edited twice, dates, and the way back."""

from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from accounts.models import Role, User
from accounts.services import appoint, end_role
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.selectors.history import events_of
from tariff_changes.services import publication
from tariff_changes.services.law_lock import may_write_law
from tariffs.models import Commodity, LegalAct, Measure, Quota, Tax
from tests import make
from tests.tariff_changes.change_steps import (
    APPLES,
    AT,
    DAY,
    ON,
    START,
    act,
    apples,
    approved,
    approver,
    begun,
    codes,
    maker,
    pears,
    published,
    replaced,
    second_maker,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_a_replaced_rate_ends_the_day_before_and_the_rest_is_carried_over() -> None:
    before = apples(ON)
    done = published(replaced())
    assert apples(START - DAY).pk == before.pk
    new = apples(START)
    assert (new.rate_text, new.valid_from, new.valid_to) == ("7%", START, None)
    assert (new.note, new.is_example, new.origin) == (before.note, before.is_example, before.origin)
    assert done.rows.get().written == new.pk
    verbs = [event.verb for event in events_of(done)]
    assert verbs == ["published", "approved", "submitted", "row_added", "begun"]


def test_a_row_of_its_own_day_and_an_end_with_its_own_last_day() -> None:
    change_set = begun()
    later, last = START + 30 * DAY, START + 9 * DAY
    values = {"tax": "DUTY", "commodity": "0808300000", "rate": "3%", "valid_from": later.isoformat()}
    changes.add_row(change_set, table="measure", action="create", values=values, by=maker(), at=AT)
    old = apples(ON)
    end = {"valid_to": last.isoformat()}
    changes.add_row(change_set, table="measure", action="end", target=old.pk, values=end, by=maker(), at=AT)
    published(change_set)
    assert Measure.objects.get(commodity_prefix="0808300000", rate_text="3%").valid_from == later
    assert Measure.objects.get(pk=old.pk).valid_to == last


def test_a_set_makes_an_act_a_tax_a_quota_a_line_and_what_rests_on_them_at_once() -> None:
    change_set = begun()
    for table, values in (
        ("legal_act", {"number": "Order 700", "date": "2026-11-20", "title": "On quotas"}),
        ("tax", {"code": "GREEN", "sequence": "35", "scope": "item", "flow": "import", "base_includes_value": "yes",
                 "decimals": "2", "rounding": "half_up", "is_suspended": "yes", "name": "Green levy"}),
        ("quota", {"number": "09.0001", "volume": "1500", "unit": "KGM", "name": "Apples", "valid_to": "2027-11-30"}),
        ("group_member", {"group": "CISFT", "country": "TM"}),
        ("measure", {"tax": "GREEN", "commodity": APPLES, "rate": "1%", "act": "Order 700"}),
        ("measure", {"tax": "DUTY", "commodity": APPLES, "rate": "Free", "quota": "09.0001", "act": "Order 700",
                     "valid_to": "2027-11-30"}),
    ):  # fmt: skip
        changes.add_row(change_set, table=table, action="create", values=values, by=maker(), at=AT)
    done = published(change_set)
    assert all(row.written for row in done.rows.all())
    measure = Measure.objects.get(quota_number="09.0001")
    assert (measure.legal_act.number, measure.rate_text) == ("Order 700", "Free")
    assert Quota.objects.get(number="09.0001").volume == 1500
    assert Tax.objects.on(START).get(code="GREEN").legal_act.number == "Order 450"


# Persons ------------------------------------------------------------------------------------------------------


def test_tariff_officers_make_and_approving_officers_approve() -> None:
    for stranger in (make.officer(Role.AUDITOR, None), make.officer(), approver(), make.trader()):
        with pytest.raises(Rejected) as refusal:
            changes.begin(title="Mine", takes_effect=START, by=stranger, at=AT)
        assert codes(refusal) == ["T420"]
    held = submitted(replaced())
    for stranger in (maker(), second_maker(), make.officer(Role.AUDITOR, None)):
        with pytest.raises(Rejected) as refusal:
            changes.approve(held, version=held.version, by=stranger, at=AT, on=ON)
        assert codes(refusal) == ["T420"]


def drafter(email: str) -> User:
    return make.officer(Role.TARIFF, None, email)


def moved_on(person: User) -> User:
    """The officer, who from today on approves and drafts no more: one person does not do both."""
    for held in person.officer_roles.filter(role=Role.TARIFF):
        end_role(held, reason="moves on", by=make.officer(Role.ADMIN, None), on=ON, at=AT)
    appoint(person, role=Role.APPROVING, office=None, on=ON, at=AT)
    return person


def test_nobody_approves_what_they_took_part_in_not_even_an_edit_that_was_dropped_again() -> None:
    made, edited, sent = (drafter(f"{name}@customs.example") for name in ("made", "edited", "sent"))
    change_set = changes.begin(title="Apples", takes_effect=START, legal_act=act(), by=made, at=AT)
    row = changes.add_row(
        change_set, table="measure", action="replace", target=apples(ON).pk, values={"rate": "7%"}, by=made, at=AT
    )
    values = {"tax": "DUTY", "commodity": "0808300000", "rate": "3%"}
    other = changes.add_row(change_set, table="measure", action="create", values=values, by=edited, at=AT)
    changes.drop_row(other, version=1, by=edited, at=AT)
    version = ChangeSet.objects.get(pk=change_set.pk).version
    held = changes.submit(change_set, version=version, by=sent, at=AT, on=ON)
    for person in (made, edited, sent):
        with pytest.raises(Rejected) as refusal:
            changes.approve(held, version=held.version, by=moved_on(person), at=AT, on=ON)
        assert codes(refusal) == ["T421"]
    done = changes.approve(held, version=held.version, by=moved_on(drafter("fourth@customs.example")), at=AT, on=ON)
    assert done.status == ChangeSet.Status.APPROVED
    assert row.pk


def test_the_database_refuses_a_second_person_who_is_the_first() -> None:
    held = submitted(replaced())
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeSet.objects.filter(pk=held.pk).update(approved_by=maker())


def test_a_set_that_is_on_its_way_is_not_edited_and_goes_back_with_a_reason() -> None:
    held = submitted(replaced())
    row = held.rows.get()
    with pytest.raises(Rejected) as refusal:
        changes.edit_row(row, version=row.version, values={"rate": "9%"}, by=maker(), at=AT)
    assert codes(refusal) == ["T422"]
    with pytest.raises(Rejected) as refusal:
        changes.send_back(held, reason=" ", by=approver(), at=AT)
    assert codes(refusal) == ["T425"]
    back = changes.send_back(held, reason="The rate is 9 %.", by=approver(), at=AT)
    assert (back.status, back.submitted_by) == (ChangeSet.Status.DRAFT, None)
    changes.edit_row(row, version=row.version, values={"rate": "9%"}, by=maker(), at=AT)
    with pytest.raises(Rejected) as refusal:
        changes.submit(back, version=back.version, by=maker(), at=AT, on=ON)
    assert codes(refusal) == ["T423"]
    assert published(back).status == ChangeSet.Status.PUBLISHED
    assert apples(START).rate_text == "9%"


def test_a_withdrawn_set_is_over() -> None:
    gone = changes.withdraw(approved(replaced()), by=maker(), at=AT, reason="The order was taken back.")
    with pytest.raises(Rejected) as refusal:
        changes.publish(gone, by=approver(), at=AT, on=ON)
    assert codes(refusal) == ["T422"]
    with pytest.raises(Rejected) as refusal:
        changes.approve(gone, version=gone.version, by=approver(), at=AT, on=ON)
    assert codes(refusal) == ["T422"]
    assert apples(START).rate_text != "7%"


# Two at once --------------------------------------------------------------------------------------------------


def test_of_two_who_edit_the_same_row_the_second_is_told_what_stands() -> None:
    change_set = replaced()
    row = change_set.rows.get()
    changes.edit_row(row, version=1, values={"rate": "8%"}, by=second_maker(), at=AT)
    with pytest.raises(Rejected) as refusal:
        changes.edit_row(row, version=1, values={"rate": "9%", "note": "mine"}, by=maker(), at=AT)
    (fault,) = refusal.value.violations
    assert (fault.code, fault.pointer) == ("T423", "rows[1]")
    assert "Officer tariff has changed this in the meantime" in fault.sentence
    assert "rate: 8%" in fault.sentence
    assert change_set.rows.get().values == {"rate": "8%"}
    with pytest.raises(Rejected) as refusal:
        changes.drop_row(row, version=1, by=maker(), at=AT)
    assert codes(refusal) == ["T423"]
    changes.drop_row(row, version=2, by=second_maker(), at=AT)
    with pytest.raises(Rejected) as refusal:
        changes.edit_row(row, version=2, values={"rate": "9%"}, by=maker(), at=AT)
    assert "has dropped this row" in refusal.value.violations[0].sentence


def test_of_two_who_describe_a_set_the_second_is_told_what_stands() -> None:
    change_set = begun()
    described = {"reason": "", "takes_effect": START, "legal_act": act(), "at": AT}
    changes.describe(change_set, version=1, title="Pears", by=second_maker(), **described)
    with pytest.raises(Rejected) as refusal:
        changes.describe(change_set, version=1, title="Plums", by=maker(), **described)
    assert codes(refusal) == ["T423"]
    assert "title: Pears" in refusal.value.violations[0].sentence


def test_a_set_that_was_overtaken_by_another_publication_is_refused_and_can_choose_again() -> None:
    slow = approved(replaced("7%"))
    back = changes.send_back(slow, reason="Wait.", by=approver(), at=AT)
    published(replaced("8%"))
    with pytest.raises(Rejected) as refusal:
        submitted(back)
    found = {fault.code: fault for fault in refusal.value.violations}
    assert found["T406"].pointer == "rows[1]"
    assert "valid to: — → 2026-11-30" in found["T406"].sentence
    row = back.rows.get()
    changes.drop_row(row, version=row.version, by=maker(), at=AT)
    changes.add_row(
        back, table="measure", action="replace", target=apples(START).pk, values={"rate": "7%"}, by=maker(), at=AT
    )
    published(back)
    assert apples(START).rate_text == "7%"
    assert not Measure.objects.filter(rate_text="8%", commodity_prefix=APPLES).exists()


def test_of_two_sets_on_their_way_only_one_changes_a_row() -> None:
    first = submitted(replaced("7%"))
    second = replaced("8%")
    with pytest.raises(Rejected) as refusal:
        submitted(second)
    assert codes(refusal) == ["T412"]
    changes.withdraw(first, by=maker(), at=AT)
    assert submitted(second).status == ChangeSet.Status.SUBMITTED


@pytest.mark.django_db(transaction=True)
def test_of_two_sets_published_at_once_the_second_is_judged_by_what_the_first_has_written() -> None:
    """Two connections. The rows do not touch the same target, so only the order of publication tells them apart."""
    sets = [approved(pears("3%")), approved(pears("4%"))]
    by, answers, together = approver(), [], Barrier(2)

    def publish(change_set: ChangeSet) -> None:
        together.wait(10)
        try:
            changes.publish(change_set, by=by, at=AT, on=ON)
            answers.append("published")
        except Rejected as rejected:
            answers.append(rejected.violations[0].code)
        finally:
            connection.close()

    threads = [Thread(target=publish, args=[change_set]) for change_set in sets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(answers) == ["T401", "published"]
    assert (
        Measure.objects.filter(tax_code="DUTY", commodity_prefix="0808300000", rate_text__in=["3%", "4%"]).count() == 1
    )


@pytest.mark.django_db(transaction=True)
def test_an_approval_waits_for_a_publication_and_then_sees_it() -> None:
    waiting, third = submitted(pears("3%")), approved(pears("4%"))
    by, answers, held = approver(), [], Event()

    def approve() -> None:
        try:
            held.wait(10)
            changes.approve(waiting, version=waiting.version, by=by, at=AT, on=ON)
            answers.append("approved")
        except Rejected as rejected:
            answers.extend(fault.code for fault in rejected.violations)
        finally:
            connection.close()

    thread = Thread(target=approve)
    thread.start()
    with transaction.atomic():
        changes.publish(third, by=by, at=AT, on=ON)
        held.set()
        thread.join(1)
        assert thread.is_alive(), "the approval did not wait for the publication"
    thread.join(300)
    assert answers == ["T401"]


# Dates --------------------------------------------------------------------------------------------------------


def test_a_set_whose_day_has_passed_is_refused_and_gets_a_new_day_from_its_maker() -> None:
    held = approved(replaced())
    late = START + DAY
    with pytest.raises(Rejected) as refusal:
        changes.publish(held, by=approver(), at=AT, on=late)
    assert codes(refusal) == ["T407"]
    assert apples(START).rate_text != "7%"
    back = changes.send_back(held, reason="The day has passed.", by=maker(), at=AT)
    again = changes.describe(
        back, version=back.version, title=back.title, reason="", takes_effect=late, legal_act=act(), by=maker(), at=AT
    )
    done = changes.submit(again, version=again.version, by=maker(), at=AT, on=late)
    changes.approve(done, version=done.version, by=approver(), at=AT, on=late)
    changes.publish(done, by=approver(), at=AT, on=late)
    assert (apples(START).rate_text != "7%", apples(late).rate_text) == (True, "7%")


def test_a_set_may_take_effect_today_and_its_rows_then_stand_for_the_day() -> None:
    published(replaced("7%", takes_effect=ON))
    assert apples(ON).rate_text == "7%"
    with pytest.raises(Rejected) as refusal:
        submitted(replaced("8%", takes_effect=ON))
    assert codes(refusal) == ["T416"]
    published(replaced("8%", takes_effect=ON + DAY))
    assert (apples(ON).rate_text, apples(ON + DAY).rate_text) == ("7%", "8%")


# Published rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Measure, {"rate_text": "0"}),
        (Measure, {"valid_to": ON}),
        (Commodity, {"description": "Anything"}),
        (Tax, {"sequence": 77}),
        (LegalAct, {"title": "Another"}),
    ],
)
def test_nobody_edits_or_deletes_a_published_row(model: "type[Model]", change: dict[str, Any]) -> None:
    one = model._default_manager.filter(pk=model._default_manager.values_list("pk")[:1])
    with pytest.raises(IntegrityError, match="holds published law: UPDATE refused"), transaction.atomic():
        one.update(**change)
    with pytest.raises(IntegrityError, match="holds published law: DELETE refused"), transaction.atomic():
        one._raw_delete("default")


def test_a_published_set_is_evidence_and_stays_as_it_is() -> None:
    done = published(replaced())
    for one in (ChangeSet.objects.filter(pk=done.pk), done.rows.all()):
        with pytest.raises(IntegrityError, match="of a published change set: UPDATE refused"), transaction.atomic():
            one.update(version=99)
        with pytest.raises(IntegrityError, match="of a published change set: DELETE refused"), transaction.atomic():
            one._raw_delete("default")
    draft = replaced("9%", takes_effect=START + DAY)
    assert draft.rows.update(version=99) == 1


def test_the_key_to_published_law_does_not_outlive_its_block() -> None:
    published(replaced())
    with pytest.raises(IntegrityError, match="holds published law"), transaction.atomic():
        Measure.objects.filter(pk=apples(START).pk).update(rate_text="0")
    with pytest.raises(ZeroDivisionError), may_write_law():
        raise ZeroDivisionError
    with pytest.raises(IntegrityError, match="holds published law"), transaction.atomic():
        Measure.objects.filter(pk=apples(START).pk).update(rate_text="0")


def test_a_publication_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    held = approved(replaced())
    before = set(Measure.objects.values_list("pk", "valid_to"))

    def fail(*_which: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(publication, "record", fail)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        changes.publish(held, by=approver(), at=AT, on=ON)
    assert set(Measure.objects.values_list("pk", "valid_to")) == before
    assert ChangeSet.objects.get(pk=held.pk).status == ChangeSet.Status.APPROVED
