"""The worker prints papers: of a large one the person sees how far it is, for a usual one the answer waits."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from declarations import services
from declarations.models import Declaration, IssuedPaper, PrintedPaper
from declarations.services import papers, printed
from lib.papers import told_of_pages
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_items_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "AT_ONCE_ITEMS", 1)


@pytest.fixture
def large(trader: Any) -> Declaration:
    return make.lodged(items=[make.item(), make.item()])


def page(client: Client, declaration: Declaration, kind: str = "sad") -> Any:
    return client.get(reverse("declaration_paper", args=[declaration.public_id, kind]))


@pytest.mark.parametrize("kind", ["sad", "notice"])
def test_a_large_paper_comes_when_the_worker_has_printed_it(
    as_trader: Client, large: Declaration, kind: str, follow_ups: Callable[[], Any]
) -> None:
    with follow_ups():
        waiting = page(as_trader, large, kind)
    assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "3")
    assert "printed in the background" in waiting.content.decode()
    done = page(as_trader, large, kind)
    assert done.status_code == 200
    assert b"".join(done.streaming_content).startswith(b"%PDF")
    assert PrintedPaper.objects.count() == 1


def test_a_drafts_is_there_at_once_and_carries_no_check(as_trader: Client, trader: Any) -> None:
    answer = page(as_trader, make.draft())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert not PrintedPaper.objects.exists()
    assert not IssuedPaper.objects.exists()


def test_the_answer_waits_for_a_usual_one(as_trader: Client, trader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(_seconds: float) -> None:
        papers.print_paper(PrintedPaper.objects.get().pk, at=make.AT)

    monkeypatch.setattr("declarations.views.papers.WAIT_SECONDS", 60.0)
    monkeypatch.setattr("declarations.views.papers.sleep", printed)
    answer = page(as_trader, make.lodged())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")


def test_each_print_is_known_by_its_hash_under_one_number(large: Declaration) -> None:
    for state in (make.AT, make.AT + timedelta(hours=1)):
        for language in ("en", "ru"):
            asked = papers.ask(large, "sad", language=language, at=state)
            papers.print_paper(asked.pk, at=state)
            asked.refresh_from_db()
            issued = IssuedPaper.objects.get()
            digest = hashlib.sha256(asked.file.read()).hexdigest()
            assert issued.files.filter(language=language, sha256=digest).exists()
        large.updated_at = make.AT + timedelta(days=1)
        PrintedPaper.objects.update(state_of=make.AT - timedelta(days=1))
    assert issued.files.count() == 4
    assert issued.number == f"{large.mrn}-1"


def test_asking_again_does_not_print_again(as_trader: Client, large: Declaration, announced: list[Any]) -> None:
    for _again in range(3):
        assert page(as_trader, large).status_code == 202
    assert [name for name, _pk in announced].count("declarations.tasks.print_paper") <= 1
    paper = PrintedPaper.objects.get()
    papers.print_paper(paper.pk, at=make.AT)
    first = PrintedPaper.objects.get().file.name
    papers.print_paper(paper.pk, at=make.AT)
    assert PrintedPaper.objects.get().file.name == first


def test_a_paper_of_an_earlier_state_is_printed_again(
    as_trader: Client, large: Declaration, django_capture_on_commit_callbacks: Any
) -> None:
    page(as_trader, large)
    papers.print_paper(PrintedPaper.objects.get().pk, at=make.AT)
    old = Path(PrintedPaper.objects.get().file.path)
    services.mark_paid(large, by=None, at=make.AT + timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert page(as_trader, large).status_code == 202
        assert old.exists(), "a transaction that is undone would need it"
    assert not old.exists()
    assert not PrintedPaper.objects.get().file


def test_what_was_printed_of_a_state_that_passed_is_not_kept(
    large: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = papers.ask(large, "sad", language="en", at=make.AT)

    def overtaken(declaration: Declaration, issued: object) -> bytes:
        PrintedPaper.objects.update(state_of=make.AT + timedelta(days=1))
        return b"%PDF of yesterday"

    monkeypatch.setitem(papers.PRINTERS, "sad", overtaken)
    papers.print_paper(paper.pk, at=make.AT)
    assert not PrintedPaper.objects.get().file


def test_a_paper_whose_file_is_gone_is_printed_again(as_trader: Client, large: Declaration) -> None:
    page(as_trader, large)
    papers.print_paper(PrintedPaper.objects.get().pk, at=make.AT)
    Path(PrintedPaper.objects.get().file.path).unlink()
    assert page(as_trader, large).status_code == 202
    papers.print_paper(PrintedPaper.objects.get().pk, at=make.AT)
    assert page(as_trader, large).status_code == 200


def test_each_language_has_its_own(large: Declaration) -> None:
    kept = [papers.ask(large, "notice", language=language, at=make.AT) for language in ("en", "ru")]
    for paper in kept:
        papers.print_paper(paper.pk, at=make.AT)
    contents = {PrintedPaper.objects.get(pk=paper.pk).file.read() for paper in kept}
    assert len(contents) == 2


def test_progress_is_told_page_by_page(large: Declaration, as_trader: Client) -> None:
    paper = papers.ask(large, "sad", language="en", at=make.AT)
    assert papers.progress_of(paper) is None
    papers.print_paper(paper.pk, at=make.AT)
    assert papers.progress_of(paper) == (1, 1)
    PrintedPaper.objects.update(file="")
    cache.set(f"paper-{paper.pk}", (7, 333))
    with translation.override("en"):
        assert "page 7 of about 333" in page(as_trader, large).content.decode()


def test_pages_are_counted_in_this_thread_alone_and_only_within_the_block() -> None:
    told: list[int] = []
    paper = weasyprint.HTML(string="<p>one</p><p style='break-before: page'>two</p>")
    with told_of_pages(told.append), ThreadPoolExecutor(1) as another:
        paper.write_pdf()
        another.submit(paper.write_pdf).result()
    paper.write_pdf()
    assert told == [1, 2]


def test_a_stranger_gets_none(as_stranger: Client, large: Declaration) -> None:
    assert page(as_stranger, large).status_code == 404
    assert page(as_stranger, large, "poster").status_code == 404
    assert not PrintedPaper.objects.exists()


def test_old_ones_and_those_of_a_draft_thrown_away_leave_no_file(
    trader: Any, django_capture_on_commit_callbacks: Any
) -> None:
    draft = make.draft(items=[make.item(), make.item()])
    kept = papers.ask(draft, "sad", language="en", at=make.AT)
    assert not papers.exists(draft, "notice")
    papers.print_paper(kept.pk, at=make.AT)
    path = Path(PrintedPaper.objects.get().file.path)
    assert printed.throw_away_old(at=make.AT + timedelta(days=6)) == 0
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.discard_draft(draft, by=trader, at=make.AT)
    assert not path.exists()
    other = papers.ask(make.lodged(), "sad", language="en", at=make.AT)
    papers.print_paper(other.pk, at=make.AT)
    path = Path(PrintedPaper.objects.get().file.path)
    with django_capture_on_commit_callbacks(execute=True):
        assert printed.throw_away_old(at=make.AT + timedelta(days=8)) == 1
    assert not path.exists()
