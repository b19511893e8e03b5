"""Geo permissions over the wire."""

import json

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

PERMISSIONS = "/v1/Messaging/GeoPermissions"


async def test_countries_are_closed_and_opened(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme, "accounts") as client:
        before = (await client.get(PERMISSIONS, params={"CountryCode": "IN,PK"})).json()["permissions"]
        assert before == [
            {"country_code": "IN", "type": "country", "enabled": True, "prefix": "+91", "message": ""},
            {"country_code": "PK", "type": "country", "enabled": True, "prefix": "+92", "message": ""},
        ]
        changes = [{"country_code": "IN", "type": "country", "enabled": False}, {"country_code": "XX", "enabled": True}]
        answer = await client.patch(PERMISSIONS, data={"Permissions": [json.dumps(one) for one in changes]})
        closed, unknown = answer.json()["permissions"]
        assert (answer.status_code, closed["error_code"], closed["error_messages"]) == (200, 0, [])
        assert unknown["error_code"] != 0
        after = (await client.get(PERMISSIONS)).json()["permissions"]
        assert [one["country_code"] for one in after if not one["enabled"]] == ["IN"]


async def test_what_is_no_permission_is_refused(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme, "accounts") as client:
        for data in ({}, {"Permissions": "IN"}, {"Permissions": '{"enabled": 1}'}):
            answer = await client.patch(PERMISSIONS, data=data)
            assert (answer.status_code, answer.json()["code"]) == (400, 20001)
