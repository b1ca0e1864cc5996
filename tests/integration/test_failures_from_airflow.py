"""The errors of failed tries with Airflow's own database, log template and log reader."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from tests.integration.seeding import Seeder
from tests.integration.seeding.seeder import SeededRun
from tests.unit.logs.samples import exception, failed, log_bytes, started
from windsock import failures as module
from windsock.failures import Failures, FailureText, Known, LogState, TryRef
from windsock.settings import Settings


@dataclass
class Place:
    """A log folder and a run with failed task instances."""

    logs: Path
    seeder: Seeder
    run: SeededRun
    failures: Failures

    def failed_task(self, task_id: str, **columns: object) -> TryRef:
        """Add a failed task instance whose worker cannot be reached."""
        chosen: dict[str, object] = {"state": "failed", "hostname": "127.0.0.1", **columns}
        instance = self.seeder.task_instance(self.run, task_id, **chosen)  # type: ignore[arg-type]
        self.seeder.write()
        return TryRef(
            str(instance.id),
            self.run.dag_id,
            self.run.run_id,
            task_id,
            instance.map_index,
            int(str(columns.get("try_number", 1))),
        )

    def write(self, path: str, message: str) -> None:
        """Write a log in which a task ended with ``message``."""
        file = self.logs / f"dag_id={self.run.dag_id}" / f"run_id={self.run.run_id}" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(log_bytes([*started(), failed(exception("LoadError", message))]))

    def text(self, ref: TryRef, failures: Failures | None = None) -> FailureText:
        """Wait for an error."""
        answer = asyncio.run((failures or self.failures).get(ref, 30))
        assert isinstance(answer, Known)
        return answer.text


@pytest.fixture
def place(seeder: Seeder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with socket.socket() as probe:  # a port that nobody listens on
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT", str(probe.getsockname()[1]))
    logs = tmp_path / "logs"
    monkeypatch.setenv("AIRFLOW__LOGGING__BASE_LOG_FOLDER", str(logs))
    seeder.dag("orders", graph={"load": ()})
    run = seeder.run(
        "orders", run_after=seeder.now - timedelta(hours=1), state="failed", run_id="manual__a+00:00"
    )
    made = Failures(module._lookup_in_database, Settings(), base_folder=str(logs))
    yield Place(logs, seeder, run, made)
    made.close()


def test_a_log_is_found_where_airflows_template_says(place: Place) -> None:
    ref = place.failed_task("load")
    place.write("task_id=load/attempt=1.log", "no rows")
    text = place.text(ref)
    assert (text.log_state, text.deciding_line) == (LogState.FOUND, "LoadError: no rows")


def test_mapped_instances_and_tries_have_logs_of_their_own(place: Place) -> None:
    mapped = place.failed_task("load", map_index=3, try_number=2)
    place.write("task_id=load/map_index=3/attempt=2.log", "of index 3, try 2")
    place.write("task_id=load/map_index=3/attempt=1.log", "of index 3, try 1")
    place.write("task_id=load/attempt=2.log", "of no index")
    assert place.text(mapped).message == "of index 3, try 2"


def test_an_earlier_try_is_found_in_the_history(place: Place, empty_database: Engine) -> None:
    instance = place.seeder.task_instance(place.run, "load", state="running", try_number=2)
    place.seeder.history_try(instance, try_number=1, hostname="127.0.0.1")
    place.seeder.write()
    place.write("task_id=load/attempt=1.log", "the first time")
    with empty_database.connect() as connection:
        earlier = connection.execute(
            sa.text("SELECT task_instance_id FROM task_instance_history")
        ).scalar_one()
    ref = TryRef(str(earlier), place.run.dag_id, place.run.run_id, "load", -1, 1)
    assert place.text(ref).message == "the first time"


def test_a_try_that_is_gone_is_missing(place: Place) -> None:
    place.failed_task("load")
    assert place.text(TryRef("none", "orders", place.run.run_id, "load", -1, 7)).log_state is LogState.MISSING


def test_a_log_that_does_not_lie_here_comes_through_airflows_reader(place: Place, tmp_path: Path) -> None:
    """Airflow's reader looks into the configured folder; ours is told another one."""
    ref = place.failed_task("load")
    place.write("task_id=load/attempt=1.log", "read by Airflow")
    handler_folder = place.logs
    other = Failures(module._lookup_in_database, Settings(), base_folder=str(tmp_path / "elsewhere"))
    from airflow.utils.log.file_task_handler import FileTaskHandler
    from airflow.utils.log.log_reader import TaskLogReader

    handler = FileTaskHandler(str(handler_folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TaskLogReader, "log_handler", handler)
        text = place.text(ref, other)
        shown = asyncio.run(other.window(ref))
    other.close()
    assert (text.log_state, text.message) == (LogState.FOUND, "read by Airflow")
    assert shown.origin == "airflow"
    assert shown.window is not None
    assert shown.window.records[-1].error[0].message == "read by Airflow"


def test_a_worker_that_cannot_be_reached_is_told(place: Place) -> None:
    text = place.text(place.failed_task("load"))
    assert text.log_state is LogState.UNREADABLE
    assert "Could not read served logs" in (text.reason or "")


def test_a_try_that_never_started_has_no_log_and_nobody_is_asked(place: Place) -> None:
    text = place.text(place.failed_task("load", hostname=""))
    assert text.log_state is LogState.MISSING
    assert "No worker is recorded" in (text.reason or "")


def test_a_run_id_that_leads_elsewhere_leads_nowhere(seeder: Seeder, place: Place, tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "task_id=load"
    outside.mkdir(parents=True)
    (outside / "attempt=1.log").write_bytes(log_bytes([failed(exception("LoadError", "secret"))]))
    place.run = seeder.run(
        "orders", run_after=seeder.now, state="failed", run_id="../../../../outside", run_type="manual"
    )
    (place.logs / "dag_id=orders" / "run_id=..").mkdir(parents=True)
    ref = place.failed_task("load")
    path = place.logs / "dag_id=orders" / f"run_id={ref.run_id}" / "task_id=load" / "attempt=1.log"
    assert path.exists()
    text = place.text(ref)
    assert (text.log_state, text.has_error) == (LogState.UNREADABLE, False)
    assert "leads out of the log folder" in (text.reason or "")
