"""Why one task instance failed now and not before: what changed since its last success, how it is isolated.

Airflow gives rendered fields and Dag versions with the task instance, and a run's configuration with the run,
so these need no more than the right to read both. How a task is defined is a right of its own. Everything that a
person wrote passes Airflow's masker on its way out, also where Airflow itself would show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from packaging.utils import canonicalize_name
from starlette.responses import Response

from windsock import access, compat
from windsock.access import CallerDep, DagRights
from windsock.health import isolation
from windsock.health.changes import Comparison, Side, compare
from windsock.metadata import last_success, runs, task_instances
from windsock.metadata.connection import reading
from windsock.metadata.rows import (
    DagVersionRow,
    RunDetailRow,
    SuccessSearch,
    TaskDefinition,
    TaskInRun,
    TaskInstanceRow,
)
from windsock.problems import forbidden, not_found
from windsock.routes.answers import finish, respond
from windsock.routes.deps import DagRightsDep, StateDep
from windsock.routes.folding import fold_tasks
from windsock.routes.present import run_ref, run_ref_or_none
from windsock.schemas.diagnosis import (
    Change,
    Changes,
    Isolation,
    IsolationGuide,
    Requirement,
    VersionRef,
)

router = APIRouter(prefix="/dags/{dag_id}/runs/{run_id}/tasks/{task_id}", tags=["task instances"])

MapIndex = Annotated[int, Query(ge=-1, description="-1: not mapped, or the worst instance of a mapped task")]


@dataclass(frozen=True, slots=True)
class _Compared:
    search: SuccessSearch
    after: TaskInRun
    before: TaskInRun | None


@dataclass(frozen=True, slots=True)
class _Defined:
    instance: TaskInstanceRow
    definition: TaskDefinition | None
    rendered: dict[str, object] | None


def _instance(
    dag_id: str, run_id: str, task_id: str, map_index: int
) -> tuple[RunDetailRow, TaskInstanceRow] | None:
    with reading() as connection:
        detail = runs.one(connection, dag_id, run_id)
        if detail is None:
            return None
        instance = task_instances.one(connection, dag_id, run_id, task_id, map_index)
        if instance is None and map_index == -1:
            # A mapped task has no instance -1: the worst of its instances speaks for it.
            siblings = task_instances.of_task(connection, dag_id, task_id, [detail.run.id])
            folded = fold_tasks(siblings).get((run_id, task_id))
            instance = folded.shown if folded is not None else None
    return (detail, instance) if instance is not None else None


def _compare(dag_id: str, run_id: str, task_id: str, map_index: int) -> _Compared | None:
    asked = _instance(dag_id, run_id, task_id, map_index)
    if asked is None:
        return None
    detail, instance = asked
    with reading() as connection:
        after = last_success.in_run(connection, detail, instance)
        search = last_success.find(connection, detail.run, task_id, instance.map_index)
        before = None
        if search.run is not None:
            then = runs.one(connection, dag_id, search.run.run_id)
            good = task_instances.one(connection, dag_id, search.run.run_id, task_id, instance.map_index)
            if then is not None and good is not None:
                before = last_success.in_run(connection, then, good, after.definition)
    return _Compared(search, after, before)


def _define(dag_id: str, run_id: str, task_id: str, map_index: int) -> _Defined | None:
    asked = _instance(dag_id, run_id, task_id, map_index)
    if asked is None:
        return None
    detail, instance = asked
    with reading() as connection:
        return _Defined(
            instance,
            last_success.define(connection, detail.run, instance),
            last_success.rendered(connection, instance),
        )


def _require_task_instances(dag_id: str, rights: DagRights) -> None:
    if not (rights.runs and rights.task_instances):
        raise forbidden(f"the task instances of {dag_id}", "Task Instances")


@router.get("/changes", response_model=Changes)
async def changes(
    request: Request,
    dag_id: str,
    run_id: str,
    task_id: str,
    caller: CallerDep,
    rights: DagRightsDep,
    state: StateDep,
    map_index: MapIndex = -1,
) -> Response:
    """Return what is different from the last success of this task before this run."""
    _require_task_instances(dag_id, rights)
    defined = await access.may_read_definitions(caller, dag_id)
    read = await state.sql(_compare, dag_id, run_id, task_id, map_index)
    if read is None:
        raise not_found(f"Task {task_id} in run {run_id} of Dag {dag_id}")
    before, after = read.before, read.after
    compared = (
        compare(_side(before, defined), _side(after, defined)) if before is not None else Comparison((), 0)
    )
    fields_state, fields_note = _fields_state(before, after)
    return respond(
        request,
        finish(
            Changes(
                dag_id=dag_id,
                run=run_ref(after.detail.run),
                task_id=task_id,
                map_index=after.instance.map_index,
                last_success=run_ref_or_none(before.detail.run if before is not None else None),
                searched_runs=read.search.searched_runs,
                version_before=_version(before.version if before is not None else None),
                version_after=_version(after.version),
                fields_state=fields_state,
                fields_note=fields_note,
                params_state=_params_state(before, after, defined),
                changes=[
                    Change(
                        kind=change.kind.value,
                        what=change.what,
                        before=change.before,
                        after=change.after,
                        before_s=change.before_s,
                        after_s=change.after_s,
                    )
                    for change in compared.changes
                ],
                left_out=compared.left_out,
            )
        ),
    )


def _side(ran: TaskInRun, defined: bool) -> Side:
    """What is compared of one run; ``defined``: the caller may read how tasks are defined."""
    instance, detail = ran.instance, ran.detail
    return Side(
        version=ran.version.version_number if ran.version is not None else None,
        rendered_fields=_masked(ran.rendered_fields),
        # A run that was given nothing has an empty configuration or none.
        conf=_masked(ran.conf or {}),
        params=_masked(ran.definition.params) if defined and ran.definition is not None else None,
        host=instance.hostname,
        queue=instance.queue,
        pool=instance.pool,
        executor=instance.executor,
        operator=instance.operator,
        upstream_s=ran.upstream_s,
        retry_reason=instance.retry_reason,
        run_type=detail.run.run_type,
        triggered_by=_triggered_by(detail),
    )


def _masked(values: Mapping[str, object] | None) -> Mapping[str, object] | None:
    masked = compat.redact(dict(values)) if values is not None else None
    # The masker gives a sentence in place of what it could not mask.
    return masked if isinstance(masked, dict) else None


def _triggered_by(detail: RunDetailRow) -> str | None:
    if detail.triggering_user_name is None or detail.triggered_by is None:
        return detail.triggering_user_name or detail.triggered_by
    return f"{detail.triggered_by} ({detail.triggering_user_name})"


def _version(row: DagVersionRow | None) -> VersionRef | None:
    if row is None:
        return None
    return VersionRef(
        id=row.id,
        number=row.version_number,
        bundle_name=row.bundle_name,
        bundle_version=row.bundle_version,
        created_at=row.created_at,
    )


def _fields_state(
    before: TaskInRun | None, after: TaskInRun
) -> tuple[Literal["kept", "dropped", "none"], str | None]:
    for ran in (after, before):
        if ran is None or ran.rendered_fields is not None:
            continue
        if ran.instance.start_date is None:
            return "none", f"The task never started in {ran.instance.run_id}, so nothing was rendered"
        if ran.definition is not None and not ran.definition.template_fields:
            return "none", "This operator has no fields that are rendered"
        return "dropped", (
            f"Airflow has dropped the rendered fields of {ran.instance.run_id}: it keeps those of the newest runs "
            "only, 30 unless configured otherwise"
        )
    return "kept", None


def _params_state(
    before: TaskInRun | None, after: TaskInRun, defined: bool
) -> Literal["kept", "dropped", "forbidden"]:
    if not defined:
        return "forbidden"
    known = after.definition is not None and (before is None or before.definition is not None)
    return "kept" if known else "dropped"


@router.get("/isolation", response_model=Isolation)
async def isolation_of_task(
    request: Request,
    dag_id: str,
    run_id: str,
    task_id: str,
    caller: CallerDep,
    rights: DagRightsDep,
    state: StateDep,
    map_index: MapIndex = -1,
) -> Response:
    """Return how this task is kept apart from Airflow's packages, and which kind of isolation is for what."""
    _require_task_instances(dag_id, rights)
    if not await access.may_read_definitions(caller, dag_id):
        raise forbidden(f"how the tasks of {dag_id} are defined", "Tasks")
    read = await state.sql(_define, dag_id, run_id, task_id, map_index)
    if read is None:
        raise not_found(f"Task {task_id} in run {run_id} of Dag {dag_id}")
    installed = await state.sql(_installed)
    executor = read.instance.executor or _default_executor()
    judged = isolation.judge(_task(read), installed, executor)
    return respond(
        request,
        finish(
            Isolation(
                dag_id=dag_id,
                run_id=run_id,
                task_id=task_id,
                kind=judged.kind.value,
                evidence=judged.evidence,
                definition_kept=read.definition is not None,
                executor=executor,
                python=judged.python,
                python_version=judged.python_version,
                python_note=judged.python_note,
                requirements_state=judged.requirements_state,
                requirements=[
                    Requirement(
                        text=requirement.text,
                        name=requirement.name,
                        pinning=requirement.pinning,
                        airflow_has=requirement.airflow_has,
                        clash=requirement.clash,
                    )
                    for requirement in judged.requirements
                ],
                options=list(judged.options),
                unpinned=len(judged.unpinned),
                clashes=len(judged.clashes),
                cached=judged.cached,
                cache_path=judged.cache_path,
                image=judged.image,
                namespace=judged.namespace,
                notes=list(judged.notes),
                guide=[
                    IsolationGuide(kind=kind.value, right_when=words)
                    for kind, words in isolation.RIGHT_WHEN.items()
                ],
            )
        ),
    )


