"""What is sent to Airflow's application in process, and what becomes of each kind of answer."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from windsock import actions, airflow_api
from windsock.airflow_api import HOST_KEY, AirflowApi, AirflowFailed, AirflowRefused, HostReference
from windsock.problems import ProblemError
from windsock.settings import Settings
from windsock.workers import Busy, WorkerPool


class Host:
    """Stands for Airflow: keeps what it was sent, and gives the answer that it was made with."""

    def __init__(self, answer: Response | Callable[[], Awaitable[Response]]) -> None:
        self._answer = answer
        self.sent: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.sent.append(
            {
                "method": request.method,
                "path": scope["path"],
                "query": dict(request.query_params),
                "authorization": request.headers.get("authorization"),
                "body": json.loads(body) if body else None,
            }
        )
        answer = self._answer if isinstance(self._answer, Response) else await self._answer()
        await answer(scope, receive, send)


def _api(host: Host, *, root_path: str = "", token: str | None = "secret") -> AirflowApi:
    return AirflowApi(host=host, root_path=root_path, token=token)


def _pause(host: Host, dag_id: str = "a", **api: Any) -> bool:
    return asyncio.run(_api(host, **api).set_dag_paused(dag_id, True, operation_id="op-1"))


def test_a_call_carries_the_token_the_operation_and_only_what_was_set() -> None:
    host = Host(JSONResponse({"is_paused": True}))
    assert _pause(host) is True
    assert host.sent == [
        {
            "method": "PATCH",
            "path": "/api/v2/dags/a",
            "query": {"windsock_operation": "op-1"},
            "authorization": "Bearer secret",
            "body": {"is_paused": True},
        }
    ]


def test_without_a_token_none_is_invented() -> None:
    host = Host(JSONResponse({"is_paused": True}))
    _pause(host, token=None)
    assert host.sent[0]["authorization"] is None


@pytest.mark.parametrize("root_path", ["/airflow", "/api", "/a/b"])
def test_the_path_of_the_deployment_stands_in_front(root_path: str) -> None:
    host = Host(JSONResponse({"is_paused": True}))
    _pause(host, root_path=root_path)
    assert host.sent[0]["path"] == f"{root_path}/api/v2/dags/a"


@pytest.mark.parametrize("dag_id", ["ünï", "a b", "a?b=c#d", "a%2Fb", "a+b:c", "100%", "a&b", "a;b"])
def test_an_id_arrives_as_it_is(dag_id: str) -> None:
    host = Host(JSONResponse({"is_paused": True}))
    _pause(host, dag_id)
    assert host.sent[0]["path"] == f"/api/v2/dags/{dag_id}"
    assert host.sent[0]["query"] == {"windsock_operation": "op-1"}


def test_a_trigger_sends_only_what_was_set() -> None:
    host = Host(JSONResponse({"dag_run_id": "made"}))
    api = _api(host)
    assert asyncio.run(api.trigger_dag_run("a", operation_id="op-1")) == "made"
    assert host.sent[-1]["body"] == {"logical_date": None}

    east = timezone(timedelta(hours=1))
    asyncio.run(
        api.trigger_dag_run(
            "a",
            operation_id="op-1",
            conf={"none": None, "deep": [{"also": None}]},
            logical_date=datetime(2026, 11, 1, 6, tzinfo=east),
            run_id="mine",
            note="why",
        )
    )
    assert host.sent[-1]["body"] == {
        "conf": {"none": None, "deep": [{"also": None}]},
        "logical_date": "2026-11-01T06:00:00+01:00",
        "dag_run_id": "mine",
        "note": "why",
    }


def test_an_answer_of_another_airflow_version_is_understood() -> None:
    """More fields, fewer fields, unknown states: only the field that is used matters."""
    assert _pause(Host(JSONResponse({"is_paused": True, "from": "the future", "owners": None})))
    run = {"dag_run_id": "made", "state": "never heard of", "run_type": "neither"}
    api = _api(Host(JSONResponse(run)))
    assert asyncio.run(api.trigger_dag_run("a", operation_id="op-1")) == "made"


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (JSONResponse({"detail": "Forbidden"}, 403), 403, "Forbidden"),
        (JSONResponse({"detail": "Not authenticated"}, 401), 401, "Not authenticated"),
        (JSONResponse({"detail": "Dag a was not found"}, 404), 404, "Dag a was not found"),
        (JSONResponse({"error": "API route not found"}, 404), 404, "API route not found"),
        (
            JSONResponse({"detail": {"reason": "Unique constraint violation", "message": "See ID 7"}}, 409),
            409,
            "Unique constraint violation: See ID 7",
        ),
        (
            JSONResponse(
                {
                    "detail": [
                        {"loc": ["body", "conf", "x"], "msg": "Field required", "type": "missing"},
                        {"loc": ["body"], "msg": "Bad", "type": "value_error"},
                    ]
                },
                422,
            ),
            422,
            "conf.x: Field required; Bad",
        ),
        (JSONResponse({"detail": "limit: 101 is too much"}, 400), 422, "limit: 101 is too much"),
        (PlainTextResponse("Too large", 413), 422, "Too large"),
        (HTMLResponse("<html>no</html>", 404), 404, "404 Not Found"),
        (Response(status_code=403), 403, "403 Forbidden"),
        (JSONResponse({"detail": None}, 409), 409, "409 Conflict"),
        (JSONResponse(["odd"], 409), 409, "odd"),
    ],
)
def test_a_refusal_keeps_airflows_words(answer: Response, status: int, words: str) -> None:
    with pytest.raises(AirflowRefused) as refused:
        _pause(Host(answer))
    assert (refused.value.problem.status, refused.value.problem.detail) == (status, words)
    assert refused.value.airflow_status == answer.status_code


async def _breaks() -> Response:
    raise OSError("the database is gone")


async def _breaks_late() -> Response:
    class Late(Response):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await super().__call__(scope, receive, send)
            raise RuntimeError("the commit failed")

    return Late(b'{"is_paused": true}', media_type="application/json")


async def _times_out_by_itself() -> Response:
    raise TimeoutError("inside")


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"detail": "Database error"}, 500),
        PlainTextResponse("Internal Server Error", 500),
        Response(b"not json", 200),
        JSONResponse({"paused": True}),
        Response(status_code=302, headers={"location": "/login"}),
        _breaks,
        _breaks_late,
        _times_out_by_itself,
    ],
)
def test_without_a_usable_answer_the_outcome_is_called_unknown(
    answer: Response | Callable[[], Awaitable[Response]],
) -> None:
    with pytest.raises(AirflowFailed) as failed:
        _pause(Host(answer))
    assert failed.value.problem.status == 503
    assert failed.value.retry_after_s is None, "nobody should try again without a look"


def test_a_call_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_api, "CALL_TIMEOUT_S", 0.2)

    async def sleeps() -> Response:
        await asyncio.sleep(30)
        return JSONResponse({"is_paused": True})

    with pytest.raises(AirflowFailed, match="not known"):
        _pause(Host(sleeps))


def test_when_all_threads_are_busy_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WorkerPool("client", 2)
    monkeypatch.setattr(airflow_api, "client_pool", pool)
    monkeypatch.setattr(airflow_api, "get_settings", lambda: Settings(queue_timeout_s=0.3))

    async def scenario() -> tuple[list[str], list[bool], BaseException | bool]:
        release, both_sent = asyncio.Event(), asyncio.Event()

        async def waits() -> Response:
            if len(host.sent) == 2:
                both_sent.set()
            await release.wait()
            return JSONResponse({"is_paused": True})

        host = Host(waits)
        api = _api(host)
        first = [
            asyncio.create_task(api.set_dag_paused(dag_id, True, operation_id="op-1"))
            for dag_id in ("a", "b")
        ]
        await both_sent.wait()
        [third] = await asyncio.gather(
            api.set_dag_paused("c", True, operation_id="op-1"), return_exceptions=True
        )
        release.set()
        done = await asyncio.gather(*first)
        await asyncio.sleep(0.1)
        return sorted(sent["path"] for sent in host.sent), done, third

    paths, done, third = asyncio.run(scenario())
    pool.shutdown()
    assert paths == ["/api/v2/dags/a", "/api/v2/dags/b"]
    assert done == [True, True]
    assert isinstance(third, Busy)


def test_the_event_loop_and_starlettes_threads_stay_free_while_a_call_waits() -> None:
    seen: list[str] = []

    async def answers() -> Response:
        seen.append(threading.current_thread().name)
        return JSONResponse({"is_paused": True})

    async def scenario() -> None:
        loop_thread = threading.current_thread().name
        await _api(Host(answers)).set_dag_paused("a", True, operation_id="op-1")
        assert seen == [loop_thread], "Airflow's application runs on the loop that the request came on"

    asyncio.run(scenario())


def _mounted(*, with_middleware: bool) -> tuple[Starlette, dict[str, Any]]:
    found: dict[str, Any] = {}
    ours = FastAPI()

    @ours.get("/look")
    async def look(request: Request) -> None:
        found["app"] = request.scope["app"]
        found["host"] = request.scope.get(HOST_KEY)
        found["api"] = AirflowApi.of(request, "secret")

    host = FastAPI(root_path="/airflow")
    host.mount("/ours", ours)
    host.router.routes.append(Route("/other", lambda _: PlainTextResponse("other")))
    if with_middleware:
        host.add_middleware(HostReference)
    assert isinstance(host.routes[-2], Mount)
    return host, found


def _get(app: Starlette, path: str) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    return asyncio.run(get())


def test_a_mounted_app_finds_its_host_through_the_middleware() -> None:
    host, found = _mounted(with_middleware=True)
    assert _get(host, "/airflow/ours/look").status_code == 200
    assert found["app"] is not host
    assert found["host"] is host
    assert (found["api"].host, found["api"].root_path) == (host, "/airflow")
    assert "secret" not in repr(found["api"])
    assert _get(host, "/airflow/other").text == "other"


def test_without_the_middleware_the_error_says_so() -> None:
    host, _ = _mounted(with_middleware=False)
    with pytest.raises(RuntimeError, match="HostReference is not registered"):
        _get(host, "/airflow/ours/look")


def test_the_client_is_not_imported_before_it_is_used() -> None:
    script = "import sys, windsock.actions; sys.exit('airflow_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


Act = Callable[[AirflowApi], Coroutine[Any, Any, actions.ActionResult]]


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda api: actions.pause_dag(api, "~"), "dag_id"),
        (lambda api: actions.unpause_dag(api, ""), "dag_id"),
        (lambda api: actions.trigger_dag(api, "."), "dag_id"),
        (lambda api: actions.trigger_dag(api, "a\ud800"), "dag_id"),
        (lambda api: actions.delete_dag(api, "a/dagRuns/b", typed_dag_id="a/dagRuns/b"), "dag_id"),
        (lambda api: actions.delete_dag(api, "a\n", typed_dag_id="a\n"), "dag_id"),
        (lambda api: actions.delete_dag(api, "a", typed_dag_id="A"), "typed_dag_id"),
        (lambda api: actions.trigger_dag(api, "a", run_id="~"), "run_id"),
        (lambda api: actions.trigger_dag(api, "a", conf={"x": float("nan")}), "conf"),
        (lambda api: actions.trigger_dag(api, "a", conf={"x": {1, 2}}), "conf"),
        (lambda api: actions.trigger_dag(api, "a", logical_date=datetime(2026, 1, 1)), "logical_date"),  # noqa: DTZ001
        (lambda api: actions.pause_dag(api, "a", operation_id="two words"), "operation_id"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(act: Act, field: str) -> None:
    host = Host(JSONResponse({"is_paused": True, "dag_run_id": "made"}))
    with pytest.raises(ProblemError) as refused:
        asyncio.run(act(_api(host)))
    assert (refused.value.problem.status, refused.value.problem.field) == (422, field)
    assert host.sent == []


@pytest.mark.parametrize(("was_paused", "outcome"), [(None, "done"), (False, "done"), (True, "already")])
def test_the_outcome_names_what_was_so_already(was_paused: bool | None, outcome: str) -> None:
    host = Host(JSONResponse({"is_paused": True}))
    result = asyncio.run(actions.pause_dag(_api(host), "a", was_paused=was_paused))
    assert result.outcome == outcome
    assert host.sent[0]["query"] == {"windsock_operation": result.operation_id}
