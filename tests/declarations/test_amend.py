"""Amendment: a new version under the same MRN; the old one stands superseded and unchanged."""

from datetime import date, timedelta
from typing import Any

import pytest

from declarations import selectors, services
from declarations.models import Declaration, Status
from declarations.services import amend as amending
from lib.violations import Rejected
from tests import make

pytestmark = pytest.mark.django_db


def amend(declaration: Declaration, *, reason: str = "The invoice was corrected.", **changes: Any) -> Declaration:
    data = {**selectors.as_dict(declaration), **changes}
    return amending.amend(
        declaration, data=data, reason=reason, by=make.trader(), at=make.AT + timedelta(hours=1), on=make.ON
    )


def dearer() -> dict[str, Any]:
    return {"invoice_amount": "2400", "items": [make.item(item_price="2400")]}


def test_an_amendment_is_a_new_version_under_the_same_mrn_assessed_anew() -> None:
    old = make.assessed()
    new = amend(old, **dearer())
    old.refresh_from_db()
    assert (old.status, new.status) == (Status.SUPERSEDED, Status.ASSESSED)
    assert (new.mrn, new.version, new.customs_number) == (old.mrn, 2, old.customs_number)
    assert old.payable is not None
    assert new.payable is not None
    assert new.payable > old.payable
    assert selectors.canonical(selectors.content_of(old))["invoice_amount"] == "1200.00"


def test_the_history_of_all_versions_is_one_and_names_the_reason() -> None:
    new = amend(make.assessed(), **dearer())
    events = list(selectors.events_of(new))
    assert [event.verb for event in events] == ["lodge", "assess", "amend", "lodge", "assess"]
    assert events[2].note == "The invoice was corrected."
    assert [version.version for version in selectors.versions_of(new)] == [1, 2]


def test_the_law_of_the_first_day_stays_the_law_of_the_amendment() -> None:
    old = make.assessed()
    later = date(2027, 2, 1)
    data = selectors.as_dict(old)
    new = amending.amend(old, data=data, reason="Late.", by=make.trader(), at=make.AT, on=later)
    assert new.tax_date == make.ON
    assert new.payable == old.payable
    assert make.lodged(on=later).tax_date == later


def test_a_refused_amendment_leaves_the_old_version_standing() -> None:
    old = make.assessed()
    with pytest.raises(Rejected):
        amend(old, invoice_amount="1")
    old.refresh_from_db()
    assert old.status == Status.ASSESSED
    assert selectors.versions_of(old).count() == 1


@pytest.mark.parametrize(
    ("change", "value"),
    [("lrn", "OTHER"), ("office_code", "TJ02"), ("declaration_type", "EX"), ("declarant_code", "1")],
)
def test_what_identifies_a_declaration_is_not_amended(change: str, value: str) -> None:
    with pytest.raises(Rejected) as refused:
        amend(make.assessed(), **{change: value})
    assert [(fault.code, fault.pointer) for fault in refused.value.violations] == [("S014", change)]


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(Rejected) as refused:
        amend(make.assessed(), reason=" ")
    assert refused.value.violations[0].pointer == "reason"


def test_what_is_cancelled_or_released_or_replaced_is_not_amended() -> None:
    old = make.assessed()
    amend(old)
    for declaration in (old, make.released()):
        with pytest.raises(Rejected) as refused:
            amend(declaration)
        assert refused.value.violations[0].code == "S011"


def test_the_very_document_that_lodged_amends_with_a_change() -> None:
    sent = {name: value for name, value in make.data(lrn="OWN-1").items() if not name.startswith("declarant_")}
    old = services.lodge_at_once(
        declarant=make.company(owner=make.trader()), data=sent, on=make.ON, at=make.AT, by=make.trader()
    ).declaration
    new = amending.amend(old, data=sent | dearer(), reason="Dearer.", by=make.trader(), at=make.AT, on=make.ON)
    assert (new.version, new.declarant_code, new.declarant_name) == (2, old.declarant_code, old.declarant_name)
    again = {name: value for name, value in sent.items() if name != "lrn"} | {"mrn": old.mrn}
    assert amending.amend(new, data=again, reason="Back.", by=make.trader(), at=make.AT, on=make.ON).lrn == "OWN-1"


def test_the_document_of_another_file_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        amend(make.assessed(), mrn="26TJ000001000099R9")
    assert [(fault.code, fault.pointer) for fault in refused.value.violations] == [("S014", "mrn")]


def test_a_paid_declaration_is_amended_and_waits_for_the_difference() -> None:
    assert amend(make.paid(), **dearer()).status == Status.ASSESSED


def test_files_stay_with_the_documents_of_the_new_version() -> None:
    draft = make.draft()
    stored = services.store_file(
        draft, kind="attachment", name="a.pdf", content=b"%PDF-1.7 x", by=make.trader(), at=make.AT
    )
    papers = [{"code": "380", "reference": "INV-17", "file": str(stored.public_id)}, {"code": "730", "reference": "C"}]
    services.patch_draft(draft, data={"items": [make.item(documents=papers)]}, by=make.trader(), at=make.AT)
    lodged = services.lodge(draft, on=make.ON, at=make.AT, by=make.trader())
    new = amend(lodged)
    assert new.items.get().documents.get(position=1).file == stored


def test_a_file_of_another_declaration_is_not_taken() -> None:
    other = services.store_file(
        make.draft(), kind="attachment", name="a.pdf", content=b"%PDF-1.7 x", by=make.trader(), at=make.AT
    )
    paper = {"code": "380", "reference": "INV-17", "file": str(other.public_id)}
    draft = make.draft(items=[make.item(documents=[paper])])
    assert draft.items.get().documents.get().file is None
