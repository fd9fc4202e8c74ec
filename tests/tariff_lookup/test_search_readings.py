"""What search reads into a question: brands, Latin letters, sizes, codes among words; and any text at all."""

from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tariff_lookup.models import Synonym
from tariff_lookup.search import declarable, search
from tests import make

pytestmark = pytest.mark.django_db
ANY_QUESTION = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def headings(question: str) -> list[str]:
    return [group.heading.code for group in search(question, on=make.ON).groups]


# Brands -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("canon", "8443"),
        ("кэнон", "8443"),
        ("michelin", "4011"),
        ("мишлен", "4011"),
        ("macbook air m2", "8471"),
        ("nike air max", "6404"),
        ("nike air max 97 белые", "6404"),
        ("shell helix hx7", "2710"),
        ("самсунга", "8528"),
        ("land rover", "8703"),
    ],
)
def test_a_brand_finds_its_goods_and_outweighs_common_words(question: str, heading: str) -> None:
    assert heading in headings(question)[:2]


@pytest.mark.parametrize("question", ["bosch", "siemens", "canon"])
def test_a_brand_is_no_other_word(question: str) -> None:
    found = search(question, on=make.ON)
    assert found.brands == (question,)
    assert (found.shown, found.offered, found.guessed) == ("", (), False)
    assert not {heading[:2] for heading in headings(question)} & {"93", "08"}


@pytest.mark.parametrize(
    ("question", "heading"),
    [("nike socks", "6115"), ("телевизор samsung", "8528"), ("bosch стиральная машина", "8450")],
)
def test_goods_that_are_named_go_before_the_brand(question: str, heading: str) -> None:
    assert headings(question)[0] == heading


def test_a_brand_that_is_a_word_too_is_that_word_first() -> None:
    assert headings("apple")[0] == "0808"
    assert headings("apple iphone 15")[0] == "8517"
    assert "8704" not in headings("мази")[:1]


def test_a_brand_is_shown_as_help_and_not_as_law(client: Client) -> None:
    page = client.get(reverse("tariff"), {"q": "canon"}).content.decode()
    assert "canon is a brand" in page
    assert "not the law" in page
    assert "not the law" in client.get(reverse("tariff_suggest"), {"q": "canon"}).content.decode()
    assert client.get(reverse("api_tariff_search"), {"q": "canon"}).json()["brands"] == ["canon"]
    assert "not the law" not in client.get(reverse("tariff"), {"q": "printer"}).content.decode()


def test_brands_are_many_and_stand_in_both_alphabets() -> None:
    brands = Synonym.objects.filter(kind=Synonym.Kind.BRAND)
    assert brands.filter(language="en").values("term").distinct().count() >= 600
    assert brands.filter(language="ru").values("term").distinct().count() >= 600


# Unknown words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["zorvex", "korsano", "бортекс", "plinto", "хоревин"])
def test_an_unknown_name_is_not_taken_for_a_word(question: str) -> None:
    found = search(question, on=make.ON)
    assert found.shown == ""
    assert found.guessed


def test_an_unknown_name_beside_goods_changes_nothing() -> None:
    found = search("zorvex printer", on=make.ON)
    assert found.shown == ""
    assert found.groups[0].heading.code == "8443"


@pytest.mark.parametrize("question", ["кондей", "кондеи"])
def test_a_short_stem_does_not_swallow_another_word(question: str) -> None:
    assert headings(question)[0] == "8415"


def test_a_word_that_shares_but_a_short_stem_is_not_known_by_it() -> None:
    assert search("кондих", on=make.ON).guessed


@pytest.mark.parametrize("question", ["cds", "cpus", "noise level meters", "egg cups", "swipe cards"])
def test_right_words_are_left_alone(question: str) -> None:
    assert search(question, on=make.ON).shown == ""


# Latin letters ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("holodilnik", "8418"),
        ("xolodil`nik", "8418"),
        ("pomidory", "0702"),
        ("pomidorov", "0702"),
        ("morkov", "0706"),
        ("morkov'", "0706"),
        ("pivo", "2203"),
        ("kapusta", "0704"),
        ("utjug", "8516"),
        ("utyug", "8516"),
        ("4ajnik elektricheskiy", "8516"),
        ("wapka", "6505"),
        ("šapka", "6505"),
        ("shhetka", "9603"),
        ("schetka", "9603"),
        ("cement", "2523"),
        ("czement", "2523"),
        ("stiralnaya mashina", "8450"),
        ("kharbuza", "0807"),
        ("jurob", "6115"),
    ],
)
def test_russian_and_tajik_in_latin_letters_of_every_usual_system(question: str, heading: str) -> None:
    assert headings(question)[0] == heading


