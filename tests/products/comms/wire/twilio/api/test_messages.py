"""Messages over the wire: sent, refused, listed, stopped and forgotten."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.message.actions import take_reports
from octavo.products.comms.message.rows import Report
from octavo.products.comms.sids import read_sid
from tests.harness.web import AppServer
from tests.products.comms.message.outgoing import TO, a_number
from tests.products.comms.wire.calls import calling

LONDON = "+442079460958"
Data = dict[str, Any]


class Sending:
    """An account with a number, over the wire."""

    def __init__(self, client: httpx.AsyncClient, account_sid: str, number: str) -> None:
        self.client, self.number = client, number
        self.path = f"/2010-04-01/Accounts/{account_sid}/Messages"

    async def post(self, **data: Any) -> httpx.Response:
        usual = {"To": TO, "From": self.number, "Body": "Hello"}
        given = {name: value for name, value in (usual | data).items() if value is not None}
        return await self.client.post(f"{self.path}.json", data=given)

    async def sent(self, **data: Any) -> Data:
        answer = await self.post(**data)
        assert answer.status_code == 201, answer.text
        found: Data = answer.json()
        return found

    async def refused(self, **data: Any) -> int:
        answer = await self.post(**data)
        assert answer.status_code >= 400, answer.text
        body = answer.json()
        assert set(body) == {"code", "message", "more_info", "status"}
        code: int = body["code"]
        return code


@pytest.fixture
async def number(engines: Engines, acme: NewAccount) -> str:
    return (await a_number(engines, acme.account)).number


def sending(server: AppServer, acme: NewAccount, number: str) -> Sending:
    return Sending(calling(server, acme), acme.account.sid, number)


async def test_a_message_is_answered_as_the_vendor_answers(
    app_server: AppServer, acme: NewAccount, number: str
) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        shown = await here.sent(Body="Hello 👍")
        assert (await here.client.get(shown["uri"])).json() == shown
    assert shown["sid"].startswith("SM")
    assert (shown["status"], shown["direction"], shown["from"], shown["to"]) == ("queued", "outbound-api", number, TO)
    assert (shown["num_segments"], shown["num_media"], shown["price"], shown["price_unit"]) == ("1", "0", None, "USD")
    assert (shown["error_code"], shown["error_message"], shown["date_sent"]) == (None, None, None)
    assert shown["subresource_uris"]["media"] == shown["uri"].replace(".json", "/Media.json")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"To": None}, 21604),
        ({"To": ""}, 21604),
        ({"To": "12"}, 21211),
        ({"To": "+1 415"}, 21211),
        ({"To": "not a number"}, 21211),
        ({"To": "+12345678901234567890"}, 21211),
        ({"From": None}, 21603),
        ({"From": "???"}, 21212),
        ({"From": "Acme"}, 21612),
        ({"From": "12345678901"}, 21212),
        ({"From": "Twelve signs"}, 21212),
        ({"From": "Acme", "To": "+442079460958", "MediaUrl": "https://example.com/a.png"}, 21612),
        ({"From": "+14155550199"}, 21606),
        ({"Body": None}, 21602),
        ({"Body": ""}, 21619),
        ({"Body": "x" * 1601}, 21617),
        ({"MediaUrl": [f"https://example.com/{n}.png" for n in range(11)]}, 21623),
        ({"MediaUrl": "ftp://example.com/a.png"}, 21620),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"ValidityPeriod": 36_001}, 21625),
        ({"ValidityPeriod": "soon"}, 20001),
        ({"MessagingServiceSid": "MG1"}, 21701),
        ({"MessagingServiceSid": "MG" + "0" * 32}, 21701),
        ({"ScheduleType": "fixed"}, 35111),
        ({"ScheduleType": "weekly"}, 35111),
        ({"SendAt": "2030-01-01T00:00:00Z"}, 35126),
        ({"ScheduleType": "fixed", "SendAt": "tomorrow"}, 35114),
        ({"ScheduleType": "fixed", "SendAt": "2030-01-01T00:00:00Z"}, 35118),
    ],
)
async def test_what_is_wrong_has_its_number(
    app_server: AppServer, acme: NewAccount, number: str, data: Data, code: int
) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        assert await here.refused(**data) == code


async def test_a_name_is_a_sender_where_networks_show_names_and_hears_nothing(
    app_server: AppServer, engines: Engines, acme: NewAccount, number: str
) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        shown = await here.sent(From="Acme Tea", To=LONDON)
        assert (shown["from"], shown["status"]) == ("Acme Tea", "queued")
        ctx = engines.context(now())
        async with engines.db.main.transaction() as tx:
            await receive_many(ctx, tx, [Arrived("simulated", "1", LONDON, "Acme Tea", "Hello?", (), ctx.now)])
        listed = (await here.client.get(f"{here.path}.json")).json()["messages"]
    assert [one["sid"] for one in listed] == [shown["sid"]]


async def test_json_is_no_form(app_server: AppServer, acme: NewAccount, number: str) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        answer = await here.client.post(f"{here.path}.json", json={"To": TO, "From": number, "Body": "Hello"})
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


async def test_nobody_hears_from_themselves_or_after_they_said_stop(
    app_server: AppServer, engines: Engines, acme: NewAccount, number: str
) -> None:
    await engines.db.main.execute(
        "INSERT INTO comms.opt_out (account_id, recipient, sender, created_at) VALUES ($1, $2, $3, $4)",
        acme.account.id,
        TO,
        number,
        now(),
    )
    here = sending(app_server, acme, number)
    async with here.client:
        assert await here.refused(To=number) == 21266
        assert await here.refused() == 21610


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"From": "+15005550001"}, 21212),
        ({"From": "+15005550007"}, 21606),
        ({"From": "+15005550008"}, 21611),
        ({"From": "+14155550100"}, 21606),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550002"}, 21612),
        ({"To": "+15005550003"}, 21408),
        ({"To": "+15005550004"}, 21610),
        ({"To": "+15005550009"}, 21614),
        ({}, None),
    ],
)
async def test_magic_numbers_answer_test_credentials(
    app_server: AppServer, engines: Engines, acme: NewAccount, data: Data, code: int | None
) -> None:
    async with calling(app_server, acme) as client:
        client.auth = httpx.BasicAuth(acme.test_sid, acme.test_auth_token)
        here = Sending(client, acme.test_sid, "+15005550006")
        if code is not None:
            assert await here.refused(**data) == code
        else:
            assert (await here.sent())["account_sid"] == acme.test_sid
    assert await engines.db.main.value("SELECT count(*) FROM comms.message") == 0


async def reported(engines: Engines, shown: Data, state: Any, days_later: int = 0, **others: Any) -> None:
    account_id, message_id = read_sid(shown["account_sid"], "AC"), read_sid(shown["sid"], "SM", "MM")
    time = now() + timedelta(days=days_later)
    await take_reports(engines.context(time), [Report(account_id, message_id, state, time, **others)])


async def test_a_sent_message_has_its_price_and_a_failed_one_its_reason(
    app_server: AppServer, engines: Engines, acme: NewAccount, number: str
) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        good, bad = await here.sent(Body="x" * 161), await here.sent()
        await reported(engines, good, "sent")
        await reported(engines, bad, "failed", error_code=30003)
        good, bad = [(await here.client.get(one["uri"])).json() for one in (good, bad)]
    assert (good["status"], good["price"], good["num_segments"]) == ("sent", "-0.01600", "2")
    assert good["date_sent"].endswith("+0000")
    assert (bad["status"], bad["error_code"], bad["price"]) == ("failed", 30003, None)
    assert bad["error_message"] == "Unreachable destination handset"


async def test_lists_are_filtered_by_ends_and_days(
    app_server: AppServer, engines: Engines, acme: NewAccount, number: str
) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        for place, other in enumerate((TO, "+14155550112", TO)):
            await reported(engines, await here.sent(To=other, Body=str(place)), "sent", days_later=place)
        await here.sent(Body="waits")

        async def listed(**filters: str) -> list[str]:
            answer = await here.client.get(f"{here.path}.json", params={"PageSize": "50"} | filters)
            return [one["body"] for one in answer.json()["messages"]]

        today, tomorrow = (str((now() + timedelta(days=n)).date()) for n in (0, 1))
        assert await listed() == ["waits", "2", "1", "0"]
        assert await listed(To="+14155550112") == ["1"]
        assert await listed(To=TO, From=number) == ["waits", "2", "0"]
        assert await listed(From="+14155550199") == []
        assert await listed(DateSent=tomorrow) == ["1"]
        assert await listed(**{"DateSent>": tomorrow}) == ["2", "1"]
        assert await listed(**{"DateSent<": tomorrow}) == ["1", "0"]
        assert await listed(**{"DateSent<": today, "To": TO}) == ["0"]
        assert await listed(**{"DateSent<": f"{tomorrow}T00:00:00Z"}) == ["0"]


async def test_a_waiting_message_is_canceled_and_one_that_went_is_not(
    app_server: AppServer, engines: Engines, acme: NewAccount, number: str
) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        waits, gone = await here.sent(), await here.sent()
        await reported(engines, gone, "sent")
        await engines.db.main.execute("DELETE FROM comms.outbound WHERE message_id = $1", read_sid(gone["sid"], "SM"))
        canceled = await here.client.post(waits["uri"], data={"Status": "canceled"})
        refused = await here.client.post(gone["uri"], data={"Status": "canceled"})
    assert (canceled.status_code, canceled.json()["status"]) == (200, "canceled")
    assert (refused.status_code, refused.json()["code"]) == (409, 30409)


async def test_a_text_is_forgotten_and_then_the_message(
    app_server: AppServer, engines: Engines, acme: NewAccount, number: str
) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        shown = await here.sent()
        early = await here.client.post(shown["uri"], data={"Body": ""})
        assert early.json()["code"] == 20009
        await reported(engines, shown, "delivered")
        assert (await here.client.post(shown["uri"], data={"Body": "rewritten"})).status_code == 400
        redacted = await here.client.post(shown["uri"], data={"Body": ""})
        assert (redacted.json()["body"], redacted.json()["status"]) == ("", "delivered")
        deleted = await here.client.delete(shown["uri"])
        assert (deleted.status_code, deleted.content) == (204, b"")
        assert (await here.client.get(shown["uri"])).json()["code"] == 20404


async def test_feedback_that_was_good_stays_good(app_server: AppServer, acme: NewAccount, number: str) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        shown = await here.sent(ProvideFeedback="true")
        path = shown["uri"].replace(".json", "/Feedback.json")
        first = await here.client.post(path, data={"Outcome": "confirmed"})
        again = await here.client.post(path)
    assert (first.status_code, first.json()["outcome"], first.json()["message_sid"]) == (200, "confirmed", shown["sid"])
    assert again.json()["outcome"] == "confirmed"


@pytest.mark.parametrize("sid", ["SM" + "0" * 32, "SM1", "XX" + "0" * 32, "nothing"])
async def test_what_is_not_there_is_not_found(app_server: AppServer, acme: NewAccount, number: str, sid: str) -> None:
    here = sending(app_server, acme, number)
    async with here.client:
        for answer in (
            await here.client.get(f"{here.path}/{sid}.json"),
            await here.client.post(f"{here.path}/{sid}.json", data={"Body": ""}),
            await here.client.delete(f"{here.path}/{sid}.json"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_the_messages_of_others_are_not_there(
    app_server: AppServer, acme: NewAccount, another: NewAccount, number: str
) -> None:
    here = sending(app_server, acme, number)
    async with here.client, calling(app_server, another) as stranger:
        shown = await here.sent()
        path = f"/2010-04-01/Accounts/{another.account.sid}/Messages/{shown['sid']}.json"
        assert (await stranger.get(path)).status_code == 404
