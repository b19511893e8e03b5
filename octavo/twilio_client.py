"""Point the official Python SDK at this Octavo: `Client(sid, token, http_client=OctavoHttpClient("http://…"))`.

It needs the package `twilio` and nothing of Octavo, so that it may be copied into any project.
"""

from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response


class OctavoHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Connects to `base_url` and keeps the vendor's Host header, by which Octavo knows the product that is meant."""

    def __init__(self, base_url: str, **options: Any) -> None:
        super().__init__(**options)
        self.base_url = base_url.rstrip("/")

    def request(
        self, method: str, url: str, *args: Any, headers: dict[str, str] | None = None, **others: Any
    ) -> Response:
        host = urlsplit(url).netloc
        url = self.base_url + url.partition(host)[2]
        return super().request(method, url, *args, headers={**(headers or {}), "Host": host}, **others)
