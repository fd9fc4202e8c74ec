"""The test key with which the demonstration signs its papers: made on the first start, trusted by nobody."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

HOLDER = "Customs Portal demonstration, test key"
_VALID = timedelta(days=3650)


def signing_variables(data: Path) -> dict[str, str]:
    """The settings of the key beside the data, which is made if it is not there."""
    file, password = data / "signing.p12", data / "signing_password"
    if not (file.exists() and password.exists()):
        word = secrets.token_urlsafe(24)
        for path, content in ((password, word.encode()), (file, make_key(word))):
            path.touch(mode=0o600)
            path.write_bytes(content)
    return {"SIGNING_FILE": str(file), "SIGNING_PASSWORD_FILE": str(password)}


def make_key(password: str, *, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None) -> bytes:
    """A key (a new one, if none is given) with a certificate that it signed itself, as PKCS#12."""
    key, now = key or ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOLDER)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"customs", key, certificate, None, BestAvailableEncryption(password.encode())
    )
