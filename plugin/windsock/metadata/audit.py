"""Airflow's audit log: who or what paused a Dag, who marked a run, and what the scheduler did to a task.

Who may see it is decided by the caller; it needs the right to read the audit log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata.rows import AuditRow, PauseRecord
from windsock.metadata.tables import chunks, log

RECORDS_MOST: Final = 50
"""How many records one look returns, the newest first."""

PAUSED: Final = "paused"
"""What the scheduler writes, as ``scheduler``, when it pauses a Dag after too many failed runs."""
SCHEDULER: Final = "scheduler"
PATCH_DAG: Final = "patch_dag"
"""What the API writes when a person pauses or unpauses a Dag, or tries to."""
PAUSE_EVENTS: Final = (PAUSED, PATCH_DAG, "unpaused", "cli_dag_pause", "cli_dag_unpause")
MARK_EVENTS: Final = ("patch_dag_run", "bulk_dag_runs")

_COLUMNS: Final[tuple[sa.ColumnElement[Any], ...]] = (
    log.c.id,
    log.c.dttm,
    log.c.event,
    log.c.dag_id,
    log.c.run_id,
    log.c.task_id,
    log.c.map_index,
    log.c.owner,
    log.c.owner_display_name,
    log.c.extra,
    log.c.try_number,
)
_FLAG: Final = re.compile(r"""['"]?is_paused['"]?\s*[:,]\s*['"]?(true|false)""", re.IGNORECASE)


def _row(row: Any) -> AuditRow:
    return AuditRow(
        id=row.id,
        dttm=row.dttm,
        event=row.event,
        dag_id=row.dag_id,
        run_id=row.run_id,
        task_id=row.task_id,
        map_index=row.map_index,
        owner=row.owner,
        owner_display_name=row.owner_display_name,
        extra=row.extra,
        try_number=row.try_number,
    )


def paused_by_scheduler_statement(dag_ids: Collection[str]) -> sa.Select[Any]:
    """Which of some Dags the scheduler has ever paused; by the index on ``event``, and such records
    are few."""
    return (
        sa.select(log.c.dag_id)
        .where(log.c.event == PAUSED, log.c.owner == SCHEDULER, log.c.dag_id.in_(list(dag_ids)))
        .group_by(log.c.dag_id)
    )


def newest_pause_statement(dag_ids: Collection[str]) -> sa.Select[Any]:
    """The newest record of a pause or unpause of each of some Dags.

    A change of a Dag by the API that says nothing about pausing is no such record.
    """
    newest = (
        sa.select(sa.func.max(log.c.id).label("id"))
        .where(
            log.c.event.in_(PAUSE_EVENTS),
            log.c.dag_id.in_(list(dag_ids)),
            sa.or_(log.c.event != PATCH_DAG, log.c.extra.contains("is_paused")),
        )
        .group_by(log.c.dag_id)
        .subquery("newest")
    )
    return sa.select(*_COLUMNS).select_from(log.join(newest, log.c.id == newest.c.id))


def of_run_statement(dag_id: str, run_id: str, events: Collection[str] | None = None) -> sa.Select[Any]:
    """The records of one run, and of its task instances, the newest first."""
    statement = sa.select(*_COLUMNS).where(log.c.dag_id == dag_id, log.c.run_id == run_id)
    if events is not None:
        statement = statement.where(log.c.event.in_(list(events)))
    return statement.order_by(log.c.id.desc()).limit(RECORDS_MOST)


def marks_statement(dag_ids: Collection[str], run_ids: Collection[str]) -> sa.Select[Any]:
    """The newest records of persons setting the state of some runs."""
    return (
        sa.select(*_COLUMNS)
        .where(log.c.event.in_(MARK_EVENTS), log.c.dag_id.in_(list(dag_ids)), log.c.run_id.in_(list(run_ids)))
        .order_by(log.c.id.desc())
        .limit(1_000)
    )


def of_task_instance_statement(dag_id: str, run_id: str, task_id: str, map_index: int) -> sa.Select[Any]:
    """The records of one task instance, the newest first. Records of an unmapped task may have no map
    index."""
    of_instance = log.c.map_index == map_index
    if map_index == -1:
        of_instance = sa.or_(of_instance, log.c.map_index.is_(None))
    return (
        sa.select(*_COLUMNS)
        .where(log.c.dag_id == dag_id, log.c.task_id == task_id, log.c.run_id == run_id, of_instance)
        .order_by(log.c.id.desc())
        .limit(RECORDS_MOST)
    )


def newest_pauses(connection: Connection, paused_dag_ids: Iterable[str]) -> dict[str, PauseRecord]:
    """By Dag, the newest record of its being paused or unpaused, for those that the scheduler ever paused.

    :param paused_dag_ids: Dags that are paused now; for others nobody asks who paused them
    """
    suspects = [
        row.dag_id
        for some in chunks(paused_dag_ids)
        for row in connection.execute(paused_by_scheduler_statement(some))
    ]
    found: dict[str, PauseRecord] = {}
    for some in chunks(suspects):
        for row in connection.execute(newest_pause_statement(some)):
            found[row.dag_id] = PauseRecord(
                dag_id=row.dag_id,
                dttm=row.dttm,
                paused=_paused(row.event, row.extra),
                by_airflow=row.event == PAUSED and row.owner == SCHEDULER,
                owner=row.owner,
                owner_display_name=row.owner_display_name,
            )
    return found


def newest_pause(connection: Connection, dag_id: str) -> PauseRecord | None:
    """The newest record of one Dag's being paused or unpaused, by whomever; None when there is none."""
    row = connection.execute(newest_pause_statement([dag_id])).first()
    if row is None:
        return None
    return PauseRecord(
        dag_id=row.dag_id,
        dttm=row.dttm,
        paused=_paused(row.event, row.extra),
        by_airflow=row.event == PAUSED and row.owner == SCHEDULER,
        owner=row.owner,
        owner_display_name=row.owner_display_name,
    )


