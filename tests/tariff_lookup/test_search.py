"""Search finds goods by code and by words, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tariff_lookup.models import SearchWord, Synonym
from tariff_lookup.search import search
from tariff_lookup.search.numbers import text_of
from tariff_lookup.services import index, words
from tariffs.models import Commodity
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


def test_the_beginning_of_a_word_is_enough_and_no_error() -> None:
    assert "8450" in headings("washing mach")
    assert search("washing mach", on=make.ON).shown == ""
    assert "0808" in headings("ябл")
    assert "8517" in headings("ipho")


def test_a_code_that_does_not_exist_finds_the_nearest_line_above_it() -> None:
    found = search("0808 10 99", on=make.ON)
    assert found.nearest == "08081099"
    assert [line.code for line in found.lines] == ["080810"]


@pytest.mark.parametrize("question", ["", "   ", "' | ! & :*", "\x00", "%_\\", "٧٧", "苹果", "77"])
def test_a_question_without_letters_we_read_finds_nothing_and_breaks_nothing(client: Client, question: str) -> None:
    assert headings(question) == []
    assert client.get(reverse("tariff"), {"q": question}).status_code == 200


@pytest.mark.parametrize("question", ["zzzqqq", "xq", "жжюжю", "a" * 5000])
def test_words_that_nothing_has_find_guesses_that_are_marked_as_guesses(client: Client, question: str) -> None:
    found = search(question, on=make.ON)
    assert found.guessed
    assert "nearest guesses" in client.get(reverse("tariff"), {"q": question}).content.decode()
    assert not search("apples", on=make.ON).guessed


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


def test_every_subheading_can_be_found_and_everyday_words_number_over_2500() -> None:
    findable = {text_of(number).code for row in SearchWord.objects.values_list("numbers", flat=True) for number in row}
    subheadings = set(Commodity.objects.on(make.ON).filter(code__length=6).values_list("code", flat=True))
    assert len(subheadings) > 5000
    assert subheadings <= findable
    assert Synonym.objects.count() > 2500


# Languages, forms, errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("knife", "knives"),
        ("tyre", "tires"),
        ("carbonising", "carbonizing"),
        ("aluminium foil", "aluminum foil"),
        ("t-shirts", "tshirt"),
        ("велосипеды", "велосипедов"),
        ("теленок", "телёнок"),
        ("себ", "себҳои"),
        ("қолин", "колин"),
        ("ҷӯроб", "чуроб"),
    ],
)
@pytest.mark.server
def test_word_forms_spellings_and_letters_of_another_keyboard_find_the_same(one: str, other: str) -> None:
    assert headings(one)[0] == headings(other)[0]


@pytest.mark.parametrize(
    ("typed", "read", "heading"),
    [
        (",fyfys", "бананы", "0803"),
        ("ntktajy", "телефон", "8517"),
        ("cnbhfkmyfz vfibyf", "стиральная машина", "8450"),
        ("шзрщту", "iphone", "8517"),
        ("фззду", "apple", "0808"),
    ],
)
def test_a_wrong_keyboard_layout_is_mended_where_only_the_other_reading_is_known(
    client: Client, typed: str, read: str, heading: str
) -> None:
    found = search(typed, on=make.ON)
    assert found.shown == read
    assert found.groups[0].heading.code == heading
    page = client.get(reverse("tariff"), {"q": typed}).content.decode()
    assert f"Showing results for <strong>{read}</strong>" in page


@pytest.mark.parametrize("typed", ["iphone", "bread", "пиво", "нон", "usb", "dvd", "гов", "tv"])
def test_a_right_layout_is_left_alone(typed: str) -> None:
    assert search(typed, on=make.ON).shown == ""


@pytest.mark.parametrize(
    ("typed", "meant", "heading"),
    [
        ("tomatto ketchup", "tomato ketchup", "2103"),
        ("lether gloves", "leather gloves", "4203"),
        ("кожаные пирчатки", "кожаные перчатки", "4203"),
    ],
)
def test_a_typing_error_that_other_words_bear_out_is_mended_and_said(typed: str, meant: str, heading: str) -> None:
    found = search(typed, on=make.ON)
    assert found.shown == meant
    assert found.groups[0].heading.code == heading


@pytest.mark.parametrize(
    ("typed", "meant", "heading"),
    [
        ("bycicle", "bicycle", "8712"),
        ("refridgerator", "refrigerator", "8418"),
        ("велосепед", "велосипед", "8712"),
    ],
)
def test_a_lone_unknown_word_is_asked_about_and_never_replaced(
    client: Client, typed: str, meant: str, heading: str
) -> None:
    found = search(typed, on=make.ON)
    assert (found.shown, found.guessed) == ("", True)
    assert found.offered[0] == meant
    assert found.groups[0].heading.code == heading
    page = client.get(reverse("tariff"), {"q": typed}).content.decode()
    assert f">{meant}</a>" in page
    assert "nearest guesses" in page
    assert meant in client.get(reverse("tariff_suggest"), {"q": typed}).content.decode()
    assert meant in client.get(reverse("api_tariff_search"), {"q": typed}).json()["offered"]


def test_russian_in_latin_letters_is_read() -> None:
    assert headings("kartoshka")[0] == "0701"
    assert search("kartoshka", on=make.ON).shown == "картошка"


def test_what_a_line_excludes_does_not_find_it() -> None:
    codes = search("cotton", on=make.ON).codes
    texts = {row.code: row.description for row in Commodity.objects.on(make.ON).filter(code__in=codes[:5])}
    assert texts
    assert not [text for text in texts.values() if "other than cotton" in text]


# What is shown ------------------------------------------------------------------------------------------------


def test_results_stand_under_section_chapter_and_heading(client: Client) -> None:
    group = search("apples", on=make.ON).groups[0]
    assert group.section is not None
    assert group.chapter is not None
    assert (group.section.roman, group.chapter.code, group.heading.code) == ("II", "08", "0808")
    page = client.get(reverse("tariff"), {"q": "apples"}).content.decode()
    assert "Section II" in page
    assert reverse("commodity", args=["08"]) in page


def test_the_codes_found_are_the_lines_shown_and_the_first_ten_of_them_come_first() -> None:
    for question in ("machines", "cotton shirts", "стул", "мошин"):
        found = search(question, on=make.ON)
        shown = list(dict.fromkeys(line.code[:6] for line in found.lines))
        assert set(found.codes) == set(shown)
        assert set(found.codes[:10]) == set(shown[:10])
        assert len(found.groups) == len({group.heading.code for group in found.groups})


def test_no_line_is_shown_that_is_not_in_force() -> None:
    line = Commodity.objects.on(make.ON).get(code="080810")
    make.other_law(Commodity.objects.filter(code__startswith="080810"), valid_to=make.ON)
    assert line.code in search("apples", on=make.ON).codes
    after = search("apples", on=make.ON + timedelta(days=1))
    assert line.code not in after.codes
    assert not [each for each in after.lines if each.code.startswith("080810")]


def test_the_api_answers_the_same_as_the_page(client: Client) -> None:
    answer = client.get(reverse("api_tariff_search"), {"q": "ntktajy", "on": make.ON.isoformat()}).json()
    found = search("ntktajy", on=make.ON)
    assert answer["shown_for"] == found.shown == "телефон"
    assert answer["codes"] == list(found.codes)
    assert [group["heading"]["code"] for group in answer["groups"]] == headings("ntktajy")
    assert [step["code"] for step in answer["groups"][0]["path"]] == ["XVI", "85"]


def test_suggestions_of_the_search_page_lead_to_pages_and_those_of_a_field_are_codes(client: Client) -> None:
    pages = client.get(reverse("tariff_suggest"), {"q": "apples", "browse": "1"}).content.decode()
    codes = client.get(reverse("tariff_suggest"), {"q": "apples"}).content.decode()
    assert f'data-url="{reverse("commodity", args=["0808"])}"' in pages
    assert "data-code" not in pages
    assert 'data-code="0808' in codes
    assert "data-url" not in codes


def test_a_field_is_offered_the_lines_below_a_code_that_is_begun(client: Client) -> None:
    part = client.get(reverse("tariff_suggest"), {"q": "0808.10"}).content.decode()
    below = Commodity.objects.on(make.ON).filter(code__startswith="080810", declarable=True)
    assert below.exists()
    for code in below.values_list("code", flat=True)[:40]:
        assert f'data-code="{code}"' in part


# Everyday words -----------------------------------------------------------------------------------------------


@pytest.mark.server
def test_the_index_of_some_headings_is_renewed_to_the_same_as_all_of_it() -> None:
    def held() -> dict[str, set[tuple[int, int]]]:
        rows = SearchWord.objects.values_list("stem", "numbers", "weights")
        return {stem: set(zip(numbers, weights, strict=True)) for stem, numbers, weights in rows}

    before = held()
    index.refresh(["0808", "851713", "08"])
    assert held() == before


def test_an_everyday_word_is_found_at_once_and_a_small_part_of_the_index_is_written_for_it() -> None:
    def written() -> set[tuple[str, str]]:
        """Each row with its place in the table, which is another one after it was written."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT stem, ctid::text FROM {SearchWord._meta.db_table}")
            return set(cursor.fetchall())

    before = written()
    words.keep_synonym(Synonym(term="frobnicator", language="en", code="847989"), by=make.officer(Role.TARIFF, None))
    assert search("frobnicators", on=make.ON).codes[0] == "847989"
    assert len(before) > 1000
    assert len(before - written()) < len(before) / 10


def test_a_word_that_is_corrected_to_another_code_leaves_the_first() -> None:
    by = make.officer(Role.TARIFF, None)
    word = Synonym(term="frobnicator", language="en", code="847989")
    words.keep_synonym(word, by=by)
    word.code = "9503"
    words.keep_synonym(word, by=by)
    assert headings("frobnicator") == ["9503"]


def test_a_word_for_a_whole_chapter_finds_its_headings() -> None:
    word = Synonym(term="frobnicator", language="en", code="08")
    words.keep_synonym(word, by=make.officer(Role.TARIFF, None))
    found = headings("frobnicator")
    assert len(found) > 5
    assert {heading[:2] for heading in found} == {"08"}
