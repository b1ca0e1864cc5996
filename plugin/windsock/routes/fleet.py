"""The fleet: incidents, Dags, the home page's widget, what can be filtered by, task streaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from windsock.health.durations import run_duration_s
from windsock.health.streaks import is_backfill
from windsock.health.task_streaks import TaskStreak as JudgedTaskStreak
from windsock.metadata.rows import ImportErrorRow
from windsock.problems import invalid
from windsock.routes.answers import finish, respond
from windsock.routes.deps import Limit, Offset, Owners, RightsDep, StateDep, Tags, Text
from windsock.routes.errors import ErrorLines
from windsock.routes.fleet_view import (
    SORTS,
    SeenDag,
    SeenIncident,
    filter_dags,
    filter_incidents,
    holds,
    last_duration_s,
    page,
    running_run,
    sort_dags,
)
from windsock.routes.groups import causes_of, count_causes, group_items
from windsock.routes.present import run_level_cause, run_ref_or_none, seconds_between, streak_of
from windsock.schemas.common import ErrorLine
from windsock.schemas.dags import DagItem, DagPage, Facets, Strip, TaskStreak, TaskStreaks
from windsock.schemas.incidents import Home, Incident, IncidentKind, IncidentPage

router = APIRouter(tags=["fleet"])

STRIP_RUNS: Final = 25
WORST: Final = 3
ANSWER_BYTES: Final = 240_000
"""An answer stays below 256 kB; a page of Dags with very long ids holds fewer of them."""

HealthFilter = Literal["failing", "warning", "ok", "unknown", "hidden", "paused"]


@router.get("/home", response_model=Home)
async def home(request: Request, rights: RightsDep, state: StateDep) -> Response:
    """Return how many incidents there are and the worst three."""
    snapshot, view = await state.view(rights)

    def make() -> Home:
        lines = ErrorLines(state.failures)
        worst = [incident_item(seen, lines) for seen in view.incidents[:WORST]]
        causes = count_causes(view.incidents, causes_of(view.incidents, lines))
        return Home(totals=view.totals, worst=worst, causes=causes, pending_errors=lines.pending)

    return respond(request, finish(make()), snapshot.age_s())


@router.get("/incidents", response_model=IncidentPage)
async def incidents(
    request: Request,
    rights: RightsDep,
    state: StateDep,
    text: Text = "",
    kind: Annotated[list[IncidentKind], Query(description="Any of these kinds")] = [],  # noqa: B006
    owner: Owners = [],  # noqa: B006
    tag: Tags = [],  # noqa: B006
    offset: Offset = 0,
    limit: Limit = 50,
) -> Response:
    """Return the open incidents, worst first. A row's error is `pending` until its log was read: ask again."""
    snapshot, view = await state.view(rights)
    matching = filter_incidents(view.incidents, text=text, kinds=kind, owners=owner, tags=tag)
    lines = ErrorLines(state.failures)
    items = [incident_item(seen, lines) for seen in page(matching, offset, limit)]
    causes = causes_of(matching, lines)
    answer = IncidentPage(
        totals=view.totals,
        matching=len(matching),
        offset=offset,
        items=items,
        groups=group_items(causes),
        causes=count_causes(matching, causes),
        pending_errors=lines.pending,
    )
    return respond(request, finish(answer), snapshot.age_s())


