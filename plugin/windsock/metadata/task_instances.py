"""Task instances: of one run, of one task over runs, their tries, and the states that judgements need.

They are always reached through their runs, by the index on (``dag_id``, ``run_id``); none of Airflow's
indexes on
``task_instance`` knows time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata.rows import (
    StateCount,
    TaskInstanceRow,
    TaskInstancesOfRun,
    TaskStateOfRun,
    TryRow,
)
from windsock.metadata.tables import (
    chunks,
    column_or_null,
    dag_run,
    id_text,
    moments,
    task_instance,
    task_instance_history,
)

INSTANCES_OF_RUN_MOST: Final = 20_000
"""How many task instances of one run are counted."""
SHOWN_PER_TASK_AND_STATE: Final = 20
"""How many mapped instances of one task in one state are read in full."""
INSTANCES_OF_TASK_MOST: Final = 1_000
"""How many instances of one task over runs are read."""
TRIES_MOST: Final = 100
"""How many earlier tries of one task instance are read, the latest first."""
EVIDENCE_PER_TASK_MOST: Final = 100
"""How many failed instances of one mapped task in one run are read as evidence."""
STATES_MOST: Final = 50_000
"""How many (run, task, state) one statement returns at most."""

_ti: Final = task_instance
_history: Final = task_instance_history
_STATE: Final = sa.func.coalesce(_ti.c.state, "none")
"""The state in a form that no index knows. By Airflow's indexes on states a planner would read all
failures that a
Dag ever had; those of its newest runs are wanted."""


def _try_columns(table: sa.Table) -> tuple[sa.ColumnElement[Any], ...]:
    return (
        table.c.dag_id,
        table.c.run_id,
        table.c.task_id,
        table.c.map_index,
        table.c.state,
        table.c.try_number,
        *moments((table.c.start_date, table.c.end_date, table.c.queued_dttm, table.c.scheduled_dttm)),
        table.c.duration,
        table.c.operator,
        table.c.hostname,
        table.c.pool,
        table.c.queue,
        table.c.executor,
        id_text(table.c.dag_version_id),
        column_or_null(table, "retry_reason"),
    )


_COLUMNS: Final[tuple[sa.ColumnElement[Any], ...]] = (
    id_text(_ti.c.id),
    *_try_columns(_ti),
    _ti.c.max_tries,
    _ti.c.rendered_map_index,
)


def _row(row: Any) -> TaskInstanceRow:
    return TaskInstanceRow(
        id=row.id,
        dag_id=row.dag_id,
        run_id=row.run_id,
        task_id=row.task_id,
        map_index=row.map_index,
        state=row.state,
        try_number=row.try_number,
        max_tries=row.max_tries,
        start_date=row.start_date,
        end_date=row.end_date,
        queued_dttm=row.queued_dttm,
        scheduled_dttm=row.scheduled_dttm,
        duration_s=row.duration,
        operator=row.operator,
        hostname=row.hostname or None,
        pool=row.pool,
        queue=row.queue,
        executor=row.executor,
        dag_version_id=row.dag_version_id,
        rendered_map_index=row.rendered_map_index,
        retry_reason=row.retry_reason,
    )


def _try_row(row: Any, *, id_: str, is_current: bool) -> TryRow:
    return TryRow(
        task_instance_id=id_,
        dag_id=row.dag_id,
        run_id=row.run_id,
        task_id=row.task_id,
        map_index=row.map_index,
        try_number=row.try_number,
        state=row.state,
        start_date=row.start_date,
        end_date=row.end_date,
        queued_dttm=row.queued_dttm,
        scheduled_dttm=row.scheduled_dttm,
        duration_s=row.duration,
        operator=row.operator,
        hostname=row.hostname or None,
        pool=row.pool,
        queue=row.queue,
        executor=row.executor,
        dag_version_id=row.dag_version_id,
        is_current=is_current,
        retry_reason=row.retry_reason,
    )


def _of_runs(run_ids: Collection[int]) -> sa.Select[Any]:
    """From the task instances of some runs, by the runs' numbers."""
    same_run = sa.and_(_ti.c.dag_id == dag_run.c.dag_id, _ti.c.run_id == dag_run.c.run_id)
    return sa.select().select_from(dag_run.join(_ti, same_run)).where(dag_run.c.id.in_(list(run_ids)))


def states_statement(run_ids: Collection[int], states: Collection[str]) -> sa.Select[Any]:
    """Which tasks of some runs have an instance in one of some states; mapped instances share a row
    per state."""
    return (
        _of_runs(run_ids)
        .add_columns(_ti.c.dag_id, _ti.c.run_id, _ti.c.task_id, _ti.c.state)
        .where(_STATE.in_(list(states)))
        .distinct()
        .limit(STATES_MOST)
    )


