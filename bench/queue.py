"""The officers' queue and the search over files, with 10,000 and with 1,000,000 declarations behind them.

The declarations and their files are written by SQL, one copy of a real one after another; the share of files that wait
for an officer stays what it is in practice, so the queue grows with the rest and only its first page is shown.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from bench import size
from bench.floor import DECLARATION, columns
from bench.portal import declaration, far_number, percentile, ratio, reserved, table, trader, wait_for_the_worker
from clearance import services as clearance
from clearance.models import Case
from declarations import services as declarations
from declarations.models import Declaration
from demo.accounts import KHATLON, POMIR, TERMINAL
from demo.people import officer_with, user_of

SMALL, LARGE = size(10_000, 1_000), size(1_000_000, 3_000)
# Of a thousand files this many wait for an officer at one time; an office works off what it gets in two or three days.
WAITING_OF_THOUSAND = 2
COPIED = (DECLARATION, "risk_score", "clearance_case")
SEARCHED = "declarations_searched"
REQUESTS, SEARCHES = size(60, 3), size(20, 2)


def template() -> Case:
    """A declaration with its file, lodged by the verbs, when the worker has nothing more to do."""
    user, company = trader()
    at = timezone.now()
    lodged = declarations.lodge_at_once(
        declarant=company, data=declaration(), on=timezone.localdate(at), at=at, by=user
    ).declaration
    clearance.take_up(lodged.pk, at=at)
    wait_for_the_worker()
    return Case.objects.get(declaration=lodged)


def multiply(case: Case, count: int) -> None:
    """`count` further declarations with scores and files; `WAITING_OF_THOUSAND` wait, the others are released.

    In one transaction: the worker's sweep would open files for those that have a score and no file yet.
    """
    with transaction.atomic():
        _copy(case, count)
    with connection.cursor() as cursor:
        for name in (*COPIED, SEARCHED):
            cursor.execute(f'VACUUM ANALYZE "{name}"')


def _copy(case: Case, count: int) -> None:
    base = {name: reserved(name, count) for name in COPIED}
    waits = f"n % 1000 < {WAITING_OF_THOUSAND}"
    # Older than what the sweep looks back upon: it would print a release note for each.
    age = "make_interval(days => 31, mins => (n % 130000)::int)"
    # Of mixed digits, as those in use are: a part of one is a part of few others, however many there are.
    mrn = f"'B0' || upper(left(md5(({base[DECLARATION]} + n)::text), 16))"
    declaration_key = f"{base[DECLARATION]} + n"
    _insert(DECLARATION, case.declaration_id, count, {
        "id": declaration_key, "public_id": "gen_random_uuid()", "mrn": mrn, "lrn": f"'Q-' || {declaration_key}",
        "registration_number": far_number(declaration_key),
        "status": f"CASE WHEN {waits} THEN 'assessed' ELSE 'released' END", "lodged_at": f"t.lodged_at - {age}",
    })  # fmt: skip
    lane = "CASE WHEN n % 2 = 0 THEN 'yellow' ELSE 'red' END"
    score = case.declaration.score.pk
    _insert("risk_score", score, count, {
        "id": f"{base['risk_score']} + n", "declaration_id": declaration_key, "lane": lane, "at": f"t.at - {age}",
    })  # fmt: skip
    _insert("clearance_case", case.pk, count, {
        "id": f"{base['clearance_case']} + n", "declaration_id": declaration_key, "lane": lane, "mrn": mrn,
        "lodged_at": f"t.lodged_at - {age}", "opened_at": f"t.opened_at - {age}", "due_at": f"t.due_at - {age}",
        "waits_for": "'office'", "waits_since": f"t.waits_since - {age}", "clock_from": f"t.clock_from - {age}",
        "closed_at": f"CASE WHEN {waits} THEN NULL ELSE t.opened_at - {age} + interval '2 hours' END",
        "closed_as": f"CASE WHEN {waits} THEN '' ELSE 'released' END",
    })  # fmt: skip
    _insert_words(case.declaration_id, count, declaration=declaration_key, mrn=mrn, age=age)


def _insert_words(key: int, count: int, *, declaration: str, mrn: str, age: str) -> None:
    """What the copies are found by: the words of the first, and every end of a number of their own."""
    pieces = f"SELECT array_agg(substr(lower({mrn}), place)) FROM generate_series(1, 16) place"
    words = f"array_to_tsvector(array_cat(tsvector_to_array(t.words), ({pieces})))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SEARCHED} (declaration_id, lodged_on, words) "
            f"SELECT {declaration}, (t.lodged_on - {age})::date, {words} "
            f"FROM {SEARCHED} t, generate_series(1, {count}) n WHERE t.declaration_id = {key}"
        )


def _insert(name: str, key: int, count: int, replaced: dict[str, str]) -> None:
    names = columns(name)
    values = ", ".join(replaced.get(column, f't."{column}"') for column in names)
    listed = ", ".join(f'"{column}"' for column in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{name}" ({listed}) OVERRIDING SYSTEM VALUE '
            f'SELECT {values} FROM "{name}" t, generate_series(1, {count}) n WHERE t.id = {key}'
        )


def rest() -> None:
    """Nothing of what was written is still to be brought to the disk beside what is measured."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def measure() -> tuple[float, float, int]:
    """Median and 95th percentile of the queue's page in seconds, and its queries."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(officer_with(Role.SUPERVISOR, TERMINAL), backend=settings.AUTHENTICATION_BACKENDS[1])
    client.get("/queue/")
    times = []
    for _each in range(REQUESTS):
        started = time.perf_counter()
        answer = client.get("/queue/")
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection) as caught:
        client.get("/queue/")
    return percentile(times, 0.5), percentile(times, 0.95), len(caught)


def searches(case: Case) -> dict[str, tuple[str, str, dict[str, str]]]:
    """What is asked: by whom (a role, or a trader's address), on which page, and how.

    Each fills its page as far with few files as with many: to write rows into a page takes longer than to find them.
    """
    some = Declaration.objects.exclude(pk=case.declaration_id).order_by("pk")[SMALL // 2]
    newest = timezone.localdate() - timedelta(days=32)  # copies are older than 31 days
    supervisor, auditor = officer_with(Role.SUPERVISOR, TERMINAL).email, officer_with(Role.AUDITOR).email
    mine, other = user_of(POMIR).email, user_of(KHATLON).email
    return {
        "part of an MRN": (supervisor, "/queue/search/", {"text": some.mrn[8:]}),
        "the end of an MRN, everywhere": (auditor, "/queue/search/", {"text": some.mrn[-7:]}),
        "a word in all of them": (supervisor, "/queue/search/", {"text": "goods"}),
        "a word in none": (supervisor, "/queue/search/", {"text": "nowhere"}),
        "all of a trader": (auditor, "/queue/search/", {"trader": case.trader_tin}),
        "a lane": (supervisor, "/queue/search/", {"lane": "red", "status": "released"}),
        "a period": (auditor, "/queue/search/", {"since": str(newest - timedelta(days=3)), "until": str(newest)}),
        "a finding": (auditor, "/queue/search/", {"finding": "any"}),
        "a trader's list, a word": (mine, "/declarations/", {"text": "goods"}),
        "another trader's list, a word": (other, "/declarations/", {"text": "goods"}),
        "another trader's list": (other, "/declarations/", {}),
    }


def measure_searches(asked: dict[str, tuple[str, str, dict[str, str]]]) -> dict[str, float]:
    """The median of each page in seconds."""
    found = {}
    for name, (email, page, query) in asked.items():
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(User.objects.get(email=email), backend=settings.AUTHENTICATION_BACKENDS[1])
        times = []
        for _each in range(SEARCHES):
            started = time.perf_counter()
            answer = client.get(page, query)
            times.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.status_code
        found[name] = percentile(times, 0.5)
    return found


def main() -> None:
    case = template()
    multiply(case, SMALL)
    rest()
    small, asked = measure(), searches(case)
    few = measure_searches(asked)
    started = time.perf_counter()
    multiply(case, LARGE - SMALL)
    print(f"{LARGE:,} declarations written in {time.perf_counter() - started:.0f} s")
    rest()
    large, many = measure(), measure_searches(asked)
    waiting = Case.objects.waiting().count()
    rows = [
        (f"with {SMALL:,}, median", f"{small[0] * 1000:.1f} ms", "", ""),
        (f"with {LARGE:,}, median", f"{large[0] * 1000:.1f} ms", "1.5 x", ratio(large[0], small[0])),
        (f"with {LARGE:,}, 95th percentile", f"{large[1] * 1000:.1f} ms", "", ratio(large[1], small[1])),
        ("queries of the page", f"{large[2]}", f"{small[2]}", ratio(large[2], small[2])),
        ("files that wait for an officer", f"{waiting:,}", "", ""),
    ]
    table("Queue: the officer's first page", rows)
    found = [
        (name, f"{many[name] * 1000:.1f} ms", f"{few[name] * 1000:.1f} ms x 1.5", ratio(many[name], few[name]))
        for name in asked
    ]
    table(f"Search: with {LARGE:,} beside {SMALL:,}", found)


if __name__ == "__main__":
    main()
