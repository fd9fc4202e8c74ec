"""The legal position: which changes there are, who may make them, and what the database refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from declarations import services, states
from declarations.models import (
    Charge,
    Container,
    Declaration,
    Event,
    Item,
    ItemDocument,
    ItemValuation,
    Snapshot,
    Status,
)
from declarations.services import ending
from lib.violations import Rejected
from tests import make

pytestmark = pytest.mark.django_db


def test_every_status_has_its_row_and_leads_to_known_ones() -> None:
    assert set(states.TRANSITIONS) == set(Status)
    assert all(after <= set(Status) for after in states.TRANSITIONS.values())


def test_a_transition_changes_the_status_and_writes_the_row_of_history() -> None:
    made = make.assessed()
    event = states.transition(made, Status.PAID, verb="pay", by=make.trader(), at=make.AT)
    assert Declaration.objects.get(pk=made.pk).status == Status.PAID
    assert (event.old_status, event.new_status, event.by) == (Status.ASSESSED, Status.PAID, make.trader())


def test_a_change_that_the_table_does_not_know_is_refused() -> None:
    made = make.assessed()
    with pytest.raises(states.WrongStatus):
        states.transition(made, Status.RELEASED, verb="release", by=None, at=make.AT)
    assert Declaration.objects.get(pk=made.pk).status == Status.ASSESSED


def test_a_change_that_another_transaction_made_first_is_refused() -> None:
    made = make.assessed()
    stale = Declaration.objects.get(pk=made.pk)
    states.transition(made, Status.PAID, verb="pay", by=None, at=make.AT)
    with pytest.raises(states.WrongStatus):
        states.transition(stale, Status.CANCELLED, verb="cancel", by=None, at=make.AT)
    assert Event.objects.filter(declaration=made, verb="cancel").count() == 0


def test_a_paid_declaration_is_released_and_an_unpaid_one_is_not() -> None:
    assert make.released().status == Status.RELEASED
    with pytest.raises(services.WrongStatus):
        services.mark_released(make.assessed(), by=make.officer(), at=make.AT)


@pytest.mark.parametrize("verb", [ending.cancel, ending.reject])
def test_a_declaration_ends_with_a_reason_before_release_and_not_after(verb: Callable[..., Declaration]) -> None:
    ended = verb(make.assessed(), reason=" Goods went back. ", by=make.trader(), at=make.AT)
    assert ended.status in (Status.CANCELLED, Status.REJECTED)
    assert ended.events.last().note == "Goods went back."
    with pytest.raises(Rejected):
        verb(make.assessed(), reason=" ", by=make.trader(), at=make.AT)
    with pytest.raises(Rejected):
        verb(make.released(), reason="Too late.", by=make.trader(), at=make.AT)


# What the database refuses ------------------------------------------------------------------------------------
def refused(write: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize("model", [Event, Snapshot, Charge, ItemValuation])
def test_history_charges_and_valuations_only_grow(model: Any) -> None:
    make.assessed()
    row = model.objects.first()
    assert refused(lambda: model.objects.filter(pk=row.pk).delete())
    assert refused(lambda: model.objects.filter(pk=row.pk).update(id=row.pk))


@pytest.mark.parametrize(
    "change",
    [{"invoice_amount": 1}, {"mrn": "26TJ000001000001R0"}, {"tax_date": None}, {"payable": 0}, {"status": "draft"},
     {"held": {"lrn": "x"}}, {"declarant_id": 0}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_lodged_declaration_never_changes_and_a_draft_may(change: dict[str, Any]) -> None:
    lodged = Declaration.objects.filter(pk=make.assessed().pk)
    assert refused(lambda: lodged.update(**change))
    if next(iter(change)) in ("invoice_amount", "held"):
        assert not refused(lambda: Declaration.objects.filter(pk=make.draft().pk).update(**change))


def test_a_lodged_declaration_is_not_deleted_and_a_draft_may_be() -> None:
    lodged, draft = make.assessed(), make.draft()
    assert refused(lambda: Declaration.objects.filter(pk=lodged.pk)._raw_delete("default"))
    services.discard_draft(draft, by=make.trader(), at=make.AT)
    assert not Declaration.objects.filter(pk=draft.pk).exists()


WRITES: dict[str, Callable[[Declaration], Any]] = {
    "item inserted": lambda made: Item.objects.create(declaration=made, number=2),
    "item updated": lambda made: made.items.update(net_mass=1),
    "item deleted": lambda made: (
        ItemDocument.objects.filter(item__declaration=made).delete()
        and Item.objects.filter(declaration=made)._raw_delete("default")
    ),
    "document inserted": lambda made: ItemDocument.objects.create(item=made.items.get(), position=9),
    "document updated": lambda made: ItemDocument.objects.filter(item__declaration=made).update(reference="X"),
    "document deleted": lambda made: ItemDocument.objects.filter(item__declaration=made).delete(),
    "container inserted": lambda made: Container.objects.create(declaration=made),
}


@pytest.mark.parametrize("write", WRITES)
def test_the_parts_of_a_lodged_declaration_never_change_and_those_of_a_draft_may(write: str) -> None:
    lodged, draft = make.assessed(), make.draft()
    assert refused(lambda: WRITES[write](lodged))
    assert not refused(lambda: WRITES[write](draft))


def test_an_item_cannot_move_from_a_draft_into_a_lodged_declaration() -> None:
    lodged, draft = make.assessed(), make.draft()
    assert refused(lambda: draft.items.update(declaration=lodged, number=2))