def states_of_tasks_statement(run_ids: Collection[int], task_ids: Collection[str]) -> sa.Select[Any]:
    """The states of some tasks in some runs; mapped instances share a row per state."""
    return (
        _of_runs(run_ids)
        .add_columns(_ti.c.dag_id, _ti.c.run_id, _ti.c.task_id, _ti.c.state)
        .where(_ti.c.task_id.in_(list(task_ids)))
        .distinct()
        .limit(STATES_MOST)
    )


def evidence_statement(run_ids: Collection[int]) -> sa.Select[Any]:
    """What in some failed runs did not go well: per task its first failed instances, and one of each
    other state."""
    position = sa.func.row_number().over(
        partition_by=(_ti.c.dag_id, _ti.c.run_id, _ti.c.task_id, _ti.c.state), order_by=_ti.c.map_index
    )
    ranked = (
        _of_runs(run_ids)
        .add_columns(*_COLUMNS, position.label("position"))
        .where(_STATE.in_(["failed", "upstream_failed", "scheduled", "none"]))
        .subquery("ranked")
    )
    most = sa.case((ranked.c.state == "failed", EVIDENCE_PER_TASK_MOST), else_=1)
    return (
        sa.select(ranked)
        .where(ranked.c.position <= most)
        .order_by(ranked.c.dag_id, ranked.c.run_id, ranked.c.task_id, ranked.c.map_index)
        .limit(STATES_MOST)
    )


def of_run_statement(dag_id: str, run_id: str) -> sa.Select[Any]:
    """The task instances of one run: of each task and state the first few by map index."""
    position = sa.func.row_number().over(partition_by=(_ti.c.task_id, _ti.c.state), order_by=_ti.c.map_index)
    ranked = (
        sa.select(*_COLUMNS, position.label("position"))
        .where(_ti.c.dag_id == dag_id, _ti.c.run_id == run_id)
        .limit(INSTANCES_OF_RUN_MOST)
        .subquery("ranked")
    )
    return (
        sa.select(ranked)
        .where(ranked.c.position <= SHOWN_PER_TASK_AND_STATE)
        .order_by(ranked.c.task_id, ranked.c.map_index)
    )


def counts_of_run_statement(dag_id: str, run_id: str) -> sa.Select[Any]:
    """How many instances each task of one run has in each state."""
    some = (
        sa.select(_ti.c.task_id, _ti.c.state)
        .where(_ti.c.dag_id == dag_id, _ti.c.run_id == run_id)
        .limit(INSTANCES_OF_RUN_MOST)
        .subquery("some")
    )
    return sa.select(some.c.task_id, some.c.state, sa.func.count().label("instances")).group_by(
        some.c.task_id, some.c.state
    )


def of_task_statement(dag_id: str, task_id: str, run_ids: Collection[int]) -> sa.Select[Any]:
    """The instances of one task in some runs: in each run the first few of each state by map index."""
    position = sa.func.row_number().over(partition_by=(_ti.c.run_id, _ti.c.state), order_by=_ti.c.map_index)
    ranked = (
        _of_runs(run_ids)
        .add_columns(*_COLUMNS, position.label("position"))
        .where(_ti.c.dag_id == dag_id, _ti.c.task_id == task_id)
        .subquery("ranked")
    )
    return (
        sa.select(ranked)
        .where(ranked.c.position <= SHOWN_PER_TASK_AND_STATE)
        .order_by(ranked.c.run_id, ranked.c.map_index)
        .limit(INSTANCES_OF_TASK_MOST)
    )


def counts_of_task_statement(dag_id: str, task_id: str, run_ids: Collection[int]) -> sa.Select[Any]:
    """How many instances of one task each of some runs has in each state."""
    return (
        _of_runs(run_ids)
        .add_columns(_ti.c.run_id, _ti.c.state, sa.func.count().label("instances"))
        .where(_ti.c.dag_id == dag_id, _ti.c.task_id == task_id)
        .group_by(_ti.c.run_id, _ti.c.state)
    )


def failed_or_retried_statement(run_ids: Collection[int]) -> sa.Select[Any]:
    """The instances in some runs that failed, or that succeeded on a later try than the first."""
    return (
        _of_runs(run_ids)
        .add_columns(*_COLUMNS)
        .where(
            sa.or_(
                _ti.c.state == "failed",
                sa.and_(_ti.c.state == "success", _ti.c.try_number > 1),
            )
        )
        .order_by(dag_run.c.run_after.desc(), _ti.c.task_id, _ti.c.map_index)
        .limit(INSTANCES_OF_TASK_MOST)
    )


