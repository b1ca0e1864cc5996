"""A look at what can have changed finds what a whole look would find, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.integration.seeding import Seeder
from tests.integration.seeding.seeder import table
from windsock.metadata.connection import MetadataUnavailable, reading
from windsock.snapshot import DagState, FleetReader

HOUR = timedelta(hours=1)
GRAPH = {"extract": [], "store": ["extract"]}


def _read(reader: FleetReader, *, whole: bool) -> dict[str, DagState]:
    with reading() as connection:
        return dict(reader.read(connection, whole=whole)[0])


def _change(seeder: Seeder, table_name: str, where: Mapping[str, object], **values: object) -> None:
    target = table(table_name)
    with seeder.engine.begin() as connection:
        found = sa.and_(*(target.c[name] == value for name, value in where.items()))
        connection.execute(sa.update(target).where(found).values(**values))


@pytest.fixture
def reader(seeder: Seeder) -> FleetReader:
    """Has seen a Dag with thirty good runs and one that seldom runs, among many that run often."""
    seeder.dag("load", graph=GRAPH)
    for position in range(30):
        run = seeder.run("load", run_after=seeder.now - HOUR * (position + 1))
        seeder.task_instance(run, "extract")
        seeder.task_instance(run, "store")
    seeder.dag("seldom")
    for position in range(30):
        seeder.run("seldom", run_after=seeder.now - timedelta(days=30) * (position + 1))
    for number in range(10):
        seeder.dag(f"often_{number}")
        for position in range(100):
            seeder.run(f"often_{number}", run_after=seeder.now - timedelta(minutes=position, seconds=number))
    seeder.write()
    reader = FleetReader()
    _read(reader, whole=True)
    return reader


def _same_as_anew(reader: FleetReader) -> dict[str, DagState]:
    changed = _read(reader, whole=False)
    assert changed == _read(FleetReader(), whole=True)
    return changed


def test_a_new_run_that_failed(seeder: Seeder, reader: FleetReader) -> None:
    run = seeder.run("load", run_after=seeder.now, state="failed")
    seeder.task_instance(run, "extract", state="failed")
    seeder.task_instance(run, "store", state="upstream_failed")
    seeder.write()
    state = _read(reader, whole=False)["load"]
    assert state.streak.length == 1
    assert [instance.task_id for instance in state.causes] == ["extract"]


def test_a_running_run_that_meets_a_failed_task_and_then_fails(seeder: Seeder, reader: FleetReader) -> None:
    run = seeder.run("load", run_after=seeder.now, state="running")
    seeder.task_instance(run, "extract", state="running")
    seeder.write()
    assert _read(reader, whole=False)["load"].health.value == "ok"

    here = {"dag_id": "load", "run_id": run.run_id}
    _change(seeder, "task_instance", here, state="failed")
    state = _read(reader, whole=False)["load"]
    assert [warning.value for warning in state.warnings] == ["running_with_failed_task"]

    _change(seeder, "dag_run", here, state="failed", end_date=seeder.now + HOUR)
    state = _read(reader, whole=False)["load"]
    assert (state.health.value, state.streak.length, state.warnings) == ("failing", 1, ())


def test_an_old_run_that_was_cleared(seeder: Seeder, reader: FleetReader) -> None:
    old = _read(reader, whole=False)["load"].runs[10]
    _change(seeder, "dag_run", {"id": old.id}, state="queued", start_date=None, end_date=None, clear_number=1)
    again = {run.id: run for run in _read(reader, whole=False)["load"].runs}[old.id]
    assert (again.state, again.clear_number) == ("queued", 1)


def test_a_late_run_of_long_ago_is_put_in_its_place(seeder: Seeder, reader: FleetReader) -> None:
    seeder.run("seldom", run_after=seeder.now - timedelta(days=45), state="failed", run_type="manual")
    seeder.write()
    states = [run.state for run in _read(reader, whole=False)["seldom"].runs]
    assert states[:3] == ["success", "failed", "success"]


def test_a_run_that_vanished_while_it_ran(seeder: Seeder, reader: FleetReader) -> None:
    run = seeder.run("load", run_after=seeder.now, state="running")
    seeder.write()
    assert _read(reader, whole=False)["load"].runs[0].run_id == run.run_id
    with seeder.engine.begin() as connection:
        runs = table("dag_run")
        connection.execute(sa.delete(runs).where(runs.c.id == run.id))
    assert _read(reader, whole=False)["load"].runs[0].run_id != run.run_id


def test_dags_that_are_paused_join_and_go(seeder: Seeder, reader: FleetReader) -> None:
    _change(seeder, "dag", {"dag_id": "load"}, is_paused=True)
    _change(seeder, "dag", {"dag_id": "seldom"}, is_stale=True)
    seeder.dag("joined", tags=["new"])
    seeder.run("joined", run_after=seeder.now - HOUR, state="failed")
    seeder.write()
    states = _same_as_anew(reader)
    assert states["load"].dag.is_paused
    assert "seldom" not in states
    assert (states["joined"].dag.tags, states["joined"].streak.length) == (("new",), 1)


def test_a_whole_look_finds_a_finished_run_that_a_person_marked_or_deleted(
    seeder: Seeder, reader: FleetReader
) -> None:
    runs = _read(reader, whole=False)["seldom"].runs
    _change(seeder, "dag_run", {"id": runs[0].id}, state="failed")
    with seeder.engine.begin() as connection:
        target = table("dag_run")
        connection.execute(sa.delete(target).where(target.c.id == runs[5].id))
    state = _read(reader, whole=True)["seldom"]
    assert state.streak.length == 1
    assert runs[5].id not in {run.id for run in state.runs}


def test_reading_cannot_write(seeder: Seeder) -> None:
    seeder.dag("load")
    seeder.write()
    with pytest.raises((MetadataUnavailable, sa.exc.DBAPIError)), reading() as connection:
        connection.execute(sa.delete(table("dag")))
    with seeder.engine.begin() as connection:
        assert connection.execute(sa.select(table("dag").c.dag_id)).scalars().all() == ["load"]
        connection.execute(sa.delete(table("dag")))


def test_a_statement_that_takes_too_long_is_given_up(seeder: Seeder) -> None:
    endless = sa.text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
        "SELECT max(i) FROM n"
    )
    with pytest.raises(MetadataUnavailable, match="did not answer"), reading(timeout_s=0.2) as connection:
        connection.execute(endless)
    with reading() as connection:
        assert connection.execute(sa.select(sa.literal(1))).scalar() == 1
