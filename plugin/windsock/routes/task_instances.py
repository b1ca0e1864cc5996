"""One task instance: its state, its tries, and the error of a failed one with its traceback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from windsock.access import DagRights
from windsock.failures import Failures, TryRef
from windsock.health.model import FAILED
from windsock.metadata import audit, dags, runs, task_instances
from windsock.metadata.connection import reading
from windsock.metadata.rows import AuditRow, DagRow, RunDetailRow, TaskInstanceRow, TaskInstancesOfRun, TryRow
from windsock.problems import forbidden, invalid, not_found
from windsock.routes.answers import finish, respond
from windsock.routes.deps import DagRightsDep, StateDep
from windsock.routes.errors import ErrorLines
from windsock.routes.folding import FAILED_TRY, FINISHED, fold_tasks
from windsock.routes.present import FORBIDDEN, error_detail, forbidden_detail, run_item, seconds_between
from windsock.schemas.common import ErrorLine
from windsock.schemas.task_instances import ErrorDetail, MapSummary, TaskInstanceDetail, Try

router = APIRouter(prefix="/dags/{dag_id}/runs/{run_id}/tasks", tags=["task instances"])

_WAIT_S: Final = 1.5
"""How long an answer waits for a log that is being read, in seconds."""
_FAILED_INDEXES_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class _Read:
    dag: DagRow
    detail: RunDetailRow
    instance: TaskInstanceRow
    tries: list[TryRow]
    siblings: TaskInstancesOfRun
    mark: AuditRow | None


def _read(dag_id: str, run_id: str, task_id: str, map_index: int) -> _Read | None:
    with reading() as connection:
        dag = dags.one(connection, dag_id)
        detail = runs.one(connection, dag_id, run_id)
        if dag is None or detail is None:
            return None
        siblings = task_instances.of_task(connection, dag_id, task_id, [detail.run.id])
        instance = task_instances.one(connection, dag_id, run_id, task_id, map_index)
        if instance is None and map_index == -1:
            # A mapped task has no instance -1: the worst of its instances speaks for it.
            folded = fold_tasks(siblings).get((run_id, task_id))
            instance = folded.shown if folded is not None else None
        if instance is None:
            return None
        shown = instance.map_index
        return _Read(
            dag=dag,
            detail=detail,
            instance=instance,
            tries=task_instances.tries(connection, dag_id, run_id, task_id, shown),
            siblings=siblings,
            mark=audit.mark_of_task_instance(connection, dag_id, run_id, task_id, shown)
            if instance.state in FINISHED
            else None,
        )


@router.get("/{task_id}", response_model=TaskInstanceDetail)
async def task_instance(
    request: Request,
    dag_id: str,
    run_id: str,
    task_id: str,
    rights: DagRightsDep,
    state: StateDep,
    map_index: Annotated[
        int, Query(ge=-1, description="-1: not mapped, or the worst instance of a mapped task")
    ] = -1,
    try_number: Annotated[
        int | None, Query(ge=0, description="Whose error is shown; by default the last failed")
    ] = None,
) -> Response:
    """Return one task instance with its tries and the error of one of them."""
    if not (rights.runs and rights.task_instances):
        raise forbidden(f"the task instances of {dag_id}", "Task Instances")
    read = await state.sql(_read, dag_id, run_id, task_id, map_index)
    if read is None:
        raise not_found(f"Task {task_id} in run {run_id} of Dag {dag_id}")
    shown = _shown_try(read, try_number)
    error = await _error(read, shown, rights, state.failures)
    lines = ErrorLines(state.failures)
    instance = read.instance
    return respond(
        request,
        finish(
            TaskInstanceDetail(
                dag_id=dag_id,
                dag_display_name=read.dag.dag_display_name,
                run=run_item(read.detail.run),
                task_id=task_id,
                map_index=instance.map_index,
                rendered_map_index=instance.rendered_map_index,
                state=instance.state,
                operator=instance.operator,
                try_number=instance.try_number,
                max_tries=instance.max_tries,
                pool=instance.pool,
                queue=instance.queue,
                executor=instance.executor,
                marked_by=(read.mark.owner_display_name or read.mark.owner)
                if read.mark and rights.audit_log
                else None,
                marked_by_person=read.mark is not None and rights.audit_log,
                tries=[_try(row, _try_error(row, read, rights, lines)) for row in read.tries],
                shown_try=shown.try_number,
                error=error,
                mapped=_map_summary(read.siblings) if instance.map_index >= 0 else None,
                pending_errors=lines.pending or int(error is not None and error.state == "pending"),
            )
        ),
    )


def _shown_try(read: _Read, wanted: int | None) -> TryRow:
    if wanted is not None:
        chosen = next((row for row in read.tries if row.try_number == wanted), None)
        if chosen is None:
            known = ", ".join(str(row.try_number) for row in read.tries)
            raise invalid("try_number", f"There is no try {wanted}", f"Choose one of {known}")
        return chosen
    current = read.tries[-1]
    if current.state in FAILED_TRY:
        return current
    return next((row for row in reversed(read.tries) if row.state in FAILED_TRY), current)


async def _error(read: _Read, shown: TryRow, rights: DagRights, failures: Failures) -> ErrorDetail | None:
    if shown.state not in FAILED_TRY:
        return None
    if not rights.task_logs:
        return forbidden_detail()
    answer = await failures.get(_ref(shown), _WAIT_S)
    return error_detail(answer, read.dag.relative_fileloc)


def _try_error(row: TryRow, read: _Read, rights: DagRights, lines: ErrorLines) -> ErrorLine | None:
    if row.state not in FAILED_TRY:
        return None
    return lines.of_try(_ref(row), read.dag.relative_fileloc) if rights.task_logs else FORBIDDEN


def _ref(row: TryRow) -> TryRef:
    return TryRef(
        task_instance_id=row.task_instance_id,
        dag_id=row.dag_id,
        run_id=row.run_id,
        task_id=row.task_id,
        map_index=row.map_index,
        try_number=row.try_number,
    )


def _try(row: TryRow, error: ErrorLine | None) -> Try:
    return Try(
        error=error,
        try_number=row.try_number,
        state=row.state,
        scheduled_at=row.scheduled_dttm,
        queued_at=row.queued_dttm,
        start_date=row.start_date,
        end_date=row.end_date,
        queued_s=seconds_between(row.queued_dttm, row.start_date),
        duration_s=row.duration_s,
        hostname=row.hostname,
        pool=row.pool,
        queue=row.queue,
    )


def _map_summary(siblings: TaskInstancesOfRun) -> MapSummary:
    failed = sorted(instance.map_index for instance in siblings.instances if instance.state == FAILED)
    states: dict[str, int] = {}
    for count in siblings.counts:
        states[count.state or "none"] = states.get(count.state or "none", 0) + count.count
    return MapSummary(states=states, failed_map_indexes=failed[:_FAILED_INDEXES_MOST])
