"""Stored files: what they are is read from their content, and one that lies about its type is refused."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from declarations import services
from declarations.models import Declaration, StoredFile
from lib.uploads import sniff
from lib.violations import Rejected
from tests import make

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%test"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 32
XML = b"\xef\xbb\xbf<?xml version='1.0'?><ASYCUDA/>"
EXE = b"MZ\x90\x00" + b"\x00" * 64
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def office_file(inner: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inner, "<x/>")
    return packed.getvalue()


XLSX, DOCX, ZIP = office_file("xl/workbook.xml"), office_file("word/document.xml"), office_file("other.txt")


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def store(draft: Declaration, name: str, content: bytes) -> StoredFile:
    return services.store_file(draft, kind="attachment", name=name, content=content, by=make.trader(), at=make.AT)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("invoice.pdf", PDF, "application/pdf"),
        ("scan.PNG", PNG, "image/png"),
        ("scan.jpeg", JPEG, "image/jpeg"),
        ("sad.xml", XML, "application/xml"),
        ("list.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("letter.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_of_a_known_type_is_stored_with_its_hash(name: str, content: bytes, kind: str) -> None:
    stored = store(make.draft(), name, content)
    assert (stored.content_type, stored.size, stored.name) == (kind, len(content), name)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    with stored.file.open() as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "F001"),
        ("large.pdf", PDF + b"0" * settings.UPLOAD_LIMIT_BYTES, "F002"),
        ("program.exe", EXE, "F003"),
        ("page.html", HTML, "F003"),
        ("archive.zip", ZIP, "F003"),
        ("invoice.pdf", PNG, "F004"),
        ("invoice.pdf", EXE, "F003"),
        ("picture.png", XML, "F004"),
        ("list.xlsx", DOCX, "F004"),
        ("no-ending", PDF, "F004"),
    ],
)
def test_a_file_that_is_empty_large_unknown_or_lies_is_refused(name: str, content: bytes, code: str) -> None:
    draft = make.draft()
    with pytest.raises(Rejected) as refused:
        store(draft, name, content)
    assert refused.value.violations[0].code == code
    assert not draft.files.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../etc/x.pdf", "x.pdf"), ("C:\\tmp\\y.pdf", "y.pdf"), ("a\x00b.pdf", "ab.pdf"), ("n" * 300 + ".pdf", None)],
)
def test_the_name_is_shown_without_folders_and_never_reaches_the_disk(name: str, shown: str | None) -> None:
    stored = store(make.draft(), name, PDF)
    assert stored.name == (shown or "n" * 196 + ".pdf")
    assert stored.name not in stored.file.name


def test_files_of_a_draft_go_with_it() -> None:
    draft = make.draft()
    path = store(draft, "a.pdf", PDF).file.path
    services.discard_draft(draft, by=make.trader(), at=make.AT)
    assert not StoredFile.objects.exists()
    assert not Path(path).exists()


def test_what_has_no_signature_is_of_no_type() -> None:
    assert sniff(b"hello") == ""
    assert sniff(b"  \n<?xml?>") == "application/xml"
