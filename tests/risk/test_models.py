"""Models: learnt, proposed, activated by a second person, asked of every file, refused where they do not fit."""

import json
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from clearance.services import route
from lib.violations import Rejected
from risk import selectors, services
from risk.learning import trees
from risk.models import Model, ModelDrift, ModelEvent, ModelFile, ModelScore, Score
from risk.selectors import models as reads
from risk.services import lines as read_lines
from risk.services import models as in_use
from risk.services import train
from risk.services.draws import draws_of
from risk.services.score import EXPLORES
from tests import make
from tests.conftest import client_of
from tests.risk import make as risk

pytestmark = pytest.mark.django_db
LATER = make.AT + timedelta(hours=1)
CHEAP, DEAR = "300.00", "1200.00"


def scored(price: str = CHEAP, *, at: datetime = LATER) -> Score:
    score = services.score(make.assessed(items=[make.item(item_price=price)]).pk, at=at)
    assert score is not None
    return score


def refused_with(code: str) -> "pytest.RaisesExc[Rejected]":
    return pytest.raises(Rejected, check=lambda error: error.violations[0].code == code)


# Learning -------------------------------------------------------------------------------------------------------
def test_a_model_is_learnt_in_the_worker_and_measured_on_days_it_did_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "history", lambda **_window: risk.lines())
    asked = services.ask_training(days=100, by=risk.analyst(), at=make.AT)
    with refused_with("K092"):
        services.ask_training(days=100, by=risk.analyst(), at=make.AT)
    services.finish_trainings(at=LATER)
    made = reads.model(asked.pk)
    assert (made.status, made.progress, len(made.sha256)) == ("ready", 100, 64)
    assert made.figures["all"]["first_5"]["precision"] == 1.0
    assert made.figures["all"]["lines"] + made.figures["learnt"] == len(risk.lines())
    assert date.fromisoformat(made.figures["held_from"]) > date.fromisoformat(made.figures["since"])
    assert bytes(made.file.content) == risk.content()[0], "the same lines give the same model"
    before = made.made_at
    assert services.run_training(asked.pk, at=LATER + timedelta(days=1)).made_at == before


def test_too_little_history_and_a_missing_library_are_told(
    monkeypatch: pytest.MonkeyPatch, follow_ups: Callable[[], AbstractContextManager[None]]
) -> None:
    with follow_ups():
        asked = services.ask_training(days=100, by=risk.analyst(), at=make.AT)
    assert reads.model(asked.pk).status == "failed", "to ask sets the worker to work"
    assert "too few to learn from" in reads.model(asked.pk).fault

    def missing() -> None:
        raise trees.Unavailable("libgomp.so.1")

    monkeypatch.setattr(trees, "_libraries", missing)
    monkeypatch.setattr(train, "history", lambda **_window: risk.lines())
    again = services.ask_training(days=100, by=risk.analyst(), at=make.AT)
    services.run_training(again.pk, at=LATER)
    assert "libgomp.so.1" in reads.model(again.pk).fault
    with refused_with("K093"):
        services.ask_training(days=0, by=risk.analyst(), at=make.AT)


def test_a_training_that_kills_its_worker_again_and_again_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(**_window: object) -> None:
        raise SystemExit

    monkeypatch.setattr(train, "history", killed)
    asked = services.ask_training(days=100, by=risk.analyst(), at=make.AT)
    for _time in range(train.TRIES):
        with pytest.raises(SystemExit):
            services.finish_trainings(at=LATER)
        assert reads.model(asked.pk).status == "waiting"
    services.finish_trainings(at=LATER)
    assert reads.model(asked.pk).status == "failed"


def test_history_gives_what_was_first_declared_and_what_was_found() -> None:
    first, other = make.assessed(items=[make.item(), make.item(net_mass="20", item_price="60")]), make.assessed()
    services.record_outcome(first, discrepancy=False, at=LATER)
    services.record_outcome(first, discrepancy=True, at=LATER)
    lines = read_lines.history(since=make.ON, until=make.ON)
    assert [(line.file, line.number, line.wrong) for line in lines] == [
        (first.mrn, 1, True), (first.mrn, 2, True), (other.mrn, 1, None),
    ]  # fmt: skip
    line = lines[1]
    assert (line.code, line.origin, line.mass, line.office, line.mode) == ("0902300009", "CN", 20.0, make.OFFICE, "3")
    assert line.price == pytest.approx(float(first.items.get(number=2).valuation.customs_value))
    assert line.lines == 2
    assert read_lines.history(since=make.ON + timedelta(days=1), until=make.ON + timedelta(days=9)) == []


