"""What a test gets: an account on the running Octavo, and the ways to use it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from octavo.products.comms.account.actions import create_account
from octavo.products.comms.number.actions import buy_any_number
from octavo.products.comms.number.rows import Search
from octavo.products.comms.proxy.authority import FOLDER
from octavo.testing.handset import Handset

if TYPE_CHECKING:
    from twilio.rest import Client

    from octavo.kernel.context import Context
    from octavo.products.comms.account.rows import NewAccount
    from octavo.products.comms.number.rows import PhoneNumber
    from octavo.testing.service import Service

COUNTRY = "US"


@dataclass(frozen=True)
class Account:
    """Credentials as the SDKs want them."""

    sid: str
    auth_token: str
    test_sid: str
    test_auth_token: str


class Octavo:
    """`account` is this test's own; `number` is its first telephone number, to send from and to write to."""

    def __init__(self, service: Service, new: NewAccount, number: PhoneNumber) -> None:
        self._service = service
        self._new = new
        self.account = Account(new.account.sid, new.auth_token, new.test_sid, new.test_auth_token)
        self.number = number.number

    @cached_property
    def client(self) -> Client:
        """The official SDK, signed in as the account."""
        from twilio.rest import Client

        from octavo.twilio_client import OctavoHttpClient

        return Client(self.account.sid, self.account.auth_token, http_client=OctavoHttpClient(self.dialect))

    @property
    def url(self) -> str:
        """Octavo's own pages and API."""
        return self._service.url

    @property
    def dialect(self) -> str:
        """Where the vendor's protocol is spoken: for an HTTP client of your own."""
        return f"http://127.0.0.1:{self._service.ports['twilio']}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables by which a program that knows nothing of Octavo talks to it: for `monkeypatch.setenv` or a child
        process, in Python and in Node.
        """
        proxy = f"http://127.0.0.1:{self._service.ports['proxy']}"
        certificate = str(self._service.data_dir / FOLDER / "authority.pem")
        return {
            "HTTPS_PROXY": proxy,
            "HTTP_PROXY": proxy,
            "REQUESTS_CA_BUNDLE": certificate,
            "NODE_EXTRA_CA_CERTS": certificate,
            "TWILIO_ACCOUNT_SID": self.account.sid,
            "TWILIO_AUTH_TOKEN": self.account.auth_token,
        }

    def handset(self, number: str) -> Handset:
        """The telephone with this number, in E.164. It exists as soon as it is asked for."""
        return Handset(self._service, self._new.account.id, number, self.number)


def opened(service: Service) -> Octavo:
    """A new account, with a number."""

    async def work(ctx: Context) -> tuple[NewAccount, PhoneNumber]:
        new = await create_account(ctx, name="Tests")
        return new, await buy_any_number(ctx, new.account, Search(country=COUNTRY))

    return Octavo(service, *service.run(work))
