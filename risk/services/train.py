"""Training: a model is asked for, learnt in the worker, measured on days it did not see, and kept with its file."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.violations import Rejected, refuse
from risk import states
from risk.learning import figures, trees
from risk.learning.features import FEATURES, Memory
from risk.learning.lines import Line
from risk.models import Model, ModelFile
from risk.services.lines import history, of_rows, read_csv
from risk.services.model_events import record_event
from risk.services.model_files import digest, packed

log = structlog.get_logger("model")
LONGEST_DAYS, SECONDS, TRIES = 730, 600, 3
FEWEST, FEWEST_OF_A_KIND = 100, 10
HELD_BACK = 0.2  # of the lines that were looked at: the newest, to measure on
RANKS, OFFICE_FROM = 1000, 200
SHARES = (0.05, 0.10)
_ONE_LEARNS = 7_205_126_080  # any number that no other lock has


@transaction.atomic
def ask_training(*, days: int, by: User, at: datetime) -> Model:
    """Let the worker learn from the last days. Raises Rejected: K092 one is learning, K093 days out of bounds."""
    if not 7 <= days <= LONGEST_DAYS:
        raise refuse("K093", "days", _("Choose between 7 and %d days.") % LONGEST_DAYS)
    until = localdate(at)
    try:
        with transaction.atomic():
            since = until - timedelta(days=days)
            made: Model = Model.objects.create(asked_by=by, asked_at=at, since=since, until=until)
    except IntegrityError as second:
        raise refuse("K092", "", _("A model is learning already. Wait for it.")) from second
    record_event(made, "asked", at=at, by=by, days=days)
    announce("model.asked", made.pk)
    return made


def learn_from_files(paths: Sequence[Path], *, by: User, at: datetime) -> Model:
    """A model learnt here and now from CSV files of an earlier system. Raises Rejected K091, K092, K102; OSError."""
    return _learn_now([line for path in paths for line in read_csv(path)], by=by, at=at)


def learn_from_rows(rows: Iterable[Mapping[str, str]], *, name: str, by: User, at: datetime) -> Model:
    """The same from rows of such a file that were read already."""
    return _learn_now(of_rows(rows, name=name), by=by, at=at)


def _learn_now(lines: Sequence[Line], *, by: User, at: datetime) -> Model:
    content, found = learnt(lines)
    days = [line.on for line in lines]
    with transaction.atomic():
        if Model.objects.filter(status=Model.Status.WAITING).exists():
            raise refuse("K092", "", _("A model is learning already. Wait for it."))
        made: Model = Model.objects.create(
            asked_by=by, asked_at=at, since=date.fromordinal(min(days)), until=date.fromordinal(max(days))
        )
        record_event(made, "asked", at=at, by=by, lines=len(lines))
        keep(made, content, found, at=at)
    return made


def run_training(pk: int, *, at: datetime) -> Model:
    """Learn; safe to run twice and after a kill, one at a time. What stands in the way is kept as the model's fault."""
    model: Model = Model.objects.get(pk=pk)
    if model.status != Model.Status.WAITING:
        return model
    with _alone() as alone:
        if not alone:
            return model
        model.tries += 1
        Model.objects.filter(pk=pk).update(tries=model.tries, progress=0)
        try:
            if model.tries > TRIES:
                raise refuse("K105", "", _("Training was broken off %d times.") % TRIES)
            _learn_and_keep(model, at=at)
        except Rejected as fault:
            _fail(model, fault.violations[0].sentence, at=at)
        except trees.Unavailable as missing:
            _fail(model, _("The library LightGBM is not here: %s") % missing, at=at)
    return model


def finish_trainings(*, at: datetime) -> None:
    """Learn what a lost message or a killed worker left unlearnt."""
    for pk in Model.objects.filter(status=Model.Status.WAITING).values_list("pk", flat=True)[:1]:
        run_training(pk, at=at)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else learns; held by the session, so that a killed worker lets go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_LEARNS])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_LEARNS])


def _learn_and_keep(model: Model, *, at: datetime) -> None:
    def tell(progress: int) -> None:
        Model.objects.filter(pk=model.pk, status=Model.Status.WAITING).update(progress=progress)

    lines = history(since=model.since, until=model.until)
    tell(20)
    content, found = learnt(lines, progress=tell)
    keep(model, content, found, at=at)


@transaction.atomic
def keep(model: Model, content: bytes, found: Mapping[str, Any], *, at: datetime) -> bool:
    """Write what was learnt into the row and its file; whether it was written now."""
    filling = {
        "made_at": at, "library": f"lightgbm {trees.version()}", "features": list(FEATURES), "figures": found,
        "sha256": digest(content), "size": len(content), "progress": 100,
    }  # fmt: skip
    if not states.move_model(model, Model.Status.READY, **filling):
        return False
    ModelFile.objects.create(model=model, content=content)
    record_event(model, "made", at=at, **found)
    return True


def _fail(model: Model, sentence: str, *, at: datetime) -> None:
    log.warning("model was not made", model=model.pk, fault=sentence)
    with transaction.atomic():
        if states.move_model(model, Model.Status.FAILED, fault=sentence[:500], made_at=at):
            record_event(model, "failed", at=at, fault=sentence[:500])


