"""More requests of machines than can be done are sent away at once; pages and those inside go on."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from customs_portal.site.turns import ApiTurnsMiddleware

PATH = "/api/v1/declarations/lodge/"


class Desk:
    """A view that works for as long as the test wants."""

    def __init__(self) -> None:
        self.free, self.begun = threading.Event(), threading.Semaphore(0)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            self.begun.release()
            assert self.free.wait(20)
        return HttpResponse("done")


@pytest.fixture
def desk() -> Desk:
    return Desk()


class Door:
    """The middleware before the desk, with one place at it and one to wait."""

    def __init__(self, desk: Callable[[HttpRequest], HttpResponse]) -> None:
        self.middleware = ApiTurnsMiddleware(desk)

    def __call__(self, path: str) -> HttpResponse:
        return self.middleware(RequestFactory().post(path))

    def wait_until_full(self) -> None:
        until = time.monotonic() + 10
        while self.middleware.inside.acquire(blocking=False):
            self.middleware.inside.release()
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.fixture
def ask(desk: Desk, settings: Any) -> Door:
    settings.API_AT_ONCE, settings.API_WAITING, settings.API_WAIT_SECONDS = 1, 1, 10.0
    return Door(desk)


def test_one_works_one_waits_and_the_third_is_sent_away(desk: Desk, ask: Door) -> None:
    with ThreadPoolExecutor(2) as machines:
        first = machines.submit(ask, PATH)
        assert desk.begun.acquire(timeout=10)
        second = machines.submit(ask, PATH)
        ask.wait_until_full()
        assert ask(PATH).status_code == 503
        assert ask("/queue/").content == b"done", "a page does not wait for machines"
        desk.free.set()
        assert (first.result(10).status_code, second.result(10).status_code) == (200, 200)
    assert ask(PATH).status_code == 200, "turns are given back"


def test_who_has_waited_long_enough_is_sent_away(desk: Desk, ask: Door, settings: Any) -> None:
    settings.API_WAIT_SECONDS = 0.05
    with ThreadPoolExecutor(1) as machines:
        first = machines.submit(ask, PATH)
        assert desk.begun.acquire(timeout=10)
        assert ask(PATH).status_code == 503
        desk.free.set()
        assert first.result(10).status_code == 200


def test_the_answer_says_when_to_come_again_and_that_nothing_was_done(desk: Desk, ask: Door) -> None:
    with ThreadPoolExecutor(2) as machines:
        held = [machines.submit(ask, PATH)]
        assert desk.begun.acquire(timeout=10)
        held.append(machines.submit(ask, PATH))
        with translation.override("ru"):
            ask.wait_until_full()
            answer = ask(PATH)
        desk.free.set()
        assert all(each.result(10).status_code == 200 for each in held)
    assert answer.headers["Retry-After"] == "2"
    (fault,) = json.loads(answer.content)["violations"]
    assert (fault["code"], "2" in fault["sentence"]) == ("H503", True)


def test_a_view_that_fails_gives_its_turn_back(settings: Any) -> None:
    settings.API_AT_ONCE, settings.API_WAITING = 1, 0

    def fail(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    middleware = ApiTurnsMiddleware(fail)
    for _again in range(3):
        with pytest.raises(ZeroDivisionError):
            middleware(RequestFactory().post(PATH))
