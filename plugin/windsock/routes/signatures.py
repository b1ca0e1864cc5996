"""The same failure elsewhere, and the kinds of failures of one Dag or task over its newest runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from windsock.health.model import FAILED, SUCCESS
from windsock.health.streaks import is_backfill, is_finished
from windsock.metadata import runs, task_instances
from windsock.metadata.connection import reading
from windsock.metadata.rows import RunRow, TaskInstanceRow
from windsock.problems import forbidden, not_found
from windsock.routes.answers import finish, respond
from windsock.routes.deps import DagRightsDep, RightsDep, StateDep
from windsock.routes.errors import ErrorLines, try_ref
from windsock.routes.folding import FAILED_TRY
from windsock.routes.groups import READ_PER_TASK, causes_of
from windsock.schemas.common import ErrorLine
from windsock.schemas.signatures import Elsewhere, Sighting, SignatureCount, Signatures

router = APIRouter(prefix="/dags/{dag_id}", tags=["signatures"])

_OTHERS_MOST: Final = 50
_READ_MOST: Final = 60
"""How many logs one answer about a Dag's kinds of failures asks for."""


def _sighting(instance: TaskInstanceRow) -> Sighting:
    return Sighting(
        dag_id=instance.dag_id,
        run_id=instance.run_id,
        task_id=instance.task_id,
        map_index=instance.map_index,
        failed_at=instance.end_date,
    )


@router.get("/runs/{run_id}/tasks/{task_id}/elsewhere", response_model=Elsewhere)
async def elsewhere(
    request: Request,
    dag_id: str,
    run_id: str,
    task_id: str,
    rights: DagRightsDep,
    all_rights: RightsDep,
    state: StateDep,
    map_index: Annotated[int, Query(ge=-1, description="-1 when the task is not mapped")] = -1,
) -> Response:
    """Return where else the failure of a task instance stands among the open incidents."""
    if not (rights.runs and rights.task_instances and rights.task_logs):
        raise forbidden(f"the task logs of {dag_id}", "Task Logs")
    instance = await state.sql(_one, dag_id, run_id, task_id, map_index)
    if instance is None:
        raise not_found(f"Task {task_id} in run {run_id} of Dag {dag_id}")
    _, view = await state.view(all_rights)
    seen = view.dag(dag_id)
    dag_file = seen.state.dag.relative_fileloc if seen is not None else None
    lines = ErrorLines(state.failures)
    line = lines.of_try(try_ref(instance), dag_file) if instance.state in FAILED_TRY else None
    cause = causes_of(view.incidents, lines).get(line.signature or "") if line is not None else None
    everywhere = [*(cause.instances if cause is not None else ()), instance]
    me = (dag_id, task_id)
    others: dict[tuple[str, str], TaskInstanceRow] = {}
    for other in everywhere:
        key = (other.dag_id, other.task_id)
        if key != me and (key not in others or _ended(other) > _ended(others[key])):
            others[key] = other
    times = [other.end_date for other in everywhere if other.end_date is not None]
    answer = Elsewhere(
        signature=line.signature if line is not None else None,
        title=line.title if line is not None else None,
        dags=len({other.dag_id for other in everywhere}),
        tasks=len(others) + 1,
        first_seen=min([*times, cause.since] if cause is not None else times, default=None),
        last_seen=max(times, default=None),
        others=[
            _sighting(other) for other in sorted(others.values(), key=_ended, reverse=True)[:_OTHERS_MOST]
        ],
        pending_errors=lines.pending,
    )
    return respond(request, finish(answer))


def _one(dag_id: str, run_id: str, task_id: str, map_index: int) -> TaskInstanceRow | None:
    with reading() as connection:
        return task_instances.one(connection, dag_id, run_id, task_id, map_index)


def _ended(instance: TaskInstanceRow) -> float:
    return instance.end_date.timestamp() if instance.end_date is not None else 0.0


@dataclass(slots=True)
class _Kind:
    line: ErrorLine
    instances: list[TaskInstanceRow] = field(default_factory=list)


