"""Airflow's public API through ``apache-airflow-client``, inside the process, as the caller.

The only place that changes anything in Airflow. A request goes from the client over Airflow's own ASGI
application: no network hop, no host name, no service account. Airflow authenticates the caller's own token,
decides, and writes its audit record; what it refuses comes back as :class:`AirflowRefused` in its own words.

The client is synchronous, so each call has a thread of :data:`windsock.workers.client_pool`, and the request
itself runs on the event loop that the call came from. That thread is never one of the pool that Starlette
shares with Airflow's ``def`` routes: the call needs a thread of that pool to be answered.

The client's models belong to one Airflow version, and the server may be another. Therefore: the forms of its
methods that leave the answer alone, bodies that hold only what a person set, and of an answer only the
fields that are used here.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

import httpx
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from windsock.problems import ProblemError
from windsock.settings import get_settings
from windsock.workers import client_pool

if TYPE_CHECKING:
    from airflow_client.client.api.dag_api import DAGApi
    from airflow_client.client.api.dag_run_api import DagRunApi

log = logging.getLogger(__name__)

HOST_KEY: Final = "windsock.host"
"""Where :class:`HostReference` leaves Airflow's application in the ASGI scope."""

OPERATION_PARAMETER: Final = "windsock_operation"
"""The query parameter that carries an operation's id. Airflow ignores it and keeps it in the audit record
(table ``log``, column ``extra``)."""

CALL_TIMEOUT_S: Final = 30.0
"""How long Airflow may take over one call, in seconds."""

_ORIGIN: Final = "http://localhost"
"""Where requests seem to go; no name is looked up, since they never leave the process."""
_WORDS_LIMIT: Final = 2000

T = TypeVar("T")


class HostReference:
    """Root ASGI middleware that leaves a reference to Airflow's application in the scope, nothing else.

    In a mounted application ``scope["app"]`` is that application: ours could not reach Airflow's otherwise.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[HOST_KEY] = scope["app"]
        await self.app(scope, receive, send)


class AirflowRefused(ProblemError):  # noqa: N818  # named after what happened
    """Airflow answered the call with a refusal (4xx) and changed nothing."""

    def __init__(self, airflow_status: int, words: str) -> None:
        status, code, title, remedy = _REFUSALS.get(airflow_status, _OTHER_REFUSAL)
        super().__init__(status, code, title, detail=words, remedy=remedy)
        self.airflow_status: Final = airflow_status
        """The HTTP status of Airflow's answer."""
        self.words: Final = words
        """What Airflow said, as it said it."""


_REFUSALS: Final[Mapping[int, tuple[int, str, str, str | None]]] = {
    401: (401, "not_authenticated", "Airflow does not know you any more", "Sign in to Airflow again"),
    403: (
        403,
        "forbidden",
        "Airflow does not let you do this",
        "Ask an administrator of this Airflow for the permission",
    ),
    404: (404, "not_found", "Airflow does not find it", "Load the page again: it may be gone by now"),
    409: (409, "conflict", "Airflow found a conflict with what is there", None),
    429: (503, "unavailable", "Airflow takes no more requests right now", "Try again in a few seconds"),
}
_OTHER_REFUSAL: Final = (422, "refused", "Airflow does not accept this", None)


class AirflowFailed(ProblemError):  # noqa: N818  # named after what happened
    """Airflow gave no usable answer: whether the call took effect is not known."""

    def __init__(self, words: str) -> None:
        super().__init__(
            503,
            "airflow_failed",
            "Airflow did not finish this, and it is not known whether it took effect",
            detail=words,
            remedy="Look at the Dag before you try again; the API server's log has more",
        )
        self.words: Final = words