@router.get("/dags", response_model=DagPage)
async def dags(
    request: Request,
    rights: RightsDep,
    state: StateDep,
    text: Text = "",
    health: Annotated[
        list[HealthFilter], Query(description="Any of these; paused Dags are `paused` alone")
    ] = [],  # noqa: B006
    owner: Owners = [],  # noqa: B006
    tag: Tags = [],  # noqa: B006
    paused: Annotated[bool | None, Query(description="Only paused Dags, or only others")] = None,
    sort: Annotated[
        str, Query(description=f"One of {', '.join(SORTS)}; with - in front downwards")
    ] = "health",
    offset: Offset = 0,
    limit: Limit = 50,
) -> Response:
    """Return the Dags of the fleet that match, each with its newest runs."""
    if sort.removeprefix("-") not in SORTS:
        raise invalid("sort", f"There is no order by {sort!r}", f"Use one of {', '.join(SORTS)}")
    snapshot, view = await state.view(rights)

    def make() -> DagPage:
        matching = filter_dags(view.dags, text=text, health=health, owners=owner, tags=tag, paused=paused)
        items: list[DagItem] = []
        size = 0
        for seen in page(sort_dags(matching, sort), offset, limit):
            item = dag_item(seen)
            size += _size(item)
            if items and size > ANSWER_BYTES:
                break
            items.append(item)
        return DagPage(totals=view.totals, matching=len(matching), offset=offset, items=items)

    key = ("dags", snapshot.version, rights.fingerprint, str(request.query_params))
    return respond(request, state.answers.get(key, make), snapshot.age_s())


@router.get("/facets", response_model=Facets)
async def facets(request: Request, rights: RightsDep, state: StateDep) -> Response:
    """Return the owners and tags of the caller's fleet."""
    snapshot, view = await state.view(rights)
    return respond(request, finish(Facets(owners=list(view.owners), tags=list(view.tags))), snapshot.age_s())


@router.get("/task-streaks", response_model=TaskStreaks)
async def task_streaks(
    request: Request,
    rights: RightsDep,
    state: StateDep,
    text: Text = "",
    owner: Owners = [],  # noqa: B006
    tag: Tags = [],  # noqa: B006
    offset: Offset = 0,
    limit: Limit = 50,
) -> Response:
    """Return the task streaks of the fleet that are not zero, longest first; paused Dags are left out."""
    snapshot, view = await state.view(rights)
    streaks = await state.task_streaks(snapshot)

    def make() -> TaskStreaks:
        readable = [seen for seen in view.dags if seen.runs and seen.tasks and not seen.state.dag.is_paused]
        wanted = filter_dags(readable, text="", health=[], owners=owner, tags=tag, paused=None)
        found = [
            item
            for seen in wanted
            for item in task_streak_items(seen.dag_id, streaks.get(seen.dag_id, {}))
            if holds(text, seen.dag_id, item.task_id)
        ]
        found.sort(key=lambda streak: (-streak.unsuccessful, -streak.failed, streak.dag_id, streak.task_id))
        return TaskStreaks(matching=len(found), offset=offset, items=list(page(found, offset, limit)))

    key = ("task-streaks", snapshot.version, rights.fingerprint, str(request.query_params))
    return respond(request, state.answers.get(key, make), snapshot.age_s())


def task_streak_items(dag_id: str, streaks: Mapping[str, JudgedTaskStreak]) -> list[TaskStreak]:
    """Show the task streaks of one Dag that are not zero, longest first."""
    items = [
        TaskStreak(
            dag_id=dag_id,
            task_id=streak.task_id,
            unsuccessful=streak.unsuccessful,
            unsuccessful_at_bound=streak.unsuccessful_at_bound,
            failed=streak.failed,
            failed_at_bound=streak.failed_at_bound,
        )
        for streak in streaks.values()
        if streak.unsuccessful
    ]
    return sorted(items, key=lambda item: (-item.unsuccessful, -item.failed, item.task_id))