@router.get("/signatures", response_model=Signatures)
async def signatures(
    request: Request,
    dag_id: str,
    rights: DagRightsDep,
    state: StateDep,
    task_id: Annotated[str | None, Query(description="Only this task; the whole Dag without it")] = None,
    most: Annotated[
        int, Query(alias="runs", ge=1, le=100, description="Over how many of the newest runs")
    ] = 25,
) -> Response:
    """Return the kinds of failures over the newest runs, the latest first, and how flaky it is."""
    if not (rights.runs and rights.task_instances):
        raise forbidden(f"the task instances of {dag_id}", "Task Instances")
    snapshot = await state.snapshot.get()
    known = snapshot.dags.get(dag_id)
    if known is None:
        raise not_found(f"Dag {dag_id}")
    found = await state.sql(_read, dag_id, task_id, known.runs, most)
    lines = ErrorLines(state.failures)
    kinds, unread = (
        _kinds(found.failed, lines, known.dag.relative_fileloc)
        if rights.task_logs
        else ({}, len(found.failed))
    )
    finished = [run for run in found.runs if is_finished(run) and not is_backfill(run)]
    return respond(
        request,
        finish(
            Signatures(
                dag_id=dag_id,
                task_id=task_id,
                runs=len(found.runs),
                failed_runs=len({instance.run_id for instance in found.failed}),
                flaky_runs=len({run.run_id for run in finished} & found.flaky_run_ids),
                finished_runs=len(finished),
                allowed=rights.task_logs,
                items=_items(kinds, {run.run_id: run for run in found.runs}),
                unread=unread,
                pending_errors=lines.pending,
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    runs: tuple[RunRow, ...]
    failed: list[TaskInstanceRow]
    """Failed instances in these runs, of the newest run first."""
    flaky_run_ids: frozenset[str]


def _read(dag_id: str, task_id: str | None, known: tuple[RunRow, ...], most: int) -> _Found:
    with reading() as connection:
        newest = known[:most] if len(known) >= most else runs.page(connection, dag_id, most).runs
        place = {run.run_id: position for position, run in enumerate(newest)}
        wanted = [
            instance
            for instance in task_instances.failed_or_retried(connection, [run.id for run in newest])
            if task_id is None or instance.task_id == task_id
        ]
        # A cleared run has later tries too, and they say nothing about flakiness.
        cleared = {run.run_id for run in newest if run.clear_number > 0}
        flaky = {
            instance.run_id
            for instance in wanted
            if instance.state == SUCCESS and instance.try_number > 1 and instance.run_id not in cleared
        }
        failed = [instance for instance in wanted if instance.state == FAILED]
        failed.sort(key=lambda instance: (place[instance.run_id], instance.task_id, instance.map_index))
        return _Found(newest, failed, frozenset(flaky))


def _kinds(
    failed: Iterable[TaskInstanceRow], lines: ErrorLines, dag_file: str | None
) -> tuple[dict[str, _Kind], int]:
    kinds: dict[str, _Kind] = {}
    read: dict[tuple[str, str], int] = {}
    asked = unread = 0
    for instance in failed:
        key = (instance.run_id, instance.task_id)
        read[key] = read.get(key, 0) + 1
        if read[key] > READ_PER_TASK or asked >= _READ_MOST:
            unread += 1
            continue
        asked += 1
        line = lines.of(instance, allowed=True, dag_file=dag_file)
        if line.signature is not None:
            kinds.setdefault(line.signature, _Kind(line)).instances.append(instance)
    return kinds, unread


def _items(kinds: dict[str, _Kind], runs_by_id: dict[str, RunRow]) -> list[SignatureCount]:
    items = []
    for signature, kind in kinds.items():
        times = [_seen(instance, runs_by_id) for instance in kind.instances]
        items.append(
            SignatureCount(
                signature=signature,
                title=kind.line.title or signature,
                error_class=kind.line.error_class or "unknown",
                evidence=kind.line.evidence,
                runs=len({instance.run_id for instance in kind.instances}),
                task_ids=sorted({instance.task_id for instance in kind.instances}),
                first_seen=min(times),
                last_seen=max(times),
                newest=_sighting(kind.instances[0]),
            )
        )
    return sorted(items, key=lambda item: (-item.last_seen.timestamp(), item.signature))


def _seen(instance: TaskInstanceRow, runs_by_id: dict[str, RunRow]) -> datetime:
    return instance.end_date or runs_by_id[instance.run_id].run_after
