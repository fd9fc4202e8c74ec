"""The signature of customs on a PDF: PAdES with a key from a file (PKCS#12) or a token (PKCS#11).

Without a key in the settings papers go out unsigned. A key that is named and does not work is a fault: SigningFailed.
"""

import io
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner

FIELD = "Customs"
_TIMESTAMP_SECONDS = 10
_lock = threading.Lock()
log = structlog.get_logger("signing")


class SigningFailed(Exception):
    """The key that the settings name does not work; the text says why, without the password."""


def is_configured() -> bool:
    """Whether the settings name a key."""
    return bool(settings.SIGNING_FILE or settings.SIGNING_PKCS11_MODULE)


def sign(content: bytes) -> bytes:
    """The PDF with the signature of customs; as it is where no key is configured. Raises SigningFailed."""
    if not is_configured():
        return content
    try:
        with _lock:
            return _signed_with_key(content)
    except SigningFailed as failed:
        log.error("papers cannot be signed", reason=str(failed))
        raise
    except Exception as error:  # whatever the libraries of the file, the token or the clock raise
        log.exception("papers cannot be signed")
        raise SigningFailed(f"The signature failed: {type(error).__name__}: {error}") from error


def _signed(content: bytes, signer: Signer) -> bytes:
    timestamper = None
    if settings.SIGNING_TIMESTAMP_URL:
        timestamps = import_module("pyhanko.sign.timestamps")  # brings a client for HTTP, needed for this alone
        timestamper = timestamps.HTTPTimeStamper(settings.SIGNING_TIMESTAMP_URL, timeout=_TIMESTAMP_SECONDS)
    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=settings.SIGNING_NAME
    )
    written = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    PdfSigner(about, signer=signer, timestamper=timestamper).sign_pdf(writer, output=written)
    return written.getvalue()


def _signed_with_key(content: bytes) -> bytes:
    if not settings.SIGNING_PKCS11_MODULE:
        return _signed(content, _from_file())
    return _signed_by_token(content)


# A file -------------------------------------------------------------------------------------------------------
_kept: tuple[tuple[str, str, float], SimpleSigner] | None = None


def _from_file() -> SimpleSigner:
    """The key of the file, read again when the file is another one."""
    global _kept
    path = Path(settings.SIGNING_FILE)
    try:
        wanted = (str(path), settings.SIGNING_PASSWORD, path.stat().st_mtime)
    except OSError as error:
        raise SigningFailed(f"The key file {path} cannot be read: {error.strerror}.") from error
    if _kept is None or _kept[0] != wanted:
        _kept = (wanted, _read(path))
    return _kept[1]


def _read(path: Path) -> SimpleSigner:
    try:
        password = settings.SIGNING_PASSWORD.encode()
        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(path.read_bytes(), other_certs=[], passphrase=password)
    except OSError as error:
        raise SigningFailed(f"The key file {path} cannot be read: {error.strerror}.") from error
    except Exception as error:  # of several libraries
        raise SigningFailed(f"The key file {path} cannot be opened: wrong password, or no PKCS#12.") from error
    return signer


# A token ------------------------------------------------------------------------------------------------------
_refused_pin = ""  # a token locks itself after a few wrong ones


def _signed_by_token(content: bytes) -> bytes:
    global _refused_pin
    if _refused_pin and _refused_pin == settings.SIGNING_PASSWORD:
        raise SigningFailed("The token refused the PIN, which is not tried again: set the right one and start again.")
    try:
        with _from_token() as signer:
            return _signed(content, signer)
    except Exception as error:
        if "PinIncorrect" in str(error):
            _refused_pin = settings.SIGNING_PASSWORD
        raise


def _pkcs11() -> Callable[..., Any]:
    """What opens a token; python-pkcs11 is needed for it alone."""
    try:
        library = import_module("pyhanko.sign.pkcs11")
    except ImportError as error:
        raise SigningFailed("A key on a token (PKCS#11) needs the library python-pkcs11: pip install it.") from error
    if not Path(settings.SIGNING_PKCS11_MODULE).exists():
        raise SigningFailed(f"The module {settings.SIGNING_PKCS11_MODULE} of the token is not there.")
    opens: Callable[..., Any] = library.PKCS11SigningContext
    return opens


def _from_token() -> AbstractContextManager[Signer]:
    open_context = _pkcs11()
    config = PKCS11SignatureConfig(
        module_path=settings.SIGNING_PKCS11_MODULE,
        token_criteria=TokenCriteria(label=settings.SIGNING_PKCS11_TOKEN),
        cert_label=settings.SIGNING_PKCS11_LABEL,
        key_label=settings.SIGNING_PKCS11_LABEL,
        user_pin=settings.SIGNING_PASSWORD,
        raw_mechanism=True,  # the hash is made here: every token can do the rest
    )
    opened: AbstractContextManager[Signer] = open_context(config)
    return opened
