"""What the portal survives: its worker killed, its Redis emptied, its PostgreSQL restarted. On the real processes."""

import http.client
import itertools
import json
import os
import re
import signal
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg2
import pytest

from demo.accounts import PASSWORD, PEOPLE, POMIR
from tests import make
from tests.stack import GAVE_UP, SWEEP_SECONDS, Stack, wait_for

_serial = itertools.count(1)
WAITING_FOR_A_LOCK = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
SCORES = "SELECT count(*) FROM risk_score WHERE declaration_id = %s"


@dataclass(frozen=True)
class Api:
    """The machine door of the stack, as the demonstration's first trader; `patience` is in seconds."""

    stack: Stack
    token: str
    patience: float = 30

    def call(self, method: str, path: str, body: Any = None, *, request_id: str = "") -> tuple[int, Any]:
        line = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=self.patience)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"X-Request-ID": request_id} if request_id else {}
        line.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def lodge(self, *, request_id: str = "") -> int:
        """Lodge a declaration; its primary key."""
        content = make.data(
            lrn=f"OPS-{next(_serial)}", declarant_code=POMIR.tin, consignee_code=POMIR.tin, consignee_name=POMIR.box
        )
        status, body = self.call("POST", "/api/v1/declarations/lodge/", content, request_id=request_id)
        assert status == 201, body
        return int(self.stack.value("SELECT id FROM declarations_declaration WHERE mrn = %s", body["mrn"]))


@pytest.fixture(scope="module")
def api(stack: Stack) -> Api:
    return Api(stack, stack.token(PEOPLE[0].email))


@pytest.fixture(autouse=True)
def _corrected(stack: Stack) -> Iterator[None]:
    yield
    stack.mend()


def is_scored(stack: Stack, declaration: int) -> bool:
    return bool(stack.value(SCORES, declaration))


def wait_for_the_sweep(stack: Stack, declaration: int) -> None:
    wait_for(lambda: is_scored(stack, declaration), "the score", seconds=SWEEP_SECONDS + 30, explain=stack.tail)


def pause(stack: Stack, name: str) -> None:
    os.killpg(stack.processes[name].pid, signal.SIGSTOP)


def resume(stack: Stack, name: str) -> None:
    os.killpg(stack.processes[name].pid, signal.SIGCONT)


def test_a_lodged_declaration_is_scored_and_gets_its_file(stack: Stack, api: Api) -> None:
    declaration = api.lodge()
    wait_for(lambda: is_scored(stack, declaration), "the score", explain=stack.tail)
    cases = "SELECT count(*) FROM clearance_case WHERE declaration_id = %s"
    wait_for(lambda: stack.value(cases, declaration) == 1, "the file", explain=stack.tail)


def test_a_worker_killed_in_the_middle_of_scoring_loses_nothing(stack: Stack, api: Api) -> None:
    stack.stop_clock()
    pause(stack, "worker")
    declaration = api.lodge()
    holder = psycopg2.connect(stack.postgres.owner_url)
    holder.cursor().execute("SELECT 1 FROM declarations_declaration WHERE id = %s FOR UPDATE", [declaration])
    resume(stack, "worker")
    wait_for(lambda: stack.value(WAITING_FOR_A_LOCK) > 0, "the worker to be in the middle", explain=stack.tail)
    stack.kill("worker")
    holder.close()
    assert not is_scored(stack, declaration), "the worker was not in the middle"
    stack.mend()
    wait_for_the_sweep(stack, declaration)
    assert stack.value(SCORES, declaration) == 1


def test_redis_emptied_between_commit_and_task_loses_nothing(stack: Stack, api: Api) -> None:
    stack.stop_clock()
    pause(stack, "worker")
    declaration = api.lodge()
    stack.empty_redis()
    stack.kill("worker")
    assert not is_scored(stack, declaration), "the worker was not paused"
    stack.mend()
    wait_for(
        lambda: is_scored(stack, declaration), "the sweep to score", seconds=SWEEP_SECONDS + 20, explain=stack.tail
    )


def test_lodging_works_while_redis_is_away_and_the_sweep_does_the_rest(stack: Stack, api: Api) -> None:
    stack.redis.stop()
    try:
        declaration = api.lodge()
    finally:
        stack.redis.start()
    stack.mend()
    wait_for(
        lambda: is_scored(stack, declaration), "the sweep to score", seconds=SWEEP_SECONDS + 30, explain=stack.tail
    )


def test_postgresql_restarted_under_the_web_server_the_next_request_works(stack: Stack, api: Api) -> None:
    for _each in range(8):
        assert api.call("GET", "/api/v1/declarations/")[0] == 200
    stack.postgres.stop()
    stack.postgres.start()
    for _each in range(8):
        assert api.call("GET", "/api/v1/declarations/")[0] == 200
    declaration = api.lodge()
    wait_for(lambda: is_scored(stack, declaration), "the worker to have found it again", explain=stack.tail)


def test_while_postgresql_is_away_the_portal_says_so_and_comes_back_by_itself(stack: Stack, api: Api) -> None:
    stack.postgres.stop()
    try:
        assert api.call("GET", "/readyz")[0] == 503
    finally:
        stack.postgres.start()
    wait_for(lambda: api.call("GET", "/readyz")[0] == 200, "the portal to be ready again", explain=stack.tail)


def test_a_log_line_of_the_worker_carries_the_id_of_the_request(stack: Stack, api: Api) -> None:
    api.lodge(request_id="followed-through-1")
    wait_for(lambda: "followed-through-1" in stack.log("worker"), "the id in the worker's log", explain=stack.tail)


# Redis away or hanging ----------------------------------------------------------------------------------------
@pytest.fixture(params=["away", "hanging"])
def no_redis(stack: Stack, request: pytest.FixtureRequest) -> Iterator[str]:
    """Redis is stopped, or lives and does not answer; afterwards it is as it was."""
    if request.param == "away":
        stack.redis.stop()
    else:
        assert stack.redis.process is not None
        os.kill(stack.redis.process.pid, signal.SIGSTOP)
    yield request.param
    if request.param == "away":
        stack.redis.start()
    else:
        assert stack.redis.process is not None
        os.kill(stack.redis.process.pid, signal.SIGCONT)


def test_without_redis_people_sign_in_and_lodge_and_nobody_waits_for_it(stack: Stack, api: Api, no_redis: str) -> None:
    patient = replace(api, patience=4)
    for _each in range(3):
        assert sign_in(stack, PEOPLE[0].email, patience=4) == 302
        patient.lodge()
    assert GAVE_UP.search(stack.log("web")), "the log says it, and who stops the clock waits for that"


def sign_in(stack: Stack, email: str, *, patience: float) -> int:
    """The status of the answer to a right password, as a browser without script gets it."""
    jar = urllib.request.HTTPCookieProcessor()
    browser = urllib.request.build_opener(jar, _Stay())
    address = f"{stack.url}/account/login/"
    page = browser.open(address, timeout=patience).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None, page
    typed = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1)}
    request = urllib.request.Request(address, urllib.parse.urlencode(typed).encode(), {"Referer": address})
    try:
        return int(browser.open(request, timeout=patience).status)
    except urllib.error.HTTPError as answer:
        return int(answer.code)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None
