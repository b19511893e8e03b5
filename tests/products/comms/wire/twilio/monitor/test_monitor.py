"""Alerts, events and notifications over the wire, read by the official SDK's shapes."""

from datetime import timedelta

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.monitor.actions import forget_alerts, raise_alert
from octavo.products.comms.monitor.rows import Exchange
from octavo.products.comms.monitor.words import Words, sealed_words
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

MESSAGE = "SM" + "0" * 32
CALL = "CA" + "1" * 32
URL = "https://shop.example/sms"


def asked(ctx: Context, acme: NewAccount) -> Exchange:
    words = sealed_words(ctx.settings, acme.account.id, Words("Body=hi", "<h1>Oops</h1>"))
    return Exchange(method="POST", url=URL, sealed_words=words)


async def an_alert(ctx: Context, acme: NewAccount, number: int, **others: object) -> None:
    async with ctx.db.main.transaction() as tx:
        await raise_alert(tx, acme.account.id, number, **({"at": ctx.now} | others))  # type: ignore[arg-type]


async def test_an_alert_tells_what_was_asked_and_what_came_back(
    app_server: AppServer, acme: NewAccount, another: NewAccount, ctx: Context
) -> None:
    await an_alert(ctx, acme, 11200, resource_sid=MESSAGE, status=500, exchange=asked(ctx, acme))
    await an_alert(ctx, acme, 12200, at=ctx.now - timedelta(days=3))
    async with calling(app_server, acme, "monitor") as client, calling(app_server, another, "monitor") as stranger:
        listed = (await client.get("/v1/Alerts")).json()
        loud = (await client.get("/v1/Alerts?LogLevel=error")).json()["alerts"]
        day = f"{ctx.now - timedelta(days=3):%Y-%m-%d}"
        old = (await client.get(f"/v1/Alerts?StartDate={day}&EndDate={day}")).json()["alerts"]
        one = (await client.get(f"/v1/Alerts/{loud[0]['sid']}")).json()
        assert (await client.get("/v1/Alerts?StartDate=yesterday")).json()["code"] == 20001
        assert (await stranger.get(f"/v1/Alerts/{one['sid']}")).json()["code"] == 20404
        assert (await stranger.get("/v1/Alerts")).json()["alerts"] == []
    assert [alert["error_code"] for alert in listed["alerts"]] == ["12200", "11200"]
    assert listed["meta"]["key"] == "alerts"
    assert [alert["log_level"] for alert in old] == ["warning"]
    assert (one["resource_sid"], one["request_method"], one["request_url"]) == (MESSAGE, "POST", URL)
    assert (one["request_variables"], one["response_body"]) == ("Body=hi", "<h1>Oops</h1>")
    assert "httpResponse=500" in one["alert_text"]
    assert "ErrorCode=11200" in one["alert_text"]
    assert one["url"].startswith("https://monitor.twilio.com/v1/Alerts/NO")


async def test_notifications_are_the_same_alerts_by_their_old_name(
    app_server: AppServer, acme: NewAccount, ctx: Context
) -> None:
    await an_alert(ctx, acme, 11200, resource_sid=CALL, exchange=asked(ctx, acme))
    await an_alert(ctx, acme, 12200, resource_sid=MESSAGE)
    root = f"/2010-04-01/Accounts/{acme.account.sid}"
    today = f"{ctx.now:%Y-%m-%d}"
    async with calling(app_server, acme) as client:
        everything = (await client.get(f"{root}/Notifications.json?MessageDate={today}")).json()["notifications"]
        errors = (await client.get(f"{root}/Notifications.json?Log=0&MessageDate%3E={today}")).json()["notifications"]
        none = (await client.get(f"{root}/Notifications.json?MessageDate%3C=2020-01-01")).json()["notifications"]
        of_call = (await client.get(f"{root}/Calls/{CALL}/Notifications.json")).json()["notifications"]
        one = (await client.get(errors[0]["uri"])).json()
        same = (await client.get(f"{root}/Calls/{CALL}/Notifications/{one['sid']}.json")).json()
        other = (await client.get(f"{root}/Calls/CA{'2' * 32}/Notifications/{one['sid']}.json")).status_code
    assert [item["log"] for item in everything] == ["1", "0"]
    assert none == []
    assert of_call == errors
    assert (one["call_sid"], one["response_body"]) == (CALL, "<h1>Oops</h1>")
    assert (same, other) == (one, 404)


async def test_an_event_tells_who_changed_what(app_server: AppServer, acme: NewAccount, ctx: Context) -> None:
    root = f"/2010-04-01/Accounts/{acme.account.sid}"
    async with calling(app_server, acme) as client:
        await client.post(f"{root}.json", data={"FriendlyName": "Acme and sons"})
        number = (await client.post(f"{root}/IncomingPhoneNumbers.json", data={"AreaCode": "415"})).json()["sid"]
        await client.post(f"{root}/IncomingPhoneNumbers/{number}.json", data={"SmsUrl": "https://a.example/sms"})
        await client.delete(f"{root}/IncomingPhoneNumbers/{number}.json")
    async with calling(app_server, acme, "monitor") as client:
        everything = (await client.get("/v1/Events")).json()["events"]
        listed = (await client.get("/v1/Events?EventType=account.updated")).json()["events"]
        one = (await client.get(f"/v1/Events/{listed[0]['sid']}")).json()
        of_number = (await client.get(f"/v1/Events?ResourceSid={number}")).json()["events"]
        of_other = (await client.get(f"/v1/Events?ResourceSid=PN{'4' * 32}")).json()["events"]
    assert [event["event_type"] for event in reversed(everything)] == [
        "account.created",
        "account.updated",
        "phone-number.created",
        "phone-number.updated",
        "phone-number.deleted",
    ]
    assert listed == [one]
    assert one["event_data"] == {"friendly_name": {"previous": "Acme", "updated": "Acme and sons"}}
    assert (one["resource_type"], one["actor_type"], one["source"]) == ("account", "account", "api")
    assert one["links"]["actor"].endswith(acme.account.sid)
    assert len(of_number) == 3
    assert of_number[0]["links"]["resource"].endswith(f"/Accounts/{acme.account.sid}/IncomingPhoneNumbers/{number}")
    assert of_other == []


async def test_old_alerts_are_forgotten(acme: NewAccount, ctx: Context) -> None:
    await an_alert(ctx, acme, 11200, at=ctx.now - timedelta(days=31))
    await an_alert(ctx, acme, 11200)
    assert await forget_alerts(ctx.db.main, ctx.now - timedelta(days=30)) == 1
