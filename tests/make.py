"""Builds what tests need, through the services: a state is reached by verbs, never set.

Persons are made once for each test. `data()` is a declaration that passes every rule in the demonstration country;
`data(lrn="X", items=[item(net_mass="1")])` changes it.
"""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db.models import QuerySet

from accounts.models import Office, Role, User
from accounts.services import create_officer, create_person
from declarations import services
from declarations.models import Declaration
from payments import services as payments
from payments.models import Account
from tariff_changes.services.law_lock import may_write_law
from tariffs.selectors import territory
from traders.models import Company, Right
from traders.services import add_member, confirm_company, give_mandate, register_company

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
PASSWORD = "correct horse battery"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
OFFICE = "TJ01"
TIN, OTHER_TIN, BROKER_TIN = "010000001", "010000002", "010000003"
FUNDS = Decimal("10000000")
_serial = itertools.count(1)


# People and companies -----------------------------------------------------------------------------------------
def user(email: str, full_name: str = "") -> User:
    """The user with this address, which is verified, made at the first call."""
    known = User.objects.filter(email=email).first()
    name = full_name or email.partition("@")[0].title()
    return known or create_person(email=email, password=PASSWORD, full_name=name, by=None, at=AT)


def company(tin: str = TIN, *, name: str = "Somon Trade LLC", owner: User | None = None, **details: str) -> Company:
    """The company with this TIN, registered by its owner and confirmed at the first call."""
    known = Company.objects.filter(tin=tin).first()
    if known is not None:
        return known
    made = claim(tin, name=name, owner=owner, **details)
    confirm_company(made, by=None, at=AT)
    made.refresh_from_db()
    return made


def claim(tin: str, *, name: str = "Somon Trade LLC", owner: User | None = None, **details: str) -> Company:
    """A company that was registered and waits to be confirmed."""
    return register_company(
        tin=tin,
        name=name,
        tin_pattern=territory().tin_pattern,
        by=owner or user("trader@example.com", "Zarina Trader"),
        on=SINCE,
        at=AT,
        address="Rudaki Avenue 10, Dushanbe",
        country=territory().code,
        **details,
    )


def trader() -> User:
    """Owner, preparer and payer of a company."""
    person = user("trader@example.com", "Zarina Trader")
    company(owner=person)
    return person


def colleague() -> User:
    """Prepares declarations of the trader's company; neither owner nor payer."""
    person = user("colleague@example.com", "Firuz Colleague")
    firm = company(owner=trader())
    if not firm.memberships.filter(user=person).exists():
        add_member(firm, user=person, right=Right.PREPARER, by=trader(), on=SINCE, at=AT)
    return person


def stranger() -> User:
    """Owner of another company, without any business in the trader's."""
    person = user("stranger@example.com", "Olim Stranger")
    company(OTHER_TIN, name="Other Trade LLC", owner=person)
    return person


def broker() -> User:
    """Owner of a broker's company, as yet without a mandate."""
    person = user("broker@example.com", "Nigora Broker")
    company(BROKER_TIN, name="Safar Brokers LLC", owner=person, kind=Company.Kind.BROKER)
    return person


def mandate(*, principal: Company, agent: Company, procedures: tuple[str, ...] = ()) -> Any:
    """`principal` lets `agent` file for it."""
    return give_mandate(principal, agent=agent, by=trader(), at=AT, valid_from=SINCE, procedures=procedures)


def officer(role: Role = Role.DOCUMENTARY, office: str | None = OFFICE, email: str = "") -> User:
    """An officer with a second factor; `office` None means the whole country."""
    email = email or f"{role}.{(office or 'all').lower()}@customs.example"
    known = User.objects.filter(email=email).first()
    if known:
        return known
    person = create_officer(
        email=email,
        password=PASSWORD,
        full_name=f"Officer {role}",
        role=role,
        office=Office.objects.get(code=office) if office else None,
        on=SINCE,
        at=AT,
    )
    TOTP.activate(person, TOTP_SECRET)
    return person


def supervisor(office: str | None = OFFICE) -> User:
    return officer(Role.SUPERVISOR, office)


def treasury() -> User:
    return officer(Role.TREASURY, None)


def second_treasury() -> User:
    return officer(Role.TREASURY, None, "second.treasury@customs.example")


# In every test's database from the start: to make one takes thirty queries, and most tests about officers need some.
OFFICERS: tuple[Callable[[], User], ...] = (
    officer,
    supervisor,
    partial(officer, Role.EXAMINING),
    *(partial(officer, role, None) for role in (Role.AUDITOR, Role.TARIFF, Role.APPROVING, Role.CASHIER)),
)


