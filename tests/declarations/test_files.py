"""Stored files: what people send is kept once and made harmless, what the portal makes is kept as it is."""

import hashlib
from pathlib import Path

import pytest

from declarations import services
from declarations.models import Declaration, StoredFile
from declarations.services import files
from lib.uploads import sniff
from lib.violations import Conflict, Rejected
from tests import make
from tests.scans import JPEG, PDF, PNG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def receive(draft: Declaration, name: str, content: bytes, key: str = "") -> StoredFile:
    return services.receive_file(draft, name=name, content=content, by=make.trader(), at=make.AT, key=key)


def test_a_file_is_stored_with_its_hash_and_that_of_what_was_sent() -> None:
    draft = make.draft()
    for name, content, kind, pages in (
        ("invoice.pdf", PDF, "application/pdf", 1),
        ("scan.PNG", PNG, "image/jpeg", 1),
        ("sad.xml", b"<?xml version='1.0'?><ASYCUDA/>", "application/xml", None),
    ):
        stored = receive(draft, name, content)
        with stored.file.open() as file:
            kept = file.read()
        assert (stored.content_type, stored.size, stored.pages) == (kind, len(kept), pages)
        assert stored.sha256 == hashlib.sha256(kept).hexdigest()
        assert stored.sent_sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_that_comes_again_under_its_key_is_the_same_one_and_another_is_refused() -> None:
    draft = make.draft()
    first = receive(draft, "a.jpg", JPEG, key="k1")
    assert receive(draft, "a.jpg", JPEG, key="k1") == first
    with pytest.raises(Conflict) as other:
        receive(draft, "b.png", PNG, key="k1")
    assert other.value.violations[0].code == "F089"
    assert draft.files.count() == 1


def test_a_declaration_has_so_many_files_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = make.draft()
    receive(draft, "a.jpg", JPEG)
    monkeypatch.setattr(files, "MOST_FILES", 1)
    with pytest.raises(Rejected) as full:
        receive(draft, "b.jpg", JPEG)
    assert full.value.violations[0].code == "F088"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../etc/x.jpg", "x.jpg"), ("C:\\tmp\\y.jpg", "y.jpg"), ("a\x00b.jpg", "ab.jpg"), ("n" * 300 + ".jpg", None)],
)
def test_the_name_is_shown_without_folders_and_never_reaches_the_disk(name: str, shown: str | None) -> None:
    stored = receive(make.draft(), name, JPEG)
    assert stored.name == (shown or "n" * 196 + ".jpg")
    assert stored.name not in str(stored.file.name)


def test_files_of_a_draft_go_with_it(django_capture_on_commit_callbacks: object) -> None:
    draft = make.draft()
    path = receive(draft, "a.jpg", JPEG).file.path
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.discard_draft(draft, by=make.trader(), at=make.AT)
    assert not StoredFile.objects.exists()
    assert not Path(path).exists()


def test_what_has_no_signature_is_of_no_type() -> None:
    assert sniff(b"hello") == ""
    assert sniff(b"  \n<?xml?>") == "application/xml"
