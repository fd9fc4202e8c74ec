"""Who sees what: every door to a declaration, its papers, its file and its money agrees with the one judge of its kind.

The table says it by hand for each person; the judges (selectors) and all doors are asked, and a stranger meets 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import OfficerRole, Role, User
from accounts.services import end_role
from clearance import selectors as clearance_selectors
from clearance import services
from clearance.models import Case
from clearance.services import corrections
from clearance.services import stock as desk
from declarations import selectors
from declarations import services as declarations
from declarations.models import Declaration, StockAccount, StoredFile
from declarations.services import issued
from notifications.kinds import Kind
from notifications.models import Message
from notifications.services.tell import News, People, tell
from payments import selectors as payments
from payments.models import Payment
from payments.services import pay_from_account, top_up
from tariffs.models import CorrectionRule, Procedure
from tests import make
from tests.clearance import make as clearance
from tests.clearance.test_stock_acts import LOSS
from tests.clearance.test_stock_terms import ask
from tests.conftest import client_of
from tests.declarations.stock_steps import before_the_system
from traders.models import Company, Right
from traders.services import add_member, end_membership

pytestmark = pytest.mark.django_db


# Persons ------------------------------------------------------------------------------------------------------
def member(tin: str, right: Right) -> User:
    person = make.user(f"{right}.{tin}@example.com")
    firm = Company.objects.get(tin=tin)
    add_member(firm, user=person, right=right, by=make.trader(), on=make.SINCE, at=make.AT)
    return person


def former_member() -> User:
    person = member(make.BROKER_TIN, Right.PREPARER)
    end_membership(person.memberships.get(), by=make.trader(), on=make.ON, at=make.AT)
    return person


def former_officer() -> User:
    person = make.officer(Role.DOCUMENTARY, email="former@customs.example")
    end_role(
        OfficerRole.objects.get(user=person),
        reason="moves on",
        by=make.officer(Role.ADMIN, None),
        on=make.ON,
        at=make.AT,
    )
    return person


@dataclass(frozen=True)
class May:
    """What a person may: see the draft and the lodged declaration, prepare, pay, see the officers' file, act on it."""

    person: Callable[[], User]
    draft: bool = False
    lodged: bool = False
    prepare: bool = False
    pay: bool = False
    file: bool = False
    act: bool = False


TABLE = {
    "owner of the declarant": May(make.broker, draft=True, lodged=True, prepare=True, pay=True),
    "preparer of the declarant": May(
        lambda: member(make.BROKER_TIN, Right.PREPARER), draft=True, lodged=True, prepare=True
    ),
    "payer of the declarant": May(lambda: member(make.BROKER_TIN, Right.PAYER), draft=True, lodged=True, pay=True),
    "former member of the declarant": May(former_member),
    "owner of the consignee": May(make.trader, lodged=True, pay=True),
    "preparer of the consignee": May(lambda: member(make.TIN, Right.PREPARER), lodged=True),
    "stranger": May(make.stranger),
    "officer of the office": May(make.officer, lodged=True, file=True, act=True),
    "officer of another lane": May(lambda: make.officer(Role.EXAMINING), lodged=True, file=True),
    "officer of another office": May(lambda: make.officer(Role.DOCUMENTARY, "TJ02")),
    "supervisor of the country": May(lambda: make.supervisor(None), lodged=True, file=True, act=True),
    "auditor of the country": May(lambda: make.officer(Role.AUDITOR, None), lodged=True, file=True),
    "auditor of another office": May(lambda: make.officer(Role.AUDITOR, "TJ02")),
    "analyst": May(lambda: make.officer(Role.ANALYST, None), lodged=True, file=True),
    "cashier": May(lambda: make.officer(Role.CASHIER, None)),
    "tariff officer": May(lambda: make.officer(Role.TARIFF, None)),
    "administrator": May(lambda: make.officer(Role.ADMIN, None)),
    "former officer": May(former_officer),
}


# Things -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Things:
    draft: Declaration
    lodged: Declaration
    case: Case
    stored: StoredFile
    payment: Payment


