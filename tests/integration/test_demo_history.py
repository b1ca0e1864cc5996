"""The demo's history in a real Airflow database: what Airflow itself needs to find is there."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Template

from windsock.demo.home import DemoHome


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DemoHome:
    """A demo home as `windsock demo` makes it, by the same commands."""
    home = DemoHome(tmp_path_factory.mktemp("demo"))
    home.claim()
    environment = home.environment(8391, os.environ)
    for command in (["-m", "airflow", "db", "migrate"], ["-m", "windsock.demo.history", str(home.path)]):
        done = subprocess.run(
            [sys.executable, *command], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return home


@pytest.fixture
def database(home: DemoHome) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(home.database)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def ask(database: sqlite3.Connection, statement: str) -> list[Any]:
    return [row[0] if len(row) == 1 else tuple(row) for row in database.execute(statement).fetchall()]


def log_of(home: DemoHome, database: sqlite3.Connection, row: sqlite3.Row) -> Path:
    """Where Airflow's own template puts the log of a try."""
    template = ask(database, "SELECT filename FROM log_template ORDER BY id DESC LIMIT 1")[0]
    return home.logs / Template(template).render(ti=dict(row), try_number=row["try_number"])


FAILED_TRIES = """
    SELECT dag_id, run_id, task_id, map_index, try_number, state FROM task_instance WHERE state = 'failed'
    UNION ALL
    SELECT dag_id, run_id, task_id, map_index, try_number, state FROM task_instance_history
    WHERE state = 'failed'
"""


def test_every_failed_try_has_its_log_with_the_reason(home: DemoHome, database: sqlite3.Connection) -> None:
    rows = database.execute(FAILED_TRIES).fetchall()
    assert len(rows) > 100
    for row in rows:
        lines = [json.loads(line) for line in log_of(home, database, row).read_text().splitlines()]
        assert all({"timestamp", "level", "event"} <= line.keys() for line in lines)
        assert any("error_detail" in line or line["level"] == "critical" for line in lines), tuple(row)


def test_the_five_refusals_read_the_same_in_five_files(home: DemoHome, database: sqlite3.Connection) -> None:
    newest = database.execute(
        "SELECT dag_id, run_id, task_id, map_index, try_number FROM task_instance "
        "WHERE state = 'failed' AND task_id IN ('load', 'load_clicks', 'upsert_warehouse', "
        "'snapshot_revenue', 'export_users') AND dag_id != 'weblogs_archive' AND end_date > "
        "(SELECT datetime(MAX(run_after), '-5 hours') FROM dag_run)"
    ).fetchall()
    roots = set()
    files = set()
    for row in newest:
        for line in log_of(home, database, row).read_text().splitlines():
            for error in json.loads(line).get("error_detail", ()):
                roots.add((error["exc_type"], error["exc_value"]))
                files.add(error["frames"][-1]["filename"])
    assert roots == {
        ("ConnectionError", "could not connect to warehouse dwh-1.internal:5439: Connection refused")
    }
    assert len(files) == 5


def test_the_state_of_each_run_agrees_with_its_task_instances(database: sqlite3.Connection) -> None:
    """A run fails by a failed task, or because it timed out; succeeds with every task done or skipped."""
    failed_tasks = "SELECT 1 FROM task_instance t WHERE t.dag_id = r.dag_id AND t.run_id = r.run_id"
    innocent = ask(
        database,
        f"SELECT DISTINCT dag_id FROM dag_run r WHERE state = 'failed' "
        f"AND NOT EXISTS ({failed_tasks} AND t.state = 'failed')",
    )
    hidden = ask(
        database,
        f"SELECT DISTINCT dag_id FROM dag_run r WHERE state = 'success' "
        f"AND EXISTS ({failed_tasks} AND t.state IN ('failed', 'upstream_failed'))",
    )
    assert innocent == ["kpi_daily"]
    assert hidden == ["weblogs_archive"]
    assert ask(database, "SELECT DISTINCT state FROM dag_run ORDER BY 1") == ["failed", "success"]


def test_nothing_seems_to_run(database: sqlite3.Connection) -> None:
    """The scheduler would take up or reset what it finds unfinished."""
    finished = {"success", "failed", "skipped", "upstream_failed"}
    assert set(ask(database, "SELECT DISTINCT state FROM task_instance")) == finished


