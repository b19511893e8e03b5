"""Mails are delivered over SMTP, or kept to be read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import msgspec

from octavo.kernel.context import Context
from octavo.kernel.jobs import Worker
from octavo.kernel.mail import Mail, forget_old, outbox, send_mail
from octavo.kernel.mail.delivery import deliver_mail

IDA = "ida@example.com"
MAIL = Mail(to=IDA, subject="Owl Bank:\nyour code", text="Grüße, der Code lautet: 123456", from_name="Owl Bank")


@asynccontextmanager
async def a_server() -> AsyncIterator[tuple[int, list[bytes]]]:
    """An SMTP server (RFC 5321) that takes everything: its port, and what it took."""
    taken: list[bytes] = []

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                taken.append(await reader.readuntil(b"\r\n.\r\n"))
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], taken


def with_server(ctx: Context, port: int) -> Context:
    mail = msgspec.structs.replace(ctx.settings.mail, host="127.0.0.1", port=port, security="none")
    return replace(ctx, engines=replace(ctx.engines, settings=msgspec.structs.replace(ctx.settings, mail=mail)))


async def written(ctx: Context) -> None:
    async with ctx.db.main.transaction() as tx:
        await send_mail(ctx, tx, MAIL)


async def test_without_a_server_mails_stay_in_the_outbox(ctx: Context) -> None:
    await written(ctx)
    [kept] = await outbox(ctx.db.main, IDA)
    assert (kept.state, kept.text) == ("kept", MAIL.text)
    assert await outbox(ctx.db.main, "else@example.com") == []


async def test_the_server_gets_the_mail_once_the_transaction_has_committed(ctx: Context) -> None:
    async with a_server() as (port, taken):
        there = with_server(ctx, port)
        await written(there)
        stopping = asyncio.Event()
        working = asyncio.create_task(Worker(there.engines, [deliver_mail], ["default"]).run(stopping))
        async with asyncio.timeout(60):
            while (await outbox(ctx.db.main, IDA))[0].state != "sent":
                await asyncio.sleep(0.02)
        stopping.set()
        await working
    [data] = taken
    message = message_from_bytes(data, policy=policy.default)
    assert (message["To"], message["Subject"]) == (IDA, "Owl Bank: your code")
    assert message["From"] == "Owl Bank <octavo@localhost>"
    body = message.get_body()
    assert body is not None
    assert "Grüße, der Code lautet: 123456" in body.get_content()


async def test_old_mails_are_forgotten(ctx: Context) -> None:
    await written(ctx)
    assert await forget_old(ctx.db.main, ctx.now - timedelta(minutes=1)) == 0
    assert await forget_old(ctx.db.main, ctx.now + timedelta(minutes=1)) == 1
    assert await outbox(ctx.db.main, IDA) == []
