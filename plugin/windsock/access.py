"""Who asks, and what that person may read: the only place that decides about access.

A Dag's facts need the Dag; runs RUN; task instances TASK_INSTANCE; how a task is defined TASK; error text and
every word of a log TASK_LOGS; who paused or marked AUDIT_LOG. Decisions come from Airflow's auth manager, with
the Dag's team.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import AccessView, DagAccessEntity
from airflow.api_fastapi.core_api.security import get_user
from cachetools import TTLCache
from fastapi import Depends, Request

from windsock import compat, settings
from windsock.problems import ProblemError, forbidden, invalid, not_found
from windsock.workers import sql_pool

COOKIE: Final = "_token"
ALL: Final = "~"


@dataclass(frozen=True, slots=True)
class DagRights:
    """What the caller may read of one Dag."""

    dag: bool
    runs: bool
    task_instances: bool
    task_logs: bool
    audit_log: bool


NO_RIGHTS: Final = DagRights(dag=False, runs=False, task_instances=False, task_logs=False, audit_log=False)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the caller may read of every Dag. Ids of Dags, each set inside the one of ``dags``."""

    dags: frozenset[str]
    runs: frozenset[str]
    task_instances: frozenset[str]
    task_logs: frozenset[str]
    audit_log: frozenset[str]
    import_errors: bool
    fingerprint: str
    """Equal for callers who may read the same: a key for answers that depend on nothing else of them."""

    def of(self, dag_id: str) -> DagRights:
        """Return the same for one Dag."""
        return DagRights(
            dag=dag_id in self.dags,
            runs=dag_id in self.runs,
            task_instances=dag_id in self.task_instances,
            task_logs=dag_id in self.task_logs,
            audit_log=dag_id in self.audit_log,
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: Airflow's user, and the token that the request came with, if any."""

    user: Any
    token: str | None

    @property
    def name(self) -> str:
        """The name Airflow shows."""
        return str(self.user.get_name())

    @property
    def key(self) -> str:
        """Tells callers apart in a cache; made from the token, so a new login is a new key."""
        secret = self.token if self.token is not None else f"user:{self.user.get_id()}"
        return hashlib.sha256(secret.encode()).hexdigest()


def request_token(request: Request) -> str | None:
    """Return the caller's token: from the Authorization header first, then from the cookie."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    return request.cookies.get(COOKIE)


async def get_caller(request: Request, user: Annotated[Any, Depends(get_user)]) -> Caller:
    """Return who asks. Every route of the API depends on this; without a valid session it answers 401."""
    return Caller(user, request_token(request))


CallerDep = Annotated[Caller, Depends(get_caller)]


def refuse_wildcards(request: Request) -> None:
    """Refuse ``~`` as an id: to Airflow it means *all*.

    :raises ProblemError: 422, before anything else is looked at
    """
    for field, value in request.path_params.items():
        if value == ALL:
            raise invalid(field, f"{field} is ~, which Airflow takes for all", f"Give one {field}")


def refuse_foreign_sites(request: Request) -> None:
    """Refuse a request that changes something when another site's page made the browser send it.

    :raises ProblemError: 403
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        allowed = origin is None or urlsplit(origin).netloc in _own_hosts(request)
    if not allowed:
        raise ProblemError(
            403,
            "foreign_site",
            "Another site's page sent this request",
            remedy="Open Airflow itself and do it there",
        )
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(
            422,
            "invalid",
            "The body is not JSON",
            remedy="Send Content-Type: application/json",
            field="content-type",
        )


def _own_hosts(request: Request) -> set[str]:
    from airflow.configuration import conf

    base = urlsplit(conf.get("api", "base_url", fallback="") or "").netloc
    return {host for host in (request.headers.get("host"), base) if host}


def _may(user: Any, dag_id: str, team: str | None, entity: DagAccessEntity | None) -> bool:
    return bool(
        get_auth_manager().is_authorized_dag(
            method="GET", access_entity=entity, details=compat.dag_details(dag_id, team), user=user
        )
    )


def _may_list(user: Any) -> bool:
    return bool(get_auth_manager().is_authorized_dag(method="GET", user=user))


def _dag_rights(user: Any, dag_id: str) -> DagRights:
    team = compat.dag_teams([dag_id]).get(dag_id)
    if not _may(user, dag_id, team, None):
        return NO_RIGHTS
    return DagRights(
        dag=True,
        runs=_may(user, dag_id, team, DagAccessEntity.RUN),
        task_instances=_may(user, dag_id, team, DagAccessEntity.TASK_INSTANCE),
        task_logs=_may(user, dag_id, team, DagAccessEntity.TASK_LOGS),
        audit_log=_may(user, dag_id, team, DagAccessEntity.AUDIT_LOG),
    )


def _rights(user: Any) -> Rights | None:
    if not _may_list(user):
        return None
    dags = frozenset(get_auth_manager().get_authorized_dag_ids(user=user, method="GET"))
    teams = compat.dag_teams(dags)

    def readable(entity: DagAccessEntity) -> frozenset[str]:
        return frozenset(dag_id for dag_id in dags if _may(user, dag_id, teams.get(dag_id), entity))

    runs = readable(DagAccessEntity.RUN)
    task_instances = readable(DagAccessEntity.TASK_INSTANCE)
    task_logs = readable(DagAccessEntity.TASK_LOGS)
    audit_log = readable(DagAccessEntity.AUDIT_LOG)
    import_errors = bool(
        get_auth_manager().is_authorized_view(access_view=AccessView.IMPORT_ERRORS, user=user)
    )
    return Rights(
        dags,
        runs,
        task_instances,
        task_logs,
        audit_log,
        import_errors,
        _fingerprint((dags, runs, task_instances, task_logs, audit_log), import_errors),
    )


def _fingerprint(sets: Iterable[frozenset[str]], import_errors: bool) -> str:
    digest = hashlib.sha256(b"1" if import_errors else b"0")
    for ids in sets:
        digest.update(b"\x00\x00")
        for dag_id in sorted(ids):
            digest.update(dag_id.encode() + b"\x00")
    return digest.hexdigest()


class RightsCache:
    """What each token may read, kept as long as a full snapshot of the fleet.

    Only what may be *read* is kept. Whether an action is allowed is Airflow's decision at the action itself.
    """

    def __init__(self, ttl_s: float, size: int = 1024) -> None:
        self._known: TTLCache[str, Rights] = TTLCache(maxsize=size, ttl=ttl_s, timer=time.monotonic)

    async def of(self, caller: Caller, wait_s: float) -> Rights:
        """Return what ``caller`` may read.

        :raises ProblemError: 403 when the caller may read no Dag at all
        :raises Busy: when no thread became free within ``wait_s`` seconds
        """
        key = caller.key
        known = self._known.get(key)
        if known is None:
            found = await sql_pool.run(wait_s, _rights, caller.user)
            if found is None:
                raise forbidden("Dags", "Dags")
            known = self._known[key] = found
        return known


def _may_read_definitions(user: Any, dag_id: str) -> bool:
    return _may(user, dag_id, compat.dag_teams([dag_id]).get(dag_id), DagAccessEntity.TASK)


async def may_read_definitions(caller: Caller, dag_id: str) -> bool:
    """Tell whether ``caller`` may read how the tasks of one Dag are defined, decided now.

    Only for a Dag that the caller may read. What a task instance was given, its rendered fields included, is
    part of the task instance to Airflow and needs no more than that.
    """
    return await sql_pool.run(
        settings.get_settings().queue_timeout_s, _may_read_definitions, caller.user, dag_id
    )


async def dag_rights(caller: Caller, dag_id: str) -> DagRights:
    """Return what ``caller`` may read of one Dag, decided now.

    :raises ProblemError: 403 when the caller may read no Dag at all, 404 when not this one
    """
    wait_s = settings.get_settings().queue_timeout_s
    rights = await sql_pool.run(wait_s, _dag_rights, caller.user, dag_id)
    if rights.dag:
        return rights
    if not await sql_pool.run(wait_s, _may_list, caller.user):
        raise forbidden("Dags", "Dags")
    raise not_found(f"Dag {dag_id}")