def _task(read: _Defined) -> TaskDefinition:
    """The task as it was defined, its fields as they were rendered where Airflow still has them."""
    if read.definition is None:
        # The operator's name stands on the task instance itself.
        return TaskDefinition(
            dag_version_id="",
            task_id=read.instance.task_id,
            operator=read.instance.operator,
            operator_name=None,
            module=None,
            mapped=read.instance.map_index >= 0,
            template_fields=tuple(read.rendered or ()),
            fields=dict(_masked(read.rendered) or {}),
            params={},
            upstream=frozenset(),
        )
    names = frozenset(read.definition.template_fields)
    rendered = {name: value for name, value in (read.rendered or {}).items() if name in names}
    fields = _masked({**read.definition.fields, **rendered})
    return replace(read.definition, fields=dict(fields or {}))


@cache
def _installed() -> Mapping[str, str]:
    """The packages of this process, Airflow's own among them, by canonical name."""
    return {
        canonicalize_name(name): distribution.version
        for distribution in metadata.distributions()
        if (name := distribution.metadata["Name"])
    }


def _default_executor() -> str | None:
    """The executor of tasks that name none: the first that is configured."""
    from airflow.configuration import conf

    configured = conf.get("core", "executor", fallback="") or ""
    return configured.partition(";")[0].partition(",")[0].strip() or None
