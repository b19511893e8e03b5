"""What a message may ask for: to go as one however long, and not to be kept once a carrier has it."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from msgspec import structs

from octavo.kernel import search
from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.actions import change_account
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.choice import carriers
from octavo.products.comms.carrier.simulated import texts
from octavo.products.comms.media.jobs import ForgetFiles, forget_files
from octavo.products.comms.media.queries import media_of
from octavo.products.comms.message import queries, storing
from octavo.products.comms.message.actions import cancel_message, take_reports
from octavo.products.comms.message.bodies import opened
from octavo.products.comms.message.dispatch.service import Dispatch
from octavo.products.comms.message.rows import Message, Report, Told
from octavo.products.comms.message_search.rows import KIND
from octavo.products.comms.message_search.service import index_round
from octavo.products.comms.usage.queries import used
from tests.products.comms.media.test_sweeping import a_run
from tests.products.comms.message.outgoing import TO, a_message
from tests.products.comms.wire.twilio.api.test_media import a_stored

HIDDEN = "+1415555XXXX"
LONG_TEXT = "Tea is ready. " * 50


async def report(ctx: Context, message: Message, *states: Told) -> Message:
    """The message after its carrier told these states."""
    await take_reports(ctx, [Report(message.account_id, message.id, state, ctx.now) for state in states])
    return await opened(ctx.engines, await queries.message(ctx.db.main, message.account_id, message.id))


async def test_a_long_text_goes_as_one_message(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, body=LONG_TEXT, as_mms=True)
    text = await a_message(engines, acme, sender=message.sender, body=LONG_TEXT)
    assert (message.num_segments, message.num_media, text.num_segments) == (1, 0, 5)
    assert message.price
    assert text.price
    assert message.price < text.price
    await report(ctx, message, "sent")
    await report(ctx, text, "sent")
    pictures = await used(ctx.db.main, acme.account.id, "mms-outbound-longcode", ctx.now.date())
    texts = await used(ctx.db.main, acme.account.id, "sms-outbound-longcode", ctx.now.date())
    assert [(one.count, one.usage) for one in (pictures, texts)] == [(1, 1), (1, 5)]


async def test_where_networks_carry_no_pictures_it_goes_as_text(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, to="+447400123456", body=LONG_TEXT, as_mms=True)
    assert (message.num_segments, message.as_mms) == (5, False)


@pytest.mark.parametrize("wish", ["as_mms", "discards_body", "hides_recipient"])
async def test_a_message_waits_for_nobody_before_its_wishes_are_kept(
    engines: Engines, acme: NewAccount, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    keep, waiting = storing._keep_wishes, []

    async def watched(*what: Any) -> None:
        waiting.append(await engines.db.main.value("SELECT count(*) FROM comms.outbound"))
        await keep(*what)

    monkeypatch.setattr(storing, "_keep_wishes", watched)
    await a_message(engines, acme, **{wish: True})
    assert waiting == [0]


@pytest.mark.parametrize("encrypts", [False, True])
async def test_a_discarded_text_is_gone_once_it_was_sent(
    ctx: Context, engines: Engines, acme: NewAccount, *, encrypts: bool
) -> None:
    account = await change_account(ctx, acme.account, encrypt_bodies=encrypts)
    acme = structs.replace(acme, account=account)
    message = await a_message(engines, acme, body="My secret", discards_body=True)
    kept = await a_message(engines, acme, sender=message.sender, body="No secret")
    await index_round(engines)
    stored = await queries.message(ctx.db.main, account.id, message.id)
    assert (await opened(engines, stored)).body == "My secret"
    gone = await report(ctx, message, "sent")
    assert (gone.body, gone.sealed_body, gone.recipient, gone.num_segments) == ("", None, TO, 1)
    assert (await report(ctx, kept, "sent", "delivered")).body == "No secret"
    places = [(account.id, KIND, one.id) for one in (message, kept)]
    assert await search.indexed(ctx.db.main, places) == {kept.id}


@pytest.mark.parametrize("end", ["sent", "delivered", "undelivered", "failed"])
async def test_a_hidden_recipient_is_told_to_nobody(
    ctx: Context, engines: Engines, acme: NewAccount, end: Told
) -> None:
    message = await a_message(engines, acme, status_callback="https://example.com/", hides_recipient=True)
    assert message.recipient == TO
    hidden = await report(ctx, message, end)
    assert (hidden.recipient, hidden.body) == (HIDDEN, "Tea is ready")
    assert (await report(ctx, message, "delivered")).recipient == HIDDEN
    fields = await ctx.db.main.column("SELECT fields FROM callbacks.delivery")
    assert {dict(parse_qsl(one))["To"] for one in fields} == {HIDDEN}


async def test_a_canceled_message_is_forgotten_too(ctx: Context, engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, discards_body=True, hides_recipient=True)
    canceled = await cancel_message(ctx, acme.account, message.id)
    assert (canceled.status, canceled.body, canceled.recipient) == ("canceled", "", HIDDEN)


async def test_the_handset_hears_what_was_discarded_here(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, body="My secret", discards_body=True, hides_recipient=True)
    dispatch = Dispatch(engines, carriers(engines))
    await dispatch.turn()
    await dispatch.finish()
    ctx = engines.context(now())
    sent = await queries.message(ctx.db.main, acme.account.id, message.id)
    assert (sent.status, sent.body, sent.recipient) == ("sent", "", HIDDEN)
    heard = await ctx.db.main.value("SELECT sealed_body FROM comms.simulated_sms WHERE recipient = $1", TO)
    assert texts.opened(ctx.settings, acme.account.id, heard) == "My secret"


async def test_files_go_some_time_after_their_message(
    ctx: Context, engines: Engines, acme: NewAccount, tmp_path: Path
) -> None:
    """Carriers fetch them after they took the message."""
    message = await a_message(engines, acme, media_urls=["https://pictures.example/1.png"], discards_body=True)
    media = await a_stored(engines, message, 0, tmp_path)
    await report(ctx, message, "sent", "delivered")
    [due] = await ctx.db.main.column("SELECT due FROM jobs.job WHERE name = 'comms.forget_files'")
    assert due > ctx.now
    assert await media_of(ctx.db.main, acme.account.id, message.id)
    await forget_files.handler(a_run(ctx), ForgetFiles(acme.account.id, message.id))
    assert await media_of(ctx.db.main, acme.account.id, message.id) == []
    assert await engines.blobs.head(media.key) is None
    assert (await queries.message(ctx.db.main, acme.account.id, message.id)).media_urls == []
