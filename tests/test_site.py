"""What every page has in common: languages, theme, security headers, errors, and the home page."""

import gzip
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError, VariableDoesNotExist, engines
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import Role
from customs_portal.site import errors
from customs_portal.site.navigation import Link, Navigation
from customs_portal.site.registration import CompanyForm
from lib import money
from lib.templatetags import portal
from payments.selectors import balance
from tariffs.models import Currency
from tariffs.selectors import amounts_context, currencies, national_currency
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

SOMONI = money.Currency("TJS", 2)
FollowUps = Callable[[], AbstractContextManager[None]]


def test_home_offers_the_search_the_rates_and_what_one_may_do() -> None:
    page = Client().get("/").content.decode()
    assert 'action="/tariff/"' in page
    assert "1&nbsp;USD" in page
    assert 'href="/calculator/"' in page
    assert 'href="/verify/"' in page


def test_the_navigation_leads_nobody_to_a_page_that_is_not_theirs() -> None:
    people = [make.trader(), make.colleague(), make.user("new@example.com"), *(make.officer(role) for role in Role)]
    anybody = {link.href for link in links_of(Client().get("/verify/"))}
    for person in people:
        client = client_of(person)
        for href in {link.href for link in links_of(client.get("/verify/"))} - anybody:
            assert client.get(href, follow=True).status_code == 200, (person, href)
    assert "/payments/" not in {link.href for link in links_of(client_of(make.colleague()).get("/verify/"))}


def links_of(page: Any) -> list[Link]:
    shown: Navigation = page.context["nav"]
    return [*shown.links, *shown.more, *shown.footer]


def test_home_asks_few_questions_whoever_reads(as_trader: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        Client().get("/")
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        as_trader.get("/")


def test_the_first_load_stays_under_100_kb() -> None:
    page = Client().get("/")
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode())
    assert {link.rsplit(".", 1)[-1] for link in links} >= {"css", "js", "svg"}
    sizes = [len(zipped(finders.find(link.removeprefix("/static/")))) for link in links]
    assert sum(sizes) + len(page.content) < 100_000


def zipped(path: str) -> bytes:
    return gzip.compress(Path(path).read_bytes())


def test_pages_forbid_foreign_and_inline_scripts() -> None:
    response = Client().get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy + ";"
    assert "unsafe-inline" not in policy
    assert response["X-Frame-Options"] == "DENY"
    page = response.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert " style=" not in page
    assert " onclick=" not in page


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_language_is_switched_on_every_page_and_stays(as_trader: Client, language: str) -> None:
    response = as_trader.post("/language/", {"language": language, "next": "/companies/"})
    assert response["Location"] == "/companies/"
    assert f'<html lang="{language}"' in as_trader.get("/companies/").content.decode()
    assert f'<html lang="{language}"' in as_trader.get("/").content.decode()


def test_switching_the_language_leads_to_no_other_site() -> None:
    response = Client().post("/language/", {"language": "ru", "next": "https://evil.example/"})
    assert response["Location"] == "/"
    assert Client().post("/language/", {"language": "xx"}).cookies.get(settings.LANGUAGE_COOKIE_NAME) is None


def test_the_theme_is_remembered_and_only_light_or_dark() -> None:
    client = Client()
    assert "data-theme" not in client.get("/").content.decode().split(">")[1]
    client.post("/theme/", {"theme": "dark", "next": "/"})
    assert '<html lang="en" data-theme="dark">' in client.get("/").content.decode()
    client.post("/theme/", {"theme": '"><script>'})
    assert '<html lang="en" data-theme="dark">' in client.get("/").content.decode()


def test_a_trader_has_the_balance_in_sight_and_the_desks_of_a_trader(as_trader: Client) -> None:
    page = as_trader.get("/companies/").content.decode()
    shown = portal.amount(balance(make.company()), national_currency())
    assert shown in page
    assert 'href="/declarations/"' in page
    assert 'href="/queue/"' not in page
    assert 'href="/admin/"' not in page


def test_an_officer_has_the_queue_and_no_balance(as_officer: Client) -> None:
    page = as_officer.get("/profile/").content.decode()
    assert 'href="/queue/"' in page
    assert 'href="/payments/"' not in page
    assert 'class="balance"' not in page


