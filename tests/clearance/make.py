"""Files in each state, reached by verbs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connections

from accounts.models import Role, User
from clearance import selectors, services
from clearance.models import Case, Query
from declarations.models import Declaration
from declarations.selectors import canonical, content_of
from lib.violations import Rejected
from payments.services import pay_from_account
from risk.services import score
from tests import make
from tests.risk import make as risk

LATER = make.AT + timedelta(hours=1)
DUE = make.ON + timedelta(days=5)
EXIT_OFFICE = "TJ02"
EXPORT = {
    "declaration_type": "EX", "general_procedure": "1", "exporter_code": make.TIN,
    "exporter_name": "Somon Trade LLC", "consignee_code": "", "consignee_name": "Yunnan Tea Co",
    "border_office_code": EXIT_OFFICE, "export_country": "TJ", "destination_country": "CN", "total_packages": "40",
    "items": [make.item(extended_procedure="1000", origin_country="TJ")],
}  # fmt: skip


def yellow_officer() -> User:
    return make.officer(Role.DOCUMENTARY)


def red_officer() -> User:
    return make.officer(Role.EXAMINING)


def routed(lane: str = "green", **changes: Any) -> Case:
    """The file of an assessed declaration on this lane."""
    return _case(make.assessed(**changes), lane)


def paid(lane: str = "green", **changes: Any) -> Case:
    """The file of a paid declaration on this lane; not yet asked whether it is clear."""
    return _case(make.paid(**changes), lane)


def claimed(lane: str = "yellow", *, by: User | None = None, **changes: Any) -> Case:
    """A paid file that an officer of the lane holds, its instructions checked."""
    return taken(paid(lane, **changes), by=by or _officer(lane))


def taken(case: Case, *, by: User) -> Case:
    """The file, claimed, and each of its instructions checked."""
    return checked(services.claim(case, by=by, at=make.AT), by=by)


def instructed(lane: str = "yellow", **changes: Any) -> Case:
    """A paid file that an officer holds; what its criterion asks for is not checked yet."""
    return services.claim(paid(lane, **changes), by=_officer(lane), at=make.AT)


def queried(**changes: Any) -> Query:
    """A question on a paid yellow file."""
    case = claimed(**changes)
    return services.ask(case, question="Where is the contract?", due=DUE, by=yellow_officer(), at=make.AT)


def checked(case: Case, *, by: User) -> Case:
    """The file, each of whose instructions was checked and found in order."""
    for each in selectors.unchecked(case):
        services.check_instruction(case, criterion=each.reason.criterion, result="conform", by=by, at=make.AT)
    return case


def examined(code: str = "conform", text: str = "", **changes: Any) -> Case:
    """A paid red file whose goods were examined."""
    case, officer = claimed("red", **changes), red_officer()
    examination = services.start_examination(case, kind="goods", by=officer, at=make.AT)
    services.record_finding(examination, item_number=1, code=code, text=text, by=officer, at=make.AT)
    services.finish_examination(examination, by=officer, at=make.AT)
    return Case.objects.get(pk=case.pk)


def released(**changes: Any) -> Case:
    """A green file, released an hour after lodging, with its note."""
    case = paid(**changes)
    assert services.release_if_clear(case.declaration_id, at=LATER)
    services.issue_release_note(case.declaration_id, at=LATER)
    return Case.objects.get(pk=case.pk)


def pay(declaration: Declaration) -> Declaration:
    make.funds(declaration.declarant)
    return pay_from_account(declaration, by=make.trader(), at=make.AT, idempotency_key=f"pay-{declaration.pk}")


def amended(declaration: Declaration, **changes: Any) -> Declaration:
    data = canonical(content_of(declaration)) | changes
    return services.amend(declaration, data=data, reason="mistake", by=make.trader(), at=make.AT, on=make.ON)


def _officer(lane: str) -> User:
    return red_officer() if lane == "red" else yellow_officer()


def _case(declaration: Declaration, lane: str) -> Case:
    all_on(lane)
    score(declaration.pk, at=make.AT)
    case = services.route(declaration.pk, at=make.AT)
    assert case is not None
    assert case.lane == lane
    return case


def all_on(lane: str) -> None:
    """Every later declaration is on this lane: what was there before is switched off."""
    for version in risk.Criterion.objects.filter(switched_on=True):
        risk.services.switch_off(version, reason="another lane", at=make.AT, by=None)
    if lane == "green":
        return
    known = risk.Criterion.objects.filter(code=f"ALL-{lane.upper()}").first()
    if known:
        risk.services.switch_on(known, on=make.ON, at=make.AT, by=None)
    else:
        conditions = [{"field": "header.declaration_type", "op": "filled", "value": ""}]
        risk.criterion(code=f"ALL-{lane.upper()}", name=f"All {lane}", lane=lane, conditions=conditions)


def at_once(*verbs: Callable[[], object]) -> list[str]:
    """Run each over a connection of its own; the code of each refusal, or "done"."""

    def told(verb: Callable[[], object]) -> str:
        try:
            verb()
        except Rejected as refused_:
            return refused_.violations[0].code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(verbs)) as pool:
        return [running.result() for running in [pool.submit(told, verb) for verb in verbs]]
