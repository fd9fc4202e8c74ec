"""Receipts on paper and as pictures, the kiosk, and whoever pays for somebody else."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from passengers import services
from passengers.models import Status, TravelDeclaration, Traveller
from payments.models import TravelAttempt
from tests import make
from tests.passengers import travelling as way
from travel_receipts.services import make_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "told")]
PAPERS = ("travel_receipt", "travel_wallet", "travel_picture", "travel_slip")


@pytest.fixture(autouse=True)
def _key(tmp_path: Any, settings: Any) -> None:
    settings.TRAVEL_KEYS_DIR = tmp_path / "keys"
    make_key(signs_from=make.AT, at=make.AT)


def opened(client: Client, made: TravelDeclaration) -> TravelDeclaration:
    client.post(reverse("travel_resume"), {"code": made.code, "birth": "1.5.1990"})
    return made


def text(response: Any) -> str:
    return str(response.content.decode())


def printed(response: Any) -> str:
    """The words of a PDF, without the breaks of its lines."""
    done = subprocess.run(["pdftotext", "-", "-"], input=response.content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


# Papers -------------------------------------------------------------------------------------------------------


def test_the_paper_proves_what_was_brought_in(client: Client) -> None:
    money = [{"person": "1", "kind": "cash", "currency": "USD", "amount": "2500"}]
    car = {"kind": "car", "make": "Lada", "plate": "А123ВС77", "country": "RU", "purpose": "temporary"}
    made = way.draft(carries=["money", "goods", "vehicle"], money=money, goods=[way.clothes("900")], vehicle=car)
    made = opened(client, way.sent(made))
    services.save_part(made, part="people", value=[way.ANN | {"given": "Not sent"}], at=way.LATER)
    words = printed(client.get(reverse("travel_receipt", args=[made.public_id])))
    for said in ("2500 USD", "Presents: 900 USD", "А123ВС77", "Раҳмонов Фирӯз", made.reference):
        assert said in words
    assert "Not sent" not in words


def test_a_card_for_the_wallet_is_one_page_of_that_size(client: Client) -> None:
    made = opened(client, way.sent(way.draft(people=[way.ANN] + [way.ANN | {"given": "Б" * 100}] * 20)))
    (page,) = PdfReader(io.BytesIO(client.get(reverse("travel_wallet", args=[made.public_id])).content)).pages
    assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (243, 153)
    assert made.reference in page.extract_text()


def test_the_picture_is_the_code(client: Client) -> None:
    made = opened(client, way.sent(way.draft()))
    answer = client.get(reverse("travel_picture", args=[made.public_id]))
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).width > 500


def test_the_slip_has_the_code_also_while_something_is_to_be_paid(client: Client) -> None:
    made = opened(client, way.sent(way.with_clothes()))
    shown = text(client.get(reverse("travel_slip", args=[made.public_id])))
    assert f"{made.code[:4]}-{made.code[4:]}" in shown
    assert "1,354.97" in shown
    assert "<svg" not in shown
    way.paid(made)
    assert "<svg viewBox" in text(client.get(reverse("travel_slip", args=[made.public_id])))


@pytest.mark.parametrize("name", PAPERS)
def test_papers_are_for_whoever_opened_it(client: Client, name: str) -> None:
    made = way.sent(way.draft())
    assert client.get(reverse(name, args=[made.public_id])).status_code == 404
    draft = opened(client, way.draft())
    assert client.get(reverse(name, args=[draft.public_id])).status_code in (302, 404)


def test_names_of_every_script_go_through_form_table_page_paper_and_search(client: Client, shared_data: Path) -> None:
    names = (shared_data / "passengers" / "names.txt").read_text(encoding="utf-8").splitlines()
    key = way.begun(client)
    way.told_trip(client, key)
    way.told_people(client, key, *({"given": name, "birth": "01.05.1990", "document": "1"} for name in names))
    client.post(reverse("travel_review", args=[key]), {"key": "one"})
    assert list(Traveller.objects.order_by("position").values_list("given_name", flat=True)) == names
    shown = text(client.get(reverse("travel_standing", args=[key])))
    assert "<b>Ann</b>" not in shown
    assert "&lt;b&gt;Ann&lt;/b&gt;" in shown
    paper = client.get(reverse("travel_receipt", args=[key]))
    assert paper.status_code == 200
    words = printed(paper).replace(" ", "")
    for name in ("Ҷамшедович", "Þórunn", "Đỗ", "王小明", "Αλέξανδρος", "გიორგი", "Հայկ", "Ğülşən", "<b>Ann</b>"):
        assert name in words
    for name in names:
        found = Traveller.objects.filter(search__contains=" ".join(name.casefold().split()))
        assert name in [each.given_name for each in found]


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler is not here")
def test_no_letter_of_a_name_is_printed_as_an_empty_box(client: Client, tmp_path: Path) -> None:
    """Each script has a font: what no font has is drawn by none of them."""
    if not Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf").exists():
        pytest.skip("the fonts of other scripts are not here")
    made = opened(client, way.sent(way.draft(people=[way.ANN | {"given": "王小明 김민준 ประภาส प्रसाद"}])))
    file = tmp_path / "receipt.pdf"
    file.write_bytes(client.get(reverse("travel_receipt", args=[made.public_id])).content)
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout
    assert "Droid" in fonts
    assert "Free" in fonts


# The kiosk ----------------------------------------------------------------------------------------------------


def test_a_kiosk_asks_for_the_language_first_and_closes_what_was_open(client: Client) -> None:
    start = reverse("travel_kiosk")
    assert "Make this device a kiosk" in text(client.get(start))
    client.post(reverse("travel_kiosk_switch"), {"on": "1"})
    asked = text(client.get(start))
    assert 'value="tg"' in asked
    assert "Таможня для путешественников" in asked
    key = way.begun(client)
    page = client.get(way.page(key, "people"))
    assert "travel-kiosk.js" in text(page)
    assert "js/travel.js" not in text(page)
    assert "no-store" in page["Cache-Control"]
    assert client.cookies["travel"]["max-age"] == 900
    client.get(start)
    assert client.get(way.page(key, "people")).status_code == 404
    client.post(reverse("travel_kiosk_switch"))
    assert "Make this device a kiosk" in text(client.get(start))


# Whoever pays for somebody else -------------------------------------------------------------------------------


def link_of(client: Client, made: TravelDeclaration) -> str:
    shown = text(client.get(reverse("travel_standing", args=[made.public_id])))
    return "/travel/pay/" + shown.split("/travel/pay/")[1].split('"')[0]


def test_an_employer_pays_by_the_link_and_sees_nothing_else(client: Client, told: list[dict[str, Any]]) -> None:
    made = opened(client, way.sent(way.with_clothes()))
    employer, link = Client(), link_of(client, made)
    shown = text(employer.get(link))
    assert made.reference in shown
    assert "1,354.97" in shown
    for secret in ("Раҳмонов", made.code, str(made.public_id), "Presents"):
        assert secret not in shown
    gone = employer.post(link, {"key": "one"})
    assert gone["Location"].startswith(portal_settings.BANK_URL)
    assert told[0]["return_url"].endswith(f"{link}?back=1")
    assert employer.get(reverse("travel_standing", args=[made.public_id])).status_code == 404
    way.arrives(TravelAttempt.objects.get())
    assert "Nothing is to be paid" in text(employer.get(f"{link}?back=1"))
    made.refresh_from_db()
    assert made.status == Status.PAID


def test_traveller_and_employer_pay_at_once_and_one_of_them_gets_it_back(client: Client) -> None:
    made = opened(client, way.sent(way.with_clothes()))
    Client().post(link_of(client, made), {"key": "one"})
    client.post(reverse("travel_pay", args=[made.public_id]), {"key": "one"})
    first, second = TravelAttempt.objects.order_by("pk")
    way.arrives(second)
    way.arrives(first, transaction="TX2")
    assert first.refunds.get().amount == way.D("1354.97")


@pytest.mark.parametrize("link", ["x", "a:b:c", "IjNmMGMxZjZlIg:1vV:abc", "%20"])
def test_a_link_that_is_none_opens_nothing(client: Client, link: str) -> None:
    assert client.get(f"/travel/pay/{link}/").status_code == 404


def test_after_cancellation_the_link_takes_nothing(client: Client) -> None:
    made = opened(client, way.sent(way.with_clothes()))
    link = link_of(client, made)
    services.cancel(made, at=way.LATER)
    assert "Nothing is to be paid" in text(Client().get(link))
    assert Client().post(link, {"key": "one"}).status_code == 422
