"""Which tunnels the proxy opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.products.comms.proxy.rules import TunnelRefused, tunnel_to


@pytest.mark.parametrize("host", ["api.twilio.com", "API.Twilio.com", "video.dublin.ie1.twilio.com"])
def test_the_vendors_hosts_have_a_tunnel(host: str) -> None:
    assert tunnel_to(f"CONNECT {host}:443 HTTP/1.1") == host.lower()


@pytest.mark.parametrize(
    "line",
    [
        "CONNECT example.com:443 HTTP/1.1",
        "CONNECT twilio.com.example.org:443 HTTP/1.1",
        "CONNECT eviltwilio.com:443 HTTP/1.1",
        "CONNECT api.twilio.com:80 HTTP/1.1",
        "CONNECT 127.0.0.1:443 HTTP/1.1",
        "CONNECT [::1]:443 HTTP/1.1",
        "CONNECT ..twilio.com:443 HTTP/1.1",
        "GET http://api.twilio.com/ HTTP/1.1",
        "CONNECT api.twilio.com:443",
        "",
    ],
)
def test_everything_else_is_refused(line: str) -> None:
    with pytest.raises(TunnelRefused):
        tunnel_to(line)


@given(st.text(max_size=60))
def test_what_is_let_through_is_always_one_of_the_vendors_hosts(line: str) -> None:
    for asked in (line, f"CONNECT {line}:443 HTTP/1.1"):
        try:
            assert tunnel_to(asked).endswith(".twilio.com")
        except TunnelRefused:
            pass