def learnt(
    lines: Sequence[Line], *, held_from: date | None = None, progress: Callable[[int], None] = lambda _done: None
) -> tuple[bytes, dict[str, Any]]:
    """The file of a model and its figures. The trees learn from days before `held_from`, the figures are of the rest.

    Without `held_from` the newest fifth of the lines that were looked at is held back. The memory takes in all of them
    in the end. At most 600 seconds go to the trees: then they are fewer. Raises Rejected K091; trees.Unavailable.
    """
    ordered = sorted(lines, key=lambda line: line.on)
    looked = [line for line in ordered if line.wrong is not None]
    _enough(looked)
    split = held_from.toordinal() if held_from else looked[int(len(looked) * (1 - HELD_BACK))].on
    earlier, later = [line for line in ordered if line.on < split], [line for line in ordered if line.on >= split]
    _enough([line for line in earlier if line.wrong is not None])
    memory = Memory()
    rows = memory.rows_then_learn(earlier)
    progress(40)
    text = _grow(rows, earlier, progress=progress)
    held = [memory.row(line) for line in later]
    chances = trees.Trees(text, features=len(FEATURES)).chances(held) if held else []
    found = _figures(earlier, later, chances)
    for line in later:
        memory.learn(line)
    reference = held or rows
    data = {"trees": text, "memory": memory.as_data(), "ranks": _ranks(later, chances), "bins": _bins(reference)}
    return packed(data), found


def _enough(looked: Sequence[Line]) -> None:
    wrong = sum(bool(line.wrong) for line in looked)
    if len(looked) < FEWEST or min(wrong, len(looked) - wrong) < FEWEST_OF_A_KIND:
        sentence = _("%(lines)d lines were examined and %(wrong)d found wrong: too few to learn from.")
        raise refuse("K091", "", sentence % {"lines": len(looked), "wrong": wrong})


def _grow(rows: Sequence[Sequence[float]], lines: Sequence[Line], *, progress: Callable[[int], None]) -> str:
    """The trees, from the lines that were looked at; a declaration counts once, however many lines it has."""
    places = [place for place, line in enumerate(lines) if line.wrong is not None]
    until = monotonic() + SECONDS

    def go_on(tree: int) -> bool:
        if tree % 10 == 0:
            progress(40 + 50 * tree // trees.TREES)
        return monotonic() < until

    return trees.grow(
        [rows[place] for place in places],
        [bool(lines[place].wrong) for place in places],
        [1 / lines[place].lines for place in places],
        go_on=go_on,
        threads=min(2, os.cpu_count() or 1),
    )


def _ranks(lines: Sequence[Line], chances: Sequence[float]) -> dict[str, list[float]]:
    """Cuts of the highest chance of each declaration: of all, and of each office that has enough."""
    highest: dict[tuple[str, str], float] = {}
    for line, chance in zip(lines, chances, strict=True):
        file = (line.office, line.file)
        highest[file] = max(chance, highest.get(file, 0.0))
    offices: dict[str, list[float]] = defaultdict(list)
    for (office, _file), chance in highest.items():
        offices[office].append(chance)
    ranks = {office: figures.quantiles(each, RANKS) for office, each in offices.items() if len(each) >= OFFICE_FROM}
    return ranks | {"": figures.quantiles(list(highest.values()), RANKS)}


def _bins(rows: Sequence[Sequence[float]]) -> dict[str, Any]:
    """For each feature the edges of its bins and the share of the lines in each."""
    found = {}
    for feature, values in zip(FEATURES, zip(*rows, strict=True), strict=True):
        cuts = figures.edges(values)
        found[feature] = [cuts, figures.shares(values, cuts)]
    return found


def _figures(earlier: Sequence[Line], later: Sequence[Line], chances: Sequence[float]) -> dict[str, Any]:
    """Precision of the first shares and AUC on the later lines: all, and those that repeat nothing."""
    prices = {(line.code[:6], line.unit_price) for line in earlier}
    masses = {(line.code[:6], line.mass) for line in earlier}
    slices: Mapping[str, Callable[[Line], bool]] = {
        "all": lambda _line: True,
        "new_price": lambda line: (line.code[:6], line.unit_price) not in prices,
        "new_mass": lambda line: (line.code[:6], line.mass) not in masses,
    }
    found: dict[str, Any] = {
        "learnt": sum(line.wrong is not None for line in earlier),
        "since": date.fromordinal(earlier[0].on).isoformat(),
        "held_from": date.fromordinal(later[0].on).isoformat(),
        "until": date.fromordinal(later[-1].on).isoformat(),
    }
    for name, belongs in slices.items():
        pairs = [
            (chance, line.wrong)
            for line, chance in zip(later, chances, strict=True)
            if line.wrong is not None and belongs(line)
        ]
        found[name] = measured([chance for chance, _wrong in pairs], [wrong for _chance, wrong in pairs])
    return found


def measured(chances: Sequence[float], wrong: Sequence[bool]) -> dict[str, Any]:
    """Lines, how many were wrong, what the first 5 and 10 per cent held, AUC; numbers as JSON keeps them."""
    area = figures.auc(chances, wrong)
    found: dict[str, Any] = {"lines": len(wrong), "wrong": sum(wrong), "auc": None if area is None else round(area, 4)}
    for share in SHARES:
        first = figures.first(chances, wrong, share)
        precision = None if first.precision is None else round(first.precision, 4)
        found[f"first_{share * 100:.0f}"] = {"taken": first.taken, "wrong": first.wrong, "precision": precision}
    return found
