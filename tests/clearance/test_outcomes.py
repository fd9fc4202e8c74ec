"""A discrepancy never ends in silence: corrected, fined or closed with a reason; fines are paid, contested, dropped."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from clearance import services
from clearance.models import Case, Outcome
from clearance.selectors import unsettled
from clearance.services import corrections
from declarations.models import FINE, Penalty, Status
from lib.violations import Rejected
from payments.selectors import balance, due, paid_by_tax
from payments.services import pay_from_account
from tests import make
from tests.clearance import correcting

pytestmark = pytest.mark.django_db
AMOUNT = Decimal("250.00")


def fined(case: Case, **changes: Any) -> Penalty:
    values = {"amount": AMOUNT, "legal_basis": "Customs Code, art. 500", "text": "Two cartons too many."} | changes
    return services.fine(case, findings=list(unsettled(case.mrn)), by=correcting.officer(), at=make.AT, **values)


def pay_fine(case: Case, key: str = "fine") -> None:
    pay_from_account(case.declaration, by=make.trader(), at=make.AT, idempotency_key=key)


def test_a_fine_is_due_like_duties_and_the_goods_wait_for_it() -> None:
    case = correcting.at_moment("paid")
    correcting.found(case)
    money = balance(make.company())
    fined(case)
    assert due(case.declaration) == AMOUNT
    services.decide_release(case, by=correcting.officer(), at=make.AT)
    case.declaration.refresh_from_db()
    assert case.declaration.status == Status.PAID, "decided, and waits for the fine"
    for _again in range(2):
        pay_fine(case)
    services.release_if_clear(case.declaration_id, at=make.AT)
    case.declaration.refresh_from_db()
    assert case.declaration.status == Status.RELEASED
    assert balance(make.company()) == money - AMOUNT
    assert paid_by_tax(case.mrn)[FINE] == AMOUNT


@pytest.mark.parametrize("moment", ["assessed", "released"])
def test_a_fine_on_a_file_of_any_standing_is_paid_once(moment: str) -> None:
    case = correcting.at_moment(moment)
    correcting.found(case)
    make.funds()
    owed = due(case.declaration) + AMOUNT
    fined(case)
    assert due(case.declaration) == owed
    money = balance(make.company())
    for _again in range(2):
        pay_fine(case)
    with pytest.raises(Rejected, match="P001"):
        pay_fine(case, "once more")
    assert balance(make.company()) == money - owed
    case.declaration.refresh_from_db()
    assert case.declaration.status == (Status.PAID if moment == "assessed" else moment)


def test_a_contested_fine_is_judged_by_another_officer_and_goes_back_if_dropped() -> None:
    case = correcting.at_moment("released")
    correcting.found(case)
    money = balance(make.company())
    fine = fined(case)
    pay_fine(case)
    services.contest_fine(fine, reason="They were empty.", by=make.trader(), at=make.AT)
    with pytest.raises(Rejected, match="C058"):
        services.drop_fine(fine, text="Yes.", by=correcting.officer(), at=make.AT)
    services.drop_fine(fine, text="They were.", by=correcting.second_officer(), at=make.AT)
    assert balance(make.company()) == money
    with pytest.raises(Rejected, match="S025"):
        services.uphold_fine(fine, text="No.", by=correcting.second_officer(), at=make.AT)


def test_a_fine_stays_through_a_correction_and_forbids_to_cancel() -> None:
    case = correcting.at_moment("paid")
    correcting.found(case)
    fined(case)
    with pytest.raises(Rejected, match="C049"):
        services.cancel(case.declaration, reason="I leave.", by=make.trader(), at=make.AT)
    new = correcting.by_trader(case, price="2400")
    assert due(new) == AMOUNT + (new.payable or 0) - (case.declaration.payable or 0)


def test_every_discrepancy_needs_an_outcome_of_its_own() -> None:
    case = correcting.at_moment("paid")
    value, origin = correcting.found(case, "value"), correcting.found(case, "origin")
    services.close_findings(
        case, findings=[value], reason="The freight was in the price.", by=correcting.officer(), at=make.AT
    )
    with pytest.raises(Rejected, match="C040"):
        corrections.propose(case, findings=[value], by=correcting.officer(), at=make.AT)
    with pytest.raises(Rejected, match="C034"):
        services.decide_release(case, by=correcting.officer(), at=make.AT)
    services.close_findings(
        case, findings=[origin], reason="The certificate came later.", by=correcting.officer(), at=make.AT
    )
    services.decide_release(case, by=correcting.officer(), at=make.AT)
    case.declaration.refresh_from_db()
    assert case.declaration.status == Status.RELEASED
    assert Outcome.objects.count() == 2


def test_a_finding_after_release_is_settled_as_one_before() -> None:
    case = correcting.at_moment("released")
    with pytest.raises(Rejected, match="C002"):
        services.start_audit(case, by=make.officer(office="TJ02"), at=make.AT)
    correcting.found(case)
    services.close_findings(
        case, findings=list(unsettled(case.mrn)), reason="Within the tolerance.", by=correcting.officer(), at=make.AT
    )
    assert not unsettled(case.mrn).exists()


def test_the_database_keeps_outcomes_and_fines_as_they_were(as_owner: None) -> None:
    case = correcting.at_moment("paid")
    correcting.found(case)
    fined(case)
    for statement in (
        "UPDATE declarations_penalty SET amount = 1",
        "DELETE FROM declarations_penalty",
        "UPDATE clearance_outcome SET reason = 'x'",
        "DELETE FROM clearance_outcome",
        f"UPDATE declarations_penalty SET status = 'dropped', contest = 'x', contested_by_id = by_id, "
        f"decided_by_id = by_id, decided_at = '{make.AT.isoformat()}'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
