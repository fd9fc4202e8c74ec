"""Browsers for tests: Chromium against the real processes, logged in as the people of the demonstration."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from demo.accounts import PEOPLE, code_at
from tests.stack import Stack

# Playwright runs an event loop in this thread; Django would refuse the database because of it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

TRADER = "trader@demo.example"
OFFICER = "officer@demo.example"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=30_000)


def program() -> str:
    """Where Chromium lies; the one without windows opens a page at a third of the cost."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, "Chromium is not installed: ./portal test installs it"
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """Opens browsers: for nobody in particular, or logged in as someone. A login is made once and reused."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.browser = browser
        self.stack = stack
        self.sessions: dict[str, object] = {}
        self.open: list[BrowserContext] = []

    def page(self, **options: object) -> Page:
        chosen = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options}
        context = self.browser.new_context(base_url=self.stack.url, **chosen)  # type: ignore[arg-type]
        context.set_default_timeout(45_000)
        self.open.append(context)
        return context.new_page()

    def log_in(self, email: str, **options: object) -> Page:
        if email not in self.sessions:
            page = self.page()
            _log_in_by_hand(page, email)
            self.sessions[email] = page.context.storage_state()
        return self.page(storage_state=self.sessions[email], **options)

    def close(self) -> None:
        while self.open:
            self.open.pop().close()


def _log_in_by_hand(page: Page, email: str) -> None:
    person = next(person for person in PEOPLE if person.email == email)
    page.goto("/account/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", person.password)
    page.press("[name=password]", "Enter")
    if person.totp_secret:
        page.fill("[name=code]", code_at(person.totp_secret))
        page.press("[name=code]", "Enter")
    page.wait_for_url(lambda url: "/account/" not in url)


@pytest.fixture(scope="session")
def desk_of_session(chromium: Browser, stack: Stack) -> Desk:
    return Desk(chromium, stack)


@pytest.fixture
def desk(desk_of_session: Desk) -> Iterator[Desk]:
    yield desk_of_session
    desk_of_session.close()


@pytest.fixture(scope="session")
def prepared(stack: Stack) -> dict[str, Any]:
    """What `prepared.everything` made, once: "mrn" and "key" of a file released blue, "tea" to lodge."""
    printed = stack.manage("shell", "-c", "from tests.browser import prepared; prepared.everything()")
    made: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return made


@pytest.fixture
def page(desk: Desk) -> Page:
    """A browser in which nobody is logged in."""
    return desk.page()


@pytest.fixture
def trader_page(desk: Desk) -> Page:
    return desk.log_in(TRADER)


@pytest.fixture
def officer_page(desk: Desk) -> Page:
    return desk.log_in(OFFICER)


@pytest.fixture(scope="session")
def check_accessibility() -> Callable[[Page], None]:
    """axe finds nothing against WCAG 2.2 A and AA on the page as it stands."""
    axe = Axe()

    def check(page: Page) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        results = axe.run(page, options={"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]})
        faults = [
            f"{fault['id']}: {fault['help']} — {[node['html'][:120] for node in fault['nodes'][:3]]}"
            for fault in results.response["violations"]
        ]
        assert faults == [], f"{page.url}\n" + "\n".join(faults)

    return check