def one_statement(dag_id: str, run_id: str, task_id: str, map_index: int) -> sa.Select[Any]:
    """One task instance; the latest should there be several attempts."""
    return (
        sa.select(*_COLUMNS)
        .where(
            _ti.c.dag_id == dag_id,
            _ti.c.task_id == task_id,
            _ti.c.run_id == run_id,
            _ti.c.map_index == map_index,
        )
        .order_by(_ti.c.id.desc())
        .limit(1)
    )


def earlier_tries_statement(dag_id: str, run_id: str, task_id: str, map_index: int) -> sa.Select[Any]:
    """The earlier tries of one task instance, the latest first."""
    return (
        sa.select(id_text(_history.c.task_instance_id), *_try_columns(_history))
        .where(
            _history.c.dag_id == dag_id,
            _history.c.task_id == task_id,
            _history.c.run_id == run_id,
            _history.c.map_index == map_index,
        )
        .order_by(_history.c.try_number.desc())
        .limit(TRIES_MOST)
    )


def states(connection: Connection, run_ids: Iterable[int], wanted: Collection[str]) -> list[TaskStateOfRun]:
    """Which tasks of some runs (by number) have an instance in one of the wanted states."""
    return [
        TaskStateOfRun(*row)
        for some in chunks(run_ids)
        for row in connection.execute(states_statement(some, wanted))
    ]


def states_of_tasks(
    connection: Connection, run_ids: Iterable[int], task_ids: Collection[str]
) -> list[TaskStateOfRun]:
    """The states of some tasks in some runs, by the runs' numbers."""
    return [
        TaskStateOfRun(*row)
        for some in chunks(run_ids)
        for row in connection.execute(states_of_tasks_statement(some, task_ids))
    ]


def evidence(connection: Connection, run_ids: Iterable[int]) -> list[TaskInstanceRow]:
    """What first causes are judged from: tasks of failed runs that failed, were taken down, or did not start.

    Of a mapped task at most 100 failed instances, and one of each other state.
    """
    return [
        _row(row) for some in chunks(run_ids, 500) for row in connection.execute(evidence_statement(some))
    ]


def of_run(connection: Connection, dag_id: str, run_id: str) -> TaskInstancesOfRun:
    """The task instances of one run; of a widely mapped task the first few of each state, and how many
    there are."""
    counts = tuple(
        StateCount(run_id=run_id, task_id=row.task_id, state=row.state, count=row.instances)
        for row in connection.execute(counts_of_run_statement(dag_id, run_id))
    )
    instances = tuple(_row(row) for row in connection.execute(of_run_statement(dag_id, run_id)))
    read = sum(count.count for count in counts)
    return TaskInstancesOfRun(instances, counts, at_bound=read >= INSTANCES_OF_RUN_MOST)


def of_task(
    connection: Connection, dag_id: str, task_id: str, run_ids: Collection[int]
) -> TaskInstancesOfRun:
    """The instances of one task in some runs, given by number: at most 200 of them.

    In each run the first few instances of each state, and how many there are.
    """
    ids = list(run_ids)[:200]
    counts = tuple(
        StateCount(run_id=row.run_id, task_id=task_id, state=row.state, count=row.instances)
        for row in connection.execute(counts_of_task_statement(dag_id, task_id, ids))
    )
    instances = tuple(_row(row) for row in connection.execute(of_task_statement(dag_id, task_id, ids)))
    return TaskInstancesOfRun(instances, counts, at_bound=len(instances) >= INSTANCES_OF_TASK_MOST)


def one(
    connection: Connection, dag_id: str, run_id: str, task_id: str, map_index: int = -1
) -> TaskInstanceRow | None:
    """One task instance, or None when there is none."""
    row = connection.execute(one_statement(dag_id, run_id, task_id, map_index)).first()
    return None if row is None else _row(row)


def failed_or_retried(connection: Connection, run_ids: Collection[int]) -> list[TaskInstanceRow]:
    """The instances in some runs (by number) that failed or needed a later try, of the newest run first; bounded."""
    return [_row(row) for row in connection.execute(failed_or_retried_statement(list(run_ids)[:200]))]


def tries(
    connection: Connection, dag_id: str, run_id: str, task_id: str, map_index: int = -1
) -> list[TryRow]:
    """The tries of one task instance, the first one first, the current one last.

    Airflow keeps no try that failed while it was still queued or deferred, so numbers may be missing.
    """
    key = (dag_id, run_id, task_id, map_index)
    current = connection.execute(one_statement(*key)).first()
    if current is None:
        return []
    earlier = [
        _try_row(row, id_=row.task_instance_id, is_current=False)
        for row in connection.execute(earlier_tries_statement(*key))
        if row.try_number != current.try_number
    ]
    return [*reversed(earlier), _try_row(current, id_=current.id, is_current=True)]
