"""What officers and traders type into figures and filters is read as people write it, and what is unknown is said."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clearance.forms import CountedForm, FindingForm
from clearance.models import Finding
from lib.templatetags.portal import quantity
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def finding(measured: str, unit: str = "") -> FindingForm:
    return FindingForm({"item_number": "1", "code": "conform", "measured": measured, "unit": unit}, items=1)


@pytest.mark.parametrize(
    ("measured", "unit", "figure", "code"),
    [
        ("1\u00a0998,5 kg", "", "1998.5", "KGM"),
        ("1,998.5", "kg", "1998.5", "KGM"),
        ("1 998,5 кг", "KGM", "1998.5", "KGM"),
        ("1 998 см3", "", "1998", "CMQ"),
        ("12 pcs", "", "12", "NAR"),
        ("0,5", "", "0.5", ""),
        ("", "", None, ""),
    ],
)
def test_a_measured_figure_is_read_as_it_is_printed(measured: str, unit: str, figure: str | None, code: str) -> None:
    form = finding(measured, unit)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["measured"] == (None if figure is None else Decimal(figure))
    assert form.cleaned_data["unit"] == code


@pytest.mark.parametrize("language", ["en", "ru", "tg"])
@pytest.mark.parametrize("number", ["1234.5", "12", "0.5", "1234567", "1234.5678"])
@pytest.mark.parametrize("sign", ["", " kg", "\u00a0кг", "KGM"])
def test_a_mass_is_read_as_it_is_printed_with_its_sign(language: str, number: str, sign: str) -> None:
    with translation.override(language):
        printed = quantity(Decimal(number)) + sign
        form = CountedForm({"item_number": "1", "code": "conform", "gross_mass": printed, "net_mass": printed}, items=1)
        assert form.is_valid(), form.errors
    assert form.cleaned_data["gross_mass"] == form.cleaned_data["net_mass"] == Decimal(number)


@pytest.mark.parametrize("text", ["12 t", "12 l", "12 bushels", "kg", "-1 kg"])
def test_a_mass_in_another_unit_is_refused(text: str) -> None:
    form = CountedForm({"item_number": "1", "code": "conform", "gross_mass": text}, items=1)
    assert not form.is_valid()
    assert list(form.errors) == ["gross_mass"]


@pytest.mark.parametrize(
    ("measured", "unit", "wrong"),
    [("1,998", "", "measured"), ("much", "", "measured"), ("-1 kg", "", "measured"), ("5 kg", "l", "unit"),
     ("5", "bushels", "unit"), ("0.0000001", "", "measured"), ("9" * 30, "", "measured")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_box(measured: str, unit: str, wrong: str) -> None:
    assert wrong in finding(measured, unit).errors


def test_an_officer_records_what_the_portal_prints() -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    client = client_of(officer)
    key = case.declaration.public_id
    client.post(reverse("case_examine", args=[key]), {"examine-kind": "goods"})
    door = reverse("case_finding", args=[key, case.examinations.get().pk])
    sent = {"item_number": "1", "code": "quantity", "text": "more", "measured": "1 998,5 kg", "unit": ""}
    answer = client.post(door, {f"finding-{name}": value for name, value in sent.items()})
    assert answer.status_code == 302
    assert (Finding.objects.get().measured, Finding.objects.get().unit) == (Decimal("1998.5"), "KGM")


@pytest.mark.parametrize("query", ["lane=blue", "held=nobody", "office=XX", "lane=yellow&held=x%00"])
def test_an_unknown_filter_of_the_queue_is_said_and_lists_nothing(query: str) -> None:
    case, client = clearance.paid("yellow"), client_of(clearance.yellow_officer())
    assert case.mrn in client.get(f"{reverse('queue')}?show=all").content.decode()
    page = client.get(f"{reverse('queue')}?{query}").content.decode()
    assert case.mrn not in page
    assert "to filter by" in page
    assert case.mrn in client.get(f"{reverse('queue')}?show=all").content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [("stage=lost", "to filter by"), ("company=1", "to filter by"), ("since=yesterday", "This is not a date")],
)
def test_an_unknown_filter_of_the_list_is_said_and_lists_nothing(as_trader: Client, query: str, said: str) -> None:
    draft = make.draft(lrn="my-draft")
    page = as_trader.get(f"{reverse('declarations')}?{query}").content.decode()
    assert draft.lrn not in page
    assert said in page
