"""Every statement compiles for the three databases that Airflow runs on, and every one is bounded.

MySQL is not run in the tests; that its statements can be written at all is proved here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from windsock.metadata import (
    audit,
    dags,
    fleet_runs,
    last_success,
    runs,
    task_definitions,
    task_instances,
    versions,
)
from windsock.metadata.rows import RunRow, TaskInstanceRow

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)
VERSION = "0190a0a0-0000-7000-8000-000000000000"

RUN = RunRow(7, "a", "r", "manual", "failed", NOW, NOW, NOW, NOW, 0, None, None, NOW, None, VERSION)
INSTANCE = TaskInstanceRow(
    id=VERSION, dag_id="a", run_id="r", task_id="t", map_index=-1, state="failed", try_number=1, max_tries=1,
    start_date=NOW, end_date=NOW, queued_dttm=NOW, scheduled_dttm=NOW, duration_s=0.0, operator=None, hostname=None,
    pool=None, queue=None, executor=None, dag_version_id=VERSION, rendered_map_index=None, retry_reason=None,
)  # fmt: skip

STATEMENTS: dict[str, Callable[[], sa.Select[Any] | sa.CompoundSelect[Any]]] = {
    "dags.fleet": lambda: dags.fleet_statement(),
    "dags.some": lambda: dags.some_statement(["a"]),
    "dags.pulse": lambda: dags.pulse_statement(),
    "dags.tags": lambda: dags.tags_statement(None),
    "dags.tags of some": lambda: dags.tags_statement(["a"]),
    "dags.owner_links": lambda: dags.owner_links_statement(None),
    "dags.import_errors": lambda: dags.import_errors_statement(),
    "dags.of_files": lambda: dags.of_files_statement(["a.py"]),
    "fleet_runs.last_id": lambda: fleet_runs.last_id_statement(),
    "runs.window_start": lambda: runs.window_start_statement(100),
    "runs.since": lambda: runs.since_statement(NOW, 100),
    "runs.newest_of_each": lambda: runs.newest_of_each_statement(["a"], 25, backfills=True),
    "runs.newest_of_each plain": lambda: runs.newest_of_each_statement(["a"], 25, backfills=False),
    "runs.next_newer": lambda: runs.next_newer_statement("a", NOW, 7),
    "runs.by_id": lambda: runs.by_id_statement([1]),
    "runs.new": lambda: runs.new_statement(7),
    "runs.unfinished": lambda: runs.unfinished_statement(),
    "runs.of_dag": lambda: runs.of_dag_statement("a", 25),
    "runs.of_dag older": lambda: runs.of_dag_statement("a", 25, older_than=(NOW, 7)),
    "runs.one": lambda: runs.one_statement("a", "r"),
    "runs.failed_try_ends": lambda: runs.failed_try_ends_statement([1]),
    "task_instances.states": lambda: task_instances.states_statement([1], ["failed"]),
    "task_instances.states_of_tasks": lambda: task_instances.states_of_tasks_statement([1], ["t"]),
    "task_instances.evidence": lambda: task_instances.evidence_statement([1]),
    "task_instances.of_run": lambda: task_instances.of_run_statement("a", "r"),
    "task_instances.counts_of_run": lambda: task_instances.counts_of_run_statement("a", "r"),
    "task_instances.of_task": lambda: task_instances.of_task_statement("a", "t", [1]),
    "task_instances.counts_of_task": lambda: task_instances.counts_of_task_statement("a", "t", [1]),
    "task_instances.failed_or_retried": lambda: task_instances.failed_or_retried_statement([1]),
    "task_instances.one": lambda: task_instances.one_statement("a", "r", "t", -1),
    "task_instances.earlier_tries": lambda: task_instances.earlier_tries_statement("a", "r", "t", -1),
    "last_success.in_window": lambda: last_success.in_window_statement(RUN),
    "last_success.succeeded": lambda: last_success.succeeded_statement("a", "t", -1, ["r"]),
    "last_success.rendered": lambda: last_success.rendered_statement(INSTANCE),
    "last_success.conf": lambda: last_success.conf_statement(RUN),
    "last_success.run_times": lambda: last_success.run_times_statement("a", "r", ["t"]),
    "task_definitions.versions": lambda: task_definitions.versions_statement([VERSION]),
    "versions.of_dag": lambda: versions.of_dag_statement("a"),
    "versions.newest": lambda: versions.newest_statement(["a"]),
    "versions.graphs": lambda: versions.graphs_statement([VERSION]),
    "audit.paused_by_scheduler": lambda: audit.paused_by_scheduler_statement(["a"]),
    "audit.newest_pause": lambda: audit.newest_pause_statement(["a"]),
    "audit.marks": lambda: audit.marks_statement(["a"], ["r"]),
    "audit.of_run": lambda: audit.of_run_statement("a", "r"),
    "audit.of_task_instance": lambda: audit.of_task_instance_statement("a", "r", "t", -1),
}
DIALECTS = {"mysql": mysql.dialect(), "postgresql": postgresql.dialect(), "sqlite": sqlite.dialect()}


def _text(name: str, dialect: str) -> str:
    return str(STATEMENTS[name]().compile(dialect=DIALECTS[dialect]))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STATEMENTS)
def test_compiles(name: str, dialect: str) -> None:
    assert _text(name, dialect).startswith(("SELECT", "(SELECT"))


def test_all_statements_of_the_package_are_listed() -> None:
    written = {
        f"{module.__name__.rpartition('.')[2]}.{name.removesuffix('_statement')}"
        for module in (
            audit,
            dags,
            fleet_runs,
            last_success,
            runs,
            task_definitions,
            task_instances,
            versions,
        )
        for name in vars(module)
        if name.endswith("_statement")
    }
    assert written == {name.partition(" ")[0] for name in STATEMENTS}


@pytest.mark.parametrize("name", STATEMENTS)
def test_runs_and_task_instances_are_reached_within_a_bound(name: str) -> None:
    text = _text(name, "postgresql")
    if not re.search(r"(FROM|JOIN) (dag_run|task_instance)\b", text):
        return
    bounds = ("LIMIT", "dag_run.id IN", "dag_run.id = ", "run_id = ", "run_id IN", "<= %(")
    assert any(bound in text for bound in bounds), text


@pytest.mark.parametrize("name", STATEMENTS)
def test_nothing_counts_all_runs_or_task_instances(name: str) -> None:
    text = _text(name, "postgresql").lower()
    if "count(" in text:
        assert "limit" in text or "dag_run.id in" in text
