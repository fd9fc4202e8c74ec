"""Programs: how they sign in, what a token lets them do, and that everything ends at once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.models import Role, User
from accounts.services import appoint
from lib.violations import Rejected
from machines import services
from machines.kinds import Scope
from machines.models import Program, Token
from payments.selectors import is_alone
from payments.services import confirm_bank_account
from tests import make
from tests.conftest import client_of
from tests.machines import make as machines
from tests.payments.back_steps import bank_account
from traders.models import CompanyEvent, Right
from traders.selectors import rights_of

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/declarations/"


def lent(client: str, secret: str, **more: str) -> Any:
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, **more}
    return Client().post("/api/oauth/token/", form)


# OAuth 2 ----------------------------------------------------------------------------------------------------------
def test_a_client_gets_a_token_and_files_a_declaration_with_it() -> None:
    program, client, secret = machines.program()
    answer = lent(client, secret)
    assert answer.status_code == 200, answer.content
    assert answer.json()["token_type"] == "Bearer"
    assert set(answer.json()["scope"].split()) == {scope.value for scope in Scope}
    made = machines.door(answer.json()["access_token"]).post(ROOT, make.data(), content_type="application/json")
    assert made.status_code == 201, made.content
    assert program.company.declarations_filed.get().created_by == program.user  # type: ignore[attr-defined]


@pytest.mark.parametrize("change", [{"client_secret": "wrong"}, {"client_id": "nobody"}])
def test_a_wrong_secret_gets_nothing(change: dict[str, str]) -> None:
    _program, client, secret = machines.program()
    form = {"client_id": client, "client_secret": secret, **change}
    assert lent(form["client_id"], form["client_secret"]).status_code == 401


def test_other_grants_and_scopes_beyond_the_rights_are_refused() -> None:
    _program, client, secret = machines.program("reader", Right.PREPARER)
    assert lent(client, secret, grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert lent(client, secret, scope="payments:write").json()["error"] == "invalid_scope"
    assert "payments:write" not in lent(client, secret).json()["scope"]


def test_who_guesses_secrets_is_stopped() -> None:
    machines.program()
    answers = [lent("nobody", str(number)).status_code for number in range(31)]
    assert answers[:30] == [401] * 30
    assert answers[30] == 429


def test_a_lent_token_ends_with_its_hour_with_a_new_secret_and_with_the_program() -> None:
    program, client, secret = machines.program()
    first = lent(client, secret).json()["access_token"]
    assert machines.door(first).get(ROOT).status_code == 200
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert machines.door(first).get(ROOT).status_code == 401
    second = lent(client, secret).json()["access_token"]
    client, new = services.new_secret(program, by=make.trader(), at=timezone.now())
    assert machines.door(second).get(ROOT).status_code == 401
    third = lent(client, new).json()["access_token"]
    services.end_program(program, by=make.trader(), on=make.ON, at=make.AT)
    assert machines.door(third).get(ROOT).status_code == 401
    assert lent(client, new).status_code == 401


# Named tokens -----------------------------------------------------------------------------------------------------
def test_a_named_token_does_what_its_scopes_say() -> None:
    program, _client, _secret = machines.program()
    reads = machines.door(machines.token(program, Scope.DECLARATIONS_READ))
    assert reads.get(ROOT).status_code == 200
    refused = reads.post(ROOT, make.data(), content_type="application/json")
    assert refused.status_code == 403
    assert "declarations:write" in refused.json()["violations"][0]["sentence"]
    assert reads.get("/api/v1/payments/accounts/").status_code == 403
    assert reads.get("/api/v1/messages/").status_code == 403
    assert reads.get("/api/v1/events/").status_code == 403
    assert program.tokens.get().used_on == timezone.localdate()


def test_every_door_of_the_api_that_needs_a_person_asks_for_a_scope() -> None:
    """A token without the scope of a door is sent away there, whatever the door is."""
    program, _client, _secret = machines.program()
    only_messages = machines.door(machines.token(program, Scope.MESSAGES_READ))
    for path in ("declarations/", "stock/", "corrections/", "payments/accounts/", "payments/"):
        assert only_messages.get(f"/api/v1/{path}").status_code == 403, path


def test_a_token_ends_by_hand_and_by_its_day() -> None:
    program, _client, _secret = machines.program()
    first, second = machines.token(program), machines.token(program)
    services.end_token(program.tokens.order_by("pk").first(), by=make.trader(), at=timezone.now())  # type: ignore[arg-type]
    assert machines.door(first).get(ROOT).status_code == 401
    assert machines.door(second).get(ROOT).status_code == 200
    assert services.issue_token(
        program, name="old", scopes=[Scope.DECLARATIONS_READ], days=1, by=make.trader(), on=make.ON, at=make.AT
    )
    kept = Token.objects.get(name="old")
    assert kept.expires_at == make.AT + timedelta(days=1)


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer ", "Bearer cpt_x", "Bearer a b", "Bearer " + "x" * 5000])
def test_what_is_no_token_is_401(shown: str) -> None:
    assert Client(headers={"authorization": shown}).get(ROOT).status_code == 401


def test_only_the_hash_of_a_token_is_kept() -> None:
    program, _client, _secret = machines.program()
    key = machines.token(program)
    kept = program.tokens.get()
    assert key not in json.dumps([kept.name, kept.start, kept.digest])
    assert key.startswith(kept.start)


# What is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "code"),
    [({"name": " "}, "M001"), ({"name": "erp"}, "M001"), ({"rights": []}, "M002"), ({"rights": ["owner"]}, "M002")],
)
def test_a_program_without_name_or_right_is_refused(given: dict[str, Any], code: str) -> None:
    machines.program("ERP")
    wanted = {"name": "other", "rights": ["preparer"], **given}
    with pytest.raises(Rejected, match=code):
        services.add_program(make.company(), by=make.trader(), on=make.SINCE, at=make.AT, **wanted)


@pytest.mark.parametrize(
    ("given", "code"),
    [({"name": ""}, "M001"), ({"scopes": ["payments:write"]}, "M004"), ({"days": 0}, "M005"), ({"days": 400}, "M005")],
)
def test_a_token_beyond_the_rights_or_without_end_is_refused(given: dict[str, Any], code: str) -> None:
    program, _client, _secret = machines.program("ERP", Right.PREPARER)
    wanted = {"name": "n", "scopes": ["declarations:read"], "days": 5, **given}
    with pytest.raises(Rejected, match=code):
        services.issue_token(program, by=make.trader(), on=make.ON, at=make.AT, **wanted)


def test_a_program_leaves_its_trace_and_holds_no_right_after_its_end() -> None:
    program, _client, _secret = machines.program()
    assert rights_of(program.user, program.company, on=make.ON) == {"preparer", "payer"}
    services.end_program(program, by=make.trader(), on=make.ON, at=make.AT)
    services.end_program(program, by=make.trader(), on=make.ON, at=make.AT)
    assert rights_of(program.user, program.company, on=make.ON) == set()
    assert not User.objects.get(pk=program.user_id).is_active
    verbs = list(CompanyEvent.objects.filter(verb__startswith="program").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["program added", "program ended"]


def test_a_program_is_no_second_person() -> None:
    program, _client, _secret = machines.program()
    assert is_alone(program.company, on=make.ON)
    account = bank_account(confirmed=False)
    with pytest.raises(Rejected, match="P114"):
        confirm_bank_account(account, by=program.user, at=make.AT)


# Pages ------------------------------------------------------------------------------------------------------------
def test_an_owner_adds_a_program_and_sees_its_secret_once() -> None:
    owner = client_of(make.trader())
    page = f"/companies/{make.TIN}/programs/"
    shown = owner.post(f"{page}add/", {"name": "ERP", "rights": ["preparer"]})
    program = Program.objects.get()
    assert b"client_secret" in shown.content
    assert shown["Cache-Control"] == "no-store"
    assert b"client_secret" not in owner.get(page).content
    made = owner.post(f"{page}{program.pk}/tokens/", {"name": "t", "scopes": ["declarations:read"], "days": "30"})
    key = made.context["made"]
    assert machines.door(key).get(ROOT).status_code == 200
    assert key not in owner.get(f"{page}{program.pk}/tokens/").content.decode()
    owner.post(f"{page}{program.pk}/tokens/{program.tokens.get().pk}/end/")
    assert machines.door(key).get(ROOT).status_code == 401
    assert owner.post(f"{page}{program.pk}/end/").status_code == 302
    assert owner.post(f"{page}add/", {"name": "", "rights": []}).status_code == 422


def test_nobody_but_an_owner_opens_the_pages_of_programs() -> None:
    program, _client, _secret = machines.program()
    endpoint, _signed = machines.endpoint("https://hook.example/x")
    base = f"/companies/{make.TIN}"
    doors = [
        ("get", f"{base}/programs/"),
        ("post", f"{base}/programs/add/"),
        ("post", f"{base}/programs/{program.pk}/secret/"),
        ("post", f"{base}/programs/{program.pk}/end/"),
        ("get", f"{base}/programs/{program.pk}/tokens/"),
        ("post", f"{base}/webhooks/add/"),
        ("get", f"{base}/webhooks/{endpoint.pk}/"),
        ("post", f"{base}/webhooks/{endpoint.pk}/end/"),
        ("post", f"{base}/webhooks/{endpoint.pk}/test/"),
    ]
    for person in (make.stranger(), make.officer(), make.colleague()):
        for method, path in doors:
            assert getattr(client_of(person), method)(path).status_code == 404, path
    for method, path in doors:
        assert getattr(Client(), method)(path).status_code == 302, path
    elsewhere = f"/companies/{make.OTHER_TIN}/programs/{program.pk}/tokens/"
    assert client_of(make.stranger()).get(elsewhere).status_code == 404


# Everything by MRN ------------------------------------------------------------------------------------------------
def test_everything_about_a_declaration_goes_by_its_mrn() -> None:
    make.funds(make.company(owner=make.trader()))
    program, client, secret = machines.program()
    door = machines.door(lent(client, secret).json()["access_token"])

    def ask(path: str, body: Any = None, **headers: str) -> Any:
        answer = door.get(f"{ROOT}{path}") if body is None else door.post(
            f"{ROOT}{path}", body, content_type="application/json", headers=headers
        )  # fmt: skip
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    mrn = ask("lodge/", make.data(lrn="by-mrn"))["mrn"]
    assert ask(f"{mrn}/charges/")[0]["formula"]
    assert ask(f"?text={mrn[5:12]}")["results"][0]["mrn"] == mrn
    assert ask(f"{mrn}/queries/") == []
    amended = ask(f"{mrn}/amend/", make.data(lrn="by-mrn", location_of_goods="Yard 7") | {"reason": "Another yard."})
    assert (amended["mrn"], amended["version"], amended["location_of_goods"]) == (mrn, 2, "Yard 7")
    assert ask(f"{mrn}/pay/", {}, **{"Idempotency-Key": "once"})
    assert ask(f"{mrn}/")["status"] == "paid"
    assert ask(f"{mrn}/cancel/", {"reason": "The buyer withdrew."})["status"] == "cancelled"
    assert [event["verb"] for event in ask(f"{mrn}/events/")].count("lodge") == 2
    assert program.company.declarations_filed.count() == 2  # type: ignore[attr-defined]


# A person's own -----------------------------------------------------------------------------------------------------
def test_a_token_of_ones_own_acts_as_the_person_within_its_scopes_and_is_shown_once(as_trader: Client) -> None:
    wanted = {"name": "my script", "scopes": [Scope.DECLARATIONS_READ], "days": "30"}
    key = as_trader.post("/profile/tokens/", wanted).context["made"]
    assert key not in as_trader.get("/profile/tokens/").content.decode()
    assert as_trader.post("/profile/tokens/", wanted).status_code == 422, "the name is taken"
    door = machines.door(key)
    assert door.get(ROOT).status_code == 200
    refused = door.post(ROOT, make.data(), content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert refused.json()["detail"] == refused.json()["violations"][0]["sentence"]
    assert refused.json().keys() >= {"type", "title", "status", "code", "pointer"}
    kept = Token.objects.get(user=make.trader())
    assert client_of(make.stranger()).post(f"/profile/tokens/{kept.pk}/end/").status_code == 404
    as_trader.post(f"/profile/tokens/{kept.pk}/end/")
    assert door.get(ROOT).status_code == 401


def test_m031_no_machine_acts_for_an_officer() -> None:
    person = make.user("soon.officer@example.com")
    door = machines.own_door(person)
    assert door.get(ROOT).status_code == 200
    appoint(person, role=Role.TARIFF, office=None, on=make.SINCE, at=make.AT)
    assert door.get(ROOT).status_code == 401
    with pytest.raises(Rejected) as refused:
        machines.own_token(person)
    assert refused.value.violations[0].code == "M031"
