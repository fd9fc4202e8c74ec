"""Fees for services, and interest on what is paid late: charged, explained, paid by the same means, dropped."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Role
from clearance import services
from clearance.models import Case
from declarations.models import Declaration, Levy, Status
from declarations.sad_pdf import render_notice
from declarations.selectors.levies import levies_of, owed_later
from declarations.services.papers import ask
from lib.violations import Rejected
from payments import selectors
from payments import services as payments
from payments.receipt_pdf import _taxes
from tariffs.calculation import ServiceFeeFact, fee_due
from tests import make
from tests.clearance import correcting
from tests.clearance import make as files
from tests.clearance.test_outcomes import fined
from tests.payments.money_steps import refuses

pytestmark = pytest.mark.django_db
D = Decimal


def charged(case: Case, *, code: str = "STORAGE", quantity: str = "10", **more: Any) -> Levy:
    return services.charge_fee(
        case, code=code, quantity=D(quantity), text="Kept at the terminal", by=files.yellow_officer(),
        at=more.get("at", make.AT),
    )  # fmt: skip


def pay(declaration: Declaration, *, days: int = 0, key: str = "later") -> Declaration:
    at = make.AT + timedelta(days=days)
    return payments.pay_from_account(declaration, by=make.trader(), at=at, idempotency_key=key)


def test_a_fee_is_charged_by_its_formula_holds_the_goods_and_is_paid_like_duties() -> None:
    case = files.claimed()
    levy = charged(case)
    declaration = levy.declaration
    assert (levy.amount, levy.tax_code) == (42, "STORAGE")  # 6 × (10 - 3) days × 1 begun tonne of 420 kg
    assert levy.formula == "6.00 × (10 - 3) × 1 = 42.00"
    assert levy.is_example
    fact = {name: levy.facts[name] for name in ("unit", "free", "for_kg")}
    kept = ServiceFeeFact(amount=D(levy.facts["amount"]), least=D(levy.facts["least"]), **fact)
    assert fee_due(kept, D(levy.facts["quantity"]), D(levy.facts["mass"]), decimals=2).amount == levy.amount
    assert selectors.due(declaration) == 42
    services.decide_release(case, by=files.yellow_officer(), at=make.AT)
    declaration.refresh_from_db()
    assert declaration.status == Status.PAID, "goods wait for the fee"
    pay(declaration)
    assert services.release_if_clear(declaration.pk, at=make.AT)
    payment = selectors.payments_of(declaration).last()
    assert _taxes(payment) == [("STORAGE", "Storage in a customs warehouse", 42)]
    assert selectors.balance_of_administration("revenue", tax_code="STORAGE") == 42


@pytest.mark.parametrize(
    ("change", "code"),
    [({"code": "NONE"}, "C062"), ({"quantity": "3"}, "C063"), ({"by": "stranger"}, "C002")],
)
def test_a_fee_that_cannot_be_is_refused(change: dict[str, str], code: str) -> None:
    case = files.claimed()
    by = make.officer(Role.DOCUMENTARY, "TJ02") if change.pop("by", "") else files.yellow_officer()
    told: dict[str, Any] = {"code": "STORAGE", "quantity": "10", **change}
    with pytest.raises(Rejected, match=code):
        services.charge_fee(case, code=told["code"], quantity=D(told["quantity"]), text="kept", by=by, at=make.AT)
    assert not Levy.objects.exists()


def test_another_officer_drops_a_fee_and_what_was_paid_goes_back() -> None:
    levy = charged(files.claimed())
    declaration = pay(levy.declaration)
    before = selectors.balance(make.company())
    with refuses(("C058", "")):
        services.drop_levy(levy, text="It was ours.", by=files.yellow_officer(), at=make.AT)
    services.drop_levy(levy, text="It was ours.", by=correcting.second_officer(), at=make.AT)
    assert selectors.balance(make.company()) == before + 42
    assert selectors.due(declaration) == 0
    with refuses(("S025", "")):
        services.drop_levy(levy, text="Again.", by=correcting.second_officer(), at=make.AT)


def test_what_is_paid_after_its_term_bears_interest_and_the_interest_is_due() -> None:
    levy = charged(files.released(), code="SAMPLE", quantity="20")
    declaration = levy.declaration
    assert levy.due == make.ON + timedelta(days=10)
    pay(declaration, days=40)
    interest = Levy.objects.get(kind="interest")
    assert interest.amount == D("25.50")  # 1 700 × 30 days × 0.05 %
    assert interest.formula == "1\u00a0700.00 × 30 × 0.05% = 25.50"
    assert (interest.base, interest.facts["days"]) == (1700, 30)
    declaration.refresh_from_db()
    assert selectors.due(declaration) == D("25.50")
    pay(declaration, days=400, key="interest")
    assert Levy.objects.filter(kind="interest").count() == 1, "interest bears none, and what was late counts once"
    assert selectors.due(declaration) == 0


def test_what_is_paid_in_time_bears_nothing() -> None:
    levy = charged(files.released(), code="SAMPLE")
    pay(levy.declaration, days=10)
    assert not Levy.objects.filter(kind="interest").exists()


def test_the_notice_and_the_pages_say_it_in_the_reader_s_language(as_trader: Client) -> None:
    levy = charged(files.released())
    declaration = levy.declaration
    with translation.override("ru"):
        [shown] = levies_of(declaration)
        assert (shown.tax_name, shown.formula) == ("Хранение на таможенном складе", "6,00 × (10 - 3) × 1 = 42,00")
        assert [each.amount for each in owed_later(declaration)] == [42]
        assert render_notice(declaration).startswith(b"%PDF")
    page = as_trader.get(reverse("declaration", args=[declaration.public_id])).content.decode()
    assert "Storage in a customs warehouse" in page
    assert "6.00 × (10 - 3) × 1 = 42.00" in page
    assert "6.00 × (10 - 3) × 1 = 42.00" in as_trader.get(reverse("pay", args=[declaration.public_id])).content.decode()


def test_strangers_and_traders_charge_and_drop_nothing(as_stranger: Client, as_trader: Client) -> None:
    levy = charged(files.released())
    key = levy.declaration.public_id
    for client in (as_stranger, as_trader):
        told = {"fee-code": "SAMPLE", "fee-quantity": "1", "fee-text": "x"}
        assert client.post(reverse("case_fee", args=[key]), told).status_code == 404
        assert client.post(reverse("levy_drop", args=[levy.pk]), {"drop-text": "x"}).status_code == 404
    assert Levy.objects.count() == 1


def test_a_fine_that_is_paid_late_bears_interest_and_stands_on_the_notice() -> None:
    case = correcting.at_moment("paid")
    correcting.found(case)
    fined(case, amount=D(1000))
    [later] = owed_later(case.declaration)
    assert (later.name, later.amount, later.legal_basis) == ("Fine", 1000, "Customs Code, art. 500")
    before = ask(case.declaration, "notice", language="en", at=make.AT)
    pay(case.declaration, days=30)
    interest = Levy.objects.get()
    assert (interest.amount, interest.facts["tax"]) == (10, "FINE")  # 1 000 × 20 days × 0.05 %
    assert selectors.due(case.declaration) == 10
    again = ask(case.declaration, "notice", language="en", at=make.AT + timedelta(days=30))
    assert again.state_of > before.state_of, "the notice is printed anew"
