"""The judge of papers: what passes is harmless, what does not is refused by name with what to do."""

# mypy: disable-error-code="no-untyped-call"
# The writer of PDFs, which makes the bad ones here, has no types.
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from lib.pdfs import drawn_pages
from lib.received import received
from lib.uploads import read_upload
from lib.violations import Rejected
from tests.scans import JPEG, PDF, PNG, picture

XML = b"\xef\xbb\xbf<?xml version='1.0'?><ASYCUDA/>"
EXE = b"MZ\x90\x00" + b"\x00" * 64
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
name = generic.pdf_name


def office_file(*inner: str, size: int = 4) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in ("[Content_Types].xml", *inner):
            archive.writestr(each, b"<x/>".ljust(size))
    return packed.getvalue()


def refused(file: str, content: bytes) -> str:
    with pytest.raises(Rejected) as fault:
        received(name=file, content=content)
    (violation,) = fault.value.violations
    assert violation.pointer == "file"
    return violation.code


def plain_pdf() -> bytes:
    made = writer.PdfFileWriter()
    empty = made.add_object(generic.StreamObject(stream_data=b""))
    size = generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 300)))
    made.insert_page(writer.PageObject(contents=empty, media_box=size))
    kept = io.BytesIO()
    made.write(kept)
    return kept.getvalue()


def with_root(**entries: generic.PdfObject) -> bytes:
    """A PDF whose catalogue says more, added at its end as editors do."""
    changed = IncrementalPdfFileWriter(io.BytesIO(plain_pdf()))
    for key, value in entries.items():
        changed.root[f"/{key}"] = value
    changed.update_root()
    kept = io.BytesIO()
    changed.write(kept)
    return kept.getvalue()


def dictionary(**entries: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({name(f"/{key}"): value for key, value in entries.items()})


def locked_pdf(password: str) -> bytes:
    new = writer.copy_into_new_writer(PdfFileReader(io.BytesIO(plain_pdf())))
    new.encrypt(owner_pass="owner", user_pass=password)
    kept = io.BytesIO()
    new.write(kept)
    return kept.getvalue()


SCRIPT = dictionary(S=name("/JavaScript"), JS=generic.pdf_string("app.alert(1)"))
PLACE = dictionary(S=name("/GoTo"), D=generic.ArrayObject([]))


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("empty.pdf", b"", "F001"),
        ("program.exe", EXE, "F003"),
        ("page.html", HTML, "F003"),
        ("archive.zip", office_file("other.txt"), "F003"),
        ("invoice.pdf", PNG, "F004"),
        ("invoice.pdf", EXE, "F003"),
        ("picture.png", XML, "F004"),
        ("list.xlsx", office_file("word/document.xml"), "F004"),
        ("no-ending", PDF, "F004"),
        ("photo.heic", HEIC, "F080"),
        ("scan.tif", picture("TIFF"), "F080"),
        ("half.jpg", picture("JPEG", (900, 900))[:400], "F005"),
        ("list.xlsx", office_file("xl/workbook.xml", "xl/vbaProject.bin"), "F092"),
        ("letter.docx", office_file("word/document.xml", "word/embeddings/object.bin"), "F092"),
        ("letter.docx", office_file("word/document.xml")[:-30], "F092"),
        ("bomb.xlsx", office_file("xl/workbook.xml", "xl/a", "xl/b", size=80_000_000), "F092"),
        ("glued.pdf", PDF + office_file("other.txt"), "F084"),
        ("glued.pdf", PDF + b"x" * 2000, "F084"),
        ("broken.pdf", b"%PDF-1.7\n%test", "F082"),
    ],
)
def test_what_is_no_harmless_paper_is_refused(file: str, content: bytes, code: str) -> None:
    assert refused(file, content) == code


@pytest.mark.parametrize("name", ["p.jpg", "p.JPEG", "page.jfif", "page.JPE"])
def test_a_photograph_is_known_by_each_ending_that_systems_write(name: str) -> None:
    kept = received(name=name, content=picture("JPEG", (90, 90)))
    assert (kept.name, kept.content_type) == (name, "image/jpeg")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: locked_pdf("secret"), "F081"),
        (lambda: with_root(OpenAction=SCRIPT), "F085"),
        (lambda: with_root(AcroForm=dictionary(XFA=generic.pdf_string("x"))), "F085"),
        (lambda: with_root(Names=dictionary(EmbeddedFiles=dictionary(Names=generic.ArrayObject([])))), "F086"),
    ],
)
def test_a_pdf_that_is_locked_acts_or_carries_files_is_refused(made: Callable[[], bytes], code: str) -> None:
    assert refused("invoice.pdf", made()) == code


def test_a_pdf_that_only_opens_at_a_place_passes_as_it_is_and_one_locked_for_its_owner_is_unlocked() -> None:
    plain = with_root(OpenAction=PLACE)
    kept = received(name="invoice.pdf", content=plain)
    assert (kept.content, kept.pages, kept.content_type) == (plain, 1, "application/pdf")
    locked = locked_pdf("")
    kept = received(name="invoice.pdf", content=locked)
    assert kept.content != locked
    assert not PdfFileReader(io.BytesIO(kept.content), strict=False).encrypted
    (page,) = drawn_pages(kept.content, first=1, last=9)
    assert max(Image.open(io.BytesIO(page)).size) == 2000


def test_a_picture_is_made_anew_and_nothing_that_was_glued_to_it_is_left() -> None:
    kept = received(name="photo.PNG", content=picture("PNG", (6000, 3000)) + office_file("other.txt"))
    assert (kept.name, kept.content_type, kept.pages) == ("photo.jpg", "image/jpeg", 1)
    assert Image.open(io.BytesIO(kept.content)).size == (2400, 1200)
    assert not zipfile.is_zipfile(io.BytesIO(kept.content))
    assert received(name="scan.jpeg", content=JPEG).name == "scan.jpeg"


def test_other_kinds_are_kept_as_they_came() -> None:
    for file, content in (("sad.xml", XML), ("list.xlsx", office_file("xl/workbook.xml"))):
        kept = received(name=file, content=content)
        assert (kept.content, kept.pages) == (content, None)


@override_settings(UPLOAD_LIMIT_BYTES=1000)
def test_what_is_larger_than_the_limit_is_not_opened() -> None:
    assert refused("large.pdf", PDF + b" " * 1000) == "F002"


def test_an_upload_that_is_too_large_is_not_read() -> None:
    class Unread(SimpleUploadedFile):
        def read(self, *args: Any) -> bytes:
            raise AssertionError

    with pytest.raises(Rejected) as refused:
        read_upload(Unread("a.pdf", b"12345"), pointer="paper", limit=4)
    assert [(fault.code, fault.pointer) for fault in refused.value.violations] == [("F002", "paper")]
    assert read_upload(SimpleUploadedFile("a.pdf", b"1234"), limit=4) == b"1234"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("invoice\u202egnp.pdf", "invoicegnp.pdf"), ("a\u200b\u2066b\u2069.pdf", "ab.pdf"),
        ("счёт №5.PDF", "счёт №5.PDF"),
        ("../\u202e/etc/a.pdf", "a.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_kept_as_it_is_read(sent: str, kept: str) -> None:
    """A mark that turns the direction of writing shows another ending than the name has."""
    assert received(name=sent, content=PDF).name == kept


def test_a_picture_with_too_many_points_is_not_called_a_large_file() -> None:
    with pytest.raises(Rejected, match="60 million"):
        received(name="a.png", content=picture("PNG", (9000, 8000)))
