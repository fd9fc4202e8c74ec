"""Registers the demonstration's companies, people, officers, mandates and money, through the services."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from accounts.models import Office, Role, User
from accounts.services import choose_language, create_officer, create_person
from demo.accounts import (
    AUTO,
    BROKERS,
    KHATLON,
    PEOPLE,
    PHARMA,
    POMIR,
    SANDBOX,
    SHARQ,
    SOMON,
    SUGHD,
    TERMINAL,
    TRADERS,
    ZARAFSHON,
    Firm,
    Person,
)
from payments import services as payments
from payments.models import Account
from tariffs.selectors import territory
from traders.models import Company, Mandate
from traders.services import add_member, confirm_company, give_mandate, register_company

MANDATES = ((ZARAFSHON, SHARQ), (PHARMA, SHARQ), (AUTO, SHARQ), (POMIR, SHARQ), (SOMON, SUGHD), (KHATLON, SUGHD))
ENDING = (AUTO, SHARQ)
FUNDS = Decimal("40000000")
GUARANTEE = Decimal("5000000")
HISTORY = timedelta(days=100)


def exist() -> bool:
    return User.objects.filter(email=PEOPLE[0].email).exists()


def make_people(*, on: date, at: datetime) -> None:
    """Everyone, as of a hundred days before `on`."""
    since, then = on - HISTORY, at - HISTORY
    for person in PEOPLE:
        if person.role:
            _make_officer(person, on=since, at=then)
        else:
            user = create_person(email=person.email, password=None, full_name=person.full_name, by=None, at=then)
            choose_language(user, language=person.language)
    _give_passwords()
    for firm in (*TRADERS, *BROKERS, SANDBOX):
        _register(firm, on=since, at=then)
    for principal, agent in MANDATES:
        _mandate(principal, agent, on=since, at=then)
    treasurers = [User.objects.get(email=person.email) for person in PEOPLE if person.role == Role.TREASURY]
    for company in Company.objects.filter(tin__in=[firm.tin for firm in (*TRADERS, *BROKERS, SANDBOX)]):
        _fund(company, by=treasurers[0], second=treasurers[1], at=then)


def user_of(firm: Firm) -> User:
    """Who acts for a company: its first person with every right."""
    person = next(person for person in PEOPLE if person.company == firm.tin and "owner" in person.rights)
    return User.objects.get(email=person.email)


def officer_with(role: Role, office: str = "") -> User:
    """The demonstration's officer of that role and, if named, that office."""
    fitting = [person for person in PEOPLE if person.role == role and (not office or person.office == office)]
    return User.objects.get(email=fitting[0].email)


def second_officer_of(first: User) -> User:
    """The colleague with the same role in the same office."""
    place = next(person for person in PEOPLE if person.email == first.email)
    alike = [each for each in PEOPLE if (each.role, each.office) == (place.role, place.office) and each != place]
    return User.objects.get(email=alike[0].email)


def second_officer_with(role: Role) -> User:
    """Another officer of the role, who agrees to what the first one proposed."""
    fitting = [person for person in PEOPLE if person.role == role]
    return User.objects.get(email=fitting[1].email)


def company_of(firm: Firm) -> Company:
    return Company.objects.get(tin=firm.tin)


def _make_officer(person: Person, *, on: date, at: datetime) -> None:
    office = Office.objects.get(code=person.office) if person.office else None
    user = create_officer(
        email=person.email,
        password=None,
        full_name=person.full_name,
        role=Role(person.role),
        office=office,
        on=on,
        at=at,
    )
    choose_language(user, language=person.language)
    TOTP.activate(user, person.totp_secret)


def _give_passwords() -> None:
    """A password that many share is made once: it takes long on purpose."""
    for password in {person.password for person in PEOPLE}:
        emails = [person.email for person in PEOPLE if person.password == password]
        User.objects.filter(email__in=emails).update(password=make_password(password))


def _register(firm: Firm, *, on: date, at: datetime) -> None:
    owner = user_of(firm)
    company = register_company(
        tin=firm.tin,
        name=firm.name,
        tin_pattern=territory().tin_pattern,
        by=owner,
        on=on,
        at=at,
        kind=firm.kind,
        name_ru=firm.name_ru,
        name_tg=firm.name_tg,
        address=firm.address,
        country=territory().code,
        email=owner.email,
    )
    confirm_company(company, by=officer_with(Role.SUPERVISOR, TERMINAL), at=at, decision="Certificate seen")
    company.refresh_from_db()
    for person in PEOPLE:
        if person.company == firm.tin and "owner" not in person.rights:
            member = User.objects.get(email=person.email)
            for right in person.rights:
                add_member(company, user=member, right=right, by=owner, on=on, at=at)


def _mandate(principal: Firm, agent: Firm, *, on: date, at: datetime) -> Mandate:
    """Without an end, but for one that is to be given anew soon."""
    ends = on + HISTORY + timedelta(days=12) if (principal, agent) == ENDING else None
    by, company = user_of(principal), company_of(principal)
    return give_mandate(company, agent=company_of(agent), by=by, at=at, valid_from=on, valid_to=ends)


def _fund(company: Company, *, by: User, second: User, at: datetime) -> None:
    """Money on the prepaid account, and a guarantee for warehouses."""
    payments.open_accounts(company, at=at)
    payments.top_up(company, amount=FUNDS, by=by, at=at, idempotency_key=f"demo:{company.tin}", text="Opening balance")
    guarantee = payments.open_account(company, Account.Kind.GUARANTEE, at=at)
    reason = "Bank guarantee of the demonstration"
    asked = payments.ask_limit(guarantee, limit=GUARANTEE, reason=reason, by=by, at=at)
    payments.confirm_limit(asked, by=second, at=at)
