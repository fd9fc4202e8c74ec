"""The officers' pages of change sets, through the door: who gets in, rows by form and from files, the way into law."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from tariff_changes import services as changes
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariffs.models import LegalAct, Measure
from tests import make
from tests.conftest import client_of
from tests.tariff_changes.change_steps import rows, sets

pytestmark = pytest.mark.django_db
APPLES, WATER = "0808108000", "2201101100"
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    return


@pytest.fixture
def start() -> date:
    return timezone.localdate() + timedelta(days=10)


@pytest.fixture
def maker(db: None) -> User:
    return make.officer(Role.TARIFF, None)


@pytest.fixture
def as_maker(maker: User) -> Client:
    return client_of(maker)


@pytest.fixture
def as_approver(db: None) -> Client:
    return client_of(make.officer(Role.APPROVING, None))


@pytest.fixture
def draft(maker: User, start: date) -> ChangeSet:
    act = LegalAct.objects.get(number="Order 450")
    return changes.begin(title="Apples", takes_effect=start, legal_act=act, by=maker, at=timezone.now())


def apples(on: date) -> Measure:
    return Measure.objects.on(on).get(kind="rate", tax_code="DUTY", commodity_prefix=APPLES, origin="")


def with_apples(draft: ChangeSet, maker: User, rate: str = "7%") -> ChangeRow:
    """The draft with another rate for apples."""
    return changes.add_row(
        draft, table="measure", action="replace", target=apples(draft.takes_effect).pk, values={"rate": rate},
        by=maker, at=timezone.now(),
    )  # fmt: skip


def text(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, name: str, *args: Any, **fields: Any) -> Any:
    return client.post(reverse(name, args=args), fields)


def version(draft: ChangeSet) -> int:
    return sets().get(pk=draft.pk).version


# Who gets in --------------------------------------------------------------------------------------------------
def test_change_sets_do_not_exist_for_others(
    client: Client, as_trader: Client, as_officer: Client, draft: ChangeSet, maker: User
) -> None:
    row = with_apples(draft, maker)
    for name, args in (
        ("change_sets", []),
        ("change_set_new", []),
        ("change_set", [draft.pk]),
        ("change_row", [draft.pk, row.place]),
        ("change_set_csv", [draft.pk]),
        ("change_set_impact", [draft.pk]),
    ):
        assert as_trader.get(reverse(name, args=args)).status_code == 404
        assert as_officer.get(reverse(name, args=args)).status_code == 404
        assert client.get(reverse(name, args=args)).status_code == 302
    assert "Tariff changes" not in as_officer.get("/tariff/").content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.APPROVING])
def test_readers_see_a_set_and_cannot_edit_it(draft: ChangeSet, maker: User, role: Role) -> None:
    row = with_apples(draft, maker)
    reader = client_of(make.officer(role, None))
    shown = text(reader, "change_set", draft.pk)
    assert "Tariff changes" in shown
    assert "Submit for approval" not in shown
    assert reverse("change_row", args=[draft.pk, row.place]) not in shown
    for name, args in (
        ("change_set_submit", [draft.pk]),
        ("change_row_drop", [draft.pk, row.place]),
        ("change_row", [draft.pk, row.place]),
        ("change_set_upload", [draft.pk]),
    ):
        assert reader.post(reverse(name, args=args)).status_code == 404
    assert reader.get(reverse("change_set_new")).status_code == 404


def test_an_auditor_moves_nothing_on(draft: ChangeSet) -> None:
    auditor = client_of(make.officer(Role.AUDITOR, None))
    for verb in ("approve", "publish", "send_back", "withdraw", "opposite"):
        assert auditor.post(reverse(f"change_set_{verb}", args=[draft.pk])).status_code == 404


# By form ------------------------------------------------------------------------------------------------------
def test_a_set_is_begun_and_an_empty_screen_says_what_to_do(as_maker: Client, start: date) -> None:
    assert "The tariff changes through change sets" in text(as_maker, "change_sets")
    act = LegalAct.objects.get(number="Order 450")
    answer = post(as_maker, "change_set_new", title="Tea", takes_effect=start.isoformat(), legal_act=act.pk, reason="")
    assert answer.status_code == 302
    [begun] = sets().all()
    assert (begun.title, begun.takes_effect, begun.legal_act) == ("Tea", start, act)
    assert "Add rows below" in text(as_maker, "change_set", begun.pk)
    assert "Tea" in text(as_maker, "change_sets", show="mine")


def test_a_head_that_cannot_be_read_keeps_what_was_typed(as_maker: Client) -> None:
    answer = post(as_maker, "change_set_new", title="Tea", takes_effect="soon", reason="because")
    assert answer.status_code == 422
    assert "because" in answer.content.decode()
    assert not sets().exists()


def test_a_published_rate_is_chosen_and_replaced(as_maker: Client, draft: ChangeSet, start: date) -> None:
    found = text(as_maker, "change_row_choose", draft.pk, table="measure", code="0808 10", tax="DUTY")
    assert f"DUTY {APPLES}" in found
    target = apples(start)
    answer = post(as_maker, "change_row_take_in", draft.pk, table="measure", action="replace", target=target.pk)
    assert answer["Location"] == reverse("change_row", args=[draft.pk, 1])
    form = as_maker.get(answer["Location"]).content.decode()
    assert f'value="{target.rate_text}"' in form
    row_version = rows().get().version
    fields = {"row_version": row_version, "kind": "rate", "tax": "DUTY", "commodity": APPLES, "rate": "7%"}
    same = {"additive": "no", "example": "yes" if target.is_example else "no"}
    assert post(as_maker, "change_row", draft.pk, 1, **fields, **same).status_code == 302
    assert rows().get().values == {"rate": "7%"}
    shown = text(as_maker, "change_set", draft.pk)
    assert f"{target.rate_text}</del>" in shown
    assert "7%</ins>" in shown
    assert "No fault" in shown


def test_a_row_is_edited_in_the_grid_and_its_fault_stands_in_its_cell(
    as_maker: Client, draft: ChangeSet, maker: User
) -> None:
    row = with_apples(draft, maker)
    address = reverse("change_row", args=[draft.pk, row.place])
    part = as_maker.get(f"{address}?columns=tax,commodity,rate", headers=IN_PLACE).content.decode()
    assert part.lstrip().startswith("<tr")
    fields = {"row_version": row.version, "kind": "rate", "tax": "DUTY", "commodity": APPLES, "additive": "no",
              "example": "yes", "rate": "seven or so"}  # fmt: skip
    saved = as_maker.post(f"{address}?columns=tax,commodity,rate", fields, headers=IN_PLACE).content.decode()
    assert "seven or so</ins>" in saved
    assert "T405" in saved
    assert "change-grid__wrong" in saved
    whole = text(as_maker, "change_set", draft.pk)
    assert "One thing to correct" in whole
    assert reverse("change_row_at", args=[draft.pk, row.place]) in whole
    assert text(as_maker, "change_set", draft.pk, only="faults").count('id="row-') == 1


def test_of_two_who_edit_one_row_the_second_sees_both_values(as_maker: Client, draft: ChangeSet, maker: User) -> None:
    row = with_apples(draft, maker)
    changes.edit_row(row, version=row.version, values={"rate": "8%"}, by=maker, at=timezone.now())
    fields = {"row_version": row.version, "kind": "rate", "tax": "DUTY", "commodity": APPLES, "additive": "no",
              "example": "yes", "rate": "9%"}  # fmt: skip
    refused = post(as_maker, "change_row", draft.pk, row.place, **fields)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "T423" in shown
    assert 'value="9%"' in shown
    assert "it is now: 8%" in shown
    assert rows().get().values["rate"] == "8%"
    now = rows().get().version
    assert f'name="row_version" value="{now}"' in shown
    assert post(as_maker, "change_row", draft.pk, row.place, **{**fields, "row_version": now}).status_code == 302
    assert rows().get().values["rate"] == "9%"


def test_of_two_who_describe_a_set_the_second_loses_nothing(as_maker: Client, draft: ChangeSet, maker: User) -> None:
    changes.describe(
        draft, version=draft.version, title="Pears", reason="", takes_effect=draft.takes_effect,
        legal_act=draft.legal_act, by=maker, at=timezone.now(),
    )  # fmt: skip
    fields = {"version": draft.version, "title": "Quinces", "takes_effect": draft.takes_effect.isoformat(),
              "legal_act": draft.legal_act_id, "reason": ""}  # fmt: skip
    refused = post(as_maker, "change_set_describe", draft.pk, **fields)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "Pears" in shown
    assert 'value="Quinces"' in shown
    assert post(as_maker, "change_set_describe", draft.pk, **{**fields, "version": version(draft)}).status_code == 302
    assert sets().get().title == "Quinces"


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        ("measure", {"kind": "rate", "tax": "EXCISE", "commodity": "2402", "rate": "5 EUR/kg", "additive": "no"}),
        ("commodity", {"code": "2202991802", "description": "Drinks with taurine", "declarable": "yes"}),
        ("legal_act", {"number": "Order 9", "title": "On rates"}),
        ("quota", {"number": "091234", "volume": "1500.5", "unit": "TNE", "name": "Butter"}),
        ("tax", {"code": "ECO", "sequence": "90", "scope": "item", "flow": "import", "name": "Green fee"}),
        ("group_member", {"group": "CISFT", "country": "GE"}),
    ],
)
def test_a_new_row_of_each_table_is_added_by_form(
    as_maker: Client, draft: ChangeSet, table: str, fields: dict[str, str]
) -> None:
    address = f"{reverse('change_row_new', args=[draft.pk])}?table={table}"
    assert as_maker.get(address).status_code == 200
    assert as_maker.post(address, fields).status_code == 302
    row = rows().get()
    assert (row.table, row.action) == (table, "create")
    assert {name: row.values[name] for name in fields} == fields
    assert fields[next(iter(fields))] in text(as_maker, "change_set", draft.pk)


def test_a_row_is_dropped_and_a_set_emptied(as_maker: Client, draft: ChangeSet, maker: User) -> None:
    row = with_apples(draft, maker)
    assert post(as_maker, "change_row_drop", draft.pk, row.place, version=row.version + 1).status_code == 422
    assert post(as_maker, "change_row_drop", draft.pk, row.place, version=row.version).status_code == 302
    assert not rows().exists()
    with_apples(draft, maker)
    assert post(as_maker, "change_rows_drop", draft.pk, version=version(draft)).status_code == 302
    assert not rows().exists()


def test_a_rate_is_changed_from_its_commodity_page(
    client: Client, as_maker: Client, draft: ChangeSet, start: date
) -> None:
    target = apples(start).pk
    link = f"{reverse('change_start')}?table=measure&amp;target={target}"
    assert link in text(as_maker, "commodity", APPLES)
    assert link not in text(client, "commodity", APPLES)
    assert "Apples" in text(as_maker, "change_start", table="measure", target=str(target))
    answer = post(as_maker, "change_start", table="measure", target=target, set=draft.pk, action="end")
    assert answer["Location"] == reverse("change_row_at", args=[draft.pk, 1])
    again = post(as_maker, "change_start", table="measure", target=target, set=draft.pk, action="end")
    assert "T424" in again.content.decode()
    head = {"begin": "yes", "title": "New", "takes_effect": start.isoformat()}
    begun = post(as_maker, "change_start", table="measure", target=target, action="replace", **head)
    made = sets().get(title="New")
    assert begun["Location"] == reverse("change_row", args=[made.pk, 1])


# From a file --------------------------------------------------------------------------------------------------
RATES = f"tax,commodity,rate\nDUTY,{APPLES},6%\nDUTY,{WATER},12%\nDUTY,{{code}},{{rate}}\n"


def upload(client: Client, draft: ChangeSet, content: str | bytes, **fields: str) -> Any:
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("rates.csv", content)
    return client.post(
        reverse("change_set_upload", args=[draft.pk]), {"file": file, "table": "measure", **fields}, follow=True
    )


def take_over(client: Client, draft: ChangeSet, answer: Any, **changes: Any) -> Any:
    """Press the button of the dry run."""
    kept = answer.context["kept"]
    fields = {"version": version(draft), "name": kept.name, "table": kept.table, **changes}
    return client.post(reverse("change_set_take_over", args=[draft.pk, kept.sha256]), fields)


def test_a_file_is_compared_before_anything_of_it_is_taken_over(
    as_maker: Client, draft: ChangeSet, start: date, tmp_path: Path
) -> None:
    same = Measure.objects.on(start).filter(tax_code="DUTY", commodity_prefix__startswith="0902").first()
    assert same is not None
    answer = upload(as_maker, draft, RATES.format(code=same.commodity_prefix, rate=same.rate_text))
    shown = answer.content.decode()
    difference = answer.context["difference"]
    assert (difference.rows, difference.unchanged, difference.counts) == (3, 1, {"measure.replace": 2})
    assert "6%</ins>" in shown
    assert not rows().exists()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert take_over(as_maker, draft, answer).status_code == 302
    assert [row.values["rate"] for row in draft.rows.all()] == ["6%", "12%"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert "already taken over or discarded" in as_maker.post(
        reverse("change_set_take_over", args=[draft.pk, answer.context["kept"].sha256]), {"version": 1}, follow=True
    ).content.decode()  # fmt: skip


def test_faults_of_a_file_are_listed_by_row_and_column_and_nothing_is_taken_over(
    as_maker: Client, draft: ChangeSet
) -> None:
    answer = upload(as_maker, draft, f"tax,commodity,rate\nDUTY,{APPLES},six or so\nDUTY,08O8,=A1\n")
    places = {(row, column) for row, column, _fault in answer.context["faults"]}
    assert {("3", "rate")} <= places
    assert "The file cannot be taken over" in answer.content.decode()
    assert take_over(as_maker, draft, answer).status_code == 422
    assert not rows().exists()


def test_a_set_that_was_edited_after_the_dry_run_is_compared_again(
    as_maker: Client, draft: ChangeSet, maker: User
) -> None:
    answer = upload(as_maker, draft, f"tax,commodity,rate\nDUTY,{WATER},6%\n")
    before = version(draft)
    with_apples(draft, maker)
    refused = take_over(as_maker, draft, answer, version=before)
    assert refused.status_code == 422
    assert "T423" in refused.content.decode()
    assert take_over(as_maker, draft, answer).status_code == 302
    assert draft.rows.count() == 2


def test_a_file_that_is_given_up_is_gone(as_maker: Client, draft: ChangeSet, tmp_path: Path) -> None:
    answer = upload(as_maker, draft, f"tax,commodity,rate\nDUTY,{WATER},6%\n")
    sha256 = answer.context["kept"].sha256
    assert post(as_maker, "change_set_give_up", draft.pk, sha256).status_code == 302
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    gone = as_maker.get(reverse("change_set_file", args=[draft.pk, sha256]), follow=True)
    assert "Upload it again" in gone.content.decode()
    assert as_maker.get(reverse("change_set_file", args=[draft.pk, "..%2Fsecret"]), follow=True).status_code == 200


def test_a_new_edition_needs_its_correlation_table(as_maker: Client, draft: ChangeSet) -> None:
    answer = upload(as_maker, draft, "code,description\n01,Live animals\n", table="edition")
    assert answer.status_code == 422
    assert "the table of old and new codes" in answer.content.decode()
    file = SimpleUploadedFile("old_new.csv", b"old_code,new_code\n010121,010122\n")
    lines = SimpleUploadedFile("hs.csv", b"code,description\n01,Live animals\n0101,Horses\n010122,Horses, live\n")
    read = as_maker.post(
        reverse("change_set_upload", args=[draft.pk]),
        {"file": lines, "table": "edition", "correlation": file},
        follow=True,
    )
    assert read.status_code == 200
    assert read.context["kept"].correlation_name == "old_new.csv"


def test_a_set_of_a_hundred_rows_and_more_is_paged_filtered_and_written_as_csv(
    as_maker: Client, draft: ChangeSet
) -> None:
    codes = list(
        Measure.objects.on(draft.takes_effect).filter(kind="rate", tax_code="DUTY", origin="")
        .exclude(commodity_prefix="").values_list("commodity_prefix", flat=True)[:150]
    )  # fmt: skip
    answer = upload(as_maker, draft, "tax,commodity,rate\n" + "".join(f"DUTY,{code},99%\n" for code in codes))
    take_over(as_maker, draft, answer)
    assert text(as_maker, "change_set", draft.pk).count('<tr id="row-') == 100
    assert text(as_maker, "change_set", draft.pk, page="2").count('<tr id="row-') == len(codes) - 100
    fitting = sum(code.startswith(codes[0][:4]) for code in codes)
    assert text(as_maker, "change_set", draft.pk, code=codes[0][:4]).count('<tr id="row-') == fitting
    assert "No row fits" in text(as_maker, "change_set", draft.pk, action="end")
    last = as_maker.get(reverse("change_row_at", args=[draft.pk, len(codes)]))
    assert "page=2" in last["Location"]
    assert f"#row-{len(codes)}" in last["Location"]

    def read(**query: str) -> list[dict[str, str]]:
        answer = as_maker.get(reverse("change_set_csv", args=[draft.pk]), query)
        return list(csv.DictReader(io.StringIO(b"".join(answer).decode())))  # type: ignore[arg-type]

    rates = [line for line in read() if line["column"] == "rate"]
    assert [line["after"] for line in rates] == ["99%"] * len(codes)
    whole = read(table="measure")
    assert [line["commodity"] for line in whole] == codes
    assert {line["rate"] for line in whole} == {"99%"}


# The way into law ---------------------------------------------------------------------------------------------
def test_two_officers_bring_a_set_into_law_and_take_it_back(
    as_maker: Client, as_approver: Client, draft: ChangeSet, maker: User, start: date
) -> None:
    old = apples(start).rate_text
    with_apples(draft, maker)
    assert post(as_maker, "change_set_submit", draft.pk, version=version(draft)).status_code == 302
    assert "Apples" in text(as_approver, "change_sets")
    assert "Approve and publish" not in text(as_maker, "change_set", draft.pk)
    assert "Approve and publish" in text(as_approver, "change_set", draft.pk)
    assert post(as_maker, "change_set_approve", draft.pk, version=version(draft)).status_code == 422
    done = as_approver.post(
        reverse("change_set_approve", args=[draft.pk]), {"version": version(draft), "publish": "yes"}, follow=True
    )
    assert "The change set is published" in done.content.decode()
    assert apples(start).rate_text == "7%"
    assert apples(start - timedelta(days=1)).rate_text == old
    back = post(as_maker, "change_set_opposite", draft.pk, takes_effect=(start + timedelta(days=5)).isoformat())
    made = sets().get(opposite_of=draft)
    assert back["Location"] == reverse("change_set", args=[made.pk])
    post(as_maker, "change_set_submit", made.pk, version=version(made))
    post(as_approver, "change_set_approve", made.pk, version=version(made), publish="yes")
    assert apples(start + timedelta(days=5)).rate_text == old
    assert "Takes back" in text(as_approver, "change_set", made.pk)


def test_a_set_with_faults_is_not_submitted_and_stays_as_it_is(as_maker: Client, draft: ChangeSet, maker: User) -> None:
    with_apples(draft, maker, rate="much")
    refused = post(as_maker, "change_set_submit", draft.pk, version=version(draft))
    assert refused.status_code == 422
    assert "T405" in refused.content.decode()
    assert sets().get().status == "draft"


def test_a_set_goes_back_with_a_reason_and_is_withdrawn(
    as_maker: Client, as_approver: Client, draft: ChangeSet, maker: User
) -> None:
    with_apples(draft, maker)
    post(as_maker, "change_set_submit", draft.pk, version=version(draft))
    assert post(as_approver, "change_set_send_back", draft.pk, reason="").status_code == 422
    post(as_approver, "change_set_send_back", draft.pk, reason="The act is missing.")
    shown = text(as_maker, "change_set", draft.pk)
    assert "The act is missing." in shown
    assert "Submit for approval" in shown
    assert post(as_approver, "change_set_withdraw", draft.pk).status_code == 404
    post(as_maker, "change_set_withdraw", draft.pk)
    assert "Apples" in text(as_maker, "change_sets", show="withdrawn")
    assert post(as_maker, "change_set_submit", draft.pk, version=version(draft)).status_code == 422


def test_a_set_whose_day_has_passed_says_what_to_do(
    as_maker: Client, draft: ChangeSet, maker: User, start: date
) -> None:
    with_apples(draft, maker)
    past = timezone.localdate() - timedelta(days=2)
    changes.describe(
        draft, version=version(draft), title=draft.title, reason="", takes_effect=past, legal_act=draft.legal_act,
        by=maker, at=timezone.now(),
    )  # fmt: skip
    shown = text(as_maker, "change_set", draft.pk)
    assert "Give it a new day" in shown
    assert "T407" in shown


def test_the_page_of_a_set_asks_the_same_number_of_queries_whatever_its_size(
    as_maker: Client, draft: ChangeSet, django_assert_max_num_queries: Any
) -> None:
    codes = Measure.objects.on(draft.takes_effect).filter(kind="rate", tax_code="DUTY", origin="")
    lines = "".join(f"DUTY,{code},99%\n" for code in codes.values_list("commodity_prefix", flat=True)[:90] if code)
    take_over(as_maker, draft, upload(as_maker, draft, f"tax,commodity,rate\n{lines}"))
    assert reads.row_count(draft) > 50
    with django_assert_max_num_queries(60):
        text(as_maker, "change_set", draft.pk)