def test_a_missing_page_says_what_to_do_next() -> None:
    response = Client().get("/no-such-page/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    assert 'href="/account/login/?next=/no-such-page/"' in response.content.decode()


def test_the_machine_door_answers_errors_as_violations() -> None:
    response = Client().get("/api/no-such-page/")
    assert response.status_code == 404
    assert response.json()["violations"][0]["code"] == "H404"


def test_a_form_without_its_token_is_refused_with_a_way_on(trader: object) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/account/login/", {"login": "trader@example.com", "password": make.PASSWORD})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_the_page_for_a_failure_needs_neither_database_nor_session(django_assert_num_queries: object) -> None:
    request = RequestFactory().get("/broken/")
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = errors.broken(request)
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_errors_in_russian_are_in_russian() -> None:
    client = Client()
    client.post("/language/", {"language": "ru"})
    assert '<html lang="ru"' in client.get("/no-such-page/").content.decode()


def test_money_is_written_as_the_reader_writes_it() -> None:
    with translation.override("en"):
        assert portal.money(Decimal("1234567.005"), SOMONI) == "1,234,567.01"
        assert portal.amount(Decimal("1200.5"), money.Currency("JPY", 0)) == "1,201\xa0JPY"
        assert portal.amount(Decimal("1.5"), money.Currency("KWD", 3)) == "1.500\xa0KWD"
        assert portal.amount(None, SOMONI) == ""
        assert portal.quantity(Decimal("1500.250")) == "1,500.25"
        assert portal.quantity(Decimal("1000")) == "1,000"
        assert portal.price(Decimal("8400.5")) == "8,400.50"
        assert portal.price(Decimal("1200")) == "1,200"
        assert portal.price(Decimal("0.125")) == "0.125"
        assert portal.rate(Decimal("9.2")) == "9.2000"
    with translation.override("ru"):
        assert portal.money(Decimal("1234567.005"), SOMONI) == "1\xa0234\xa0567,01"
        assert portal.amount(Decimal("-5"), SOMONI) == "-5,00\xa0TJS"


def test_an_amount_without_its_currency_is_no_page() -> None:
    with pytest.raises(TemplateSyntaxError):
        engines["django"].from_string("{{ sum|amount }}")
    with pytest.raises(VariableDoesNotExist):
        engines["django"].from_string("{{ sum|amount:national }}").render({"sum": Decimal(5)})


def test_a_page_writes_amounts_of_any_currency_after_one_query(django_assert_num_queries: object) -> None:
    source = (
        "{% with yen=currencies|entry:'JPY' %}{{ sum|amount:national }} {{ sum|amount:yen }}{% endwith %}{{ national }}"
    )
    page = engines["django"].from_string(source)
    currencies()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert page.render({"sum": Decimal("7.5"), **amounts_context()}) == "7.50\xa0TJS 8\xa0JPYTJS"
    with django_assert_num_queries(0):  # type: ignore[operator]
        engines["django"].from_string("").render(amounts_context())


def test_the_decimals_of_the_national_currency_are_those_of_its_row() -> None:
    Currency.objects.filter(code="TJS").update(decimals=3)
    assert national_currency() == money.Currency("TJS", 3)
    assert portal.amount(Decimal("1.0005"), national_currency()) == "1.001\xa0TJS"


def test_durations_are_written_in_two_units() -> None:
    with translation.override("en"):
        assert portal.duration(timedelta(days=2, hours=4, minutes=59)) == "2 d 4 h"
        assert portal.duration(timedelta(minutes=200)) == "3 h 20 min"
        assert portal.duration(timedelta(seconds=40)) == "1 min"
        assert portal.duration(None) == ""


def test_a_field_shows_its_box_its_hint_and_its_error_to_every_reader() -> None:
    template = engines["django"].from_string("{% field form.tin box='8' %}")
    page = Client().get("/").wsgi_request
    shown = template.render({"form": CompanyForm({"tin": ""})}, page)
    assert '<span class="box-no">8</span>' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_tin_error"' in shown
    assert re.search(r'aria-describedby="[^"]*id_tin_helptext[^"]*"', shown)
