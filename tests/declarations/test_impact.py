"""What a change set would have meant for past declarations: the same code that judges, and nothing is left behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from declarations.assessment import preview
from declarations.models import Declaration, ImpactReport, ImpactResult
from declarations.services import ending, impacts, trial
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.models import ChangeSet
from tariff_changes.services.trial import as_published
from tariffs.models import LegalAct, Measure, Territory
from tariffs.selectors import territory
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
TEA = "0902300009"


@pytest.fixture
def start() -> date:
    return timezone.localdate() + timedelta(days=10)


@pytest.fixture
def maker(db: None) -> User:
    return make.officer(Role.TARIFF, None)


def act() -> LegalAct:
    return LegalAct.objects.get(number="Order 450")


def tea(on: date) -> Measure:
    return Measure.objects.on(on).get(kind="rate", tax_code="DUTY", commodity_prefix=TEA, origin="")


def with_tea(maker: User, start: date, rate: str = "25%") -> ChangeSet:
    """A draft with another rate for tea."""
    held = changes.begin(title="Tea", takes_effect=start, legal_act=act(), by=maker, at=timezone.now())
    changes.add_row(
        held, table="measure", action="replace", target=tea(start).pk, values={"rate": rate}, by=maker,
        at=timezone.now(),
    )  # fmt: skip
    return ChangeSet.objects.get(pk=held.pk)


def worked_out(change_set: ChangeSet, last: int = 500) -> dict[str, Any]:
    on = timezone.localdate()
    return trial.work_out(change_set, on=on, last=last, progress=lambda done, of: None)


def duty_after_publication(change_set: ChangeSet, declarations: list[Declaration]) -> Decimal:
    """What the declarations pay by the law of the day once the set is really published."""
    approver, on, at = make.officer(Role.APPROVING, None), timezone.localdate(), timezone.now()
    held = changes.submit(change_set, version=change_set.version, by=change_set.made_by, at=at, on=on)
    held = changes.approve(held, version=held.version, by=approver, at=at, on=on)
    changes.publish(held, by=approver, at=at, on=on)
    previews = [preview(one, on=change_set.takes_effect) for one in declarations]
    return sum((one.payable + one.guaranteed for one in previews), Decimal(0))


def test_the_sums_are_those_that_publication_brings(maker: User, start: date) -> None:
    declarations = [make.lodged(), make.lodged(items=[make.item(item_price="900")], invoice_amount="900")]
    held = with_tea(maker, start)
    result = worked_out(held)
    assert (result["declarations"], result["concerned"]) == (2, 2)
    assert (result["more"], result["less"], result["same"]) == (2, 0, 0)
    before = sum((preview(one, on=start).payable for one in declarations), Decimal(0))
    assert Decimal(result["before"]) == before
    assert Decimal(result["after"]) == duty_after_publication(held, declarations) > before
    taxes = {row["tax"]: Decimal(row["after"]) - Decimal(row["before"]) for row in result["taxes"]}
    assert taxes["DUTY"] > 0
    assert taxes["VAT"] > 0
    assert sum(taxes.values()) == Decimal(result["after"]) - before
    assert result["top"][0]["declaration"] == declarations[0].pk


def test_nothing_is_left_behind(maker: User, start: date) -> None:
    make.lodged()
    held = with_tea(maker, start)
    before = list(Measure.objects.order_by("pk").values()), Territory.objects.get().edition
    worked_out(held)
    held.refresh_from_db()
    assert (list(Measure.objects.order_by("pk").values()), Territory.objects.get().edition) == before
    assert (held.status, held.rows.get().written) == ("draft", None)


def test_within_a_trial_the_set_is_law_and_afterwards_not(maker: User, start: date) -> None:
    old, before = tea(start).rate_text, territory().edition
    with as_published(with_tea(maker, start), on=timezone.localdate()):
        assert tea(start).rate_text == "25%"
        assert tea(start - timedelta(days=1)).rate_text == old
        within = territory().edition
    assert tea(start).rate_text == old
    assert territory().edition == before
    assert within > before, "what was remembered within the trial would be taken for law"


def test_a_fault_within_a_trial_undoes_it_too(maker: User, start: date) -> None:
    old = tea(start).rate_text
    with pytest.raises(ZeroDivisionError), as_published(with_tea(maker, start), on=timezone.localdate()):
        raise ZeroDivisionError
    assert tea(start).rate_text == old


def test_declarations_without_such_goods_are_not_assessed_and_count_as_the_same(maker: User, start: date) -> None:
    make.lodged()
    make.lodged(items=[make.item(commodity_code="6109100000", supplementary_unit_1="NAR",
                                 supplementary_quantity_1="100")])  # fmt: skip
    result = worked_out(with_tea(maker, start))
    assert (result["declarations"], result["concerned"]) == (2, 1)
    assert (result["more"], result["same"]) == (1, 1)


def test_a_change_of_all_goods_concerns_every_declaration(maker: User, start: date) -> None:
    make.lodged()
    held = changes.begin(title="VAT", takes_effect=start, legal_act=act(), by=maker, at=timezone.now())
    vat = Measure.objects.on(start).filter(tax_code="VAT", commodity_prefix="", national_procedure="").first()
    assert vat is not None
    changes.add_row(
        held, table="measure", action="replace", target=vat.pk, values={"rate": "20%"}, by=maker, at=timezone.now()
    )
    assert trial.prefixes_of(held) is None
    assert worked_out(held)["more"] == 1


def test_cancelled_and_replaced_declarations_do_not_count(maker: User, start: date) -> None:
    kept, dropped = make.lodged(), make.lodged()
    ending.cancel(dropped, reason="mistake", by=make.officer(), at=make.AT)
    make.draft()
    assert trial.last_lodged(500) == [kept.pk]


def test_a_set_with_faults_says_so_in_its_answer(maker: User, start: date) -> None:
    held = with_tea(maker, start, rate="much")
    with pytest.raises(Rejected):
        worked_out(held)
    report = impacts.ask_impact(held, last=10, by=maker, at=timezone.now())
    assert report.result.data["faults"][0]["code"] == "T405"


# Asked for and found again ------------------------------------------------------------------------------------
def test_a_small_answer_is_there_at_once(maker: User, start: date, announced: list[tuple[str, int]]) -> None:
    make.lodged()
    report = impacts.ask_impact(with_tea(maker, start), last=500, by=maker, at=timezone.now())
    assert report.result.data["more"] == 1
    assert announced == []


def test_a_large_one_is_a_workers_and_found_again(
    maker: User,
    start: date,
    monkeypatch: pytest.MonkeyPatch,
    follow_ups: Callable[[], AbstractContextManager[None]],
) -> None:
    make.lodged()
    monkeypatch.setattr(impacts, "AT_ONCE_DECLARATIONS", 0)
    held, client = with_tea(maker, start), client_of(maker)
    address = reverse("change_set_impact", args=[held.pk])
    asked = client.post(address, {"last": "100"}, headers={"HX-Request": "true"})
    assert "You may leave this page" in asked.content.decode()
    [report] = ImpactReport.objects.all()
    assert (report.last, report.version) == (100, held.version)
    with follow_ups():
        impacts.announce("change_set.impact_asked", report.pk)
    assert "pay more" in client.get(address).content.decode()
    impacts.work_out_impact(report.pk, at=timezone.now())
    assert ImpactResult.objects.count() == 1


def test_what_no_worker_took_up_is_finished_by_the_sweep(
    maker: User, start: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.lodged()
    monkeypatch.setattr(impacts, "AT_ONCE_DECLARATIONS", 0)
    now = timezone.now()
    report = impacts.ask_impact(with_tea(maker, start), last=100, by=maker, at=now)
    assert impacts.finish_impacts(at=now) == 0
    assert impacts.finish_impacts(at=now + timedelta(minutes=5)) == 1
    assert ImpactResult.objects.get().report == report


def test_what_breaks_is_told_and_not_tried_for_ever(maker: User, start: date, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(trial, "work_out", broken)
    held = with_tea(maker, start)
    impacts.ask_impact(held, last=10, by=maker, at=timezone.now())
    assert ImpactResult.objects.get().data["failed"] is True
    shown = client_of(maker).get(reverse("change_set_impact", args=[held.pk])).content.decode()
    assert "could not be calculated" in shown


@pytest.mark.usefixtures("as_owner")
def test_reports_only_grow(maker: User, start: date) -> None:
    make.lodged()
    report = impacts.ask_impact(with_tea(maker, start), last=5, by=maker, at=timezone.now())
    for rows in (ImpactReport.objects.filter(pk=report.pk), ImpactResult.objects.filter(report=report)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ImpactReport.objects.filter(pk=report.pk).update(last=7)


# What people see ----------------------------------------------------------------------------------------------
def test_tariff_officers_see_sums_and_auditors_also_which_declarations(maker: User, start: date) -> None:
    declaration = make.lodged()
    held = with_tea(maker, start)
    address = reverse("change_set_impact", args=[held.pk])
    as_maker = client_of(maker)
    assert "once without and once with it" in as_maker.get(address).content.decode()
    assert as_maker.post(address, {"last": "0"}).status_code == 422
    assert as_maker.post(address, {"last": "5001"}).status_code == 422
    assert as_maker.post(address, {"last": "500"}).status_code == 302
    shown = as_maker.get(address).content.decode()
    assert "calculated in" in shown
    assert declaration.mrn not in shown
    assert declaration.office_code in shown
    auditor = client_of(make.officer(Role.AUDITOR, None))
    assert declaration.mrn in auditor.get(address).content.decode()


def test_an_answer_to_an_older_version_is_marked(maker: User, start: date) -> None:
    make.lodged()
    held = with_tea(maker, start)
    impacts.ask_impact(held, last=5, by=maker, at=timezone.now())
    client, address = client_of(maker), reverse("change_set_impact", args=[held.pk])
    assert "Calculate it again." not in client.get(address).content.decode()
    changes.edit_row(held.rows.get(), version=1, values={"rate": "30%"}, by=maker, at=timezone.now())
    assert "has changed since this was calculated" in client.get(address).content.decode()


def test_impacts_do_not_exist_for_others(as_trader: Client, as_officer: Client, maker: User, start: date) -> None:
    address = reverse("change_set_impact", args=[with_tea(maker, start).pk])
    for client in (as_trader, as_officer):
        assert client.get(address).status_code == 404
        assert client.post(address, {"last": "5"}).status_code == 404
    assert not ImpactReport.objects.exists()