@pytest.fixture
def things(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Things:
    """A broker's draft and a paid yellow declaration, both for the trader's company, with a file and a payment."""
    settings.MEDIA_ROOT = tmp_path
    for paper in ("render_sad", "render_notice"):  # Who may have them is asked here, not what they look like.
        monkeypatch.setattr(f"declarations.sad_pdf.{paper}", lambda declaration, issued: b"%PDF-1.7")
    broker, agent = make.broker(), Company.objects.get(tin=make.BROKER_TIN)
    make.trader()
    make.mandate(principal=make.company(), agent=agent)
    draft = make.draft(declarant=agent, by=broker)
    case = clearance.routed("yellow", declarant=agent, by=broker)
    top_up(agent, amount=make.FUNDS, by=None, at=make.AT, idempotency_key="funds")
    lodged = pay_from_account(case.declaration, by=broker, at=make.AT, idempotency_key="pay")
    stored = declarations.store_file(
        lodged, kind="attachment", name="a.pdf", content=b"%PDF-1.7 x", by=broker, at=make.AT
    )
    return Things(draft, lodged, Case.objects.get(pk=case.pk), stored, Payment.objects.get(declaration=lodged))


# Doors --------------------------------------------------------------------------------------------------------
def api(name: str, key: object) -> str:
    return reverse(f"api-declaration-{name}", args=[key])


def reading(things: Things) -> list[str]:
    """Pages, papers, files and addresses of the API that show the lodged declaration."""
    key, mrn = things.lodged.public_id, things.lodged.mrn
    return [
        reverse("declaration", args=[key]),
        reverse("declaration_xml", args=[key]),
        reverse("declaration_versions", args=[key]),
        reverse("declaration_paper", args=[key, "sad"]),
        reverse("declaration_paper", args=[key, "notice"]),
        reverse("file", args=[things.stored.public_id]),
        reverse("receipt", args=[things.payment.public_id]),
        *(api(name, each) for name in ("detail", "charges", "events", "files") for each in (key, mrn)),
    ]


def reading_draft(things: Things) -> list[str]:
    key = things.draft.public_id
    return [
        reverse("declaration", args=[key]),
        reverse("declaration_xml", args=[key]),
        reverse("declaration_paper", args=[key, "sad"]),
        api("detail", key),
        api("preview", key),
    ]


LISTS = [
    reverse("declarations"), f"{reverse('declarations')}?text=MRN", reverse("api-declaration-list"),
    f"{reverse('api-declaration-list')}?mrn=MRN",
]  # fmt: skip


def writing(things: Things) -> list[tuple[str, str]]:
    """Doors that a preparer uses; what they are sent here is refused by whoever may use them."""
    draft, lodged = things.draft.public_id, things.lodged.public_id
    return [
        ("get", reverse("declaration_section", args=[draft, "value"])),
        ("get", reverse("declaration_beside", args=[draft])),
        ("post", reverse("declaration_fields", args=[draft])),
        ("post", reverse("declaration_lodge", args=[draft])),
        ("get", reverse("declaration_discard", args=[draft])),
        ("post", reverse("declaration_cancel", args=[lodged])),
        ("get", api("violations", draft)),
        ("patch", api("detail", draft)),
        ("post", api("cancel", lodged)),
        ("post", api("amend", lodged)),
        ("post", reverse("declaration_amend", args=[lodged])),
        ("post", api("correct", lodged)),
    ]


def paying(things: Things) -> list[tuple[str, str]]:
    key = things.lodged.public_id
    return [
        ("get", reverse("pay", args=[key])), ("get", reverse("split", args=[key])),
        ("post", reverse("pay_link_make", args=[key])), ("post", reverse("api-pay", args=[key])),
        ("post", reverse("api-split", args=[key])), ("post", reverse("api-pay-links", args=[key])),
    ]  # fmt: skip


def verbs(things: Things) -> list[str]:
    names = (
        "claim", "ask", "check", "examine", "reject", "reroute", "allot", "give_back", "audit", "propose",
        "close_findings",
        "fine",
    )  # fmt: skip
    return [reverse(f"case_{name}", args=[things.lodged.public_id]) for name in names]


# What shows the file again when a verb was refused.
PAGES_AGAIN = ("actions.show", "outcomes.show", "audits.show_case")


def found(answer: HttpResponse) -> bool:
    """Whether the door knows the thing. Refusals for another reason are no 404."""
    assert answer.status_code < 500
    if answer.status_code == 403:
        raise AssertionError("a stranger learns that there is something")
    return answer.status_code != 404


# Tests --------------------------------------------------------------------------------------------------------
def test_the_judges_say_what_the_table_says(things: Things) -> None:
    for who, may in TABLE.items():
        user, on = may.person(), make.ON
        seen = set(selectors.visible_to(user, on=on))
        wanted = {each for each, sees in ((things.draft, may.draft), (things.lodged, may.lodged)) if sees}
        assert seen == wanted, who
        assert selectors.may_prepare(user, things.lodged, on=on) == may.prepare, who
        assert payments.may_pay(user, things.lodged, on=on) == may.pay, who
        powers = clearance_selectors.powers_of(user, on=on)
        assert powers.sees(things.case.office_code) == may.file, who
        assert powers.may_act(things.case) == may.act, who


def test_doors_that_show_a_declaration_agree(things: Things) -> None:
    for who, may in TABLE.items():
        client = client_of(may.person())
        for address in reading(things):
            assert found(client.get(address)) == may.lodged, (who, address)
        for address in reading_draft(things):
            assert found(client.get(address)) == may.draft, (who, address)


def test_doors_of_stock_agree_with_those_of_its_declaration(things: Things) -> None:
    Procedure.objects.filter(code="4000").update(opens_account=True)
    declarations.mark_released(things.lodged, by=make.officer(), at=make.AT)
    account = StockAccount.objects.get()
    assert account.mrn == things.lodged.mrn
    for who, may in TABLE.items():
        user = may.person()
        client = client_of(user)
        assert set(selectors.stock_visible_to(user, on=make.ON)) == ({account} if may.lodged else set()), who
        assert found(client.get(reverse("api-stock-detail", args=[account.pk]))) == may.lodged, who
        assert (account.mrn in client.get(reverse("api-stock-list")).content.decode()) == may.lodged, who


def test_lists_agree(things: Things) -> None:
    for who, may in TABLE.items():
        client = client_of(may.person())
        for address in LISTS:
            text = client.get(address.replace("MRN", things.lodged.mrn)).content.decode()
            assert (str(things.lodged.public_id) in text) == may.lodged, (who, address)
            assert "MRN" in address or (str(things.draft.public_id) in text) == may.draft, (who, address)


def test_doors_that_write_agree(things: Things) -> None:
    for who, may in TABLE.items():
        client = client_of(may.person())
        for method, address in writing(things):
            body: Any = "{}" if method == "patch" else {}
            answer = getattr(client, method)(address, body, content_type="application/json")
            assert found(answer) == may.prepare, (who, address)


def test_doors_to_money_agree(things: Things) -> None:
    account = payments.account_of(Company.objects.get(tin=make.BROKER_TIN), "prepaid")
    assert account is not None
    for who, may in TABLE.items():
        user = may.person()
        client = client_of(user)
        for method, address in paying(things):
            assert found(getattr(client, method)(address)) == may.pay, (who, address)
        accounts = set(payments.accounts_for(user, on=make.ON))
        shown = {row["id"] for row in client.get(reverse("api-accounts")).json()}
        assert shown == {each.pk for each in accounts}, who
        assert found(client.get(reverse("account", args=[account.pk]))) == (account in accounts), who
        paid = client.get(reverse("api-payments")).json()["results"]
        assert bool(paid) == (account in accounts), who


def test_doors_to_the_officers_file_agree(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    """All see the page once, and one officer again after each refusal: to the others it is the page they have seen."""
    case = things.case
    for who, may in TABLE.items():
        user = may.person()
        client = client_of(user)
        assert found(client.get(reverse("case", args=[things.lodged.public_id]))) == may.file, who
        queue = client.get(reverse("queue"))
        assert (queue.status_code == 200 and things.lodged.mrn in queue.content.decode()) == may.file, who
        client.post(reverse("case_claim", args=[things.lodged.public_id]))
        case.refresh_from_db()
        assert (case.claimed_by == user) == may.act, who
        with monkeypatch.context() as patch:
            for page in PAGES_AGAIN if who != "officer of the office" else ():
                patch.setattr(f"clearance.views.{page}", lambda *_given: HttpResponse(status=422))
            for address in verbs(things):
                assert found(client.post(address)) == may.file, (who, address)


def test_a_question_is_answered_by_preparers_alone(things: Things) -> None:
    officer = make.officer()
    held = services.claim(things.case, by=officer, at=make.AT)
    asked = services.ask(held, question="Why?", due=clearance.DUE, by=officer, at=make.AT)
    address = reverse("answer", args=[things.lodged.public_id, asked.pk])
    for who, may in TABLE.items():
        assert found(client_of(may.person()).post(address, {})) == may.prepare, who


def test_doors_to_stock_agree(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    """The company's stock is seen by its members and by officers of the office; not by whoever files other goods."""
    monkeypatch.setattr("declarations.services.stock_paper.print_pdf", lambda *_given: b"%PDF-1.7")
    stock = before_the_system()
    act = desk.record_write_off(stock, act=LOSS, by=make.officer(), at=make.AT)
    asked = ask(stock)
    for who, may in TABLE.items():
        user = may.person()
        client, sees = client_of(user), may.file or who.endswith("of the consignee")
        assert (stock in selectors.stock.stock_visible_to(user, on=make.ON)) == sees, who
        for address in (reverse("stock_account", args=[stock.pk]), reverse("stock_paper", args=[stock.pk])):
            assert found(client.get(address)) == sees, (who, address)
        assert (reverse("stock_account", args=[stock.pk]) in client.get(reverse("stock")).content.decode()) == sees, who
        prepares = who in ("owner of the consignee", "preparer of the consignee")
        for name in ("stock_ask", "stock_draw"):
            assert found(client.post(reverse(name, args=[stock.pk]))) == prepares, (who, name)
        verbs = {
            "stock_record": stock.pk,
            "stock_grant": asked.pk,
            "stock_refuse": asked.pk,
            "stock_act_reject": act.pk,
        }
        for name, key in verbs.items():
            assert found(client.post(reverse(name, args=[key]))) == may.file, (who, name)


@pytest.mark.parametrize("sent", [False, True])
def test_doors_to_a_correction_agree_before_it_is_sent_and_after(things: Things, sent: bool) -> None:
    CorrectionRule.objects.update(needs_consent=True)
    made = corrections.begin(things.lodged, by=make.broker(), at=make.AT)
    declarations.save_fields(made.draft, fields={"comments": "Corrected."}, by=make.broker(), at=make.AT)
    if sent:
        corrections.send(made, reason="Mistake.", by=make.broker(), at=make.AT, on=make.ON)
    key = made.draft.public_id
    pages = [reverse("correction", args=[key]), reverse("api-correction-detail", args=[key])]
    lists = [reverse("corrections"), reverse("api-correction-list")]
    verbs = [reverse("correction_act", args=[key, verb]) for verb in ("send", "contest")]
    for who, may in TABLE.items():
        client, sees = client_of(may.person()), may.lodged if sent else may.draft
        for address in pages:
            assert found(client.get(address)) == sees, (who, address)
        for address in lists:
            assert (str(key) in client.get(address).content.decode()) == sees, (who, address)
        for address in verbs:
            assert found(client.post(address)) == may.prepare, (who, address)
        queue = client.get(reverse("correction_queue"))
        assert (queue.status_code == 200 and str(key) in queue.content.decode()) == (sent and may.file), who
        decided = client.post(reverse("correction_act", args=[key, "decide"]), {})
        assert found(decided) == (sent and may.file), who
        assert found(client.get(reverse("declaration_edit", args=[key]))) == may.prepare, who


def test_a_message_opens_to_its_recipient_alone_whoever_may_see_its_declaration(things: Things) -> None:
    recipient = member(make.BROKER_TIN, Right.OWNER)
    about = {"mrn": things.lodged.mrn, "due": "2026-12-01"}
    news = News(Kind.QUESTION, "query:1", make.AT, about, declaration=things.lodged.pk)
    tell(news, People(users=[recipient.pk]), now=make.AT)
    address = reverse("message", args=[Message.objects.get(recipient=recipient).pk])
    for who, may in TABLE.items():
        assert not found(client_of(may.person()).get(address)), who
    assert found(client_of(recipient).get(address))


@pytest.mark.parametrize(
    "model", ["declarations/declaration", "payments/payment", "clearance/case", "declarations/stockaccount"]
)
def test_the_admin_is_no_door_to_declarations(model: str) -> None:
    client = client_of(make.officer(Role.ADMIN, None))
    assert client.get(f"/admin/{model}/").status_code == 404


GATE = {"officer of the office", "officer of another lane", "officer of another office", "supervisor of the country"}
AUDIT = {"auditor of the country", "auditor of another office"}


def test_the_gate_is_for_officers_with_the_goods_and_history_for_auditors(things: Things) -> None:
    token = issued.register(things.lodged, kind="sad", at=make.AT).token
    for who, may in TABLE.items():
        client = client_of(may.person())
        assert found(client.get(reverse("exits"))) == (who in GATE), who
        for name in ("confirm_exit", "refuse_exit"):
            assert found(client.post(reverse(name, args=[token]), {})) == (who in GATE), (who, name)
        assert found(client.get(reverse("history"))) == (who in AUDIT), who
        assert found(client.post(reverse("history_check"))) == (who in AUDIT), who
