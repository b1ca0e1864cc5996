"""One Dag: its health, its incidents, its runs, its failing tasks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from windsock.metadata import runs
from windsock.metadata.connection import reading
from windsock.metadata.rows import RunPage, RunRow
from windsock.problems import not_found
from windsock.routes.answers import finish, respond
from windsock.routes.deps import DagRightsDep, RightsDep, StateDep
from windsock.routes.errors import ErrorLines
from windsock.routes.fleet import dag_item, incident_item, task_streak_items
from windsock.routes.present import run_item, run_level_cause, run_ref_or_none
from windsock.routes.state import AppState
from windsock.schemas.dags import DagDetail

router = APIRouter(prefix="/dags", tags=["dags"])


async def _newest(state: AppState, known: tuple[RunRow, ...], dag_id: str, most: int) -> tuple[RunRow, ...]:
    return known[:most] if len(known) >= most else (await state.sql(_read, dag_id, most)).runs


def _read(dag_id: str, most: int) -> RunPage:
    with reading() as connection:
        return runs.page(connection, dag_id, most)


@router.get("/{dag_id}", response_model=DagDetail)
async def dag(
    request: Request,
    dag_id: str,
    rights: DagRightsDep,
    all_rights: RightsDep,
    state: StateDep,
    most: Annotated[int, Query(alias="runs", ge=1, le=200, description="How many of the newest runs")] = 40,
) -> Response:
    """Return one Dag with its newest runs."""
    snapshot, view = await state.view(all_rights)
    seen = view.dag(dag_id)
    if seen is None:
        raise not_found(f"Dag {dag_id}")
    lines = ErrorLines(state.failures)
    newest = await _newest(state, seen.state.runs, dag_id, most) if rights.runs else ()
    tasks_known = rights.runs and rights.task_instances
    streaks = await state.snapshot.dag_task_streaks(snapshot, dag_id) if tasks_known else {}
    facts = seen.state
    return respond(
        request,
        finish(
            DagDetail(
                dag=dag_item(seen),
                description=facts.dag.description,
                file=facts.dag.relative_fileloc,
                incidents=[incident_item(incident, lines) for incident in view.incidents_of(dag_id)],
                runs=[run_item(run) for run in newest],
                runs_allowed=rights.runs,
                failing_tasks=lines.failing_tasks(
                    facts.causes, allowed=rights.task_logs, dag_file=facts.dag.relative_fileloc
                )
                if tasks_known
                else [],
                run_level_cause=run_level_cause(facts.run_level_cause, rights.audit_log)
                if tasks_known
                else None,
                newest_failed_run=run_ref_or_none(facts.newest_failed_run) if rights.runs else None,
                task_streaks=task_streak_items(dag_id, streaks),
                tasks_allowed=rights.task_instances,
                pending_errors=lines.pending,
            )
        ),
        snapshot.age_s(),
    )