def _paused(event: str, extra: str | None) -> bool | None:
    if event in (PAUSED, "cli_dag_pause"):
        return True
    if event in ("unpaused", "cli_dag_unpause"):
        return False
    said = _FLAG.search(extra or "")
    return None if said is None else said.group(1).lower() == "true"


def marks(connection: Connection, runs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], AuditRow]:
    """By (Dag, run), the newest record of a person setting the run's state, where there is one."""
    wanted = list(runs)
    found: dict[tuple[str, str], AuditRow] = {}
    for some in chunks(wanted, 500):
        statement = marks_statement({dag_id for dag_id, _ in some}, {run_id for _, run_id in some})
        for row in connection.execute(statement):
            found.setdefault((row.dag_id, row.run_id), _row(row))
    return {key: row for key, row in found.items() if key in set(wanted) and sets_state(row)}


def sets_state(row: AuditRow) -> bool:
    """True when a record of a change of a run speaks of the state and not only of a note."""
    try:
        extra = json.loads(row.extra or "{}")
    except ValueError:
        return "state" in (row.extra or "")
    return isinstance(extra, dict) and "state" in extra


def of_run(connection: Connection, dag_id: str, run_id: str) -> list[AuditRow]:
    """The records of one run and of its task instances, the newest first."""
    return [_row(row) for row in connection.execute(of_run_statement(dag_id, run_id))]


def mark_of_run(connection: Connection, dag_id: str, run_id: str) -> AuditRow | None:
    """The newest record of a person setting the run's state; None when there is none."""
    return marks(connection, [(dag_id, run_id)]).get((dag_id, run_id))


def of_task_instance(
    connection: Connection, dag_id: str, run_id: str, task_id: str, map_index: int = -1
) -> list[AuditRow]:
    """The records of one task instance, the newest first: what the scheduler did to it, and what
    persons did."""
    statement = of_task_instance_statement(dag_id, run_id, task_id, map_index)
    return [_row(row) for row in connection.execute(statement)]


TASK_MARK_EVENTS: Final = frozenset({"patch_task_instance", "bulk_task_instances"})


def mark_of_task_instance(
    connection: Connection, dag_id: str, run_id: str, task_id: str, map_index: int = -1
) -> AuditRow | None:
    """The newest record of a person setting one task instance's state; None when there is none."""
    records = of_task_instance(connection, dag_id, run_id, task_id, map_index)
    marked = (row for row in records if row.event in TASK_MARK_EVENTS and "new_state" in (row.extra or ""))
    return next(marked, None)
