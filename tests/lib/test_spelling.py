"""Two spellings of one code are one code; what has no Latin twin is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.check_digits import container_is_valid
from lib.spelling import (
    ForeignSign,
    folded,
    plain_code,
    plain_container,
    plain_plate,
    searched,
    with_plain_digits,
)

CONTAINER = "CSQU3054383"


@pytest.mark.parametrize(
    "text",
    [
        "CSQU3054383", "csqu3054383", "CSQU 305438 3", "CSQU305438-3", "CSQU 305438/3", "CSQU\u2013305438\u20113",
        "\u0421SQU3054383", "\u0441squ3054383", "ＣＳＱＵ３０５４３８３", "CSQU\u200b3054383\ufeff", "CSQU٣٠٥٤٣٨٣",
        "CSQU۳۰۵۴۳۸۳", "𝐂𝐒𝐐𝐔𝟑𝟎𝟓𝟒𝟑𝟖𝟑", "\u202eCSQU3054383\u202c", "CSQU\u00a0305438\u20093", "C\u034fSQU3054383\ufe0f",
    ],
)  # fmt: skip
def test_spellings_of_one_container_are_one(text: str) -> None:
    assert plain_container(text) == CONTAINER


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("СN", "CN"), ("ТJ", "TJ"), ("ЕUR", "EUR"), ("СIР", "CIP"), ("СТ", "CT"), ("im", "IM"), ("ΑΒΕ", "ABE"),
        ("09０２", "0902"), ("К\u200eG", "KG"), ("\u212aG", "KG"), ("ﬀ", "FF"), ("TJ 01", "TJ01"), ("ı", "I"),
    ],
)  # fmt: skip
def test_letters_that_only_look_right_become_those_that_were_meant(text: str, code: str) -> None:
    assert plain_code(text) == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CЖ", "Character 2, “Ж”, is a Cyrillic letter"), ("Σ1", "Character 1, “Σ”, is a Greek letter"),
        ("C²", "Character 2, “²”, cannot stand in a code"), ("中", "“中”"), ("ß", "“ß”"), ("É", "“É”"), ("1½", "“½”"),
        ("C\u0338", "cannot stand in a code"), ("①", "“①”"), ("د", "“د”"), ("\ue000", "cannot stand"),
    ],
)  # fmt: skip
def test_a_sign_without_a_latin_twin_is_named(text: str, said: str) -> None:
    with pytest.raises(ForeignSign) as refused:
        plain_code(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("01 777 АВ 01", "01 777 АВ 01"),  # a word of letters alone may be a name
        ("А123ВС 77", "A123BC 77"), ("а123вс77", "A123BC77"), ("01 777 ab 01", "01 777 ab 01"),
        ("МАЗ-5440", "МАЗ-5440"), ("Камаз А123ВС", "Камаз A123BC"), ("Боинг 737", "Боинг 737"),
        ("TK\u200b 632", "TK 632"), ("４４４４AB01", "4444AB01"),
    ],
)  # fmt: skip
def test_a_plate_is_latin_and_a_name_stays_as_it_is(text: str, kept: str) -> None:
    assert plain_plate(text) == kept


def test_digits_of_every_script_are_digits_and_powers_are_not() -> None:
    assert with_plain_digits("١٢٠٠٫٥") == "1200.5"
    assert with_plain_digits("\u200e１２") == "12"
    assert with_plain_digits("10²") == "10²"
    assert searched(" 26tj 0000\u200b ") == "26TJ0000"


@given(st.text(max_size=30))
def test_nothing_raises_but_what_it_says_and_what_is_plain_stays(text: str) -> None:
    folded(text), searched(text), plain_plate(text), with_plain_digits(text)
    try:
        code = plain_code(text)
    except ForeignSign:
        return
    assert code.isascii()
    assert plain_code(code) == code


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        (CONTAINER, True), ("CSQU3054384", False), ("HUPB0123453", True), ("HUPK5432105", True),
        ("HUPB0123454", False), ("ILUK1234561", False), ("CSQL3054383", False), ("CSQU305438", False),
        ("\u0421SQU3054383", False), ("CSQU٣٠٥٤٣٨٣", False), ("", False), ("CSQU3054383\n", False),
    ],
)  # fmt: skip
def test_containers_and_units_of_europe_have_a_check_digit(number: str, valid: bool) -> None:
    assert container_is_valid(number) is valid
