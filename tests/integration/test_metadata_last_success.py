"""The last success is the newest earlier one by ``run_after`` and then ``id``, wherever it is found."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.integration.seeding import Seeder
from tests.integration.seeding.seeder import SeededRun
from windsock.metadata import last_success, runs, task_instances
from windsock.metadata.connection import reading
from windsock.metadata.rows import SuccessSearch

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def _run(
    seeder: Seeder, hours: float, state: str, *, dag_id: str = "a", run_id: str | None = None
) -> SeededRun:
    # Without a logical date, so that two runs may share a moment; it is no order anyway.
    moment = NOW - timedelta(hours=hours)
    run = seeder.run(dag_id, run_after=moment, state=state, run_id=run_id, logical_date=None)
    seeder.task_instance(run, "load", state=state)
    return run


def _find(run: SeededRun, task_id: str = "load", map_index: int = -1) -> SuccessSearch:
    with reading() as connection:
        detail = runs.one(connection, run.dag_id, run.run_id)
        assert detail is not None
        return last_success.find(connection, detail.run, task_id, map_index)


def _said(search: SuccessSearch) -> tuple[str | None, int]:
    return (search.run.run_id if search.run is not None else None, search.searched_runs)


@pytest.fixture(params=[last_success.WINDOW, 1], ids=["near", "far"])
def window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How far the runs of all Dags are looked through before those of the one Dag are."""
    monkeypatch.setattr(last_success, "WINDOW", request.param)
    return int(request.param)


def test_the_order_is_that_of_run_after_and_then_of_the_number(seeder: Seeder, window: int) -> None:
    seeder.dag("a", graph={"load": []})
    failed = _run(seeder, 1, "failed")
    seeder.write()
    # Made later, and earlier by run_after.
    newest = _run(seeder, 2, "success", run_id="newest")
    seeder.write()
    _run(seeder, 3, "success", run_id="older")
    seeder.write()
    twin = _run(seeder, 2, "success", run_id="twin")
    seeder.write()
    assert twin.id > newest.id
    assert _said(_find(failed)) == ("twin", 1)
    assert _said(_find(twin)) == ("newest", 1)
    assert _said(_find(newest)) == ("older", 1)


def test_other_dags_later_runs_and_other_tasks_do_not_count(seeder: Seeder, window: int) -> None:
    for dag_id in ("a", "b"):
        seeder.dag(dag_id, graph={"load": [], "other": []})
    good = _run(seeder, 5, "success")
    between = _run(seeder, 4, "failed")
    seeder.task_instance(between, "other")
    _run(seeder, 3, "success", dag_id="b")
    failed = _run(seeder, 2, "failed")
    _run(seeder, 1, "success")
    seeder.write()
    assert _said(_find(failed)) == (good.run_id, 2)
    assert _said(_find(failed, "other")) == (between.run_id, 1)


def test_no_more_than_a_hundred_earlier_runs_are_searched(seeder: Seeder, window: int) -> None:
    seeder.dag("a", graph={"load": []})
    _run(seeder, 102, "success")
    good = _run(seeder, 101, "success")
    for hours in range(100, 0, -1):
        last = _run(seeder, hours, "failed")
    next_ = _run(seeder, 0, "failed")
    seeder.write()
    assert _said(_find(last)) == (good.run_id, 100)
    assert _said(_find(next_)) == (None, 100)


def test_what_airflow_does_not_have_is_none(seeder: Seeder) -> None:
    seeder.dag("a")
    run = _run(seeder, 1, "failed")
    seeder.write()
    with reading() as connection:
        detail = runs.one(connection, "a", run.run_id)
        instance = task_instances.one(connection, "a", run.run_id, "load")
        assert detail is not None
        assert instance is not None
        ran = last_success.in_run(connection, detail, instance)
    assert (ran.version, ran.definition, ran.rendered_fields, ran.upstream_s) == (None, None, None, {})