@dataclass(frozen=True, slots=True)
class AirflowApi:
    """Airflow's public API, as one caller.

    Every method raises :class:`AirflowRefused` when Airflow refuses (nothing changed), :class:`AirflowFailed`
    when it gives no usable answer (it may have changed), and :class:`windsock.workers.Busy` when no thread
    became free in time (nothing was sent).
    """

    host: ASGIApp
    """Airflow's own application."""
    root_path: str
    """The path under which Airflow is served (``[api] base_url``), without a trailing slash; may be empty."""
    token: str | None = field(repr=False)
    """The caller's token; None where Airflow asks for none (SimpleAuthManager with all admins)."""

    @classmethod
    def of(cls, request: Request, token: str | None) -> AirflowApi:
        """Return the API for the caller of a request to our application, who came with ``token``.

        :raises RuntimeError: when :class:`HostReference` is not registered as a root middleware
        """
        host = request.scope.get(HOST_KEY)
        if host is None:
            raise RuntimeError("HostReference is not registered as a root middleware of Airflow's API server")
        return cls(host=host, root_path=getattr(host, "root_path", "").rstrip("/"), token=token)

    async def set_dag_paused(self, dag_id: str, is_paused: bool, *, operation_id: str) -> bool:
        """Pause or unpause one Dag; return whether it is paused now (``PATCH /api/v2/dags/{dag_id}``)."""

        def send(client: _Client) -> Any:
            from airflow_client.client.models.dag_patch_body import DAGPatchBody

            return client.dags.patch_dag_without_preload_content(
                dag_id, DAGPatchBody(is_paused=is_paused), _request_timeout=CALL_TIMEOUT_S
            )

        return _field(await self._call(operation_id, send), "is_paused", bool)

    async def trigger_dag_run(
        self,
        dag_id: str,
        *,
        operation_id: str,
        conf: Mapping[str, Any] | None = None,
        logical_date: datetime | None = None,
        run_id: str | None = None,
        note: str | None = None,
    ) -> str:
        """Create a Dag run and return its run id (``POST /api/v2/dags/{dag_id}/dagRuns``).

        A ``logical_date`` of None makes a run without one. What else is None is not sent, and Airflow
        chooses. A ``run_id`` that exists already is refused with 409.
        """

        def send(client: _Client) -> Any:
            from airflow_client.client.models.trigger_dag_run_post_body import TriggerDAGRunPostBody

            chosen = {"conf": conf, "dag_run_id": run_id, "note": note}
            body = TriggerDAGRunPostBody(
                # Airflow requires this one field, null included; the client writes it in any case.
                logical_date=logical_date,
                **{name: value for name, value in chosen.items() if value is not None},
            )
            return client.dag_runs.trigger_dag_run_without_preload_content(
                dag_id, body, _request_timeout=CALL_TIMEOUT_S
            )

        return _field(await self._call(operation_id, send), "dag_run_id", str)

    async def delete_dag(self, dag_id: str, *, operation_id: str) -> None:
        """Delete a Dag with its runs, task instances and versions (``DELETE /api/v2/dags/{dag_id}``).

        Refused with 409 while task instances of it run.
        """

        def send(client: _Client) -> Any:
            return client.dags.delete_dag_without_preload_content(dag_id, _request_timeout=CALL_TIMEOUT_S)

        await self._call(operation_id, send)

    async def _call(self, operation_id: str, send: Callable[[_Client], Any]) -> Any:
        """Make one call in a thread of ours and return the answer's JSON, None where there is none."""
        rest_client = _RestClient(self.host, self.token, operation_id, asyncio.get_running_loop())

        def work() -> Any:
            return _read(send(_Client.over(rest_client, self.root_path)))

        try:
            return await client_pool.run(
                get_settings().queue_timeout_s, _outcome_unknown_unless_answered, work
            )
        except AirflowFailed as failure:
            log.warning("Operation %s: %s", operation_id, failure.words, exc_info=failure.__cause__)
            raise


@dataclass(frozen=True, slots=True)
class _Client:
    """The parts of the client that are used, for one caller and one operation."""

    dags: DAGApi
    dag_runs: DagRunApi

    @classmethod
    def over(cls, rest_client: _RestClient, root_path: str) -> _Client:
        # The first import takes one to two seconds; it happens here, in a thread of ours, and not in the
        # scheduler, worker or Dag processor, which import the plugin too.
        from airflow_client.client import ApiClient, Configuration
        from airflow_client.client.api.dag_api import DAGApi
        from airflow_client.client.api.dag_run_api import DagRunApi

        # Routes are matched with the root path taken off where a path begins with it. With it in front,
        # a deployment under /api keeps its /api/v2.
        client = ApiClient(Configuration(host=f"{_ORIGIN}{root_path}"))
        setattr(client, "rest_client", rest_client)  # noqa: B010  # no subclass: the original opens a pool
        return cls(dags=DAGApi(client), dag_runs=DagRunApi(client))


