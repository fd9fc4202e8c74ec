"""The broker's desk: what there is at each client, what is due first, and who may pay."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clearance.selectors.clients import clients_of, due_first
from tests import make
from tests.clearance import make as files
from tests.conftest import client_of
from traders.models import Mandate

pytestmark = pytest.mark.django_db


def test_a_broker_sees_each_client_with_what_is_due_and_takes_it_away() -> None:
    broker, firm = make.broker(), make.company(make.BROKER_TIN)
    principal = make.company(owner=make.trader())
    make.funds(principal)
    mandate = make.mandate(principal=principal, agent=firm)
    soon = timezone.localdate() + timedelta(days=9)
    Mandate.objects.filter(pk=mandate.pk).update(valid_to=soon)
    make.draft(declarant=firm, by=broker, lrn="draft", consignee_code=make.TIN)
    to_pay = files.routed("green", declarant=firm, by=broker, lrn="to-pay", consignee_code=make.TIN)
    asked = files.queried(declarant=firm, lrn="asked", consignee_code=make.TIN)

    clients = {each.company.tin: each for each in clients_of(broker, on=timezone.localdate())}
    client, own = clients[make.TIN], clients[make.BROKER_TIN]
    assert (client.drafts, client.questions, client.to_pay, client.moving) == (1, 1, 1, 2)
    assert client.amount == to_pay.declaration.payable
    assert client.answer_by == asked.due
    assert (client.until, client.ends_soon) == (soon, True)
    assert (client.may_pay, client.pays_itself, own.is_own, own.drafts) == (True, True, True, 0)
    kinds = [each.kind for each in due_first(list(clients.values()), on=timezone.localdate())]
    assert sorted(kinds) == ["mandate", "pay", "question"]

    page = client_of(broker)
    shown = page.get(reverse("clients"), {"client": make.TIN}).content.decode()
    assert to_pay.mrn in shown
    assert "Which contract" in shown or asked.question[:20] in shown
    assert to_pay.mrn not in page.get(reverse("clients"), {"client": make.BROKER_TIN}).content.decode()
    for table in ("clients", "due"):
        taken = page.get(reverse("clients_table", args=[table, "csv"]))
        content = b"".join(taken.streaming_content)
        assert make.TIN.encode() in content
        assert content.startswith("\ufeff".encode()), "a spreadsheet would open Cyrillic names as other letters"
    assert page.get(reverse("clients_table", args=["money", "csv"])).status_code == 404
    listed = page.get(reverse("declarations"), {"company": make.TIN, "stage": "drafts"}).content.decode()
    assert "draft" in listed.split("<tbody>")[1]
    assert "Somon Trade LLC" in listed.split("<tbody>")[1], "a draft is of the client, too"
    assert make.TIN not in client_of(make.stranger()).get(reverse("clients")).content.decode()
