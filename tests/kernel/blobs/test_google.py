"""Addresses signed for Google Cloud Storage, checked as its documentation says (V4 signing with a service account)."""

import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from octavo.settings import BlobsSettings, Settings
from tests.kernel.blobs.stores import remote_blobs

SIGNER = "octavo@films.example.org"


async def test_a_redirected_player_gets_an_address_that_the_service_account_signed(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    blobs = remote_blobs(settings_of(tmp_path, key))
    address = urlsplit(await blobs.address("media/1/track/480.mp4"))
    assert (address.scheme, address.netloc) == ("https", "storage.googleapis.com")
    query = dict(parse_qsl(address.query))
    signature = bytes.fromhex(query.pop("X-Goog-Signature"))
    assert (query["X-Goog-Expires"], query["X-Goog-SignedHeaders"]) == ("900", "host")
    signer, _, scope = query["X-Goog-Credential"].partition("/")
    assert (signer, query["X-Goog-Algorithm"]) == (SIGNER, "GOOG4-RSA-SHA256")
    pairs = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in sorted(query.items()))
    request = f"GET\n{address.path}\n{pairs}\nhost:{address.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    told = f"GOOG4-RSA-SHA256\n{query['X-Goog-Date']}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    # Raises where it is not the signature.
    key.public_key().verify(signature, told.encode(), padding.PKCS1v15(), hashes.SHA256())


def settings_of(folder: Path, key: rsa.RSAPrivateKey) -> Settings:
    form = serialization.PrivateFormat.PKCS8
    written = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    account = {"client_email": SIGNER, "private_key": written, "private_key_id": "1", "type": "service_account"}
    (folder / "account.json").write_text(json.dumps(account))
    blobs = BlobsSettings(
        engine="gcs", bucket="films", service_account=folder / "account.json", delivery="redirect", patience=0
    )
    return Settings(data_dir=folder, blobs=blobs)
