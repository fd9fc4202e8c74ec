"""The way back from a published change set, and what is told about published ones."""

from datetime import UTC, date, datetime

import pytest

from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.selectors import change_sets as reads
from tariff_changes.selectors import published as record
from tariff_changes.selectors.law_texts import texts_in_force
from tariff_changes.selectors.shown_rows import rows_of
from tariffs.columns import LAW
from tariffs.models import Commodity, CountryGroupMember, Measure
from tests.tariff_changes.change_steps import (
    APPLES,
    AT,
    DAY,
    ON,
    START,
    act,
    apples,
    approver,
    begun,
    codes,
    maker,
    published,
    replaced,
)

pytestmark = pytest.mark.django_db


# The way back -------------------------------------------------------------------------------------------------


def law(on: date) -> set[tuple[object, ...]]:
    """Everything in force on a day, as texts; without the day on which it began."""
    return {
        (table.name, *(text for column, text in texts.items() if column not in ("valid_from", "valid_to")))
        for table in LAW.values()
        if table.dated
        for texts in texts_in_force(table, on=on).values()
    }


def every_kind_of_change() -> ChangeSet:
    """Created, ended and replaced rows, a line of the nomenclature among them."""
    change_set = begun()
    pears, orange = "0808300000", Measure.objects.on(ON).filter(tax_code="EXCISE").first()
    line = Commodity.objects.on(ON).get(code=pears)
    vat = Measure.objects.get(tax_code="VAT", valid_from=date(2027, 1, 1))
    member = CountryGroupMember.objects.on(ON).get(country__code="UA")
    assert orange is not None
    for table, action, target, values in (
        ("measure", "replace", apples(ON).pk, {"rate": "7%", "note": "dearer"}),
        ("measure", "create", None, {"tax": "DUTY", "commodity": pears, "rate": "3%"}),
        ("measure", "create", None, {"tax": "DUTY", "commodity": "080840", "rate": "4%", "valid_to": "2027-03-31"}),
        ("measure", "end", orange.pk, {}),
        ("measure", "replace", vat.pk, {"rate": "12%"}),
        ("commodity", "replace", line.pk, {"description_ru": "Груши свежие"}),
        ("group_member", "end", member.pk, {}),
    ):
        changes.add_row(change_set, table=table, action=action, target=target, values=values, by=maker(), at=AT)
    return change_set


@pytest.mark.long
@pytest.mark.parametrize("back_on", [START, START + 14 * DAY, date(2027, 6, 1)])
def test_the_opposite_of_everything_brings_the_law_back(back_on: date) -> None:
    days = [ON, START - DAY, START, START + 20 * DAY, date(2027, 1, 1), date(2027, 5, 1), date(2027, 6, 1)]
    before = {day: law(day) for day in days}
    done = published(every_kind_of_change())
    changed = {day: law(day) for day in days}
    assert all((changed[day] == before[day]) == (day < START) for day in days)
    now = AT if back_on == START else datetime.combine(back_on - DAY, AT.time(), tzinfo=UTC)
    draft = changes.opposite(done, by=maker(), at=now)
    assert (draft.takes_effect, draft.opposite_of) == (back_on, done)
    today = back_on - DAY if back_on > START else ON
    held = changes.submit(draft, version=draft.version, by=maker(), at=now, on=today)
    changes.approve(held, version=held.version, by=approver(), at=now, on=today)
    changes.publish(held, by=approver(), at=now, on=today)
    after = {day: law(day) for day in days}
    assert after == {day: before[day] if day >= back_on else changed[day] for day in days}


def test_a_set_is_taken_back_once_and_only_when_it_is_published() -> None:
    draft = replaced()
    with pytest.raises(Rejected) as refusal:
        changes.opposite(draft, by=maker(), at=AT)
    assert codes(refusal) == ["T422"]
    done = published(draft)
    first = changes.opposite(done, by=maker(), at=AT)
    with pytest.raises(Rejected) as refusal:
        changes.opposite(done, by=maker(), at=AT)
    assert codes(refusal) == ["T440"]
    changes.withdraw(first, by=maker(), at=AT)
    assert changes.opposite(done, by=maker(), at=AT).pk != first.pk


def test_what_a_later_set_has_changed_again_stays_as_that_set_wants_it() -> None:
    first = published(replaced("7%"))
    later = START + 30 * DAY
    second = begun(later)
    changes.add_row(
        second, table="measure", action="replace", target=apples(later).pk, values={"rate": "8%"}, by=maker(), at=AT
    )
    published(second)
    old = apples(ON).rate_text
    published(changes.opposite(first, by=maker(), at=AT))
    assert [apples(day).rate_text for day in (START, later - DAY, later)] == [old, old, "8%"]


def test_a_legal_act_is_put_right_and_back() -> None:
    change_set = begun()
    number = act().pk
    new = {"link": "https://customs.example/450"}
    changes.add_row(change_set, table="legal_act", action="replace", target=number, values=new, by=maker(), at=AT)
    done = published(change_set)
    assert (act().link, act().pk) == (new["link"], number)
    published(changes.opposite(done, by=maker(), at=AT))
    assert act().link == ""


# Reading ------------------------------------------------------------------------------------------------------


def test_the_public_record_tells_what_was_published_and_on_which_act() -> None:
    replaced("9%")
    done = published(replaced())
    (entry,) = record.entries(record.published(code=APPLES).exclude(origin="folder"), code=APPLES)
    assert (entry.change_set, entry.published_at, entry.total, entry.more) == (done, AT, 1, 0)
    assert [counted.words for counted in entry.counted] == ["measure, replaced: 1"]
    assert entry.act.startswith("Order 450")
    assert done not in record.published(since=AT)
    assert done not in record.published(code="0902")


def test_a_page_of_rows_shows_each_cell_before_and_after() -> None:
    change_set = every_kind_of_change()
    page = rows_of(change_set, per_page=3, page=2)
    assert (page.total, page.pages, len(page.rows), page.rows[0].row.place) == (7, 3, 3, 4)
    (apple,) = rows_of(change_set, code=APPLES).rows
    assert {"rate": "7%", "note": "dearer", "valid_from": "2026-12-01"}.items() <= {
        cell.column: cell.after for cell in apple.changes
    }.items()
    assert {row.row.place for row in rows_of(change_set, table="group_member").rows} == {7}
    assert {row.row.place for row in rows_of(change_set, places=[2, 5]).rows} == {2, 5}
    assert reads.counts_of(change_set)["measure", "create"] == 2
