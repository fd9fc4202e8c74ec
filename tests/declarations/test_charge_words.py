"""Charges are read in the reader's language, whoever lodged in whichever."""

import pytest
from django.utils import translation

from declarations.sad_pdf import render_notice
from declarations.selectors import charges_of, valuations_of
from tariffs.wording import formula_in_words
from tests import make
from tests.papers.test_papers import pages

pytestmark = pytest.mark.django_db


def test_names_acts_and_formulas_are_the_reader_s() -> None:
    with translation.override("en"):
        made = make.assessed(external_freight="100", external_freight_currency="USD")
    with translation.override("ru"):
        charges = charges_of(made)
        (value,) = valuations_of(made).values()
        notice = " ".join(pages(render_notice(made)))
    assert "Order 450" not in notice
    assert "№ 450 · О таможенном тарифе" in notice
    for charge in charges:
        assert any("А" <= sign <= "я" for sign in charge.tax_name), charge.tax_name
        assert charge.legal_basis != made.charges.get(pk=charge.pk).legal_basis or "Example" in charge.legal_basis
        assert "." not in charge.formula
        assert charge.tax_name.split()[0] in notice
    assert "external freight" not in value.formula + notice
    assert made.charges.first().tax_name in ("Import duty", "Customs processing fee", "Value added tax")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "1\u00a0998.5 kg × 1.4 TJS/kg gross = 2\u00a0797.90 TJS",
            "1\u00a0998,5 кг × 1,4 TJS/кг брутто = 2\u00a0797,90 TJS",
        ),
        ("0.6 hl [60 l] × 10 TJS/hl = 6.00 TJS", "0,6 гл [60 л] × 10 TJS/гл = 6,00 TJS"),
        ("10 l alc. 100% × 5 TJS/l alc. 100%", "10 л 100% спирта × 5 TJS/л 100% спирта"),
        ("40% sucrose × 2 TJS/100 kg/% sucrose", "40% сахарозы × 2 TJS/100 кг/% сахарозы"),
    ],
)
def test_a_formula_has_the_signs_of_its_reader(said: str, shown: str) -> None:
    with translation.override("en"):
        assert formula_in_words(said) == said
    with translation.override("tg"):
        assert formula_in_words(said).replace("gross", "брутто") == shown
