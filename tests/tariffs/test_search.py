"""Search finds goods by code and by words, with and without JavaScript."""

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.models import SearchEntry, Synonym
from tariffs.search import search
from tests import make

pytestmark = pytest.mark.django_db


def headings(question: str) -> list[str]:
    return [group.heading.code for group in search(question, on=make.ON).groups]


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("apples", "0808"),
        ("Apple", "0808"),
        ("яблоки", "0808"),
        ("яблок", "0808"),
        ("себ", "0808"),
        ("0808", "0808"),
        ("0808.10", "0808"),
        ("08 08 10", "0808"),
        ("iphone", "8517"),
        ("iPhone", "8517"),
        ("айфон", "8517"),
        ("t-shirt", "6109"),
        ("стиральная машина", "8450"),
        ("пиво", "2203"),
        ("велосипед", "8712"),
        ("car tyres", "4011"),
    ],
)
def test_everyday_words_and_codes_lead_to_their_heading_first(question: str, heading: str) -> None:
    assert headings(question)[0] == heading


def test_the_beginning_of_a_word_is_enough() -> None:
    assert "0808" in headings("ябл")
    assert "8517" in headings("ipho")


def test_a_code_that_does_not_exist_finds_the_nearest_line_above_it() -> None:
    found = search("0808 10 99", on=make.ON)
    assert found.nearest == "08081099"
    assert [line.code for line in found.lines] == ["080810"]


@pytest.mark.parametrize("question", ["", "   ", "zzzqqq", "' | ! & :*", "the", "\x00", "%_\\", "٣٤", "a" * 5000])
def test_a_question_without_an_answer_finds_nothing_and_breaks_nothing(client: Client, question: str) -> None:
    assert headings(question) == []
    assert client.get(reverse("tariff"), {"q": question}).status_code == 200


def test_a_single_digit_lists_the_chapters_that_begin_with_it() -> None:
    assert headings("8")[:2] == ["08", "80"]


def test_all_words_go_before_any_word() -> None:
    assert headings("instant coffee")[0] == "2101"
    assert "0901" in headings("coffee xyzzyx")


def test_words_of_lines_above_count_for_the_lines_below() -> None:
    found = search("apples", on=make.ON)
    assert {line.code[:6] for line in found.groups[0].lines} >= {"080810"}


def test_enter_without_script_answers_with_a_page_and_typing_with_a_part_of_it(client: Client) -> None:
    page = client.get(reverse("tariff"), {"q": "apples"}).content.decode()
    part = client.get(reverse("tariff"), {"q": "apples"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in part
    assert reverse("commodity", args=["080810"]) in page
    assert reverse("commodity", args=["080810"]) in part


def test_a_whole_code_on_enter_leads_to_its_page(client: Client) -> None:
    answer = client.get(reverse("tariff"), {"q": "0808 10 800 0"})
    assert answer.headers["Location"] == reverse("commodity", args=["0808108000"])


def test_what_was_typed_is_shown_again_and_never_run(client: Client) -> None:
    page = client.get(reverse("tariff"), {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_suggestions_are_lines_that_may_be_declared(client: Client) -> None:
    part = client.get(reverse("tariff_suggest"), {"q": "iphone"}).content.decode()
    assert 'data-code="8517130000"' in part
    assert 'data-code="851713"' not in part


def test_a_search_takes_the_same_few_queries_however_much_it_finds(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for question in ("iphone", "machines", "parts", "84"):
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            search(question, on=make.ON)


def test_every_line_can_be_found_and_everyday_words_number_over_2500() -> None:
    assert SearchEntry.objects.count() > 6000
    assert Synonym.objects.count() > 2500
