"""The closing of a day: what is compared, what waits for a person, and that a closed day does not change."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import FollowUp, Role
from declarations.models import Charge
from payments import services
from payments.models import Account, Closing, ClosingOffice, Difference, Entry, Posting
from payments.selectors import closing as reads
from tests import make
from tests.conftest import client_of
from tests.payments.money_steps import begin, refuses
from tests.payments.money_steps import confirm as confirm_attempt

pytestmark = pytest.mark.django_db
D = Decimal
NIGHT = make.AT + timedelta(days=1)
Status, Kind = Difference.Status, Difference.Kind


def compared(day: date = make.ON) -> Closing:
    asked = services.ask_closing(day, by=make.treasury(), at=NIGHT)
    found = services.compare_day(asked.pk, at=NIGHT)
    assert found is not None
    return found


def closed() -> Closing:
    return services.close_day(compared(), by=make.treasury(), at=NIGHT)


def kinds(closing: Closing) -> dict[str, str]:
    return dict(Difference.objects.filter(closing=closing).values_list("kind", "status"))


def booked_without_a_charge(amount: str = "5") -> Entry:
    """What no verb does: revenue that belongs to nothing."""
    with transaction.atomic():
        made = Entry.objects.create(idempotency_key=f"odd-{amount}", kind=Entry.Kind.PAYMENT, at=make.AT, text="odd")
        prepaid = services.open_account(make.company(), Account.Kind.PREPAID, at=make.AT)
        revenue = Account.objects.filter(kind=Account.Kind.REVENUE).first()
        Posting.objects.create(entry=made, account=prepaid, debit=D(amount))
        Posting.objects.create(entry=made, account=revenue, credit=D(amount))
    return made


@pytest.mark.usefixtures("told")
def test_a_day_is_compared_by_office_and_in_total_and_closes_when_time_explains_what_differs() -> None:
    paid = make.paid()
    due = make.assessed()
    begin(amount="30")
    closing = compared()
    assert (closing.entries, closing.came, closing.told_came) == (2, make.FUNDS, 0)
    [office] = ClosingOffice.objects.filter(closing=closing)
    assert (office.office_code, office.declarations, office.entries) == (make.OFFICE, 2, 1)
    assert (office.booked, office.revenue, office.due) == (paid.payable, paid.payable, due.payable)
    assert office.charged == paid.payable + due.payable
    assert kinds(closing) == {Kind.NOT_TOLD: Status.EXPLAINED, Kind.ATTEMPT: Status.EXPLAINED}
    assert services.close_day(closing, by=None, at=NIGHT).digest


@pytest.mark.usefixtures("told")
def test_money_of_the_bank_s_page_that_no_statement_told_of_is_a_difference_of_its_own() -> None:
    confirm_attempt(begin(amount="30"), "30")
    assert kinds(compared()) == {Kind.CARD: Status.EXPLAINED}


def test_revenue_without_a_charge_waits_for_a_person_and_is_given_or_explained() -> None:
    make.paid()
    booked_without_a_charge()
    closing = compared()
    [odd] = Difference.objects.filter(closing=closing, status=Status.OPEN)
    assert (odd.kind, odd.amount) == (Kind.POSTING, D(5))
    with refuses(("K004", "")):
        services.close_day(closing, by=make.treasury(), at=NIGHT)
    with refuses(("K005", "note")):
        services.assign_difference(odd, to=make.treasury(), note=" ", by=make.treasury(), at=NIGHT)
    services.assign_difference(odd, to=make.second_treasury(), note="Ask the bank.", by=make.treasury(), at=NIGHT)
    services.close_day(closing, by=make.treasury(), at=NIGHT)
    services.explain_difference(odd, note="A test of the bank.", by=make.second_treasury(), at=NIGHT)
    with refuses(("K006", "")):
        services.assign_difference(odd, to=make.treasury(), note="Again.", by=make.treasury(), at=NIGHT)
    assert [note.text for note in odd.notes.all()] == ["Ask the bank.", "A test of the bank."]


def test_a_charge_that_was_paid_and_is_not_booked_is_found_and_what_was_put_right_is_gone() -> None:
    paid = make.paid()
    charge = Charge.objects.filter(declaration=paid, payable=True).first()
    assert charge is not None
    again = {
        each.attname: getattr(charge, each.attname) for each in Charge._meta.concrete_fields if not each.primary_key
    }
    Charge.objects.create(**{**again, "sequence": 99, "amount": D("7.50")})
    closing = compared()
    found = Difference.objects.get(closing=closing, kind=Kind.CHARGE)
    assert (found.amount, found.office_code, found.declaration) == (D("7.50"), make.OFFICE, paid)
    services.explain_difference(found, note="Looked at.", by=make.treasury(), at=NIGHT)
    with transaction.atomic():
        made = Entry.objects.create(
            idempotency_key="right", kind=Entry.Kind.PAYMENT, at=make.AT, text="", declaration=paid
        )
        revenue = Account.objects.get(kind=Account.Kind.REVENUE, tax_code=charge.tax_code)
        prepaid = Account.objects.get(kind=Account.Kind.PREPAID, company=paid.declarant)
        Posting.objects.create(entry=made, account=prepaid, debit=D("7.50"))
        Posting.objects.create(entry=made, account=revenue, credit=D("7.50"))
    with refuses(("K007", "")):
        services.close_day(closing, by=make.treasury(), at=NIGHT)
    assert kinds(compared())[Kind.CHARGE] == Status.GONE


def test_a_closed_day_takes_no_entry_and_no_posting_and_the_next_day_takes_the_correction() -> None:
    make.funds()
    closing = closed()
    prepaid = Account.objects.get(company=make.company(), kind=Account.Kind.PREPAID)
    for at in (make.AT, closing.begins - timedelta(days=3), closing.ends - timedelta(microseconds=1)):
        with pytest.raises(IntegrityError, match="falls on a day that is closed"), transaction.atomic():
            Entry.objects.create(idempotency_key="late", kind=Entry.Kind.MOVE, at=at, text="")
    with pytest.raises(IntegrityError, match="takes no posting more"), transaction.atomic():
        Posting.objects.create(entry=Entry.objects.first(), account=prepaid, credit=D(1))
    services.top_up(make.company(), amount=D(1), by=None, at=closing.ends, idempotency_key="on an open day")
    connection.check_constraints()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_closing SET came = 1",
        "DELETE FROM payments_closing",
        "UPDATE payments_closingoffice SET due = 1",
        "DELETE FROM payments_closingoffice",
        "UPDATE payments_difference SET amount = 1",
        "UPDATE payments_difference SET status = 'open'",
        "DELETE FROM payments_difference",
    ],
)
def test_a_closing_stays_as_it_was_and_is_not_opened_again(statement: str) -> None:
    make.paid()
    closed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with refuses(("K002", "day")):
        services.ask_closing(make.ON, by=make.treasury(), at=NIGHT)


def test_a_closed_day_has_a_paper_that_anybody_may_check() -> None:
    make.paid()
    assert services.issue_closing_paper(compared().pk, at=NIGHT) is None
    day = closed()
    auditor, paper = client_of(make.officer(Role.AUDITOR, None)), reverse("closing_paper", args=[make.ON])
    for _time in range(2):
        assert "being made and signed" in auditor.get(reverse("closing", args=[make.ON])).content.decode()
        assert auditor.get(paper).status_code == 404
    assert FollowUp.objects.filter(event="closing.paper_asked", subject=day.pk).count() == 1
    issued = services.issue_closing_paper(day.pk, at=NIGHT)
    assert issued is not None
    assert paper in auditor.get(reverse("closing", args=[make.ON])).content.decode()
    assert client_of(make.trader()).get(paper).status_code == 404
    told = b"".join(auditor.get(f"{paper}?language=ru").streaming_content)  # type: ignore[attr-defined]
    assert told.startswith(b"%PDF")
    shown = Client().get(reverse("verify_token", args=[issued.token])).content.decode()
    assert hashlib.sha256(told).hexdigest() in shown
    assert "This paper is genuine" in shown
    assert "MRN" not in shown


def test_the_database_closes_no_day_with_an_open_difference() -> None:
    make.paid()
    booked_without_a_charge()
    closing = compared()
    with pytest.raises(IntegrityError, match="nobody explained"), transaction.atomic():
        Closing.objects.filter(pk=closing.pk).update(status="closed", closed_at=NIGHT, digest="x")


def test_days_close_one_after_the_other_and_only_when_they_are_over() -> None:
    make.funds()
    services.top_up(make.company(), amount=D(1), by=None, at=NIGHT, idempotency_key="next day")
    with refuses(("K001", "day")):
        services.ask_closing(NIGHT.date(), by=make.treasury(), at=NIGHT)
    after = NIGHT + timedelta(days=1)
    later = services.ask_closing(NIGHT.date(), by=make.treasury(), at=after)
    services.compare_day(later.pk, at=after)
    with refuses(("K003", "day")):
        services.close_day(later, by=make.treasury(), at=after)


def test_the_night_closes_what_it_can_and_stops_where_a_person_is_needed() -> None:
    make.paid()
    services.top_up(make.company(), amount=D(1), by=None, at=NIGHT, idempotency_key="next day")
    booked_without_a_charge()
    after = NIGHT + timedelta(days=1)
    assert services.close_days(at=after) == []
    odd = Difference.objects.get(status=Status.OPEN)
    services.explain_difference(odd, note="A test of the bank.", by=make.treasury(), at=after)
    assert services.close_days(at=after) == [make.ON, NIGHT.date()]
    assert services.close_days(at=after) == []
    first, second = Closing.objects.order_by("day")
    assert second.before == first
    assert reads.digest_of(second, before=first.digest) == second.digest
