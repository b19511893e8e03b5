"""Every route of every module against every kind of actor: the door opens to whom it should, and nothing breaks."""

import re
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
import schemathesis

from octavo import app
from octavo.kernel.context import ANYONE, Actor, Context, Engines
from octavo.kernel.http import WEBSOCKET, Entry, Request, access_matrix, api_document, build_app
from octavo.kernel.identity import create_user
from octavo.kernel.ids import new_id
from octavo.ui.render import make_renderer
from tests.kernel.http.small_house import visiting, with_settings

ROUTES = [route for module in app.MODULES for route in module.routes]
ROLES: dict[str, tuple[str, ...]] = {
    "user": ("user",),
    "creator": ("user", "creator"),
    "moderator": ("user", "creator", "moderator"),
    "operator": ("user", "creator", "moderator", "operator"),
}


async def make_actors(ctx: Context) -> dict[str, Actor]:
    actors = {"anyone": ANYONE}
    for name, roles in ROLES.items():
        user = await create_user(
            ctx,
            name=name.capitalize(),
            email=f"{name}@example.org",
            username=f"the-{name}",
            password="seven grey herons",
            roles=roles,
        )
        actors[name] = Actor(user.id, new_id(), user.name, frozenset(roles))
    return actors


def address(path: str) -> str:
    """The template with a value for each variable that names nothing."""
    return re.sub(r"\{(\w+)(:path)?\}", lambda match: str(new_id()) if match[1].endswith("id") else "x", path)


@pytest.mark.slow
async def test_doors_open_to_whom_they_should_and_nothing_breaks(engines: Engines, ctx: Context) -> None:
    engines = with_settings(engines, rate_limits=False)
    actors = await make_actors(ctx)

    async def authenticate(request: Request, engines: Engines) -> Actor:
        return actors[request.headers["x-who"]]

    served = build_app(
        app.MODULES,
        engines,
        render=make_renderer(app.MODULES, engines),
        authenticate=authenticate,
        context=Context,
        anyone=ANYONE,
    )
    wrong = []
    async with visiting(served) as client:
        for entry in access_matrix(ROUTES, actors):
            if entry.route.method != WEBSOCKET:
                answer = await ask(client, entry)
                wrong += [f"{entry.route.name} as {entry.who}: {why}" for why in complaints(entry, answer)]
    assert not wrong


async def ask(client: httpx.AsyncClient, entry: Entry) -> httpx.Response:
    headers = {"x-who": entry.who}
    request = client.build_request(entry.route.method, address(entry.route.path), headers=headers)
    return await client.send(request)


def complaints(entry: Entry, answer: httpx.Response) -> list[str]:
    found = []
    if answer.status_code >= 500 and answer.status_code != 503:
        found.append(f"it broke with {answer.status_code}")
    refused = answer.status_code in (401, 403) or answer.headers.get("location", "").startswith("/sign-in?")
    if not entry.allowed and not refused:
        found.append(f"the door was open ({answer.status_code})")
    knows_people = entry.route.access is not None and entry.route.access.identifies  # others take credentials alone
    if entry.allowed and answer.status_code == 401 and entry.who != "anyone" and knows_people:
        found.append("it asks someone to sign in who has")
    return found


def test_every_route_says_what_it_is_for() -> None:
    silent = [route.name for route in ROUTES if route.is_api and route.documented and not route.summary]
    assert not silent


def test_the_document_is_openapi_3_1() -> None:
    document = api_document(ROUTES, {module.name: module.name for module in app.MODULES})
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) > 20


def test_roles_are_told_apart() -> None:
    """The matrix itself: a person without a role is kept out of what only a role opens."""
    actors = {"anyone": ANYONE, "user": replace(ANYONE, user_id=UUID(int=7))}
    entries = list(access_matrix(ROUTES, actors))
    for entry in entries:
        assert entry.route.access is not None
        if entry.route.access.name == "public":
            assert entry.allowed
        if entry.route.access.name == "signed in":
            assert entry.allowed is (entry.who == "user")
        if entry.route.access.name == "operator":
            assert not entry.allowed
