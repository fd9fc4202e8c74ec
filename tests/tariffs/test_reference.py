"""Reference tables in the admin: code lists are edited and imported, published law is read, rates are added."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Office, Role, TableChange
from accounts.selectors import table_changes
from tariff_lookup.models import Synonym
from tariff_lookup.search import search
from tariffs.models import Country, Measure, PackageKind, Procedure, Unit
from tariffs.selectors import code_list, territory
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

NAMES = {"name": "Atlantis", "name_ru": "Атлантида", "name_tg": "Атлантида"}


@pytest.fixture
def tariff_officer(db: None) -> Client:
    return client_of(make.officer(Role.TARIFF, None))


def test_a_new_code_is_known_at_once(tariff_officer: Client) -> None:
    before = territory().edition
    assert "QZ" not in code_list("country", on=make.ON)
    answer = tariff_officer.post(reverse("admin:tariffs_country_add"), {"code": "QZ", **NAMES})
    assert answer.status_code == 302
    assert code_list("country", on=make.ON)["QZ"] == "Atlantis"
    assert territory().edition > before


@pytest.mark.parametrize("code", ["qz", "QZZ", "Q", "Q1", "TJ"])
def test_a_code_of_the_wrong_shape_or_one_that_exists_is_refused(tariff_officer: Client, code: str) -> None:
    before = Country.objects.count()
    answer = tariff_officer.post(reverse("admin:tariffs_country_add"), {"code": code, **NAMES})
    assert answer.status_code == 200
    assert Country.objects.count() == before


def imported(client: Client, content: str) -> str:
    file = SimpleUploadedFile("countries.csv", content.encode(), "text/csv")
    answer = client.post(reverse("admin:tariffs_country_import"), {"import_file": file, "format": "0"})
    return answer.content.decode()


def test_a_file_with_a_bad_row_is_shown_with_its_fault_and_not_offered_for_import(tariff_officer: Client) -> None:
    good = imported(tariff_officer, "code,name,name_ru,name_tg\nQZ,Atlantis,,\n")
    bad = imported(tariff_officer, "code,name,name_ru,name_tg\nQZ,Atlantis,,\nnope,Nowhere,,\n")
    assert "Confirm import" in good
    assert "Confirm import" not in bad
    assert not Country.objects.filter(code="QZ").exists()


def test_published_law_is_read_and_not_edited(tariff_officer: Client) -> None:
    measure = Measure.objects.all()[0]
    change = reverse("admin:tariffs_measure_change", args=[measure.pk])
    assert tariff_officer.get(change).status_code == 200
    assert tariff_officer.post(change, {"rate_text": "1%"}).status_code == 403
    assert tariff_officer.get(reverse("admin:tariffs_measure_add")).status_code == 403
    assert tariff_officer.post(reverse("admin:tariffs_measure_delete", args=[measure.pk])).status_code == 403
    assert tariff_officer.get(reverse("admin:tariffs_tax_add")).status_code == 403


def test_an_everyday_word_is_found_as_soon_as_it_is_kept_and_no_more_when_it_is_dropped(
    tariff_officer: Client,
) -> None:
    assert search("frobnicator", on=make.ON).guessed
    word = {"term": "Frobnicator", "language": "en", "code": "8479"}
    assert tariff_officer.post(reverse("admin:tariff_lookup_synonym_add"), word).status_code == 302
    assert search("frobnicators", on=make.ON).groups[0].heading.code == "8479"
    kept = Synonym.objects.get(term="frobnicator")
    tariff_officer.post(reverse("admin:tariff_lookup_synonym_delete", args=[kept.pk]), {"post": "yes"})
    assert search("frobnicator", on=make.ON).guessed


def test_everyday_words_from_a_file_are_found_at_once_and_go_out_by_file_too(tariff_officer: Client) -> None:
    table = "term,language,code\nfrobnicator,en,847989\nфробникатор,ru,847989\n"
    file = SimpleUploadedFile("words.csv", table.encode(), "text/csv")
    page = tariff_officer.post(reverse("admin:tariff_lookup_synonym_import"), {"import_file": file, "format": "0"})
    assert search("frobnicator", on=make.ON).guessed
    confirm = page.context["confirm_form"]
    answer = tariff_officer.post(reverse("admin:tariff_lookup_synonym_process_import"), confirm.initial)
    assert answer.status_code == 302
    for question in ("frobnicators", "фробникаторы"):
        assert search(question, on=make.ON).codes[0] == "847989"
    out = tariff_officer.post(reverse("admin:tariff_lookup_synonym_export"), {"format": "0"})
    assert "фробникатор,ru,847989" in out.content.decode()


@pytest.mark.parametrize("role", [Role.DOCUMENTARY, Role.AUDITOR])
def test_other_officers_change_no_table(role: Role) -> None:
    client = client_of(make.officer(role, None if role == Role.AUDITOR else make.OFFICE))
    assert client.post(reverse("admin:tariffs_country_add"), {"code": "QZ", **NAMES}).status_code in (302, 403, 404)
    assert not Country.objects.filter(code="QZ").exists()


TABLES = (
    *(f"tariffs_{name}" for name in (
        "country", "countrygroup", "currency", "unit", "packagekind", "deliveryterm", "transportmode", "documenttype",
        "codelistentry", "procedure", "territory", "legalact", "section", "commodity", "tax", "measure", "exchangerate",
    )),
    "tariff_lookup_synonym",
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_table_opens_and_is_exported(tariff_officer: Client, table: str) -> None:
    assert tariff_officer.get(reverse(f"admin:{table}_changelist")).status_code == 200
    assert tariff_officer.get(reverse(f"admin:{table}_export")).status_code == 200


# History and files ------------------------------------------------------------------------------------------


def test_history_tells_who_changed_what_from_what(tariff_officer: Client) -> None:
    country = Country.objects.get(code="KZ")
    change = {"name": "Kazakhstan, Republic of", "name_ru": country.name_ru, "name_tg": country.name_tg}
    assert tariff_officer.post(reverse("admin:tariffs_country_change", args=[country.pk]), change).status_code == 302
    [kept] = table_changes(country)
    assert kept.differences == [("name", country.name, "Kazakhstan, Republic of")]
    assert kept.by == make.officer(Role.TARIFF, None)
    page = tariff_officer.get(reverse("admin:tariffs_country_history", args=[country.pk])).content.decode()
    page = " ".join(page.split())
    assert "<del>Kazakhstan</del> → <ins>Kazakhstan, Republic of</ins>" in page


def test_what_a_file_brings_is_in_the_history_of_whoever_brought_it(tariff_officer: Client) -> None:
    confirmed(tariff_officer, "country", "code,name,name_ru,name_tg\nQZ,Atlantis,,\n")
    [kept] = table_changes(Country.objects.get(code="QZ"))
    assert (kept.action, kept.by) == ("insert", make.officer(Role.TARIFF, None))
    assert ("name", None, "Atlantis") in kept.differences


@pytest.mark.usefixtures("as_owner")
def test_history_is_kept_whatever_way_a_row_is_written_and_is_never_rewritten() -> None:
    country = Country.objects.get(code="KZ")
    Country.objects.filter(pk=country.pk).update(name_tg="Қазоқистон (нав)")
    [kept] = table_changes(country)
    assert kept.by is None
    with pytest.raises(IntegrityError), transaction.atomic():
        TableChange.objects.filter(pk=kept.pk).update(action="delete")


def confirmed(client: Client, table: str, content: str) -> None:
    """Import a file as a person does: look at what it would do, then confirm."""
    file = SimpleUploadedFile("list.csv", content.encode(), "text/csv")
    shown = client.post(reverse(f"admin:tariffs_{table}_import"), {"import_file": file, "format": "0"})
    form = shown.context["confirm_form"]
    assert form is not None, shown.content.decode()
    answer = client.post(reverse(f"admin:tariffs_{table}_process_import"), form.initial)
    assert answer.status_code == 302


UNECE_20 = (
    "Status,CommonCode,Name,Description,LevelAndCategory,Symbol,ConversionFactor\n"
    "X,05,lift,,3.9,,\n,QZ9,heap of things,,3.9,hp,\n,KGM,kilogram,,1,kg,kg\n"
)


def test_what_a_procedure_asks_for_comes_in_by_file(tariff_officer: Client) -> None:
    confirmed(
        tariff_officer,
        "procedure",
        "code,is_national,general_procedure,suspends,opens_account,term_days,papers,name,valid_from\n"
        "7800,no,IM7,yes,yes,90,315 271,Free zone,2026-01-01\n"
        "7878,no,IM7,yes,no,,,Free zone again,2026-01-01\n",
    )
    first, second = Procedure.objects.filter(code__startswith="78").order_by("code")
    assert (first.opens_account, first.term_days, first.papers) == (True, 90, ["315", "271"])
    assert (second.opens_account, second.term_days, second.papers, second.draws_stock) == (False, None, [], False)
    assert (first.requested, second.previous) == ("78", "78")


def test_a_list_as_the_unece_publishes_it_is_read_without_its_withdrawn_rows(tariff_officer: Client) -> None:
    russian = Unit.objects.get(code="KGM").name_ru
    confirmed(tariff_officer, "unit", UNECE_20)
    assert Unit.objects.get(code="QZ9").symbol == "hp"
    assert not Unit.objects.filter(code="05").exists()
    assert Unit.objects.get(code="KGM").name_ru == russian


@pytest.mark.parametrize(
    ("table", "file", "rows"),
    [("unit", "unece_rec20_units.csv", 1000), ("packagekind", "unece_rec21_package_codes.csv", 300)],
)
def test_the_whole_unece_recommendations_come_in(
    tariff_officer: Client, shared_data: Path, table: str, file: str, rows: int
) -> None:
    confirmed(tariff_officer, table, (shared_data / "codes" / file).read_text())
    model = {"unit": Unit, "packagekind": PackageKind}[table]
    assert model.objects.count() > rows


def test_a_changed_office_is_known_at_once() -> None:
    administrator = client_of(make.officer(Role.ADMIN, None))
    office = Office.objects.get(code=make.OFFICE)
    assert code_list("office", on=make.ON)[make.OFFICE] == office.name
    fields = {"name": "Renamed office", "name_ru": "", "name_tg": "", "address": "", "valid_from": "2022-01-01"}
    answer = administrator.post(reverse("admin:accounts_office_change", args=[office.pk]), fields)
    assert answer.status_code == 302
    assert code_list("office", on=make.ON)[make.OFFICE] == "Renamed office"
    assert (
        "Renamed office"
        in administrator.get(reverse("admin:accounts_office_history", args=[office.pk])).content.decode()
    )
