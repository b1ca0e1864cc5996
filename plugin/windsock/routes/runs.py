"""One Dag run: its tasks by first cause and by what that took down."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Final, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from windsock.access import DagRights
from windsock.health.causes import FirstCauses, RunEvidence, first_causes
from windsock.health.model import FAILED, SUCCESS, UPSTREAM_FAILED
from windsock.health.streaks import is_counting
from windsock.metadata import audit, dags, runs, task_instances, versions
from windsock.metadata.connection import reading
from windsock.metadata.rows import AuditRow, DagRow, RunDetailRow, RunRow, TaskInstancesOfRun
from windsock.problems import forbidden, not_found
from windsock.routes.answers import finish, respond
from windsock.routes.deps import DagRightsDep, StateDep
from windsock.routes.errors import ErrorLines
from windsock.routes.folding import FAILED_TRY, FoldedTask, fold_tasks
from windsock.routes.present import run_item, run_level_cause, run_ref_or_none
from windsock.schemas.runs import RunDetail, RunTask

router = APIRouter(prefix="/dags/{dag_id}/runs", tags=["runs"])

_EARLIER_RUNS: Final = 100
"""How far back the last good run before this one is looked for, in runs."""
_ERRORS_MOST: Final = 20
"""How many error lines one answer asks for: beyond that nobody reads them here."""

Role = Literal["first_cause", "failed_after", "cascade", "other"]
_ROLE_ORDER: Final = ("first_cause", "failed_after", "cascade", "other")
_LAST: Final = datetime.max.replace(tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class _Neighbours:
    newer: RunRow | None
    earlier: tuple[RunRow, ...]
    """Newest first, down to the last good one at least, or a hundred."""


@dataclass(frozen=True, slots=True)
class _Read:
    dag: DagRow
    detail: RunDetailRow
    found: TaskInstancesOfRun
    causes: FirstCauses
    mark: AuditRow | None
    earlier: tuple[RunRow, ...]
    newer: RunRow | None


def _known_neighbours(run: RunRow, known: tuple[RunRow, ...]) -> _Neighbours | None:
    """Find the runs around one in the newest ones, if these reach back to a good run before it."""
    place = next((place for place, other in enumerate(known) if other.id == run.id), None)
    if place is None:
        return None
    earlier = known[place + 1 :]
    if not any(is_counting(other) and other.state == SUCCESS for other in earlier):
        return None
    return _Neighbours(newer=known[place - 1] if place else None, earlier=earlier)


def _read(dag_id: str, run_id: str, rights: DagRights, known: tuple[RunRow, ...]) -> _Read | None:
    with reading() as connection:
        dag = dags.one(connection, dag_id)
        detail = runs.one(connection, dag_id, run_id)
        if dag is None or detail is None:
            return None
        run = detail.run
        found = (
            task_instances.of_run(connection, dag_id, run_id)
            if rights.task_instances
            else TaskInstancesOfRun((), (), at_bound=False)
        )
        version_ids = {instance.dag_version_id for instance in found.instances} | {run.created_dag_version_id}
        graphs = versions.graphs(connection, [version_id for version_id in version_ids if version_id])
        mark = audit.mark_of_run(connection, dag_id, run_id) if run.state in (SUCCESS, FAILED) else None
        upstream: dict[str, frozenset[str]] = {}
        timeout_s: float | None = None
        for graph in graphs.values():
            # Tasks of one run can be of several versions; a task's edges are those of any version that has it.
            for task_id, before in graph.upstream.items():
                upstream[task_id] = upstream.get(task_id, frozenset()) | before
            timeout_s = math.inf if graph.dagrun_timeout_s is None else graph.dagrun_timeout_s
        around = _known_neighbours(run, known) or _Neighbours(
            newer=runs.next_newer(connection, run),
            earlier=runs.page(connection, dag_id, _EARLIER_RUNS, older_than=(run.run_after, run.id)).runs,
        )
        return _Read(
            dag=dag,
            detail=detail,
            found=found,
            causes=first_causes(run, found.instances, upstream, RunEvidence(mark is not None, timeout_s)),
            mark=mark,
            earlier=around.earlier,
            newer=around.newer,
        )


@router.get("/{run_id}", response_model=RunDetail)
async def run(request: Request, dag_id: str, run_id: str, rights: DagRightsDep, state: StateDep) -> Response:
    """Return one run with its tasks, first causes first."""
    if not rights.runs:
        raise forbidden(f"the runs of {dag_id}", "DAG Runs")
    read = await state.sql(_read, dag_id, run_id, rights, await state.known_runs(dag_id))
    if read is None:
        raise not_found(f"Run {run_id} of Dag {dag_id}")
    lines = ErrorLines(state.failures)
    tasks = _tasks(read, rights, lines) if rights.task_instances else []
    states: dict[str, int] = {}
    for task in tasks:
        for name, count in task.states.items():
            states[name] = states.get(name, 0) + count
    return respond(
        request,
        finish(
            RunDetail(
                dag_id=dag_id,
                dag_display_name=read.dag.dag_display_name,
                run=run_item(read.detail.run),
                marked_by=_person(read.mark) if rights.audit_log else None,
                marked_by_person=read.mark is not None and rights.audit_log,
                run_level_cause=run_level_cause(read.causes.run_level_cause, rights.audit_log)
                if rights.task_instances
                else None,
                states=states,
                tasks=tasks,
                tasks_allowed=rights.task_instances,
                truncated=read.found.at_bound,
                newer_run=run_ref_or_none(read.newer),
                older_run=run_ref_or_none(read.earlier[0] if read.earlier else None),
                last_good_run=run_ref_or_none(
                    next((run for run in read.earlier if is_counting(run) and run.state == SUCCESS), None)
                ),
                pending_errors=lines.pending,
            )
        ),
    )


def _person(mark: AuditRow | None) -> str | None:
    return (mark.owner_display_name or mark.owner) if mark is not None else None


def _role(task: FoldedTask, causes: FirstCauses) -> Role:
    if task.task_id in causes.causes:
        return "first_cause"
    if task.state == FAILED or FAILED in task.states:
        return "failed_after"
    return "cascade" if task.state == UPSTREAM_FAILED else "other"


def _tasks(read: _Read, rights: DagRights, lines: ErrorLines) -> list[RunTask]:
    folded = [(_role(task, read.causes), task) for task in fold_tasks(read.found).values()]
    folded.sort(key=lambda pair: (_ROLE_ORDER.index(pair[0]), pair[1].start_date or _LAST, pair[1].task_id))
    asked = 0
    tasks = []
    for role, task in folded:
        error = None
        if task.state in FAILED_TRY and asked < _ERRORS_MOST:
            asked += 1
            error = lines.of(task.shown, allowed=rights.task_logs, dag_file=read.dag.relative_fileloc)
        tasks.append(
            RunTask(
                task_id=task.task_id,
                state=task.state,
                role=role,
                mapped=task.mapped,
                states=task.states,
                map_index=task.shown.map_index,
                try_number=task.shown.try_number,
                operator=task.shown.operator,
                start_date=task.start_date,
                end_date=task.end_date,
                queued_s=task.queued_s,
                duration_s=task.duration_s,
                took_down=list(read.causes.cascade.get(task.task_id, ())),
                error=error,
            )
        )
    return tasks
