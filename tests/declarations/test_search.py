"""One search finds a declaration by everything that names it, for those who may see it, and in bounded time."""

import pytest
from django.urls import reverse

from accounts.models import Role
from clearance.models import Case, Opening
from clearance.selectors.search import Asked, files_found
from declarations import selectors
from declarations.models import Declaration
from lib.searching import pieces_of, query_of, words_in
from tests import make
from tests.clearance import make as clearance
from tests.conftest import client_of
from traders.models import Company


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", ""), ("  .,;- ", ""), ("Tea", "'tea':*"), ("зелёный чай", "'зеленый':* & 'чай':*"),
        ("26TJ0001", "'26tj0001':*"), ("csqu 305438-3", "('csqu':* & '305438':* & '3') | 'csqu3054383':*"),
        ("ТЈ01", "'tj01':*"), ("АВС", "('авс':* | 'abc':*)"), ("o'neil", "'o' & 'neil':*"),
        ("a:*|b&!c\\", "'a' & 'b' & 'c'"), ("\u200b26\u00ad1", "'261':*"), ("x" * 300, f"'{'x' * 40}':*"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_question_that_cannot_be_wrong(text: str, asked: str) -> None:
    assert query_of(text) == asked


def test_a_number_is_kept_with_its_ends_and_a_text_with_its_words() -> None:
    assert list(pieces_of("TJ-12/34")) == ["tj1234", "j1234", "1234", "234", "tj", "12", "34"]
    assert list(pieces_of("")) == []
    assert list(words_in("Чай зелёный, 2 кг; арт. АВ12")) == ["чай", "зеленый", "2", "кг", "арт", "ab12"]
    assert list(words_in("Ҷӯроб")) == ["ҷӯроб", "чуроб"], "as it is typed without Tajik keys"


@pytest.fixture
def lodged(db: None) -> Declaration:
    item = make.item(commercial_description="Bananas, fresh, «Cavendish»")
    item["documents"] = [*item.get("documents", []), {"code": "380", "reference": "INV-77/2026"}]
    return make.lodged(
        lrn="BRK 2026/0417", items=[item], container_flag=True, departure_identity="01KH 1234 AB",
        containers=[{"identity": "CSQU3054383", "item_number": 1}],
        suppliers=[{"invoice_number": "ZX-900-1", "name": "Quito Fruit SA"}],
    )  # fmt: skip


def test_a_lodged_declaration_is_found_by_all_that_names_it(lodged: Declaration) -> None:
    rows = selectors.visible_to(make.trader(), on=make.ON).order_by("-pk")
    named = [
        lodged.mrn, lodged.mrn[4:12], lodged.mrn.lower()[6:], lodged.customs_number, "brk 2026/0417", "20260417",
        "cavend", "fresh bananas", "0902", "csqu 305438-3", "3054383", "inv-77", "77/2026", "zx-900", "Quito",
        "1234", "01КН1234", "Somon", make.TIN,
    ]  # fmt: skip
    assert [text for text in named if selectors.in_rows(rows, text) != [lodged.pk]] == []
    assert [text for text in ("", "-", "apples", "bananas rotten", "'", "\\") if selectors.in_rows(rows, text)] == []
    assert selectors.in_rows(selectors.visible_to(make.stranger(), on=make.ON), lodged.mrn) == []


@pytest.mark.django_db
def test_a_draft_is_found_as_it_stands_by_its_people_alone() -> None:
    draft = make.draft(lrn="draft-of-mine")
    page = reverse("declarations")
    assert draft.lrn in client_of(make.trader()).get(page, {"text": "of-mine"}).content.decode()
    assert draft.lrn not in client_of(make.trader()).get(page, {"text": "of-others"}).content.decode()
    assert draft.lrn not in client_of(make.stranger()).get(page, {"text": "of-mine"}).content.decode()
    taken = client_of(make.trader()).get(reverse("declarations_table", args=["csv"]), {"text": "of-mine"})
    assert b"draft-of-mine" in b"".join(taken.streaming_content)


@pytest.mark.django_db
def test_a_draft_is_found_by_all_that_a_lodged_declaration_is_found_by() -> None:
    """In either alphabet, with or without what separates the parts of a number, whatever somebody typed around it."""
    make.trader()
    Company.objects.filter(tin=make.TIN).update(name_ru="ООО «Сомон Импорт»", name_tg="ҶДММ «Сомон»")
    item = make.item(commercial_description="Чай чёрный цейлонский, Ceylon tea; ҷӯроб, ҳаво")
    item["documents"] = [{"code": "380", "reference": "INV-77/2026-А"}]
    draft = make.draft(
        lrn="БР-2026/0417", items=[item], consignee_code=make.TIN, consignee_name="", departure_identity="01КН 1234 AB",
        exporter_name="Ёлка и Сосна", containers=[{"identity": "CSQU3054383", "item_number": 1}],
        suppliers=[{"invoice_number": "СЧ-900-1", "name": "Шёлк Trading"}],
    )  # fmt: skip
    rows = selectors.visible_to(make.trader(), on=make.ON).order_by("-pk")
    named = [
        "бр-2026", "БР 2026 0417", "2026/0417", "черный", "ЧЁРНЫЙ чай", "ceylon!", "tea & чай", "0902", "0902 30",
        "елка", "сосна", "сомон импорт", "csqu 305438-3", "3054383", "inv 77 2026", "77/2026-A", "сч 900 1", "шелк",
        "01KH1234", "01 КН 1234", make.TIN, make.TIN[:6], "ҷӯроб", "чуроб", "хаво",
    ]  # fmt: skip
    assert [text for text in named if selectors.in_rows(rows, text) != [draft.pk]] == []
    assert [text for text in ("%", "_", "чайка", "0902 99", "\\", "'") if selectors.in_rows(rows, text)] == []
    assert selectors.in_rows(selectors.visible_to(make.stranger(), on=make.ON), "елка") == []


@pytest.mark.django_db
def test_an_officer_finds_files_that_ended_and_every_look_is_written_down() -> None:
    case, officer = clearance.released(), clearance.yellow_officer()
    case.refresh_from_db()
    assert case.closed_at is not None
    client = client_of(officer)
    found = client.get(reverse("files"), {"text": case.mrn[-6:], "lane": "green", "status": "released"})
    assert case.mrn in found.content.decode()
    assert case.mrn not in client.get(reverse("files"), {"text": case.mrn[-6:], "lane": "red"}).content.decode()
    assert case.mrn not in client.get(reverse("files")).content.decode()
    assert client.get(reverse("files"), {"lane": "pink"}).status_code == 422
    elsewhere = make.officer(Role.DOCUMENTARY, "TJ02")
    assert files_found(elsewhere, Asked(text=case.mrn), on=make.ON) == []
    assert client_of(make.trader()).get(reverse("files")).status_code == 404

    client.get(reverse("declaration", args=[case.declaration.public_id]), follow=True)
    assert Opening.objects.get().by == officer
    auditor = client_of(make.officer(Role.AUDITOR, None))
    shown = auditor.get(reverse("openings"), {"officer": officer.email, "number": case.mrn})
    assert officer.email in shown.content.decode().split("<tbody>")[1]
    assert "<tbody>" not in auditor.get(reverse("openings"), {"officer": "nobody"}).content.decode()
    assert client.get(reverse("openings")).status_code == 404
    taken = auditor.get(reverse("openings_table", args=["csv"]))
    assert case.mrn in b"".join(taken.streaming_content).decode()


@pytest.mark.django_db
def test_filters_find_what_an_officer_holds_and_what_was_found() -> None:
    case, officer = clearance.claimed("red"), clearance.red_officer()
    auditor = make.officer(Role.AUDITOR, None)

    def found(**asked: object) -> bool:
        return files_found(auditor, Asked(**asked), on=make.ON) == [case.declaration_id]  # type: ignore[arg-type]

    assert found(held_by=officer.pk)
    assert not found(held_by=auditor.pk)
    assert found(trader=case.trader_tin, since=make.ON, until=make.ON, office=case.office_code, lane="red")
    assert not found(trader=case.trader_tin, until=make.SINCE)
    assert not found(finding="any")
    client = client_of(officer)
    key = case.declaration.public_id
    client.post(reverse("case_examine", args=[key]), {"examine-kind": "goods"})
    door = reverse("case_finding", args=[key, Case.objects.get(pk=case.pk).examinations.get().pk])
    sent = {"item_number": "1", "code": "quantity", "text": "more", "measured": "3", "unit": ""}
    client.post(door, {f"finding-{name}": value for name, value in sent.items()})
    assert found(finding="any")
    assert found(finding="quantity", text=case.mrn)
    assert not found(finding="origin")
    book = client.get(reverse("files_table", args=["xlsx"]), {"held_by": officer.pk})
    assert book.status_code == 200
    assert client.get(reverse("files_table", args=["exe"]), {"held_by": officer.pk}).status_code == 404
