"""The last time a task succeeded before a run, and what Airflow keeps of how it ran then and now."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata import runs, task_definitions, task_instances
from windsock.metadata.rows import (
    RunDetailRow,
    RunRow,
    SuccessSearch,
    TaskDefinition,
    TaskInRun,
    TaskInstanceRow,
)
from windsock.metadata.tables import dag_run, rendered_fields, task_instance

SEARCHED_MOST: Final = 100
"""How many earlier runs of the Dag are searched, the newest first."""
WINDOW: Final = 2_000
"""How many earlier runs of all Dags are looked through before those of the one Dag alone."""
UPSTREAM_MOST: Final = 50
"""Of how many tasks directly before the task the run times are read."""

_ti: Final = task_instance


def in_window_statement(run: RunRow) -> sa.Select[Any]:
    """Of the last runs of all Dags before a run those of the same Dag, the newest first.

    What this reads does not grow with the history: it walks the index on ``run_after`` and stops.
    """
    window = (
        sa.select(dag_run.c.id, dag_run.c.dag_id, dag_run.c.run_id, dag_run.c.run_after)
        .where(
            dag_run.c.run_after <= run.run_after,
            sa.or_(dag_run.c.run_after < run.run_after, dag_run.c.id < run.id),
        )
        .order_by(dag_run.c.run_after.desc(), dag_run.c.id.desc())
        .limit(WINDOW)
        .subquery("window_")
    )
    return (
        sa.select(window.c.id, window.c.run_id)
        .where(window.c.dag_id == run.dag_id)
        .order_by(window.c.run_after.desc(), window.c.id.desc())
        .limit(SEARCHED_MOST)
    )


def succeeded_statement(
    dag_id: str, task_id: str, map_index: int, run_ids: Collection[str]
) -> sa.Select[Any]:
    """In which of some runs one task instance succeeded."""
    return sa.select(_ti.c.run_id).where(
        _ti.c.dag_id == dag_id,
        _ti.c.task_id == task_id,
        _ti.c.map_index == map_index,
        _ti.c.run_id.in_(list(run_ids)),
        # In a form that no index knows: by the one on states all successes that the Dag ever had would be read.
        sa.func.coalesce(_ti.c.state, "none") == "success",
    )


def rendered_statement(instance: TaskInstanceRow) -> sa.Select[Any]:
    """What Airflow keeps of the rendered fields of one task instance."""
    return sa.select(rendered_fields.c.rendered_fields).where(
        rendered_fields.c.dag_id == instance.dag_id,
        rendered_fields.c.task_id == instance.task_id,
        rendered_fields.c.run_id == instance.run_id,
        rendered_fields.c.map_index == instance.map_index,
    )


def conf_statement(run: RunRow) -> sa.Select[Any]:
    """The configuration that a run was given."""
    return sa.select(dag_run.c.conf).where(dag_run.c.id == run.id)


def run_times_statement(dag_id: str, run_id: str, task_ids: Collection[str]) -> sa.Select[Any]:
    """How long the longest instance of each of some tasks ran in one run."""
    some = (
        sa.select(_ti.c.task_id, _ti.c.duration)
        .where(_ti.c.dag_id == dag_id, _ti.c.run_id == run_id, _ti.c.task_id.in_(list(task_ids)))
        .limit(task_instances.INSTANCES_OF_RUN_MOST)
        .subquery("some")
    )
    return (
        sa.select(some.c.task_id, sa.func.max(some.c.duration).label("longest"))
        .where(some.c.duration.is_not(None))
        .group_by(some.c.task_id)
    )


def find(connection: Connection, run: RunRow, task_id: str, map_index: int = -1) -> SuccessSearch:
    """The newest run before ``run``, by ``run_after`` and then ``id``, in which a task instance succeeded.

    The runs shortly before are searched first, since a Dag with many runs has some of them there; else the
    Dag's own runs are read.

    :param map_index: of the instance that is looked for; -1 for a task that is not mapped
    """
    near = {row.run_id: row.id for row in connection.execute(in_window_statement(run))}
    found = _newest_success(connection, run.dag_id, task_id, map_index, list(near))
    if found is None and len(near) < SEARCHED_MOST:
        page = runs.of_dag_statement(run.dag_id, SEARCHED_MOST, older_than=(run.run_after, run.id))
        near = {row.run_id: row.id for row in connection.execute(page)}
        found = _newest_success(connection, run.dag_id, task_id, map_index, list(near))
    if found is None:
        return SuccessSearch(None, len(near))
    searched = list(near).index(found) + 1
    return SuccessSearch(next(iter(runs.by_id(connection, [near[found]])), None), searched)


def _newest_success(
    connection: Connection, dag_id: str, task_id: str, map_index: int, run_ids: list[str]
) -> str | None:
    """The first of some runs, given newest first, in which the task instance succeeded."""
    if not run_ids:
        return None
    good = set(connection.execute(succeeded_statement(dag_id, task_id, map_index, run_ids)).scalars())
    return next((run_id for run_id in run_ids if run_id in good), None)


def in_run(
    connection: Connection,
    detail: RunDetailRow,
    instance: TaskInstanceRow,
    definition: TaskDefinition | None = None,
) -> TaskInRun:
    """What Airflow keeps of how a task instance ran.

    :param definition: of the task in the Dag version that the instance used, when it is known already
    """
    run = detail.run
    version_id = version_of(run, instance)
    if definition is None or definition.dag_version_id != version_id:
        definition = define(connection, run, instance)
    version = task_definitions.versions(connection, [version_id]).get(version_id) if version_id else None
    upstream = sorted(definition.upstream)[:UPSTREAM_MOST] if definition is not None else []
    return TaskInRun(
        detail=detail,
        instance=instance,
        conf=_mapping(connection.execute(conf_statement(run)).scalar()),
        version=version,
        rendered_fields=rendered(connection, instance),
        definition=definition,
        upstream_s={
            row.task_id: float(row.longest)
            for row in connection.execute(run_times_statement(run.dag_id, run.run_id, upstream))
        }
        if upstream
        else {},
    )


def define(connection: Connection, run: RunRow, instance: TaskInstanceRow) -> TaskDefinition | None:
    """The task as the Dag version that the instance used defines it; None when Airflow has it no more."""
    version_id = version_of(run, instance)
    if version_id is None:
        return None
    return task_definitions.of_task(connection, instance.task_id, [version_id]).get(version_id)


def rendered(connection: Connection, instance: TaskInstanceRow) -> dict[str, object] | None:
    """The rendered fields of a task instance; None when Airflow has none (any more)."""
    return _mapping(connection.execute(rendered_statement(instance)).scalar())


def version_of(run: RunRow, instance: TaskInstanceRow) -> str | None:
    """The Dag version that a task instance used, else that of its run."""
    return instance.dag_version_id or run.created_dag_version_id


def _mapping(value: Any) -> dict[str, object] | None:
    """A JSON object; older Airflows hand over some of them as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return {str(key): inner for key, inner in value.items()} if isinstance(value, Mapping) else None
