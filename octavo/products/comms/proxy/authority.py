"""A certificate authority of this installation, which can speak for the vendor's hosts and for nothing else.

The name constraint is in the certificate itself, so that a client that trusts it trusts it for those hosts alone, even
if the key were stolen.
"""

import os
import secrets
import ssl
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DOMAIN = "twilio.com"
FOLDER = Path("keys") / "proxy"
YEARS = 10


@dataclass(frozen=True)
class Authority:
    """`path` is its certificate in PEM, for clients to trust."""

    path: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def context_for(self, host: str, today: date) -> ssl.SSLContext:
        """What the proxy shows a client that asks for `host`. Certificates live days, so that none is worth keeping."""
        return _context(self, host, today)


def authority(data_dir: Path, now: datetime) -> Authority:
    """The one of this data directory. The first to ask makes it, with a key that only its owner may read."""
    folder = data_dir / FOLDER
    secret, public = folder / "authority.key", folder / "authority.pem"
    if not secret.exists():
        _make(secret, now)
    pem = secret.read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    key = load_pem_private_key(pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    text = certificate.public_bytes(Encoding.PEM)
    if not public.exists() or public.read_bytes() != text:
        _draft(public, text, mode=0o644).replace(public)
    return Authority(public.resolve(), certificate, key)


def _make(path: Path, now: datetime) -> None:
    """Key and certificate in one file, so that they can never be of two makers."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = _private(key) + _sign_authority(key, now).public_bytes(Encoding.PEM)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, pem, mode=0o600)
    with suppress(FileExistsError):
        os.link(draft, path)  # unlike a rename, this never replaces the key of a quicker process
    draft.unlink()


def _draft(path: Path, content: bytes, *, mode: int) -> Path:
    """A file beside it, whole before anybody reads it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    return draft


def _sign_authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    # The serial number in the name tells two installations apart in a list of trusted authorities.
    name = _name(f"Octavo local authority {secrets.token_hex(4)} ({DOMAIN} only)")
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints([x509.DNSName(DOMAIN)], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


@lru_cache(maxsize=256)
def _context(signer: Authority, host: str, today: date) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _sign_host(signer, host, key, datetime.combine(today, time(), UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    # OpenSSL reads the pair from a file only; this one is readable by its owner and gone at once.
    with tempfile.NamedTemporaryFile() as file:
        file.write(_private(key) + certificate.public_bytes(Encoding.PEM))
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _sign_host(signer: Authority, host: str, key: ec.EllipticCurvePrivateKey, midnight: datetime) -> x509.Certificate:
    public = signer.key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(_name(host[:64]))
        .issuer_name(signer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(midnight - timedelta(days=1))
        .not_valid_after(midnight + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(signer.key, SHA256())
    )


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
