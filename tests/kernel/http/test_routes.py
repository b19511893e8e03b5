"""Paths lead to their handlers, and a route that is not fit to be served stops the start."""

from uuid import UUID

import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import BadTemplate, HandlerUnclear, Router, RouteTwice, RouteWithoutAccess, public
from octavo.kernel.ids import new_id
from tests.kernel.http.small_house import house, house_of


def echoing_router() -> Router:
    api = Router("/api/t/v1", product="test")

    @api.get("/things/latest", access=public)
    async def latest(ctx: Context) -> str:
        return "latest"

    @api.get("/things/{thing_id}", access=public)
    async def thing(ctx: Context, thing_id: UUID) -> str:
        return str(thing_id)

    @api.post("/things/{thing_id}", access=public, status=204)
    async def change(ctx: Context, thing_id: UUID) -> None:
        pass

    @api.get("/pictures/{name}.jpg", access=public)
    async def picture(ctx: Context, name: str) -> str:
        return name

    @api.get("/files/{rest:path}", access=public)
    async def file(ctx: Context, rest: str) -> str:
        return rest

    @api.get("/pages/{number}", access=public)
    async def page(ctx: Context, number: int) -> int:
        return number

    return api


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/things/latest", "latest"),
        ("/pictures/a.b.jpg", "a.b"),
        ("/files/a/b/c.txt", "a/b/c.txt"),
        ("/pages/12", 12),
    ],
)
async def test_a_path_leads_to_its_handler(engines: Engines, path: str, answer: object) -> None:
    async with house_of(engines, *echoing_router().routes) as client:
        assert (await client.get(f"/api/t/v1{path}")).json() == answer


async def test_a_variable_becomes_its_type(engines: Engines) -> None:
    thing = new_id()
    async with house_of(engines, *echoing_router().routes) as client:
        assert (await client.get(f"/api/t/v1/things/{thing}")).json() == str(thing)


@pytest.mark.parametrize(
    "path",
    [
        "/things/7",
        "/things/",
        "/things",
        "/pages/x",
        "/pages/-",
        "/pictures/.jpg",
        "/files/",
        "/files/a%00b",
        "/nothing",
    ],
)
async def test_what_names_nothing_is_not_found(engines: Engines, path: str) -> None:
    async with house_of(engines, *echoing_router().routes) as client:
        answer = await client.get(f"/api/t/v1{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_head_is_get_without_its_body(engines: Engines) -> None:
    async with house_of(engines, *echoing_router().routes) as client:
        got = await client.get("/api/t/v1/things/latest")
        head = await client.head("/api/t/v1/things/latest")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["etag"] == got.headers["etag"]


async def test_other_methods_hear_which_ones_there_are(engines: Engines) -> None:
    async with house_of(engines, *echoing_router().routes) as client:
        refused = await client.delete(f"/api/t/v1/things/{new_id()}")
        options = await client.options(f"/api/t/v1/things/{new_id()}")
    assert refused.status_code == 405
    assert refused.headers["allow"] == options.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert options.status_code == 204


async def test_nothing_to_say_is_204(engines: Engines) -> None:
    async with house_of(engines, *echoing_router().routes) as client:
        answer = await client.post(f"/api/t/v1/things/{new_id()}")
    assert answer.status_code == 204
    assert answer.content == b""


def test_a_route_without_access_stops_the_start(engines: Engines) -> None:
    api = Router("/api/t/v1", product="test")

    @api.get("/open-door")
    async def open_door(ctx: Context) -> None:
        pass

    with pytest.raises(RouteWithoutAccess, match="GET /api/t/v1/open-door"):
        house(engines, api.routes)


def test_two_handlers_of_one_address_stop_the_start(engines: Engines) -> None:
    routes = echoing_router().routes
    with pytest.raises(RouteTwice, match="GET /api/t/v1/things/latest"):
        house(engines, [*routes, routes[0]])


def test_two_templates_of_one_meaning_stop_the_start(engines: Engines) -> None:
    api = Router("/api/t/v1", product="test")

    @api.delete("/things/{other_id}", access=public)
    async def other(ctx: Context, other_id: UUID) -> None:
        pass

    with pytest.raises(BadTemplate, match="other_id"):
        house(engines, [*echoing_router().routes, *api.routes])


def test_a_handler_that_does_not_fit_its_route_stops_the_start(engines: Engines) -> None:
    api = Router("/api/t/v1", product="test")

    @api.get("/things/{thing_id}", access=public)
    async def thing(ctx: Context, id: UUID) -> None:
        pass

    with pytest.raises(HandlerUnclear, match="no such parameter here: id"):
        house(engines, api.routes)
