"""Every statement compiles for the three databases that Airflow runs on, and every one is bounded.

MySQL is not run in the tests; that its statements can be written at all is proved here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from windsock.metadata import audit, dags, fleet_runs, runs, task_instances, versions

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)
VERSION = "0190a0a0-0000-7000-8000-000000000000"

STATEMENTS: dict[str, Callable[[str], sa.Select[Any] | sa.CompoundSelect[Any]]] = {
    "dags.fleet": lambda _: dags.fleet_statement(),
    "dags.some": lambda _: dags.some_statement(["a"]),
    "dags.pulse": lambda _: dags.pulse_statement(),
    "dags.tags": lambda _: dags.tags_statement(None),
    "dags.tags of some": lambda _: dags.tags_statement(["a"]),
    "dags.owner_links": lambda _: dags.owner_links_statement(None),
    "dags.import_errors": lambda _: dags.import_errors_statement(),
    "dags.of_files": lambda _: dags.of_files_statement(["a.py"]),
    "fleet_runs.last_id": lambda _: fleet_runs.last_id_statement(),
    "runs.window_start": lambda _: runs.window_start_statement(100),
    "runs.since": lambda _: runs.since_statement(NOW, 100),
    "runs.newest_of_each": lambda d: runs.newest_of_each_statement(["a"], 25, backfills=True, dialect=d),
    "runs.newest_of_each plain": lambda d: runs.newest_of_each_statement(["a"], 25, backfills=False, dialect=d),
    "runs.by_id": lambda _: runs.by_id_statement([1]),
    "runs.new": lambda _: runs.new_statement(7),
    "runs.unfinished": lambda _: runs.unfinished_statement(),
    "runs.of_dag": lambda _: runs.of_dag_statement("a", 25),
    "runs.of_dag older": lambda _: runs.of_dag_statement("a", 25, older_than=(NOW, 7)),
    "runs.one": lambda _: runs.one_statement("a", "r"),
    "runs.failed_try_ends": lambda _: runs.failed_try_ends_statement([1]),
    "task_instances.states": lambda _: task_instances.states_statement([1], ["failed"]),
    "task_instances.states_of_tasks": lambda _: task_instances.states_of_tasks_statement([1], ["t"]),
    "task_instances.evidence": lambda _: task_instances.evidence_statement([1]),
    "task_instances.of_run": lambda _: task_instances.of_run_statement("a", "r"),
    "task_instances.counts_of_run": lambda _: task_instances.counts_of_run_statement("a", "r"),
    "task_instances.of_task": lambda _: task_instances.of_task_statement("a", "t", [1]),
    "task_instances.counts_of_task": lambda _: task_instances.counts_of_task_statement("a", "t", [1]),
    "task_instances.one": lambda _: task_instances.one_statement("a", "r", "t", -1),
    "task_instances.earlier_tries": lambda _: task_instances.earlier_tries_statement("a", "r", "t", -1),
    "versions.of_dag": lambda _: versions.of_dag_statement("a"),
    "versions.newest": lambda _: versions.newest_statement(["a"]),
    "versions.graphs": lambda _: versions.graphs_statement([VERSION]),
    "audit.paused_by_scheduler": lambda _: audit.paused_by_scheduler_statement(["a"]),
    "audit.newest_pause": lambda _: audit.newest_pause_statement(["a"]),
    "audit.marks": lambda _: audit.marks_statement(["a"], ["r"]),
    "audit.of_run": lambda _: audit.of_run_statement("a", "r"),
    "audit.of_task_instance": lambda _: audit.of_task_instance_statement("a", "r", "t", -1),
}
DIALECTS = {"mysql": mysql.dialect(), "postgresql": postgresql.dialect(), "sqlite": sqlite.dialect()}


def _text(name: str, dialect: str) -> str:
    return str(STATEMENTS[name](dialect).compile(dialect=DIALECTS[dialect]))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STATEMENTS)
def test_compiles(name: str, dialect: str) -> None:
    assert _text(name, dialect).startswith(("SELECT", "(SELECT"))


def test_all_statements_of_the_package_are_listed() -> None:
    written = {
        f"{module.__name__.rpartition('.')[2]}.{name.removesuffix('_statement')}"
        for module in (audit, dags, fleet_runs, runs, task_instances, versions)
        for name in vars(module)
        if name.endswith("_statement")
    }
    assert written == {name.partition(" ")[0] for name in STATEMENTS}


@pytest.mark.parametrize("name", STATEMENTS)
def test_runs_and_task_instances_are_reached_within_a_bound(name: str) -> None:
    text = _text(name, "postgresql")
    if "dag_run" not in text and "task_instance" not in text:
        return
    bounds = ("LIMIT", "dag_run.id IN", "run_id = ", "<= %(")
    assert any(bound in text for bound in bounds), text


@pytest.mark.parametrize("name", STATEMENTS)
def test_nothing_counts_all_runs_or_task_instances(name: str) -> None:
    text = _text(name, "postgresql").lower()
    if "count(" in text:
        assert "limit" in text or "dag_run.id in" in text
