"""Declarations scored a second by two processes: 500 criteria in force beside those of the country, and a model."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from django.conf import settings
from django.db import connections
from django.utils import timezone

from accounts.models import Role
from bench import criteria, size
from bench.portal import declaration, percentile, ratio, table, trader
from declarations import services as declarations
from demo import learning
from demo.people import officer_with
from risk import services
from risk.models import Model, ModelScore, Score
from risk.services.score import compiled_on

COUNT = size(600, 8)
CORES = 2
WANTED = 200


def lodged() -> list[int]:
    """Declarations that nobody was sent for."""
    settings.FOLLOW_UPS["declaration.assessed"] = []
    user, company = trader()
    made = []
    for _each in range(COUNT):
        at = timezone.now()
        done = declarations.lodge_at_once(
            declarant=company, data=declaration(), on=timezone.localdate(at), at=at, by=user
        )
        made.append(done.declaration.pk)
    return made


def score(keys: list[int]) -> list[float]:
    """Seconds of each, in a process of its own."""
    compiled_on(timezone.now())
    taken = []
    for key in keys:
        started = time.perf_counter()
        services.score(key, at=timezone.now())
        taken.append(time.perf_counter() - started)
    connections.close_all()
    return taken


@contextmanager
def champion() -> Iterator[None]:
    """The demonstration's model, judging each declaration; out of use afterwards."""
    now = timezone.now()
    champions = Model.objects.filter(status=Model.Status.CHAMPION)
    if not champions.exists():  # one that was retired judges nothing
        learning.bring_a_model(at=now)
    yield
    used = champions.get()
    services.retire_model(used, by=officer_with(Role.ANALYST), at=now)


def main() -> None:
    with criteria.in_force() as made, champion():
        keys = lodged()
        known = set(Score.objects.filter(declaration__in=keys).values_list("declaration", flat=True))
        keys = [key for key in keys if key not in known]  # the sweep was faster
        connections.close_all()
        with ProcessPoolExecutor(CORES, mp_context=get_context("fork")) as pool:
            list(pool.map(score, [[], []]))
            started = time.perf_counter()
            taken = [each for some in pool.map(score, [keys[part::CORES] for part in range(CORES)]) for each in some]
            elapsed = time.perf_counter() - started
        done = Score.objects.filter(declaration__in=keys).count()
        assert done == len(keys), f"{done} of {len(keys)} were scored"
        judged = ModelScore.objects.filter(score__declaration__in=keys).count()
        assert judged == len(keys), f"the model judged {judged} of {len(keys)}"
    rate = len(keys) / elapsed
    rows = [
        (f"declarations of 5 items a second, {len(made)} criteria and a model", f"{rate:.0f}", f"{WANTED}",
         ratio(rate, WANTED)),
        ("one, median", f"{percentile(taken, 0.5) * 1000:.1f} ms", "", ""),
        ("one, 95th percentile", f"{percentile(taken, 0.95) * 1000:.1f} ms", "", ""),
    ]  # fmt: skip
    table("Score: criteria over lodged declarations", rows)


if __name__ == "__main__":
    main()
