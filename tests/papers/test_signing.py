"""Signed papers: a foreign validator agrees, a changed byte is noticed, and a key that fails loses nothing."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.test import Client
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from accounts.models import FollowUp
from accounts.services import followups
from clearance import services as clearance
from declarations.models import IssuedFile, IssuedPaper, PrintedPaper, Status, StoredFile
from declarations.services import papers
from demo.signing_key import make_key
from lib import signing
from lib.papers import print_pdf
from payments.services import issue_receipts
from tests import make
from tests.clearance import make as files
from tests.clearance.make import EXPORT

pytestmark = pytest.mark.django_db
PASSWORD = "long and secret"
KEY = make_key(PASSWORD)


@pytest.fixture
def key(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "customs.p12"
    path.write_bytes(KEY)
    settings.SIGNING_FILE, settings.SIGNING_PASSWORD = str(path), PASSWORD
    return path


def certificate() -> Any:
    known = pkcs12.load_key_and_certificates(KEY, PASSWORD.encode())[1]
    assert known is not None
    (loaded,) = load_certs_from_pemder_data(known.public_bytes(Encoding.DER))
    return loaded


def status(content: bytes) -> Any:
    (signature,) = PdfFileReader(BytesIO(content), strict=False).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[certificate()], allow_fetching=False))


def pdfsig(content: bytes, folder: Path) -> str:
    """What Debian's validator says; it is one of the packages that `./portal test` asks for."""
    path = folder / "paper.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True).stdout


def a_paper() -> bytes:
    return print_pdf("papers/notice.html", {"d": make.draft(), "groups": []})


@pytest.mark.usefixtures("key")
def test_two_validators_agree_and_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    plain = a_paper()
    signed = signing.sign(plain)
    assert signed.startswith(plain), "what was printed stays, the signature is added"
    found = status(signed)
    assert (found.bottom_line, found.intact, found.trusted) == (True, True, True)
    assert "Signature is Valid" in pdfsig(signed, tmp_path)
    assert "ETSI.CAdES.detached" in pdfsig(signed, tmp_path)
    place = signed.index(b"/Producer") + 12
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert not status(changed).intact
    assert "Digest Mismatch" in pdfsig(changed, tmp_path)


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("kind", ["release_note", "exit_note", "receipt", "sad", "notice"])
def test_every_paper_is_signed_and_its_hash_is_that_of_the_signed_file(kind: str) -> None:
    for content in _made(kind):
        assert status(content).bottom_line
        assert IssuedFile.objects.filter(paper__kind=kind, sha256=hashlib.sha256(content).hexdigest()).exists()
        assert StoredFile.objects.filter(kind=kind).exists() == (kind not in ("sad", "notice"))


def _made(kind: str) -> list[bytes]:
    if kind in ("sad", "notice"):
        asked = papers.ask(make.assessed(), kind, language="ru", at=make.AT)
        papers.print_paper(asked.pk, at=make.AT)
        return [PrintedPaper.objects.get().file.read()]
    case = files.paid("green", **EXPORT)
    assert clearance.release_if_clear(case.declaration_id, at=files.LATER)
    clearance.issue_release_note(case.declaration_id, at=files.LATER)
    clearance.issue_exit_note(case.declaration_id, at=files.LATER)
    issue_receipts(case.declaration_id, at=files.LATER)
    paper = IssuedPaper.objects.get(kind=kind)
    return [paper.file_in(language).file.read() for language in ("en", "ru", "tg")]


def test_without_a_key_papers_are_unsigned() -> None:
    plain = a_paper()
    assert not signing.is_configured()
    assert signing.sign(plain) == plain


def test_a_key_that_fails_keeps_the_release_and_the_note_comes_when_it_is_mended(
    key: Path, follow_ups: Callable[[], Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key.write_bytes(b"no key")
    case = files.paid("green")
    assert clearance.release_if_clear(case.declaration_id, at=files.LATER)
    case.declaration.refresh_from_db()
    assert case.declaration.status == Status.RELEASED
    due = FollowUp.objects.get(task="clearance.tasks.issue_release_note", subject=case.declaration_id)
    followups.visit(due.pk)
    due.refresh_from_db()
    assert "wrong password, or no PKCS#12" in due.fault
    assert PASSWORD not in due.fault
    assert not IssuedPaper.objects.exists()
    assert not StoredFile.objects.filter(kind="release_note").exists()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["signing"]) == (200, "failing")
    key.write_bytes(make_key(PASSWORD))
    followups.visit(due.pk)
    assert IssuedPaper.objects.filter(declaration=case.declaration).exists()
    assert client.get("/readyz").json()["signing"] == "ok"


def test_each_fault_of_a_key_is_said(key: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SIGNING_PASSWORD = "another"
    with pytest.raises(signing.SigningFailed, match="wrong password"):
        signing.sign(a_paper())
    key.unlink()
    with pytest.raises(signing.SigningFailed, match="cannot be read: No such file"):
        signing.sign(a_paper())
    settings.SIGNING_PKCS11_MODULE = "/usr/lib/no-such-module.so"
    monkeypatch.setitem(sys.modules, "pyhanko.sign.pkcs11", None)
    with pytest.raises(signing.SigningFailed, match="needs the library python-pkcs11"):
        signing.sign(a_paper())


def test_a_pin_that_the_token_refused_is_not_tried_until_it_locks(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def refuses() -> None:
        tried.append(settings.SIGNING_PASSWORD)
        raise RuntimeError("[PinIncorrect]")

    settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PASSWORD = "/usr/lib/token.so", "1111"
    monkeypatch.setattr(signing, "_from_token", refuses)
    monkeypatch.setattr(signing, "_refused_pin", "")
    for _again in range(3):
        with pytest.raises(signing.SigningFailed):
            signing.sign(a_paper())
    settings.SIGNING_PASSWORD = "2222"
    with pytest.raises(signing.SigningFailed):
        signing.sign(a_paper())
    assert tried == ["1111", "2222"]


@pytest.mark.usefixtures("key")
def test_with_a_clock_the_signature_carries_its_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    its_key = make_key("clock", key=rsa.generate_private_key(65537, 2048))
    signer = SimpleSigner.load_pkcs12_data(its_key, other_certs=[], passphrase=b"clock")
    clock = DummyTimeStamper(signer.signing_cert, signer.signing_key)
    monkeypatch.setattr("pyhanko.sign.timestamps.HTTPTimeStamper", lambda url, timeout: clock)
    settings.SIGNING_TIMESTAMP_URL = "https://clock.example/"
    (signature,) = PdfFileReader(BytesIO(signing.sign(a_paper())), strict=False).embedded_signatures
    carried = {attribute["type"].native for attribute in signature.signer_info["unsigned_attrs"]}
    assert "signature_time_stamp_token" in carried


@pytest.mark.usefixtures("key")
def test_a_clock_that_cannot_be_asked_is_a_fault_and_no_paper_without_its_time(settings: Any) -> None:
    settings.SIGNING_TIMESTAMP_URL = "http://127.0.0.1:9/"
    with pytest.raises(signing.SigningFailed):
        signing.sign(a_paper())
