"""The proxy's certificate authority: made once, readable by its owner, and believed for the vendor's hosts alone."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from octavo.products.comms.proxy.authority import Authority, authority

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> Authority:
    return authority(tmp_path, datetime.now(UTC))


def handshake(signer: Authority, host: str) -> ssl.SSLObject:
    """Client and server of one connection, without a network. Raises what the client thinks of the certificate."""
    trusting = ssl.create_default_context(cafile=str(signer.path))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname=host)
    context = signer.context_for(host, datetime.now(UTC).date())
    server = context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    client.do_handshake()
    return client


def test_the_key_is_readable_by_its_owner_alone_and_stays(tmp_path: Path) -> None:
    first = authority(tmp_path, NOW)
    secret = tmp_path / "keys" / "proxy" / "authority.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.parent.stat().st_mode & 0o777 == 0o700
    assert b"PRIVATE" not in first.path.read_bytes()
    assert authority(tmp_path, NOW + timedelta(days=30)).certificate == first.certificate


def test_a_client_that_reads_the_certificate_while_it_is_replaced_reads_a_whole_one(tmp_path: Path) -> None:
    path = authority(tmp_path, NOW).path
    path.write_text("of an authority that was before")
    with path.open() as reading:
        assert authority(tmp_path, NOW).path.read_text().startswith("-----BEGIN CERTIFICATE-----")
        assert reading.read() == "of an authority that was before"


@pytest.mark.parametrize("host", ["api.twilio.com", "api.dublin.ie1.twilio.com", "conversations.twilio.com"])
def test_a_client_that_trusts_it_accepts_the_vendors_hosts(made: Authority, host: str) -> None:
    assert handshake(made, host).version() == "TLSv1.3"


@pytest.mark.parametrize("host", ["example.com", "bank.example", "nottwilio.com", "twilio.com.example.org"])
def test_even_its_own_certificates_for_other_hosts_are_refused(made: Authority, host: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        handshake(made, host)


def test_the_constraint_is_critical(made: Authority) -> None:
    constraint = made.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraint.critical
    assert constraint.value.permitted_subtrees == [x509.DNSName("twilio.com")]


def test_a_host_gets_a_new_certificate_each_day(made: Authority) -> None:
    today = NOW.date()
    assert made.context_for("api.twilio.com", today) is made.context_for("api.twilio.com", today)
    assert made.context_for("api.twilio.com", today) is not made.context_for(
        "api.twilio.com", today + timedelta(days=1)
    )
