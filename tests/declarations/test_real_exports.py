"""Real ASYCUDA exports through the door: uploaded as XML, lodged, assessed, under the law of their own country."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from declarations import selectors, services
from declarations.models import Declaration, StoredFile
from tests import make
from tests.countries import load_instead
from tests.machines import make as machines
from traders.models import Company
from traders.services import confirm_company, give_mandate, register_company

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/declarations/"
CENT = Decimal("0.01")
LONG_AGO = date(2010, 1, 1)
FILES = (
    "al_im4_1_item.xml", "al_im4_40_items.xml", "al_im7_1_item.xml", "gd_ex9_1_item.xml", "gd_im7_3_items.xml",
    "jm_im4.xml", "np_im4_119_items.xml",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def register(tin: str, owner: User) -> Company:
    known = Company.objects.filter(tin=tin).first()
    if known is not None:
        return known
    made = register_company(tin=tin, name=tin, tin_pattern=".+", by=owner, on=LONG_AGO, at=make.AT)
    confirm_company(made, by=None, at=make.AT)
    made.refresh_from_db()
    return made


def through_the_door(file: Path, *, country: str, at: datetime) -> Declaration:
    """Upload, register the parties that the file names, lodge. Every step over HTTP on the day of the file."""
    load_instead(country)
    broker = make.user("broker@example.com")
    stated = services.draft_from_xml(
        declarant=register("0", broker), name=file.name, content=file.read_bytes(), by=broker, at=at
    )
    agent, principal = register(stated.declarant_code, broker), register(stated.consignee_code, broker)
    if agent != principal:
        give_mandate(principal, agent=agent, by=broker, at=at, valid_from=LONG_AGO)
    door = machines.own_door(broker)
    with time_machine.travel(at, tick=False):
        upload = {"file": SimpleUploadedFile(file.name, file.read_bytes())}
        made = door.post(f"{ROOT}xml/?declarant={agent.tin}", upload)
        assert made.status_code == 201, made.content
        lodged = door.post(f"{ROOT}{made.json()['id']}/lodge/")
        assert lodged.status_code == 201, lodged.content
    return Declaration.objects.get(public_id=lodged.json()["id"])


@pytest.mark.long
def test_grenada_three_items_in_a_warehouse(shared_data: Path) -> None:
    file = shared_data / "asycuda" / "gd_im7_3_items.xml"
    made = through_the_door(file, country="gd", at=datetime(2015, 3, 31, 12, tzinfo=UTC))
    assert made.status == "assessed"
    assert len(selectors.charges_of(made)) == 9
    assert made.payable is not None
    assert made.guaranteed is not None
    assert abs(made.payable - Decimal("370.36")) <= CENT
    assert abs(made.guaranteed - Decimal("1336.36")) <= CENT


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "at", "lines", "payable"),
    [
        ("al_im4_40_items.xml", datetime(2016, 9, 13, 12, tzinfo=UTC), 81, 2_303_330),
        ("al_im4_1_item.xml", datetime(2016, 8, 26, 12, tzinfo=UTC), 3, 180_464),
    ],
)
def test_albania_comes_to_the_totals_of_the_file(
    shared_data: Path, name: str, at: datetime, lines: int, payable: int
) -> None:
    made = through_the_door(shared_data / "asycuda" / name, country="al", at=at)
    assert len(selectors.charges_of(made)) == lines
    assert (made.payable, made.guaranteed) == (payable, 0)


@pytest.mark.parametrize("name", FILES)
def test_every_export_becomes_a_draft_and_the_file_is_kept(shared_data: Path, name: str) -> None:
    content = (shared_data / "asycuda" / name).read_bytes()
    draft = services.draft_from_xml(
        declarant=make.company(owner=make.trader()), name=name, content=content, by=make.trader(), at=make.AT
    )
    assert draft.items.count() == content.count(b"<Item>")
    assert draft.held == {}
    with StoredFile.objects.get(declaration=draft).file.open() as kept:
        assert kept.read() == content