def incident_item(seen: SeenIncident, lines: ErrorLines) -> Incident:
    """Show an incident; its error comes from the log of its first cause, where the caller may read that."""
    if isinstance(seen.about, ImportErrorRow):
        return _import_error_item(seen, seen.about)
    dag, state = seen.about, seen.about.state
    causes = (
        lines.failing_tasks(state.causes, allowed=dag.logs, dag_file=state.dag.relative_fileloc)
        if dag.tasks
        else []
    )
    known = (cause.error for cause in causes if cause.error.state == "known")
    fallback = causes[0].error if causes else ErrorLine(state="absent", reason=_no_cause_words(dag))
    return Incident(
        key=seen.incident.key,
        kind=seen.incident.kind.value,
        opened_at=seen.incident.opened_at,
        dag_id=dag.dag_id,
        dag_display_name=state.dag.dag_display_name,
        bundle_name=state.dag.bundle_name,
        owners=list(seen.owners),
        tags=list(seen.tags),
        streak=streak_of(state.streak),
        newest_failed_run=run_ref_or_none(state.newest_failed_run),
        causes=causes,
        run_level_cause=run_level_cause(state.run_level_cause, dag.audit) if dag.tasks else None,
        error=next(known, fallback),
    )


def _import_error_item(seen: SeenIncident, broken: ImportErrorRow) -> Incident:
    return Incident(
        key=seen.incident.key,
        kind="import_error",
        opened_at=seen.incident.opened_at,
        file=broken.filename,
        bundle_name=broken.bundle_name,
        file_dag_ids=list(broken.dag_ids),
        owners=list(seen.owners),
        tags=list(seen.tags),
        error=_import_error_line(broken.stacktrace),
    )


def _no_cause_words(seen: SeenDag) -> str:
    if not seen.tasks:
        return "You may not read the task instances of this Dag"
    if seen.state.run_level_cause is not None:
        return "No task of the newest failed run is failed"
    return "The failed try is being replaced by a new one"


def _import_error_line(stacktrace: str) -> ErrorLine:
    lines = [line.strip() for line in stacktrace.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    kind, colon, message = last.partition(": ")
    is_type = bool(colon) and kind.replace(".", "").replace("_", "").isalnum()
    return ErrorLine(
        state="known" if last else "absent",
        type=kind.rpartition(".")[2] if is_type else None,
        message=(message if is_type else last)[:2000] or None,
        reason=None if last else "Airflow kept no text of this error",
    )


def dag_item(seen: SeenDag) -> DagItem:
    """Show a Dag as a row; what the caller may not read of it is left empty."""
    state, dag = seen.state, seen.state.dag
    running = running_run(state) if seen.runs else None
    return DagItem(
        dag_id=dag.dag_id,
        display_name=dag.dag_display_name,
        health=seen.health,
        warnings=[warning.value for warning in state.warnings] if seen.runs and seen.tasks else [],
        paused=dag.is_paused,
        paused_by_airflow=seen.paused_by_airflow,
        streak=streak_of(state.streak) if seen.runs else None,
        successes=state.successes if seen.runs else 0,
        counting_runs=state.counting_runs if seen.runs else 0,
        last_duration_s=last_duration_s(state) if seen.runs else None,
        typical_duration_s=state.typical.median_s if seen.runs and state.typical is not None else None,
        running_since=running.start_date if running is not None else None,
        running_run_id=running.run_id if running is not None else None,
        next_run_at=dag.next_dagrun_create_after,
        schedule=dag.timetable_summary,
        schedule_description=dag.timetable_description,
        owners=list(dag.owners),
        tags=list(dag.tags),
        strip=_strip(seen),
    )


def _strip(seen: SeenDag) -> Strip:
    runs = list(reversed(seen.state.runs[:STRIP_RUNS])) if seen.runs else []
    return Strip(
        run_ids=[run.run_id for run in runs],
        states=[run.state for run in runs],
        run_afters=[run.run_after for run in runs],
        durations_s=[_rounded(run_duration_s(run)) for run in runs],
        queued_s=[_rounded(seconds_between(run.queued_at, run.start_date)) for run in runs],
        backfill=[position for position, run in enumerate(runs) if is_backfill(run)],
    )


def _rounded(seconds: float | None) -> float | None:
    return round(seconds, 1) if seconds is not None else None


def _size(item: DagItem) -> int:
    strip = item.strip
    return (
        600 + sum(map(len, strip.run_ids)) + 60 * len(strip.run_ids) + sum(map(len, item.tags + item.owners))
    )
