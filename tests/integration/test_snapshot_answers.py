"""The snapshot of dataset S gives the answers that are known by construction, the same on both databases."""

from __future__ import annotations

from tests.integration.seeding import Dataset
from windsock.metadata.connection import reading
from windsock.snapshot import DagState, FleetReader


def _read(reader: FleetReader, *, whole: bool = True) -> dict[str, DagState]:
    with reading() as connection:
        states, _ = reader.read(connection, whole=whole)
    return dict(states)


def _said(state: DagState) -> dict[str, object]:
    streak = state.streak
    return {
        "health": state.health.value,
        "streak": streak.length,
        "at_bound": streak.at_bound,
        "failing_since": streak.failing_since,
        "first_bad_run": streak.first_bad_run.run_id if streak.first_bad_run else None,
        "last_good_run": streak.last_good_run.run_id if streak.last_good_run else None,
        "rerunning": bool(streak.rerunning),
        "successes": state.successes,
        "of": state.counting_runs,
        "causes": tuple(sorted({instance.task_id for instance in state.causes})),
        "run_level_cause": state.run_level_cause is not None,
        "warnings": tuple(warning.value for warning in state.warnings),
        "is_paused": state.dag.is_paused,
        "paused_by_airflow": state.paused_by_airflow_at is not None,
    }


def test_every_dag_of_dataset_s_is_judged_as_constructed(dataset_s: Dataset) -> None:
    states = _read(FleetReader())
    assert list(states) == sorted(dataset_s.fleet)
    for dag_id, expected in dataset_s.fleet.items():
        said = _said(states[dag_id])
        assert said == {name: getattr(expected, name) for name in said}, dag_id


def test_a_second_whole_look_and_a_look_at_changes_say_the_same(dataset_s: Dataset) -> None:
    reader = FleetReader()
    first = _read(reader)
    assert _read(reader, whole=False) == first
    assert _read(reader) == first


def test_files_that_do_not_import_name_the_stale_dags_that_they_held(dataset_s: Dataset) -> None:
    with reading() as connection:
        _, broken = FleetReader().read(connection, whole=True)
    assert sorted(dag_id for file in broken for dag_id in file.row.dag_ids) == sorted(
        dag_id for dag_id, expected in dataset_s.dags.items() if expected.import_error
    )


def test_task_streaks_are_those_constructed(dataset_s: Dataset) -> None:
    reader = FleetReader()
    _read(reader)
    with reading() as connection:
        streaks = reader.read_task_streaks(connection)
        again = reader.read_task_streaks(connection)
    expected = {
        dag_id: {task_id: pair for task_id, pair in each.task_streaks.items() if pair != (0, 0)}
        for dag_id, each in dataset_s.fleet.items()
    }
    found = {
        dag_id: {task_id: (streak.unsuccessful, streak.failed) for task_id, streak in of_dag.items()}
        for dag_id, of_dag in streaks.items()
    }
    assert found == {dag_id: pairs for dag_id, pairs in expected.items() if pairs}
    assert again == streaks
