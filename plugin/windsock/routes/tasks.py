"""One task over the newest runs of its Dag."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from windsock.access import DagRights
from windsock.health.model import SUCCESS
from windsock.health.task_streaks import TaskStreak as JudgedTaskStreak
from windsock.health.task_streaks import task_streaks, window
from windsock.metadata import dags, runs, task_instances
from windsock.metadata.connection import reading
from windsock.metadata.rows import DagRow, RunRow, TaskInstancesOfRun
from windsock.problems import forbidden, not_found
from windsock.routes.answers import finish, respond
from windsock.routes.deps import DagRightsDep, StateDep
from windsock.routes.errors import ErrorLines
from windsock.routes.folding import FAILED_TRY, FINISHED, FoldedTask, fold_tasks
from windsock.routes.present import run_item
from windsock.schemas.dags import TaskStreak
from windsock.schemas.tasks import TaskDetail, TaskRun

router = APIRouter(prefix="/dags/{dag_id}/tasks", tags=["tasks"])


@dataclass(frozen=True, slots=True)
class _Read:
    dag: DagRow
    runs: tuple[RunRow, ...]
    found: TaskInstancesOfRun


def _read(dag_id: str, task_id: str, most: int, known: tuple[RunRow, ...]) -> _Read | None:
    with reading() as connection:
        dag = dags.one(connection, dag_id)
        if dag is None:
            return None
        newest = known[:most] if len(known) >= most else runs.page(connection, dag_id, most).runs
        found = task_instances.of_task(connection, dag_id, task_id, [run.id for run in newest])
        return _Read(dag, newest, found)


@router.get("/{task_id}", response_model=TaskDetail)
async def task(
    request: Request,
    dag_id: str,
    task_id: str,
    rights: DagRightsDep,
    state: StateDep,
    most: Annotated[
        int, Query(alias="runs", ge=1, le=100, description="Over how many of the newest runs")
    ] = 25,
) -> Response:
    """Return the task's instances over the newest runs, its streak, and the error of its newest failure."""
    if not (rights.runs and rights.task_instances):
        raise forbidden(f"the task instances of {dag_id}", "Task Instances")
    read = await state.sql(_read, dag_id, task_id, most, await state.known_runs(dag_id))
    if read is None or not read.found.instances:
        raise not_found(f"Task {task_id} in the newest {most} runs of Dag {dag_id}")
    return respond(request, finish(_detail(read, dag_id, task_id, rights, ErrorLines(state.failures))))


def _detail(read: _Read, dag_id: str, task_id: str, rights: DagRights, lines: ErrorLines) -> TaskDetail:
    folded = fold_tasks(read.found)
    over_runs = [(run, folded[run.run_id, task_id]) for run in read.runs if (run.run_id, task_id) in folded]
    streak = _streak(read, task_id)
    bad = next(
        (task for run, task in over_runs if task.state in FAILED_TRY and run in window(read.runs)), None
    )
    shown = bad if bad is not None and streak.unsuccessful else None
    successes = [
        task.duration_s for _, task in over_runs if task.state == SUCCESS and task.duration_s is not None
    ]
    return TaskDetail(
        dag_id=dag_id,
        dag_display_name=read.dag.dag_display_name,
        task_id=task_id,
        operator=over_runs[0][1].shown.operator if over_runs else None,
        streak=TaskStreak(
            dag_id=dag_id,
            task_id=task_id,
            unsuccessful=streak.unsuccessful,
            unsuccessful_at_bound=streak.unsuccessful_at_bound,
            failed=streak.failed,
            failed_at_bound=streak.failed_at_bound,
        ),
        runs=[_task_run(run, task) for run, task in over_runs],
        median_duration_s=median(successes) if successes else None,
        success_runs=sum(task.state == SUCCESS for _, task in over_runs),
        finished_runs=sum(task.state in FINISHED for _, task in over_runs),
        error=None
        if shown is None
        else lines.of(shown.shown, allowed=rights.task_logs, dag_file=read.dag.relative_fileloc),
        error_run_id=shown.run_id if shown is not None else None,
        error_map_index=shown.shown.map_index if shown is not None else None,
        pending_errors=lines.pending,
    )


def _streak(read: _Read, task_id: str) -> JudgedTaskStreak:
    # The counts know every instance, also those that were not read in full.
    found = task_streaks(read.runs, read.found.counts, None)
    return found.get(task_id, JudgedTaskStreak(task_id=task_id, unsuccessful=0, failed=0))


def _task_run(run: RunRow, task: FoldedTask) -> TaskRun:
    return TaskRun(
        run=run_item(run),
        state=task.state,
        states=task.states,
        map_index=task.shown.map_index,
        try_number=task.shown.try_number,
        queued_s=task.queued_s,
        duration_s=task.duration_s,
        start_date=task.start_date,
        end_date=task.end_date,
        hostname=task.shown.hostname,
    )