class _RestAnswer:
    """An answer as the client expects it of its REST client."""

    def __init__(self, response: httpx.Response) -> None:
        self.status: Final = response.status_code
        self.reason: Final = response.reason_phrase
        self.headers: Final = response.headers
        self.data: Final = response.content

    @property
    def response(self) -> _RestAnswer:
        """What the ``…_without_preload_content`` forms return."""
        return self

    def read(self) -> bytes:
        return self.data


class _RestClient:
    """Takes the place of the client's REST client; sends over an ASGI application, on a running event loop.

    To be used from another thread than that of the loop.
    """

    def __init__(
        self, host: ASGIApp, token: str | None, operation_id: str, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._host = host
        self._token = token
        self._operation_id = operation_id
        self._loop = loop

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        post_params: object = None,  # noqa: ARG002  # forms are used by no call of ours
        _request_timeout: float | None = None,
    ) -> _RestAnswer:
        """Send a request and wait for the answer; the names are those that the client uses."""
        sent_headers = {**(headers or {}), "Accept-Encoding": "identity"}
        if self._token is not None:
            sent_headers["Authorization"] = f"Bearer {self._token}"
        separator = "&" if "?" in url else "?"
        request = httpx.Request(
            method,
            f"{url}{separator}{urlencode({OPERATION_PARAMETER: self._operation_id})}",
            headers=sent_headers,
            content=None if body is None else json.dumps(body).encode(),
        )
        future = asyncio.run_coroutine_threadsafe(_send(self._host, request), self._loop)
        try:
            return _RestAnswer(future.result(_request_timeout))
        except concurrent.futures.TimeoutError:
            if future.done():  # Airflow itself ran into a timeout of its own
                raise
            future.cancel()
            raise AirflowFailed(f"Airflow took longer than {_request_timeout:g} s") from None


async def _send(host: ASGIApp, request: httpx.Request) -> httpx.Response:
    # An exception after the start of the answer would be hidden otherwise: a failed commit behind a 200.
    transport = httpx.ASGITransport(app=host, raise_app_exceptions=True)
    response = await transport.handle_async_request(request)
    await response.aread()
    return response


def _outcome_unknown_unless_answered(work: Callable[[], T]) -> T:
    """Run ``work``; what Airflow raises instead of answering becomes :class:`AirflowFailed`."""
    try:
        return work()
    except ProblemError:
        raise
    except Exception as error:
        raise AirflowFailed(f"Airflow raised {type(error).__name__} instead of an answer") from error


def _read(answer: _RestAnswer) -> Any:
    """Return the JSON of a successful answer, and raise what any other one means."""
    if answer.status < 300:
        return json.loads(answer.read()) if answer.read() else None
    words = _words(answer)
    if 400 <= answer.status < 500:
        raise AirflowRefused(answer.status, words)
    raise AirflowFailed(words)


def _words(answer: _RestAnswer) -> str:
    """Return what Airflow said.

    Its routes say ``{"detail": …}``, where the detail is a text, a list of validation errors, or an object
    with a reason and a message; its catch-all route says ``{"error": …}``, and what breaks below the routes
    answers in plain text.
    """
    status = _status_words(answer.status)
    text = answer.read().decode("utf-8", errors="replace").strip()
    try:
        content = json.loads(text)
    except ValueError:
        is_plain = answer.headers.get("content-type", "").startswith("text/plain")
        return text[:_WORDS_LIMIT] if is_plain and text else status
    detail = content.get("detail") or content.get("error") if isinstance(content, dict) else content
    return _detail_words(detail)[:_WORDS_LIMIT] or status


def _status_words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _detail_words(detail: object) -> str:
    if isinstance(detail, str):
        return detail
    if isinstance(detail, list):
        return "; ".join(words for words in map(_detail_words, detail) if words)
    if isinstance(detail, dict):
        if "msg" in detail:  # a validation error: where it is, and what is wrong
            where = [str(part) for part in detail.get("loc") or () if part not in ("body", "path", "query")]
            return ": ".join(part for part in (".".join(where), str(detail["msg"])) if part)
        said = [str(detail[name]) for name in ("reason", "message") if detail.get(name)]
        return ": ".join(said) or json.dumps(detail)
    return "" if detail is None else str(detail)


def _field(answer: Any, name: str, kind: type[T]) -> T:
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, kind):
        raise AirflowFailed(f"Airflow's answer has no {name}")
    return value