# Sizes and grades, and what the eye does not see --------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("5w30", "2710"),
        ("5W-40", "2710"),
        ("205/55r16", "4011"),
        ("315/80 R22.5", "4011"),
        ("дт евро 5", "2710"),
        ("аи-92", "2710"),
        ("ВВГнг 3х1.5", "8544"),
        ("кабель ВВГнг(А)-LS 3х2,5", "8544"),
        ("dot4", "3819"),
        ("М8х40", "7318"),
    ],
)
def test_sizes_and_grades_find_the_goods_that_have_them(question: str, heading: str) -> None:
    assert headings(question)[0] == heading


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("чаи\u0306ник", "чайник"),
        ("холо\u00adдильник", "холодильник"),
        ("ＰＥＮＣＩＬ", "pencil"),
        ("apple\u200bs", "apples"),
        ("creme brulee", "crème brûlée"),
        ("принтeр", "принтер"),  # with a Latin e
        ("８５１７", "8517"),
    ],
)
def test_what_looks_the_same_finds_the_same(typed: str, plain: str) -> None:
    assert headings(typed) == headings(plain)
    assert headings(typed)


# Codes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "851713",
        "8517.13",
        '"851713",',
        "«8517 13»;",
        "код 851713",
        "HS code: 8517.13",
        "смартфон 851713, чёрный",
        "тн вэд 8517 13",
    ],
)
def test_a_code_is_found_whatever_stands_around_it(client: Client, question: str) -> None:
    found = search(question, on=make.ON)
    assert found.sought == ("851713",)
    assert not found.nearest
    assert found.groups[0].heading.code == "8517"
    assert {line.code[:6] for line in declarable(found, on=make.ON)} == {"851713"}
    part = client.get(reverse("tariff_suggest"), {"q": question}).content.decode()
    assert 'data-code="8517130000"' in part


def test_several_codes_are_all_found() -> None:
    assert headings("851713, 080810") == ["8517", "0808"]


def test_a_number_of_a_spreadsheet_is_the_code_it_was_made_from(client: Client) -> None:
    assert search("808108000.0", on=make.ON).sought == ("0808108000",)
    assert headings("901110000.0") == ["0901"]
    assert "0808" in headings("808108000")
    answer = client.get(reverse("tariff"), {"q": "808108000.0"})
    assert answer.headers["Location"] == reverse("commodity", args=["0808108000"])


def test_a_number_that_is_no_code_is_not_looked_up_as_one() -> None:
    assert search("пробег 120000 км велосипед", on=make.ON).sought == ()


# Any text -----------------------------------------------------------------------------------------------------

HOSTILE = [
    "\x00", "a\x00b", "\ud800", "\udfff яблоки", "%_\\", "'; DROP TABLE x; --", "\u202e elppa", "ﷺ" * 300, "́" * 500,
    "İıſß", "a" * 10_000, "я" * 10_000, "яблоко " * 2_000, "zzqx " * 300, "1" * 10_000, "1.0" * 3_000, "-" * 5_000,
    "'" * 5_000, "j" * 64, "yojocxwj" * 20, "8517 13 " * 1_000, "205/55r16 " * 500, "b:samsung", "tg:себ", "{}", "\\N",
    "²³½①", "👍🏽 печенье", "ا" * 200,
]  # fmt: skip


@pytest.mark.parametrize("question", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_answered_and_soon(client: Client, question: str) -> None:
    started = perf_counter()
    found = search(question, on=make.ON)
    declarable(found, on=make.ON)
    assert perf_counter() - started < 5
    assert len(found.question) <= 200
    assert found.is_cut or len(question) <= 1000
    connection.ensure_connection()
    sent = {"q": question.encode("utf-8", "replace").decode()}
    assert client.get(reverse("tariff"), sent).status_code in (200, 302)
    assert client.get(reverse("tariff_suggest"), sent).status_code == 200
    assert client.get(reverse("api_tariff_search"), sent).status_code in (200, 400)


@ANY_QUESTION
@given(st.text(max_size=80))
def test_search_answers_any_text(question: str) -> None:
    assert len(search(question, on=make.ON).groups) <= 12


@ANY_QUESTION
@given(
    st.lists(
        st.sampled_from(
            [
                "apple",
                "5w30",
                "ВВГнг",
                "3х1.5",
                "samsung",
                "kartoshka",
                "8517",
                "\u00ad",
                "bycicle",
                "ct,",
                "-",
                "код",
                "air",
            ]
        ),
        max_size=25,
    ),
    st.sampled_from([" ", "", ",", "-", "'"]),
)
def test_search_answers_any_mixture_of_what_it_reads(parts: list[str], between: str) -> None:
    found = search(between.join(parts), on=make.ON)
    assert len(found.codes) == len(set(found.codes))


def test_a_question_that_was_cut_says_so(client: Client) -> None:
    page = client.get(reverse("tariff"), {"q": "яблоки " * 300}).content.decode()
    assert "Only its beginning was read" in page
    assert "Only its beginning was read" not in client.get(reverse("tariff"), {"q": "яблоки"}).content.decode()