def test_every_dag_is_serialized_and_every_run_names_a_version(database: sqlite3.Connection) -> None:
    serialized = set(ask(database, "SELECT DISTINCT dag_id FROM serialized_dag"))
    assert serialized == set(ask(database, "SELECT dag_id FROM dag"))
    assert len(serialized) >= 25
    orphans = (
        "SELECT COUNT(*) FROM task_instance t LEFT JOIN dag_version v ON v.id = t.dag_version_id "
        "AND v.dag_id = t.dag_id WHERE v.id IS NULL"
    )
    assert ask(database, orphans) == [0]


def test_tasks_of_a_run_are_those_of_its_version(database: sqlite3.Connection) -> None:
    with_notify = (
        "SELECT DISTINCT v.version_number FROM task_instance t JOIN dag_version v ON v.id = t.dag_version_id "
        "WHERE t.dag_id = 'orders_hourly' AND t.task_id = 'notify'"
    )
    assert ask(database, with_notify) == [2]
    assert ask(
        database, "SELECT version_number FROM dag_version WHERE dag_id = 'invoice_export' ORDER BY created_at"
    ) == [1, 2, 3]


def test_airflow_itself_finds_the_next_runs(database: sqlite3.Connection) -> None:
    """Each scheduled, unpaused Dag goes on where its history ends."""
    repeated = (
        "SELECT d.dag_id FROM dag d WHERE d.is_paused = 0 AND d.is_stale = 0 "
        "AND d.next_dagrun_create_after IS NOT NULL AND d.next_dagrun_create_after <= "
        "(SELECT MAX(r.run_after) FROM dag_run r WHERE r.dag_id = d.dag_id AND r.run_type = 'scheduled')"
    )
    assert ask(database, repeated) == []


def test_runs_by_asset_are_joined_to_their_events(database: sqlite3.Connection) -> None:
    alone = (
        "SELECT COUNT(*) FROM dag_run r LEFT JOIN dagrun_asset_event e ON e.dag_run_id = r.id "
        "WHERE r.run_type = 'asset_triggered' AND (e.event_id IS NULL OR r.logical_date IS NOT NULL)"
    )
    assert ask(database, "SELECT COUNT(*) FROM dag_run WHERE run_type = 'asset_triggered'")[0] > 100
    assert ask(database, alone) == [0]


def test_who_paused_what_stands_in_the_audit_log(database: sqlite3.Connection) -> None:
    assert sorted(ask(database, "SELECT dag_id FROM dag WHERE is_paused = 1")) == [
        "loyalty_points",
        "newsletter_list",
    ]
    assert ask(database, "SELECT dag_id, owner FROM log WHERE event = 'paused'") == [
        ("loyalty_points", "scheduler")
    ]


def test_the_broken_file_is_an_import_error_of_a_dag_with_a_past(database: sqlite3.Connection) -> None:
    assert ask(database, "SELECT filename FROM import_error") == ["vendor_returns.py"]
    assert "vendor_sdk" in ask(database, "SELECT stacktrace FROM import_error")[0]
    assert ask(database, "SELECT is_stale FROM dag WHERE dag_id = 'vendor_returns'") == [1]
    assert ask(database, "SELECT COUNT(*) FROM dag_run WHERE dag_id = 'vendor_returns'")[0] > 20


def test_the_pool_has_one_slot(database: sqlite3.Connection) -> None:
    assert ask(database, "SELECT slots FROM slot_pool WHERE pool = 'vendor_api'") == [1]


def test_rendered_fields_are_there_for_the_newest_runs_only(database: sqlite3.Connection) -> None:
    runs = "SELECT COUNT(DISTINCT run_id) FROM rendered_task_instance_fields WHERE dag_id = 'orders_hourly'"
    assert ask(database, runs) == [30]
    table = (
        "SELECT rendered_fields FROM rendered_task_instance_fields "
        "WHERE dag_id = 'orders_hourly' AND task_id = 'load' ORDER BY run_id DESC LIMIT 1"
    )

    assert "orders_20" in ask(database, table)[0]