# Law ----------------------------------------------------------------------------------------------------------
def other_law(rows: QuerySet[Any], **values: Any) -> None:
    """Let the published `rows` say something else, as if they had been published so; without values they are gone."""
    with may_write_law():
        if values:
            rows.update(**values)
        else:
            rows.delete()


def without_keys(content: Any) -> Any:
    """Canonical JSON without the keys of its rows: what two declarations with the same content share."""
    if isinstance(content, dict):
        return {name: without_keys(value) for name, value in content.items() if name != "key"}
    return [without_keys(row) for row in content] if isinstance(content, list) else content


# Content of a declaration -------------------------------------------------------------------------------------
def item(**changes: Any) -> dict[str, Any]:
    """An item that passes every rule; a change to None takes the field away."""
    return _changed(
        {
            "commodity_code": "0902300009",
            "commercial_description": "Black tea in packets of 100 g",
            "origin_country": "CN",
            "extended_procedure": "4000",
            "national_procedure": "000",
            "packages_number": "40",
            "packages_kind": "CT",
            "packages_marks": "NO MARKS",
            "gross_mass": "420",
            "net_mass": "400",
            "item_price": "1200.00",
            "valuation_method": "1",
            "documents": [
                {"code": "380", "reference": "INV-17", "date": "2026-11-02"},
                {"code": "730", "reference": "CMR-204", "date": "2026-11-10"},
            ],
        },
        changes,
    )


def data(**changes: Any) -> dict[str, Any]:
    """A declaration in canonical JSON that passes every rule, under a reference of its own."""
    items = changes.pop("items", None) or [item()]
    prices = [Decimal(one["item_price"]) for one in items if one.get("item_price")]
    return _changed(
        {
            "declaration_type": "IM",
            "general_procedure": "4",
            "office_code": OFFICE,
            "lrn": f"LRN-{next(_serial):06d}",
            "exporter_name": "Yunnan Tea Co\nKunming, China",
            "consignee_code": TIN,
            "consignee_name": "Somon Trade LLC\nRudaki Avenue 10, Dushanbe",
            "export_country": "CN",
            "trading_country": "CN",
            "destination_country": "TJ",
            "departure_identity": "01 777 AB 01",
            "departure_nationality": "TJ",
            "border_mode": "3",
            "delivery_terms_code": "CIP",
            "delivery_terms_place": "Dushanbe",
            "invoice_amount": str(sum(prices, Decimal(0))),
            "invoice_currency": "USD",
            "items": items,
        },
        changes,
    )


def _changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


# Declarations in each state -----------------------------------------------------------------------------------
def draft(*, declarant: Company | None = None, by: User | None = None, **changes: Any) -> Declaration:
    """A draft of the trader's company; `changes` go into its content."""
    by = by or trader()
    return services.create_draft(declarant=declarant or company(), by=by, at=AT, data=data(**changes))


def lodged(*, on: date = ON, at: datetime = AT, **changes: Any) -> Declaration:
    """A declaration that was lodged; assessment follows in the same transaction, so it is ASSESSED."""
    made = draft(**changes)
    return services.lodge(made, on=on, at=at, by=made.created_by)


assessed = lodged


def funds(firm: Company | None = None, amount: Decimal = FUNDS) -> None:
    """Money on the company's prepaid account."""
    firm = firm or company()
    payments.top_up(firm, amount=amount, by=None, at=AT, idempotency_key=f"test-funds-{firm.pk}")


def limit(account: Account, amount: Decimal, *, reason: str = "agreed", at: datetime = AT) -> Account:
    """The account with this limit, as one of the treasury asked for it and another one agreed."""
    if account.limit != amount:
        asked = payments.ask_limit(account, limit=amount, reason=reason, by=treasury(), at=at)
        payments.confirm_limit(asked, by=second_treasury(), at=at)
        account.refresh_from_db()
    return account


def paid(**changes: Any) -> Declaration:
    """An assessed declaration that its company paid from the prepaid account."""
    made = assessed(**changes)
    funds(made.declarant)
    return payments.pay_from_account(made, by=trader(), at=AT, idempotency_key=f"test-pay-{made.pk}")


def released(**changes: Any) -> Declaration:
    """A paid declaration that an officer released."""
    made = paid(**changes)
    return services.mark_released(made, by=officer(), at=AT)
