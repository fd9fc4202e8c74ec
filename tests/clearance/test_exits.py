"""Goods that leave: an officer of the office of exit scans the paper and confirms it once, or finds what differs."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Role
from clearance import selectors, services
from clearance.models import Case, ExitConfirmation, Finding
from declarations.models import Declaration, Event, IssuedPaper, Status
from lib.violations import Rejected
from tests import make
from tests.clearance import make as clearance
from tests.clearance.make import EXIT_OFFICE, EXPORT
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def released(**changes: Any) -> Declaration:
    """An export that was released, its papers issued."""
    case = clearance.paid("green", **{**EXPORT, **changes})
    assert services.release_if_clear(case.declaration_id, at=clearance.LATER)
    services.issue_release_note(case.declaration_id, at=clearance.LATER)
    services.issue_exit_note(case.declaration_id, at=clearance.LATER)
    return Declaration.objects.get(pk=case.declaration_id)


def gate_officer(office: str | None = EXIT_OFFICE) -> Any:
    return make.officer(Role.EXAMINING, office)


def confirm(declaration: Declaration, **changes: Any) -> ExitConfirmation:
    seen = {"vehicle": "01 777 AB 01", "packages": 40, "by": gate_officer(), "at": clearance.LATER, **changes}
    return services.confirm_exit(declaration, **seen)


def refused(verb: Any, *args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(Rejected) as error, transaction.atomic():
        verb(*args, **kwargs)
    return [fault.code for fault in error.value.violations]


def token(declaration: Declaration, kind: str = "exit_note") -> str:
    return str(IssuedPaper.objects.get(declaration=declaration, kind=kind).token)


def test_an_exit_is_confirmed_once_and_told(announced: list[tuple[str, int]]) -> None:
    declaration = released()
    made = confirm(declaration, seals="S-17", remark="rain")
    declaration.refresh_from_db()
    assert declaration.status == Status.EXITED
    event = Event.objects.filter(declaration=declaration).latest("pk")
    assert (event.verb, event.old_status, event.new_status) == ("exit", "released", "exited")
    assert event.data == {"vehicle": made.vehicle, "seals": "S-17", "packages": 40, "office": EXIT_OFFICE}
    assert refused(confirm, declaration) == ["C072"]
    assert ExitConfirmation.objects.count() == 1


def test_only_what_may_leave_leaves_and_only_where_it_shall() -> None:
    declaration = released()
    assert refused(confirm, declaration, by=gate_officer("TJ01")) == ["C071"]
    assert refused(confirm, declaration, by=make.officer(Role.CASHIER, None)) == ["C071"]
    assert refused(confirm, declaration, packages=39) == ["C074"]
    assert refused(confirm, declaration, vehicle="  ") == ["C005"]
    assert refused(confirm, clearance.released().declaration) == ["C070"]
    assert refused(confirm, clearance.paid("green", **EXPORT).declaration) == ["C073"]
    assert confirm(declaration, by=gate_officer(None))


def test_without_an_office_of_exit_the_office_of_the_declaration_counts() -> None:
    declaration = released(border_office_code="")
    assert refused(confirm, declaration) == ["C071"]
    assert confirm(declaration, by=gate_officer(make.OFFICE)).office_code == make.OFFICE


@pytest.mark.usefixtures("as_owner")
def test_the_database_knows_no_exit_of_an_import() -> None:
    imported = clearance.released().declaration
    with pytest.raises(IntegrityError), transaction.atomic():
        ExitConfirmation.objects.create(
            declaration=imported, office_code="X", vehicle="x", packages=1, by=gate_officer(), at=make.AT
        )


def test_what_differs_is_a_finding_and_the_goods_stay() -> None:
    declaration = released()
    assert refused(services.refuse_exit, declaration, code="conform", text="x", by=gate_officer(), at=make.AT) == [
        "C024"
    ]
    assert refused(services.refuse_exit, declaration, code="quantity", text=" ", by=gate_officer(), at=make.AT) == [
        "C025"
    ]
    made = services.refuse_exit(declaration, code="quantity", text="38 of 40", by=gate_officer(), at=clearance.LATER)
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED
    assert made.examination.outcome == "discrepancy"
    assert Case.objects.get(declaration=declaration) == made.examination.case
    assert Event.objects.filter(declaration=declaration).latest("pk").verb == "exit_refused"


def test_the_officer_confirms_on_the_page_that_the_code_leads_to(client: Client) -> None:
    declaration = released()
    address = reverse("verify_token", args=[token(declaration)])
    for stranger in (client, client_of(make.trader()), client_of(gate_officer("TJ01"))):
        assert "Confirm exit" not in stranger.get(address).content.decode()
    elsewhere = client_of(gate_officer("TJ01")).get(address).content.decode()
    assert "These goods leave through the office TJ02" in elsewhere
    gate = client_of(gate_officer())
    for kind in ("exit_note", "release_note"):
        shown = gate.get(reverse("verify_token", args=[token(declaration, kind)])).content.decode()
        assert "Confirm exit" in shown
    post = reverse("confirm_exit", args=[token(declaration)])
    again = gate.post(post, {"exit-vehicle": "01 777 AB 01", "exit-packages": "39", "exit-remark": "kept words"})
    assert again.status_code == 422
    assert "The declaration has 40 packages" in again.content.decode()
    assert "kept words" in again.content.decode()
    assert gate.post(post, {"exit-vehicle": "01 777 AB 01", "exit-packages": "40"}).status_code == 302
    page = gate.get(address).content.decode()
    assert "The goods left the country" in page
    assert "Confirm exit" not in page
    late = gate.post(post, {"exit-vehicle": "01 777 AB 01", "exit-packages": "40"})
    assert (late.status_code, ExitConfirmation.objects.count()) == (422, 1)
    assert "The exit was confirmed on" in late.content.decode()


def test_the_finding_is_recorded_from_the_page_too() -> None:
    declaration = released()
    post = reverse("refuse_exit", args=[token(declaration)])
    assert client_of(make.trader()).post(post, {}).status_code == 404
    gate = client_of(gate_officer())
    assert gate.post(post, {"stay-code": "quantity", "stay-text": ""}).status_code == 422
    assert gate.post(post, {"stay-code": "quantity", "stay-text": "38 of 40"}).status_code == 302
    assert Finding.objects.get().text == "38 of 40"


def test_the_list_holds_what_leaves_through_the_officers_offices() -> None:
    declaration, other = released(), released(border_office_code=make.OFFICE)
    shown = client_of(gate_officer()).get(reverse("exits")).content.decode()
    assert declaration.mrn in shown
    assert other.mrn not in shown
    everywhere = selectors.expected_to_leave(selectors.powers_of(gate_officer(None), on=make.ON))
    assert set(everywhere) == {declaration, other}
    confirm(declaration)
    assert declaration.mrn not in client_of(gate_officer()).get(reverse("exits")).content.decode()
    assert client_of(make.trader()).get(reverse("exits")).status_code == 404
    assert client_of(make.officer(Role.AUDITOR, None)).get(reverse("exits")).status_code == 404


def test_the_exit_note_names_the_office_and_leads_to_its_check(as_trader: Client, as_stranger: Client) -> None:
    declaration = released()
    note = IssuedPaper.objects.get(declaration=declaration, kind="exit_note")
    assert services.issue_exit_note(declaration.pk, at=make.AT) == note
    text = PdfReader(note.file_in("en").file.open("rb")).pages[0].extract_text()
    assert EXIT_OFFICE in text
    assert note.token in text.replace(" ", "").replace("\n", "")
    address = reverse("exit_note", args=[declaration.public_id])
    assert as_trader.get(address).status_code == 200
    assert as_stranger.get(address).status_code == 404
    assert services.issue_exit_note(clearance.released().declaration_id, at=make.AT) is None


def test_the_sweep_issues_an_exit_note_that_was_lost() -> None:
    case = clearance.paid("green", **EXPORT)
    services.release_if_clear(case.declaration_id, at=make.AT)
    assert services.sweep(at=clearance.LATER)["exit_note"] == 1
    assert services.sweep(at=clearance.LATER)["exit_note"] == 0
