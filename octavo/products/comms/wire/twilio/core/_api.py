"""Declaring resources: a path, what it takes, and what it answers. All else of the protocol happens here."""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from octavo.kernel.context import Context
from octavo.kernel.http import BodyStream, Request, Route, content_type, granted, parse_pairs
from octavo.products.comms.account.authenticate import authenticate
from octavo.products.comms.account.queries import cached_account, tested_account
from octavo.products.comms.account.rows import Account, Caller
from octavo.products.comms.account.rules import check_open, may_act_for
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.sids import is_sid, read_sid
from octavo.products.comms.wire.twilio.core._call import Call
from octavo.products.comms.wire.twilio.core._lists import envelope_2010, envelope_v1
from octavo.products.comms.wire.twilio.core._params import ParamsReader, reader_of
from octavo.products.comms.wire.twilio.core._rates import count_call

H = TypeVar("H", bound=Callable[..., Awaitable[Any]])
credentials = granted("account credentials", "the call carries the account's token, a key's secret or an access token")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    `test` lets test credentials in, `people` the access tokens of the account's customers; `main_only` keeps ordinary
    API keys out, and `closed_too` answers for suspended and closed accounts.
    """

    handler: Callable[..., Awaitable[Any]]
    reader: ParamsReader[Any] | None
    json: bool
    test: bool
    main_only: bool
    closed_too: bool
    people: bool
    envelope: Callable[[Call, Any], Any] | None


@dataclass(slots=True)
class Api:
    """Resources of one of the vendor's hosts under one prefix. `style` is that of its pages: "2010" or "v1"."""

    host: str
    prefix: str
    style: str
    routes: list[Route] = field(default_factory=list)

    def create(self, path: str, *, status: int = 201, secret: bool = False, **options: Any) -> Callable[[H], H]:
        """An answer with a `secret` is not kept for those who repeat the call under its Idempotency-Key."""
        return self.route("POST", path, status=status, idempotent=not secret, **options)

    def fetch(self, path: str, **options: Any) -> Callable[[H], H]:
        return self.route("GET", path, **options)

    def update(self, path: str, *, status: int = 200, **options: Any) -> Callable[[H], H]:
        return self.route("POST", path, status=status, idempotent=True, **options)

    def delete(self, path: str, **options: Any) -> Callable[[H], H]:
        return self.route("DELETE", path, status=204, **options)

    def list(self, path: str, *, key: str, **options: Any) -> Callable[[H], H]:
        """The handler gives a Listing; `key` is the name of the list in its envelope."""
        envelope = envelope_2010 if self.style == "2010" else envelope_v1
        return self.route("GET", path, envelope=lambda call, listing: envelope(call, key, listing), **options)

    def route(
        self,
        method: str,
        path: str,
        *,
        status: int = 200,
        idempotent: bool = False,
        json: bool = False,
        test: bool = False,
        main_only: bool = False,
        closed_too: bool = False,
        people: bool = False,
        envelope: Callable[[Call, Any], Any] | None = None,
    ) -> Callable[[H], H]:
        def declare(handler: H) -> H:
            operation = Operation(handler, reader_of(handler), json, test, main_only, closed_too, people, envelope)
            whole = f"/{self.host}{self.prefix}{path}"
            self.routes.append(
                Route(
                    method=method,
                    path=whole,
                    handler=_as_handler(operation, _VARIABLE.findall(whole)),
                    product="comms",
                    access=credentials,
                    summary=(inspect.getdoc(handler) or "").partition("\n")[0],
                    status=status,
                    idempotent=idempotent,
                    documented=False,
                )
            )
            return handler

        return declare


def _as_handler(operation: Operation, variables: Sequence[str]) -> Callable[..., Awaitable[Any]]:
    """The operation as a handler of kernel.http, which reads what it is to be given from the signature."""

    async def handle(ctx: Context, request: Request, **path: str) -> Any:
        return await _carry_out(operation, ctx, request, path)

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [inspect.Parameter(name, kind) for name in ("request", *variables)]
    handle.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    handle.__annotations__ = {"request": Request} | dict.fromkeys(variables, str)
    handle.__wrapped__ = operation.handler  # type: ignore[attr-defined]
    handle.__module__, handle.__qualname__ = operation.handler.__module__, operation.handler.__qualname__
    return handle


async def _carry_out(operation: Operation, ctx: Context, request: Request, path: dict[str, str]) -> Any:
    authorization = request.header(b"authorization") or ""
    caller = await authenticate(ctx, authorization, request.address, people=operation.people)
    await count_call(ctx, caller.account.id, ctx.settings.comms.requests_per_second)
    call = await _call(operation, ctx, request, caller, path)
    value = await (
        operation.handler(call)
        if operation.reader is None
        else operation.handler(call, await _params(operation, operation.reader, call))
    )
    return value if operation.envelope is None else operation.envelope(call, value)


async def _call(operation: Operation, ctx: Context, request: Request, caller: Caller, path: dict[str, str]) -> Call:
    account, written = caller.account, caller.account.sid
    if (named := path.get("account_sid")) is not None and named != written:
        account, written = await _account_of_path(ctx, request, caller, named), named
    if not operation.closed_too:
        check_open(caller.account)
        check_open(account)
    if caller.is_test and not operation.test:
        raise CommsRefusal(20008)
    if operation.main_only and not caller.is_main:
        raise CommsRefusal(20003, "Authentication Error - this needs the auth token or a main key")
    return Call(ctx, request, caller, account, written, path)


async def _account_of_path(ctx: Context, request: Request, caller: Caller, named: str) -> Account:
    """A parent acts for its sub-accounts; what belongs to others is not there."""
    missing = CommsRefusal(20404, f"The requested resource {request.path} was not found")
    if not is_sid(named, "AC"):
        raise missing
    if caller.is_test:
        return await _tested(ctx, caller, read_sid(named, "AC"), missing)
    account = await cached_account(ctx.engines, read_sid(named, "AC"))
    if account is None or not may_act_for(caller.account, account):
        raise missing
    return account


async def _tested(ctx: Context, caller: Caller, test_account_id: UUID, missing: CommsRefusal) -> Account:
    if await tested_account(ctx.db.main, test_account_id) != caller.account.id:
        raise missing
    return caller.account


async def _params(operation: Operation, reader: ParamsReader[Any], call: Call) -> Any:
    """Parameters of the query for GET and DELETE, of the body otherwise. Raises CommsRefusal 20001."""
    request = call.request
    if request.method in ("GET", "HEAD", "DELETE"):
        return reader.read(call.query)
    body = await BodyStream(request.scope, request.receive, call.ctx.settings.http.body_limit).read()
    if not body:
        return reader.read(())
    kind, _ = content_type(request.scope)
    if operation.json:
        return reader.read_json(_object(kind, body))
    if kind != FORM:
        raise CommsRefusal(20001, f"Send the parameters as {FORM}; this came as {kind or 'something unnamed'}.")
    return reader.read(parse_pairs(body))


def _object(kind: str, body: bytes) -> dict[str, Any]:
    if kind != JSON:
        raise CommsRefusal(20001, f"Send the parameters as {JSON}; this came as {kind or 'something unnamed'}.")
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise CommsRefusal(20001, f"The body is no JSON object: {error}") from None
