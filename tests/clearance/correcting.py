"""Corrections in each state, reached by verbs."""

from datetime import timedelta

from accounts.models import Role, User
from clearance import services
from clearance.models import Case, Correction, Finding
from clearance.services import corrections
from declarations import services as declarations
from declarations.models import Declaration, Status
from declarations.states import transition
from tests import make
from tests.clearance import make as clearance

AT = make.AT + timedelta(hours=2)


def officer() -> User:
    return clearance.yellow_officer()


def second_officer() -> User:
    return make.officer(Role.DOCUMENTARY, email="second@customs.example")


def at_moment(moment: str) -> Case:
    """A yellow file that has come so far, held by the officer while it is open."""
    made = clearance.routed("yellow") if moment == "assessed" else clearance.paid("yellow")
    case = clearance.taken(made, by=officer())
    if moment in ("released", "exited"):
        services.decide_release(case, by=officer(), at=make.AT)
    if moment == "exited":
        transition(Declaration.objects.get(pk=case.declaration_id), Status.EXITED, verb="exit", by=None, at=make.AT)
    case = Case.objects.select_related("declaration").get(pk=case.pk)
    assert case.declaration.status == moment
    return case


def write(correction: Correction, *, price: str, by: User) -> None:
    """The draft says another price: of the goods and of the invoice."""
    fields = {"items[0].item_price": price, "invoice_amount": price}
    declarations.save_fields(correction.draft, fields=fields, by=by, at=AT)


def drafted(declaration: Declaration, *, price: str) -> Correction:
    """The trader's correction, written and not sent."""
    made = corrections.begin(declaration, by=make.trader(), at=AT)
    write(made, price=price, by=make.trader())
    return made


def sent(declaration: Declaration, *, price: str) -> Correction:
    made = drafted(declaration, price=price)
    return corrections.send(made, reason="The invoice was wrong.", by=make.trader(), at=AT, on=make.ON)


def found(case: Case, code: str = "value", item: int = 1) -> Finding:
    """A discrepancy that an examination has found, before release or after it; the examination is finished."""
    if case.closed_at is None:
        begun = services.start_examination(case, kind="documents", by=officer(), at=AT)
    else:
        begun = services.start_audit(case, by=officer(), at=AT)
    made = services.record_finding(begun, item_number=item, code=code, text="It differs.", by=officer(), at=AT)
    services.finish_examination(begun, by=officer(), at=AT)
    return made


def proposed(case: Case, *, price: str) -> Correction:
    """An officer's proposal, sent to the trader."""
    made = corrections.propose(case, findings=[found(case)], by=officer(), at=AT)
    write(made, price=price, by=officer())
    return corrections.send_proposal(made, reason="The invoice says otherwise.", by=officer(), at=AT, on=make.ON)


def consented(correction: Correction) -> Correction:
    """Accepted by as many officers as it needs."""
    done = corrections.decide(correction, end="accepted", text="It is right.", by=officer(), at=AT, on=make.ON)
    if done.status == Correction.Status.DECIDED:
        done = corrections.confirm(done, by=second_officer(), at=AT, on=make.ON)
    return done


def by_trader(case: Case, *, price: str) -> Declaration:
    """The version that counts after a correction by the trader, consented to where that is needed."""
    made = sent(case.declaration, price=price)
    if made.status == Correction.Status.SENT:
        made = consented(made)
    return newest(case)


def by_officer(case: Case, *, price: str) -> Declaration:
    """The version that counts after a proposal that the trader has accepted."""
    corrections.accept(proposed(case, price=price), by=make.trader(), at=AT, on=make.ON)
    return newest(case)


def newest(case: Case) -> Declaration:
    return Declaration.objects.filter(mrn=case.mrn).order_by("-version")[0]
