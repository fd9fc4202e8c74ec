"""The words of search, without a database: folding, exclusions, Tajik stems, keyboards, typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import codes
from tariff_lookup.search import sounds, words
from tariff_lookup.search.numbers import number_of, text_of
from tariff_lookup.search.weights import pooled, rarity, single

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
LATIN = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Ёлка", ["елка"]),
        ("қолини дастӣ", ["колини", "дасти"]),
        ("men's shirts", ["man", "shirts"]),
        ("T-shirt", ["t", "shirt", "tshirt"]),
        ("wi-fi 6", ["wi", "fi", "wifi", "6"]),
        ("KNIVES, tires & fibers", ["knife", "tyres", "fibres"]),
        ("sulfuric color TVs", ["sulphuric", "colour", "tvs"]),
    ],
)
def test_words_are_brought_into_one_form(text: str, forms: list[str]) -> None:
    assert words.forms(text) == forms


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        ("Yarn; other than cotton, not for retail sale", "cotton", "retail"),
        ("Cheese (not grated or processed), n.e.c. in heading no. 0406", "grated", "cheese"),
        ("Apparatus excluding telephones; for images", "telephones", "images"),
        ("ткани, кроме хлопчатобумажных; суровые", "хлопчатобумажных", "суровые"),
        ("изделия, за исключением мебели, из дерева", "мебели", "дерева"),
    ],
)
def test_what_a_line_does_not_cover_is_left_out(text: str, gone: str, kept: str) -> None:
    left = words.forms(words.without_exclusions(text))
    assert gone not in left
    assert kept in left
    assert gone in words.forms(text)


@pytest.mark.parametrize("ending", ["", "ҳо", "ҳои", "и", "ҳоро"])
@pytest.mark.parametrize("word", ["себ", "мошин", "китоб", "қолин"])
def test_tajik_words_lose_the_endings_of_plural_and_izafat(word: str, ending: str) -> None:
    assert words.tajik_stem(words.form_of(word + ending)) == words.tajik_stem(words.form_of(word))


def test_short_tajik_words_keep_what_looks_like_an_ending() -> None:
    assert words.tajik_stem("нон") == "tg:нон"
    assert words.tajik_stem("зан") != words.tajik_stem("нон")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("z,kjrb", "яблоки"), ("Z<KJRB", "яблоки"), ("gbdj", "пиво"), ("фззду", "apple"), ("шзрщту", "iphone")],
)
def test_the_keys_of_one_layout_are_read_in_the_other(typed: str, meant: str) -> None:
    assert meant in words.other_layouts(typed)


def test_the_keys_of_the_tajik_layout_are_read_too() -> None:
    assert "қолин" in words.other_layouts("wjkby")
    assert "ҷуроб" in words.other_layouts("sehj,")


@given(st.text(alphabet=CYRILLIC, min_size=1, max_size=12))
def test_every_russian_word_comes_back_from_the_latin_layout(word: str) -> None:
    (latin,) = words.other_layouts(word)
    if words.is_latin(latin):
        assert word in words.other_layouts(latin)


@given(st.text(alphabet=LATIN, min_size=2, max_size=12), st.text(alphabet=LATIN, min_size=2, max_size=12))
def test_typing_errors_are_a_distance(first: str, second: str) -> None:
    errors = words.typing_errors(first, second)
    assert (errors == 0) == (first == second)
    assert errors == words.typing_errors(second, first)
    assert abs(len(first) - len(second)) <= errors <= max(len(first), len(second))
    assert (words.likeness(first, second) == 100) == (first == second)


@pytest.mark.parametrize("mistyped", ["bicycl", "bicyclee", "bicyxle", "bicylce"])
def test_a_letter_left_out_added_changed_or_swapped_is_one_error(mistyped: str) -> None:
    assert words.typing_errors(mistyped, "bicycle") == 1


@given(st.text(alphabet="0123456789", min_size=2, max_size=11), st.integers(0, 999))
def test_the_number_of_a_text_says_its_code_and_part(code: str, part: int) -> None:
    assert text_of(number_of(code, part)) == (code, part)


def test_a_rare_word_counts_more_than_a_frequent_one_and_a_second_time_less_than_the_first() -> None:
    assert rarity(1) > rarity(10) > rarity(1000) > 0
    once, twice = (pooled({"word": count, "other": 20.0}, digits=6)["word"] for count in (1.0, 2.0))
    assert once < twice < 2 * once
    short, long = pooled({"word": 1.0}, digits=6), pooled({"word": 1.0, "other": 60.0}, digits=6)
    assert short["word"] > long["word"]


def test_the_words_of_one_text_make_a_vector_of_one_length() -> None:
    weights = single({"a": 4000, "b": 3000}, trust=1.0)
    assert weights == {"a": 800, "b": 600}


# Latin letters, codes -----------------------------------------------------------------------------------------


@given(st.text(alphabet="абвгдезиклмнопрстуфы", min_size=1, max_size=12))
def test_a_word_in_plain_latin_letters_has_the_key_of_the_cyrillic_one(word: str) -> None:
    plain = dict(zip("абвгдезиклмнопрстуфы", "abvgdeziklmnoprstufy", strict=True))
    assert sounds.key_of(word) in sounds.keys_of("".join(plain[letter] for letter in word))


@given(st.text(max_size=200))
def test_keys_are_bounded_for_any_text(word: str) -> None:
    assert len(sounds.keys_of(word)) <= sounds.MOST_READINGS
    assert all(len(sounds.trunk(key)) <= 128 for key in sounds.keys_of(word))


@pytest.mark.parametrize(
    ("one", "other"), [("помидоры", "помидоров"), ("коробки", "коробка"), ("стальная", "стальной")]
)
def test_the_trunk_of_a_key_has_no_ending(one: str, other: str) -> None:
    assert sounds.trunk(sounds.key_of(one)) == sounds.trunk(sounds.key_of(other))


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0901.11.000", "090111000"),
        ("901110000.0", "0901110000"),
        ("901110000,0", "0901110000"),
        ("9011100000.0", "9011100000"),
        ("9011100000.00", "9011100000"),
        ("8471.30.00", "84713000"),
        ("847130.00", "84713000"),
        ("0808.10", "080810"),
        ("0808\u00a010\u00a0800\u00a00", "0808108000"),
        ("apples", ""),
        ("٠٨٠٨", "0808"),
        ("苹果", ""),
        ("1,5", ""),
    ],
)
def test_a_dot_is_taken_out_of_a_code_and_not_out_of_a_number(text: str, digits: str) -> None:
    assert codes.digits_of(text) == digits