# Second person --------------------------------------------------------------------------------------------------
def test_another_analyst_activates_and_the_former_champion_retires() -> None:
    former = risk.champion()
    challenger = services.propose_model(risk.model(), by=risk.analyst(), at=make.AT)
    with refused_with("K095"):
        services.activate_model(challenger, by=risk.analyst(), at=make.AT)
    services.activate_model(challenger, by=risk.second_analyst(), at=make.AT)
    assert (reads.model(former.pk).status, reads.model(challenger.pk).status) == ("retired", "champion")
    with refused_with("K096"):
        services.activate_model(former, by=risk.second_analyst(), at=make.AT)
    with refused_with("K094"):
        services.propose_model(former, by=risk.analyst(), at=make.AT)
    with refused_with("K098"):
        services.retire_model(former, by=risk.analyst(), at=make.AT)


@pytest.mark.usefixtures("as_owner")
def test_the_database_refuses_one_person_and_a_changed_figure() -> None:
    model = services.propose_model(risk.model(), by=risk.analyst(), at=make.AT)
    for change in ({"activated_by": model.proposed_by}, {"figures": {}}, {"sha256": "0"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Model.objects.filter(pk=model.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelFile.objects.filter(model=model).update(content=b"")


# Scoring --------------------------------------------------------------------------------------------------------
def test_the_champion_raises_a_lane_and_says_why() -> None:
    risk.champion(explore=0)
    score = scored(CHEAP)
    assert score.lane == "red"
    (reason,) = score.reasons
    assert (reason["arm"], reason["lane"], reason["explored"]) == ("model", "red", False)
    (opinion,) = selectors.opinions_of(score)
    assert opinion.row.percentile > 92
    assert any(sentence.startswith("value per kg far below what is usual") for sentence in opinion.sentences)
    assert all(sentence.endswith(")") for sentence in opinion.sentences)
    dear = scored(DEAR)
    assert (dear.lane, dear.reasons) == ("green", [])
    assert ModelScore.objects.get(score=dear).lane == ""


def test_a_model_never_lowers_what_a_criterion_chose() -> None:
    risk.criterion()
    risk.champion()
    assert scored(DEAR).lane == "red"


def test_a_challenger_is_kept_beside_the_champion_and_decides_nothing() -> None:
    services.propose_model(risk.model(), by=risk.analyst(), at=make.AT)
    services.set_threshold(office="", valid_from=make.ON, red_above=Decimal(92), yellow_above=Decimal(80),
                           explore=Decimal(0), by=risk.analyst(), at=make.AT)  # fmt: skip
    alone = scored(CHEAP)
    assert alone.lane == "green"
    assert [(row.part, row.lane) for row in ModelScore.objects.filter(score=alone)] == [("challenger", "")]
    services.activate_model(Model.objects.get(status="challenger"), by=risk.second_analyst(), at=make.AT)
    services.propose_model(risk.model(), by=risk.analyst(), at=make.AT)
    both = scored(CHEAP)
    assert [row.part for row in ModelScore.objects.filter(score=both).order_by("pk")] == ["champion", "challenger"]
    assert both.lane == "red"


def test_shares_are_dated_and_an_office_may_have_its_own() -> None:
    risk.champion()
    services.set_threshold(office=make.OFFICE, valid_from=make.ON + timedelta(days=1), red_above=Decimal(100),
                           yellow_above=Decimal(100), explore=Decimal(0), by=risk.analyst(), at=make.AT)  # fmt: skip
    assert scored(CHEAP).lane == "red"
    assert scored(CHEAP, at=LATER + timedelta(days=1)).lane == "green"
    for code, change in (
        ("K099", {"red_above": Decimal(60)}), ("K100", {"office": "XX99"}),
        ("K101", {"valid_from": make.ON - timedelta(days=1)}), ("K099", {"explore": Decimal(90)}),
    ):  # fmt: skip
        given = {"office": "", "valid_from": make.ON, "red_above": Decimal(98), "yellow_above": Decimal(95),
                 "explore": Decimal(10)}  # fmt: skip
        with refused_with(code):
            services.set_threshold(**(given | change), by=risk.analyst(), at=make.AT)


def test_some_that_the_model_passes_over_are_drawn_and_the_draw_repeats() -> None:
    model = risk.champion(yellow_above=Decimal(50), red_above=Decimal(100), explore=Decimal(50))
    rate = in_use.Share(Decimal(100), Decimal(50), Decimal(50)).rate
    assert rate == 50, "half as many as are picked, and half are picked"
    rows = [ModelScore.objects.get(score=scored(DEAR)) for _time in range(12)]
    explored = {row.explored for row in rows if not row.lane or row.explored}
    assert explored == {True, False}
    assert all(row.score.lane == "yellow" for row in rows if row.explored)
    data = services.evaluate(model, days=10, by=risk.analyst(), at=LATER).data
    assert data["draws"]["files"] > 0
    assert data["draws"]["differ"] == 0
    meddled = next(row for row in rows if row.explored)
    meddled.explored = False
    (draw,) = draws_of([(meddled.score.drawn_on, meddled.score.declaration.mrn)])
    assert not in_use.draw_repeats(meddled, draw[EXPLORES])


@pytest.mark.parametrize("harm", ["hash", "features", "library"])
def test_a_model_that_does_not_fit_is_told_and_criteria_go_on(harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    risk.criterion(code="DEAR", lane="yellow")
    model = risk.champion()
    in_use._judges.clear()
    if harm == "hash":
        monkeypatch.setattr("risk.services.model_files.digest", lambda _content: "0" * 64)
    elif harm == "features":
        monkeypatch.setattr("risk.services.model_files.FEATURES", ("mass",))
    else:
        monkeypatch.setattr("risk.services.model_files.Trees", _no_library)
    score = scored(CHEAP)
    assert score.lane == "yellow"
    assert not ModelScore.objects.filter(score=score).exists()
    assert reads.unusable(model)
    scored(CHEAP)
    assert ModelEvent.objects.filter(model=model, verb="unusable").count() == 1, "told once a day"
    page = client_of(risk.analyst()).get(reverse("models")).content.decode()
    assert "files are scored by criteria alone" in page


def _trees() -> str:
    return str(json.loads(zlib.decompress(risk.content()[0]))["trees"])


@pytest.mark.parametrize(
    "part",
    [
        lambda: {"trees": _trees()[: len(_trees()) // 2]},  # the library itself would end the process over this one
        lambda: {"trees": _trees().replace("Tree=1\n", "Tree=9\n")},
        lambda: {"trees": "tree\nversion=v9\n\nend of trees"},
        lambda: {"trees": None},
        lambda: {"ranks": {}},
        lambda: {"ranks": [1, 2]},
        lambda: {"ranks": {"": [float("nan")]}},
        lambda: {"memory": None},
        lambda: {"memory": {"looked": "many", "wrong": 1, "found": {}, "prices": {}}},
        lambda: {"bins": {"mass": [[1.0], [0.5]]}},
        lambda: {"features": ["mass"]},
        lambda: {"features": 5},
        lambda: {"version": 2},
    ],
)
def test_a_file_of_another_shape_is_refused_and_the_champion_stays(part: Callable[[], dict[str, object]]) -> None:
    """Its hash is right: it was written so, by another portal or another version of the library."""
    champion = risk.champion()
    other = risk.model(**part())
    with refused_with("K097"):
        services.propose_model(other, by=risk.analyst(), at=LATER)
    champion.refresh_from_db()
    assert champion.status == Model.Status.CHAMPION
    assert ModelScore.objects.filter(score=scored(), model=champion).exists(), "and goes on"


def test_what_becomes_unreadable_between_proposal_and_activation_does_not_take_the_champions_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    champion = risk.champion()
    challenger = services.propose_model(risk.model(), by=risk.analyst(), at=LATER)
    monkeypatch.setattr("risk.services.model_files.Trees", _no_library)
    with refused_with("K097"):
        services.activate_model(challenger, by=risk.second_analyst(), at=LATER)
    champion.refresh_from_db()
    assert champion.status == Model.Status.CHAMPION


def test_text_that_is_no_model_is_told_from_one_before_the_library_reads_it() -> None:
    whole = _trees()
    assert trees.is_whole(whole)
    places = [*range(0, whole.index("end of trees"), 97), whole.index("end of trees")]
    assert not any(trees.is_whole(whole[:place]) for place in places)
    assert not trees.is_whole(whole.replace("tree_sizes=", "tree_sizes=1 "))


def _no_library(*_given: object, **_named: object) -> None:
    raise trees.Unavailable("no lightgbm")


# What came of it ------------------------------------------------------------------------------------------------
def test_findings_are_held_against_what_the_model_said() -> None:
    model = risk.champion()
    cheap, dear = scored(CHEAP), scored(DEAR)
    services.record_outcome(cheap.declaration, discrepancy=True, at=LATER)
    services.record_outcome(dear.declaration, discrepancy=False, at=LATER)
    data = services.evaluate(model, days=10, by=risk.analyst(), at=LATER).data
    assert (data["lines"], data["wrong"], data["auc"], data["scored"]) == (2, 1, 1.0, 2)
    assert data["arms"]["picked"] == {"examined": 1, "wrong": 1}


def test_drift_is_reported_once_for_a_month_that_has_ended() -> None:
    model = risk.champion()
    scored(CHEAP)
    assert services.report_drift(at=LATER) == 0, "October saw nothing"
    december = LATER + timedelta(days=20)
    assert services.report_drift(at=december) == 1
    assert services.report_drift(at=december) == 0
    report = ModelDrift.objects.get(model=model)
    assert (report.month, report.data["lines"], report.data["scored"]) == (date(2026, 11, 1), 1, 1)
    assert report.data["features"]["unit_price"] > 0.25
    page = client_of(risk.analyst()).get(reverse("model_drift", args=[model.pk])).content.decode()
    assert "value per kg of the item" in page


# Pages and commands -----------------------------------------------------------------------------------------------
def test_two_analysts_bring_a_model_into_use_by_their_pages() -> None:
    model = risk.model()
    one, two = client_of(risk.analyst()), client_of(risk.second_analyst())
    page = one.get(reverse("model", args=[model.pk])).content.decode()
    assert model.sha256 in page
    assert "code and value per kg not seen before" in page
    one.post(reverse("model_propose", args=[model.pk]))
    assert "another analyst activates it" in one.get(reverse("model", args=[model.pk])).content.decode()
    one.post(reverse("model_activate", args=[model.pk]))
    assert reads.model(model.pk).status == "challenger"
    two.post(reverse("model_activate", args=[model.pk]))
    assert reads.model(model.pk).status == "champion"
    one.post(reverse("model_evaluate", args=[model.pk]))
    assert "Picked by the model" in one.get(reverse("model", args=[model.pk])).content.decode()
    wrong = {"office": "XX99", "valid_from": "2099-01-01", "red_above": "98", "yellow_above": "95", "explore": "10"}
    answer = one.post(reverse("model_threshold"), wrong)
    assert answer.status_code == 422
    assert "There is no office" in answer.content.decode()
    assert one.post(reverse("model_threshold"), wrong | {"office": ""}).status_code == 302
    one.post(reverse("model_train"), {"days": "90"})
    assert Model.objects.filter(status="waiting").count() == 1
    two.post(reverse("model_retire", args=[model.pk]))
    assert reads.model(model.pk).status == "retired"


def test_models_are_read_by_analysts_and_auditors_alone(as_trader: Client) -> None:
    model = risk.model()
    auditor = client_of(make.officer(Role.AUDITOR, None))
    assert auditor.get(reverse("model", args=[model.pk])).status_code == 200
    assert auditor.post(reverse("model_propose", args=[model.pk])).status_code == 404
    for client in (as_trader, client_of(make.officer())):
        assert client.get(reverse("models")).status_code == 404
        assert client.get(reverse("model", args=[model.pk])).status_code == 404


def test_the_officer_reads_why_a_model_picked_a_file() -> None:
    risk.champion()
    case = route(scored(CHEAP).declaration_id, at=LATER)
    assert case is not None
    client = client_of(make.officer(Role.EXAMINING))
    page = client.get(reverse("case", args=[case.declaration.public_id])).content.decode()
    assert "value per kg far below what is usual" in page
    assert "Risk model" in client.get(reverse("queue")).content.decode()


def test_the_command_does_what_the_page_does(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    model, one, two = risk.model(), risk.analyst(), risk.second_analyst()
    call_command("model", "propose", str(model.pk), "--by", one.email)
    with pytest.raises(CommandError, match="another analyst"):
        call_command("model", "activate", str(model.pk), "--by", one.email)
    call_command("model", "activate", str(model.pk), "--by", two.email)
    call_command("model", "evaluate", str(model.pk), "--by", two.email)
    call_command("model", "list")
    assert f"{model.pk} champion" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no analyst"):
        call_command("model", "train", "--by", make.trader().email)
    with pytest.raises(CommandError, match="no model"):
        call_command("model", "retire", "999999", "--by", one.email)
    call_command("model", "check", str(_csv(tmp_path)), "--months", "1")
    told = capsys.readouterr().out
    assert "code and value per kg not seen in training" in told
    assert "precision 1.0" in told
    call_command("model", "train", "--files", str(_csv(tmp_path)), "--by", one.email)
    assert reads.models()[0].status == "ready"
    assert reads.models()[0].figures["learnt"] == model.figures["learnt"]
    broken = tmp_path / "broken.csv"
    broken.write_text("Date,Fraud\n", encoding="utf-8")
    with pytest.raises(CommandError, match="no column"):
        call_command("model", "check", str(broken))


def _csv(folder: Path) -> Path:
    columns = [read_lines.FILE, read_lines.DAY, read_lines.WRONG, *(
        column for _name, column in (*read_lines.TEXTS.values(), *read_lines.NUMBERS.values()) if column)]  # fmt: skip
    rows = [",".join(columns)]
    for line in risk.lines():
        named = {column: getattr(line, field) for field, (_name, column) in
                 (*read_lines.TEXTS.items(), *read_lines.NUMBERS.items())}  # fmt: skip
        named |= {read_lines.FILE: line.file, read_lines.DAY: date.fromordinal(line.on), read_lines.WRONG:
                  int(bool(line.wrong))}  # fmt: skip
        rows.append(",".join("" if named[column] is None else str(named[column]) for column in columns))
    path = folder / "declarations.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path
