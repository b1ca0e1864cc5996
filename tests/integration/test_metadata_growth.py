"""Bounds, proved by growth: with four times the history the same requests read at most twice the rows.

Rows read are what PostgreSQL itself counts in EXPLAIN ANALYZE of the very statements that ran.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from tests.integration.seeding import Database, Databases, Dataset, Seeder, seed_dataset_s
from windsock.metadata import audit, last_success, runs, task_instances
from windsock.metadata.connection import reading
from windsock.snapshot import FleetReader

WATCHED = ("dag_run", "task_instance", "task_instance_history")


@dataclass
class RowsRead:
    """Rows of each watched table that a block of statements read, by EXPLAIN ANALYZE."""

    by_table: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WATCHED, 0))

    def add(self, node: dict[str, Any]) -> None:
        """Count a plan node and those below it: rows it gave and rows it read only to throw away."""
        table = node.get("Relation Name")
        if table in self.by_table:
            each = (
                node["Actual Rows"]
                + node.get("Rows Removed by Filter", 0)
                + node.get("Rows Removed by Index Recheck", 0)
            )
            self.by_table[table] += round(each * node["Actual Loops"])
        for below in node.get("Plans", ()):
            self.add(below)


@contextmanager
def counting(connection: Connection) -> Iterator[RowsRead]:
    """Explain every statement that runs on a connection inside the block."""
    read = RowsRead()

    def explain(conn: Connection, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.lstrip(" (").startswith("SELECT"):
            return
        raw = conn.connection.cursor()
        raw.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        answer = raw.fetchone()[0]  # type: ignore[index]
        plans = json.loads(answer) if isinstance(answer, str) else answer
        read.add(plans[0]["Plan"])

    sa.event.listen(connection, "before_cursor_execute", explain)
    try:
        yield read
    finally:
        sa.event.remove(connection, "before_cursor_execute", explain)


def _first_look(connection: Connection, dataset: Dataset) -> None:
    FleetReader().read(connection, whole=True)


def _later_looks(connection: Connection, dataset: Dataset) -> None:
    reader = _WARM[id(dataset)]
    reader.read(connection, whole=True)
    reader.read(connection, whole=False)


def _task_streaks(connection: Connection, dataset: Dataset) -> None:
    _WARM[id(dataset)].read_task_streaks(connection)


def _one_run(connection: Connection, dataset: Dataset) -> None:
    dag_id = dataset.of("failing")[0]
    run_id = dataset.dags[dag_id].first_bad_run
    assert run_id is not None
    runs.one(connection, dag_id, run_id)
    task_instances.of_run(connection, dag_id, run_id)
    task_instances.one(connection, dag_id, run_id, dataset.tasks[0])
    task_instances.tries(connection, dag_id, run_id, dataset.tasks[0])
    audit.of_run(connection, dag_id, run_id)


def _last_success(connection: Connection, dataset: Dataset) -> None:
    dag_id = dataset.of("failing")[0]
    run_id = dataset.dags[dag_id].first_bad_run
    assert run_id is not None
    detail = runs.one(connection, dag_id, run_id)
    assert detail is not None
    for task_id in dataset.tasks:
        instance = task_instances.one(connection, dag_id, run_id, task_id)
        assert instance is not None
        last_success.in_run(connection, detail, instance)
        search = last_success.find(connection, detail.run, task_id)
        assert search.run is not None, task_id


_WARM: dict[int, FleetReader] = {}

REQUESTS: dict[str, Callable[[Connection, Dataset], None]] = {
    "the fleet, first look": _first_look,
    "the fleet, later looks": _later_looks,
    "task streaks of the fleet": _task_streaks,
    "one run": _one_run,
    "the last success of each task before a run": _last_success,
}


@pytest.fixture(scope="module")
def grown(postgresql: Databases) -> Iterator[dict[int, tuple[Database, Dataset]]]:
    """Dataset S, and S with four times the history, analysed."""
    made = {}
    for history in (1, 4):
        database = postgresql.create()
        with database.bound() as engine:
            dataset = seed_dataset_s(Seeder(engine), history=history)
            _analyse(engine)
            reader = _WARM[id(dataset)] = FleetReader()
            with reading() as connection:
                reader.read(connection, whole=True)
        made[history] = (database, dataset)
    yield made
    _WARM.clear()
    for database, _ in made.values():
        postgresql.drop(database)


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _rows_read(
    where: tuple[Database, Dataset], request: Callable[[Connection, Dataset], None]
) -> dict[str, int]:
    database, dataset = where
    with database.bound(), reading(timeout_s=60) as connection, counting(connection) as read:
        request(connection, dataset)
    return read.by_table


@pytest.mark.parametrize("name", REQUESTS)
def test_four_times_the_history_reads_at_most_twice_the_rows(
    name: str, grown: dict[int, tuple[Database, Dataset]]
) -> None:
    short = _rows_read(grown[1], REQUESTS[name])
    long = _rows_read(grown[4], REQUESTS[name])
    print(f"{name}: {short} -> {long}")
    assert sum(short.values()) > 0
    for table in WATCHED:
        assert long[table] <= 2 * max(short[table], 50), (name, short, long)


def test_a_look_at_changes_reads_hardly_anything(grown: dict[int, tuple[Database, Dataset]]) -> None:
    def look(connection: Connection, dataset: Dataset) -> None:
        _WARM[id(dataset)].read(connection, whole=False)

    read = _rows_read(grown[4], look)
    print(read)
    assert read["dag_run"] < 1_000
    assert read["task_instance"] < 2_000
