"""Every route asks who it is talking to, and what that person may read, before it says anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from tests.integration.api_host import API, ApiHost, simple_host
from windsock.access import get_caller, refuse_foreign_sites, refuse_wildcards
from windsock.app import create_app
from windsock.routes.deps import _dag_rights, _rights

IDS = {"dag_id": "some_dag", "run_id": "some_run", "task_id": "some_task"}


def _routes(routes: object = None) -> list[APIRoute]:
    found: list[APIRoute] = []
    for route in create_app().routes if routes is None else routes:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute):
            found.append(route)
        elif hasattr(route, "original_router"):
            found += _routes(route.original_router.routes)
        else:
            assert isinstance(route, Mount), f"{route} is neither API nor bundle"
            assert route.path == "/static"
    return found


def _calls(dependant: Dependant) -> set[object]:
    found: set[object] = {dependant.call}
    for dependency in dependant.dependencies:
        found |= _calls(dependency)
    return found


def test_there_are_routes_to_walk() -> None:
    assert len(_routes()) >= 12


@pytest.mark.parametrize("route", _routes(), ids=lambda route: f"{'/'.join(route.methods)} {route.path}")
def test_every_route_authenticates_and_checks_the_dag(route: APIRoute) -> None:
    calls = _calls(route.dependant)
    assert get_caller in calls
    assert refuse_wildcards in calls
    if "{dag_id}" in route.path:
        assert _dag_rights in calls
    elif not route.path.endswith(("/session", "/openapi.json")):
        assert _rights in calls
    if route.methods != {"GET"}:
        assert refuse_foreign_sites in calls


@pytest.fixture(scope="module")
def host() -> Iterator[ApiHost]:
    from airflow.utils import db

    db.initdb()
    with simple_host(admin="admin", nobody=None) as made:
        yield made


def _address(route: APIRoute) -> str:
    return route.path_format.format(**IDS).removeprefix(API)


@pytest.mark.parametrize("route", _routes(), ids=lambda route: f"{'/'.join(route.methods)} {route.path}")
def test_without_a_session_there_is_no_answer(host: ApiHost, route: APIRoute) -> None:
    ask = host.get if "GET" in route.methods else host.post
    answer = ask(_address(route).removeprefix("/api/v1"), None)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("route", _routes(), ids=lambda route: f"{'/'.join(route.methods)} {route.path}")
def test_a_user_without_a_role_is_refused(host: ApiHost, route: APIRoute) -> None:
    if route.path.endswith(("/session", "/openapi.json")):
        return
    ask = host.get if "GET" in route.methods else host.post
    answer = ask(_address(route).removeprefix("/api/v1"), "nobody")
    assert answer.status_code == 403, answer.text
    assert answer.json()["remedy"]


@pytest.mark.parametrize("field", IDS)
def test_a_wildcard_as_an_id_is_refused_before_anything_else(host: ApiHost, field: str) -> None:
    for route in _routes():
        if "{" + field + "}" not in route.path:
            continue
        path = route.path_format.format(**{**IDS, field: "~"}).removeprefix("/api/v1")
        ask = host.get if "GET" in route.methods else host.post
        for user in (None, "admin"):
            answer = ask(path, user)
            assert answer.status_code == 422, f"{path}: {answer.text}"
            assert answer.json()["field"] == field


def test_another_sites_page_cannot_act(host: ApiHost) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example.com"},
    ):
        answer = host.post("/dags/some_dag/pause", "admin", **headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "foreign_site"
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}, {}):
        answer = host.post("/dags/some_dag/pause", "admin", **headers)
        assert answer.json()["code"] == "not_found"


def test_a_body_that_is_no_json_is_refused(host: ApiHost) -> None:
    answer = host.client.post(
        f"{API}/dags/some_dag/pause",
        headers={"Authorization": f"Bearer {host.tokens['admin']}", "content-type": "text/plain"},
        content="{}",
    )
    assert answer.status_code == 422
    assert answer.json()["field"] == "content-type"


def test_the_bundle_folder_gives_no_hidden_file(host: ApiHost) -> None:
    assert host.client.get("/windsock/static/.vite/manifest.json").status_code == 404
    assert host.client.get("/windsock/static/../plugin.py").status_code == 404


def test_static_is_the_only_open_place() -> None:
    open_places = [route for route in create_app().routes if not isinstance(route, APIRoute)]
    assert all(
        isinstance(route, (Mount, Route)) or hasattr(route, "original_router") for route in open_places
    )
