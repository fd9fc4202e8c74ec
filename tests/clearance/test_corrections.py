"""Corrections before and after payment and release, by trader and officer: the difference moves once, all stays."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import OfficerRole, Role
from accounts.services import end_role
from clearance import services
from clearance.models import Case, Correction, Outcome
from clearance.services import corrections
from declarations import services as declarations
from declarations.models import Charge, Declaration, Snapshot, Status, StockAccount, StockMovement
from declarations.selectors import draft_for, lodged_content
from lib.violations import Rejected
from payments import services as payments
from payments.models import Entry
from payments.selectors import balance, due, settling_if_ended
from payments.services import give_back, settle_if_nothing_due
from tests import make
from tests.clearance import correcting
from tests.clearance import make as clearance
from tests.declarations import stock_steps

pytestmark = pytest.mark.django_db
State = Correction.Status
BY = {"trader": correcting.by_trader, "officer": correcting.by_officer}


def refused(code: str) -> Any:
    return pytest.raises(Rejected, match=code)


# Money --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("moment", ["assessed", "paid", "released", "exited"])
@pytest.mark.parametrize(("price", "direction"), [("2400", "up"), ("600", "down")])
def test_the_difference_is_charged_or_credited_once(moment: str, direction: str, price: str, by: str) -> None:
    case = correcting.at_moment(moment)
    old, papers = case.declaration, _papers(case.declaration)
    make.funds()
    new = BY[by](case, price=price)
    old.refresh_from_db()
    assert (old.status, new.version, new.amends) == (Status.SUPERSEDED, 2, old)
    assert new.payable is not None
    assert old.payable is not None
    assert (new.payable > old.payable) == (direction == "up")
    paid_before = moment != "assessed"
    assert due(new) == (new.payable if not paid_before else max(new.payable - old.payable, 0))
    waits = direction == "up" or not paid_before
    assert new.status == (Status.ASSESSED if waits else moment)
    for _again in range(2):
        new = clearance.pay(new) if due(new) > 0 else settle_if_nothing_due(new.pk, at=make.AT)
        services.release_if_clear(new.pk, at=make.AT)
        give_back(new.pk, at=make.AT)
        new.refresh_from_db()
    assert balance(make.company()) == make.FUNDS - new.payable
    assert new.status == (moment if moment != "assessed" else Status.PAID)
    credits = Entry.objects.filter(declaration=new, kind=Entry.Kind.CREDIT).count()
    assert credits == (1 if paid_before and direction == "down" else 0)
    _all_stays(old, new, papers)


def _papers(declaration: Declaration) -> tuple[Any, int]:
    return lodged_content(declaration), declaration.charges.count()


def _all_stays(old: Declaration, new: Declaration, papers: tuple[Any, int]) -> None:
    """Both versions are there with their snapshots and charges; the old ones as they were."""
    assert _papers(old) == papers
    assert Snapshot.objects.filter(declaration__mrn=new.mrn).count() == 2
    assert Charge.objects.filter(declaration=new).exists()
    assert lodged_content(new)["invoice_amount"] != lodged_content(old)["invoice_amount"]
    assert Correction.objects.get(draft=new).status == State.ACCEPTED


def test_after_release_no_lane_and_no_file_are_waited_for() -> None:
    case = correcting.at_moment("released")
    new = correcting.by_trader(case, price="2400")
    made = Case.objects.get(declaration=new)
    assert (made.closed_as, made.lane) == (Case.End.CORRECTED, case.lane)
    assert services.take_up(new.pk, at=make.AT) is None
    assert not hasattr(new, "score")
    done = services.sweep(at=make.AT)
    assert (done["score"], done["route"]) == (0, 0)
    with refused("S020"):
        services.cancel(new, reason="no", by=make.trader(), at=make.AT)
    make.funds()
    clearance.pay(new)
    assert services.sweep(at=make.AT)["stand_again"] == 1
    new.refresh_from_db()
    assert new.status == Status.RELEASED


def test_a_second_correction_after_release_builds_on_the_first() -> None:
    case = correcting.at_moment("exited")
    correcting.by_trader(case, price="2400")
    third = correcting.by_trader(Case.objects.get(declaration=correcting.newest(case)), price="1800")
    assert (third.version, third.stands_as, third.status) == (3, Status.EXITED, Status.ASSESSED)
    make.funds()
    clearance.pay(third)
    services.release_if_clear(third.pk, at=make.AT)
    third.refresh_from_db()
    assert third.status == Status.EXITED
    assert balance(make.company()) == make.FUNDS - (third.payable or 0)


def test_what_cancelling_would_do_is_what_it_does() -> None:
    case = correcting.at_moment("paid")
    foretold = settling_if_ended(case.declaration)
    before = balance(make.company())
    services.cancel(case.declaration, reason="Sold elsewhere.", by=make.trader(), at=make.AT)
    assert foretold.back == balance(make.company()) - before == case.declaration.payable
    assert [account.company for account in foretold.payers] == [make.company()]


def test_what_an_amendment_would_do_is_what_it_does() -> None:
    case = correcting.at_moment("paid")
    draft = correcting.drafted(case.declaration, price="600")
    foretold = corrections.effect_of(draft.draft, on=make.ON)
    before = balance(make.company())
    corrections.send(draft, reason="Mistake.", by=make.trader(), at=make.AT, on=make.ON)
    new = correcting.newest(case)
    assert (foretold.before, foretold.after) == (case.declaration.payable, new.payable)
    assert foretold.settling.back == balance(make.company()) - before == -foretold.difference


# Consent ------------------------------------------------------------------------------------------------------
def test_a_disclosure_counts_at_once_and_a_claim_waits_for_two_officers() -> None:
    case = correcting.at_moment("released")
    claim = correcting.sent(case.declaration, price="600")
    assert (claim.kind, claim.status, claim.needs_consent) == ("claim", State.SENT, True)
    money = balance(make.company())
    first = corrections.decide(
        claim, end="accepted", text="It is right.", by=correcting.officer(), at=make.AT, on=make.ON
    )
    assert (first.status, balance(make.company())) == (State.DECIDED, money)
    with refused("C057"):
        corrections.confirm(first, by=correcting.officer(), at=make.AT, on=make.ON)
    corrections.send_back(first, text="Where is the invoice?", by=correcting.second_officer(), at=make.AT)
    assert correcting.consented(claim).status == State.ACCEPTED
    assert balance(make.company()) > money
    other = correcting.at_moment("released")
    disclosed = correcting.sent(other.declaration, price="2400")
    assert (disclosed.kind, disclosed.status) == ("disclosure", State.ACCEPTED)


def test_a_refused_claim_leaves_all_as_it_was_and_may_be_made_anew() -> None:
    case = correcting.at_moment("released")
    claim = correcting.sent(case.declaration, price="600")
    corrections.decide(claim, end="refused", text="No proof.", by=correcting.officer(), at=make.AT, on=make.ON)
    corrections.confirm(claim, by=correcting.second_officer(), at=make.AT, on=make.ON)
    claim.refresh_from_db()
    assert (claim.status, correcting.newest(case)) == (State.REFUSED, case.declaration)
    again = corrections.begin(case.declaration, by=make.trader(), at=make.AT, like=claim)
    assert again.pk != claim.pk
    assert again.draft.items.get().item_price == 600


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_decide_a_claim_at_once_one_is_heard() -> None:
    claim = correcting.sent(correcting.at_moment("released").declaration, price="600")
    one, other = correcting.officer(), correcting.second_officer()
    told = clearance.at_once(
        lambda: corrections.decide(claim, end="accepted", text="Right.", by=one, at=make.AT, on=make.ON),
        lambda: corrections.decide(claim, end="refused", text="Wrong.", by=other, at=make.AT, on=make.ON),
    )
    claim.refresh_from_db()
    assert claim.status == State.DECIDED
    assert sorted(told) == ["C043", "done"]


# Proposals ----------------------------------------------------------------------------------------------------
def test_a_proposal_whose_writer_may_no_longer_go_on_is_gone_on_with_by_a_colleague() -> None:
    case, first, other = correcting.at_moment("paid"), correcting.officer(), correcting.second_officer()
    finding = correcting.found(case)
    begun = corrections.propose(case, findings=[finding], by=first, at=make.AT)
    correcting.write(begun, price="1500", by=first)
    services.hand_files_over(first, to=other, reason="leave", by=make.supervisor(), at=make.AT)
    made = corrections.propose(case, findings=[finding], by=other, at=make.AT)
    assert (made.draft_id, made.made_by, made.draft.invoice_amount) == (begun.draft_id, other, Decimal(1500))
    assert draft_for(other, made.draft.public_id, on=make.ON) == made.draft
    with pytest.raises(Declaration.DoesNotExist):
        draft_for(first, made.draft.public_id, on=make.ON)
    sent = corrections.send_proposal(made, reason="The invoice says otherwise.", by=other, at=make.AT, on=make.ON)
    assert (sent.status, sent.sent_by) == ("sent", other)


def test_after_release_a_proposal_is_its_writers_until_the_writers_role_ends() -> None:
    case, first, other = correcting.at_moment("released"), correcting.officer(), correcting.second_officer()
    finding = correcting.found(case)
    begun = corrections.propose(case, findings=[finding], by=first, at=make.AT)
    with refused("C052"):
        corrections.propose(case, findings=[finding], by=other, at=make.AT)
    role = OfficerRole.objects.get(user=first)
    end_role(role, reason="moves on", by=make.officer(Role.ADMIN, None), on=make.ON, at=make.AT)
    made = corrections.propose(case, findings=[finding], by=other, at=make.AT)
    assert (made.draft_id, made.made_by, made.findings.get()) == (begun.draft_id, other, finding)


@pytest.mark.django_db(transaction=True)
def test_a_proposal_accepted_and_contested_at_once_is_one_of_both() -> None:
    case = correcting.at_moment("paid")
    proposal = correcting.proposed(case, price="2400")
    told = clearance.at_once(
        lambda: corrections.accept(proposal, by=make.trader(), at=make.AT, on=make.ON),
        lambda: corrections.contest(proposal, reason="It is no gift.", by=make.trader(), at=make.AT),
    )
    proposal.refresh_from_db()
    assert sorted(told) == ["C043", "done"]
    assert proposal.status == (State.ACCEPTED if told[0] == "done" else State.CONTESTED)
    assert correcting.newest(case).version == (2 if told[0] == "done" else 1)


def test_what_is_contested_may_be_accepted_after_all() -> None:
    case = correcting.at_moment("paid")
    proposal = correcting.proposed(case, price="2400")
    corrections.contest(proposal, reason="The invoice is right.", by=make.trader(), at=make.AT)
    corrections.accept_contested(proposal, by=make.trader(), at=make.AT, on=make.ON)
    assert correcting.newest(case).version == 2


@pytest.mark.parametrize("moment", ["paid", "released"])
def test_a_contested_proposal_is_upheld_or_dropped_by_another_officer(moment: str) -> None:
    case = correcting.at_moment(moment)
    proposal = correcting.proposed(case, price="2400")
    corrections.contest(proposal, reason="The invoice is right.", by=make.trader(), at=make.AT)
    with refused("C058"):
        corrections.uphold(proposal, text="No.", by=correcting.officer(), at=make.AT, on=make.ON)
    corrections.uphold(proposal, text="The payment says more.", by=correcting.second_officer(), at=make.AT, on=make.ON)
    new = correcting.newest(case)
    assert (new.version, new.status) == (2, Status.ASSESSED)
    assert Outcome.objects.get().how == Outcome.How.CORRECTED
    assert not new.events.filter(by__isnull=False, declaration=new, verb="lodge").exists(), "nobody declared it"


def test_a_dropped_proposal_leaves_the_discrepancy_to_be_settled() -> None:
    case = correcting.at_moment("paid")
    proposal = correcting.proposed(case, price="2400")
    corrections.contest(proposal, reason="The invoice is right.", by=make.trader(), at=make.AT)
    corrections.drop(proposal, text="It is.", by=correcting.second_officer(), at=make.AT)
    with refused("C034"):
        services.decide_release(case, by=correcting.officer(), at=make.AT)


# Refused ------------------------------------------------------------------------------------------------------
def test_a_disclosure_on_a_file_under_audit_is_refused_and_kept() -> None:
    case = correcting.at_moment("released")
    services.start_audit(case, by=correcting.officer(), at=make.AT)
    draft = correcting.drafted(case.declaration, price="2400")
    with refused("C047"):
        corrections.send(draft, reason="Mistake.", by=make.trader(), at=make.AT, on=make.ON)
    draft.refresh_from_db()
    assert draft.status == State.DRAFT
    assert draft.draft.items.get().item_price == 2400


def test_after_its_term_nothing_unchanged_nothing_twice() -> None:
    case = correcting.at_moment("released")
    late = correcting.drafted(case.declaration, price="600")
    after_the_term = make.ON.replace(year=make.ON.year + 2)
    with refused("C046"):
        corrections.send(late, reason="Late.", by=make.trader(), at=make.AT, on=after_the_term)
    correcting.write(late, price="1200", by=make.trader())
    with refused("C045"):
        corrections.send(late, reason="Same.", by=make.trader(), at=make.AT, on=make.ON)
    assert corrections.begin(case.declaration, by=make.trader(), at=make.AT) == late
    correcting.write(late, price="600", by=make.trader())
    corrections.send(late, reason="Mistake.", by=make.trader(), at=make.AT, on=make.ON)
    with refused("C043"):
        corrections.send(late, reason="Mistake.", by=make.trader(), at=make.AT, on=make.ON)
    with refused("C042"):
        corrections.begin(case.declaration, by=make.trader(), at=make.AT)
    with refused("C042"):
        services.corrections.propose(case, findings=[correcting.found(case)], by=correcting.officer(), at=make.AT)


def test_what_was_amended_meanwhile_is_told_and_taken_over() -> None:
    case = correcting.at_moment("paid")
    draft = correcting.drafted(case.declaration, price="2400")
    new = clearance.amended(case.declaration, comments="By machine.")
    with refused("C044"):
        corrections.send(draft, reason="Mistake.", by=make.trader(), at=make.AT, on=make.ON)
    again = corrections.begin_again(draft, on_version=new, by=make.trader(), at=make.AT)
    assert (again.declaration, again.draft.items.get().item_price) == (new, 2400)
    assert not Correction.objects.filter(pk=draft.pk).exists()


def test_a_draft_of_an_amendment_is_never_lodged_and_stays_the_same_declaration() -> None:
    case = correcting.at_moment("paid")
    draft = correcting.drafted(case.declaration, price="2400").draft
    with refused("S021"):
        declarations.lodge(draft, on=make.ON, at=make.AT, by=make.trader())
    with refused("S014"):
        declarations.save_fields(draft, fields={"lrn": "OTHER"}, by=make.trader(), at=make.AT)
    declarations.save_fields(draft, fields={"lrn": draft.lrn}, by=make.trader(), at=make.AT)
    with refused("S014"):
        declarations.patch_draft(draft, data={"office_code": "TJ02"}, by=make.trader(), at=make.AT)


def test_what_was_sent_does_not_change_while_it_is_looked_at(as_owner: None) -> None:
    claim = correcting.sent(correcting.at_moment("released").declaration, price="600")
    with refused("S022"):
        correcting.write(claim, price="1", by=make.trader())
    with refused("S022"):
        declarations.discard_draft(claim.draft, by=make.trader(), at=make.AT)
    for statement in (
        f"UPDATE declarations_declaration SET comments = 'x' WHERE id = {claim.draft_id}",
        f"UPDATE declarations_item SET item_price = 1 WHERE declaration_id = {claim.draft_id}",
        f"UPDATE clearance_correction SET reason = 'other' WHERE id = {claim.pk}",
        f"DELETE FROM clearance_correction WHERE id = {claim.pk}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_unsent_draft_is_thrown_away_with_its_correction() -> None:
    draft = correcting.drafted(correcting.at_moment("paid").declaration, price="600")
    declarations.discard_draft(draft.draft, by=make.trader(), at=make.AT)
    assert not Correction.objects.exists()


def test_the_law_may_ask_for_consent_before_release(as_owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tariffs_correctionrule SET needs_consent = true WHERE moment = 'after_payment'")
    case = correcting.at_moment("paid")
    with refused("C048"):
        clearance.amended(case.declaration, comments="By machine.")
    claim = correcting.sent(case.declaration, price="600")
    assert claim.status == State.SENT
    with refused("C042"):
        services.cancel(case.declaration, reason="no", by=make.trader(), at=make.AT)
    assert correcting.consented(claim).status == State.ACCEPTED, "one officer before release"


def test_a_correction_changes_the_price_of_goods_in_stock_and_nothing_that_their_account_counts() -> None:
    stored = stock_steps.in_warehouse()
    made = correcting.drafted(stored, price="1500.00")
    mass = {"items[0].net_mass": "390", "items[0].gross_mass": "400"}
    declarations.save_fields(made.draft, fields=mass, by=make.trader(), at=correcting.AT)
    with pytest.raises(Rejected) as no:
        corrections.send(made, reason="Weighed again.", by=make.trader(), at=correcting.AT, on=make.ON)
    assert [(fault.code, fault.pointer) for fault in no.value.violations] == [("D123", "items[0].net_mass")]
    back = {"items[0].net_mass": "400", "items[0].gross_mass": "420"}
    declarations.save_fields(made.draft, fields=back, by=make.trader(), at=correcting.AT)
    corrections.send(made, reason="The price was wrong.", by=make.trader(), at=correcting.AT, on=make.ON)
    assert StockAccount.objects.get(mrn=stored.mrn).net_mass_left == 400


def test_what_a_corrected_release_drew_is_drawn_once_and_discharged() -> None:
    stored = stock_steps.in_warehouse()
    out = stock_steps.released(make.lodged(**stock_steps.home_use(stored, "100")))
    made = correcting.drafted(out, price="1500.00")
    sent = corrections.send(made, reason="The price was wrong.", by=make.trader(), at=correcting.AT, on=make.ON)
    if sent.status == sent.Status.SENT:
        correcting.second_officer()
        correcting.consented(sent)
    new = Declaration.objects.get(mrn=out.mrn, version=2)
    payments.pay_from_account(new, by=make.trader(), at=correcting.AT, idempotency_key="difference")
    assert services.release_if_clear(new.pk, at=correcting.AT)
    new.refresh_from_db()
    assert new.status == Status.RELEASED
    account = StockAccount.objects.get(mrn=stored.mrn)
    assert (account.net_mass, account.net_mass_left) == (400, 300)
    standing = StockMovement.objects.filter(account=account, item__declaration=new)
    assert [(row.net_mass, hasattr(row, "discharge")) for row in standing] == [(100, True)]
