"""Several ASYCUDA files at once: each becomes a draft or is refused with the reason, in a list that says so."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from declarations import sad_xml
from declarations.models import Declaration, Upload, UploadedFile
from declarations.services import uploads
from declarations.tasks import make_draft
from tests import make
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


def xml(lrn: str) -> bytes:
    return bytes(sad_xml.build(make.draft(lrn=lrn), on=make.ON))


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/workbook.xml", b"0" * 5_000_000)
    return packed.getvalue()


def sent(client: Client, *files: tuple[str, bytes]) -> Any:
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("declaration_upload"), {"file": chosen})


def test_each_file_becomes_a_draft_or_is_refused_and_the_list_says_which(
    as_trader: Client, django_capture_on_commit_callbacks: Any
) -> None:
    good = xml("UP-1")
    entities = b'<!DOCTYPE a [<!ENTITY b "b">]><ASYCUDA>&b;</ASYCUDA>'
    answer = sent(
        as_trader, ("good.xml", good), ("again.xml", good), ("bomb.xml", bomb()), ("doctype.xml", entities),
        ("empty.xml", b""), ("page.xml", b"<html>not a SAD</html>"), ("../../evil\x00.xml", xml("UP-2")),
    )  # fmt: skip
    upload = Upload.objects.get()
    assert answer["Location"] == reverse("upload", args=[upload.public_id])
    page = as_trader.get(answer["Location"]).content.decode()
    assert "1 of 7 files" in page
    assert "hx-get" in page
    assert "same file as good.xml" in page
    with django_capture_on_commit_callbacks(execute=True):
        for row in upload.files.all():
            make_draft(row.pk)
            make_draft(row.pk)
    kept = {row.name: row for row in upload.files.all()}
    drafted = [name for name, row in kept.items() if row.status == UploadedFile.Status.DRAFTED]
    assert drafted == ["good.xml", "evil.xml"]
    assert all(row.refusal[0]["code"] for name, row in kept.items() if name not in drafted)
    assert Declaration.objects.filter(source="xml").count() == 2
    assert not any(row.content for row in kept.values()), "the draft keeps the file"
    assert default_storage.listdir(f"uploads/{upload.public_id}")[1] == []
    page = as_trader.get(answer["Location"]).content.decode()
    assert "7 of 7 files" in page
    assert "hx-get" not in page
    taken = as_trader.get(reverse("upload_table", args=[upload.public_id, "csv"]))
    assert b"good.xml" in b"".join(taken.streaming_content)
    assert client_of(make.stranger()).get(answer["Location"]).status_code == 404


@pytest.mark.parametrize("content", [b"%PDF-1.4\n%%EOF", b"hello", bomb(), b"PK\x03\x04" + b"0" * 60], ids=range(4))
def test_what_is_no_xml_is_told_that_xml_is_wanted(as_trader: Client, content: bytes) -> None:
    """Other doors take PDF and XLSX, this one does not: to list them would be to ask for them."""
    said = sent(as_trader, ("file.pdf", content)).content.decode()
    assert "Send one of: XML." in said


def test_too_many_or_too_much_is_refused_unread(as_trader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FILES_AT_MOST", 2)
    refused = sent(as_trader, *[(f"{number}.xml", b"<a/>") for number in range(3)])
    assert (refused.status_code, "2 files at the most" in refused.content.decode()) == (422, True)
    monkeypatch.setattr(uploads, "BYTES_AT_MOST", 5)
    refused = sent(as_trader, ("1.xml", b"<a/>"), ("2.xml", b"<b/>"))
    assert (refused.status_code, "too large together" in refused.content.decode()) == (422, True)
    assert not Upload.objects.exists()
