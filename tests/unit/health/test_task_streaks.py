from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.health import reference
from tests.unit.health.histories import TASK_STATES, Run, TaskState, a_run, any_run
from windsock.health.task_streaks import UNFINISHED, WINDOW_RUNS, fold, task_streaks, window


@st.composite
def runs_with_tasks(draw: st.DrawFn) -> tuple[list[Run], list[TaskState]]:
    """Runs of one Dag, some beyond the window, and task instances of them, mapped ones among these."""
    numbers = draw(st.lists(st.integers(1, 100), unique=True, max_size=8))
    runs = [draw(any_run(number)) for number in numbers]
    instances = draw(
        st.lists(
            st.builds(
                TaskState,
                st.sampled_from([run.run_id for run in runs] + ["a run of another time"]),
                st.sampled_from(["extract", "load"]),
                st.sampled_from(["failed", "failed", "up_for_retry", "success", "skipped", *TASK_STATES]),
            ),
            max_size=30,
        )
    )
    return runs, instances


@given(runs_with_tasks())
def test_both_streaks_are_what_the_definitions_say(case: tuple[list[Run], list[TaskState]]) -> None:
    runs, instances = case

    streaks = task_streaks(runs, instances, None)

    in_window = {run.run_id for run in reference.task_window(runs)}
    assert set(streaks) == {i.task_id for i in instances if i.run_id in in_window}
    for task_id, streak in streaks.items():
        assert streak.task_id == task_id
        assert streak.failed == reference.task_streak(runs, instances, task_id, lambda s: s == "failed")
        assert streak.unsuccessful == reference.task_streak(
            runs, instances, task_id, lambda s: s in ("failed", "up_for_retry")
        )


@given(runs_with_tasks(), st.randoms(use_true_random=False))
def test_the_order_of_runs_and_instances_does_not_matter(
    case: tuple[list[Run], list[TaskState]], random: Random
) -> None:
    runs, instances = list(case[0]), list(case[1])
    random.shuffle(runs)
    random.shuffle(instances)

    assert task_streaks(runs, instances, None) == task_streaks(*case, None)


def of_one_task(*states: str | None) -> tuple[int, int]:
    """The two streaks of a task with these states, oldest run first."""
    runs = [a_run(number, "failed") for number in range(1, len(states) + 1)]
    instances = [TaskState(run.run_id, "load", state) for run, state in zip(runs, states, strict=True)]
    streak = task_streaks(runs, instances, {"load"})["load"]
    return streak.unsuccessful, streak.failed


def test_a_success_ends_both() -> None:
    assert of_one_task("failed", "success", "failed", "up_for_retry") == (2, 1)
    assert of_one_task("failed", "success") == (0, 0)


@pytest.mark.parametrize(
    "state", ["skipped", "upstream_failed", "removed", "running", "queued", "deferred", None]
)
def test_what_says_nothing_of_the_task_neither_ends_nor_extends(state: str | None) -> None:
    assert of_one_task("failed", state, "failed", state) == (2, 2)


def test_a_pending_retry_extends_unsuccessful_and_leaves_failed_alone() -> None:
    assert of_one_task("failed", "up_for_retry", "failed") == (3, 2)


@pytest.mark.parametrize(
    ("states", "folded"),
    [
        (["success", "failed", "up_for_retry"], "failed"),
        (["success", None, "up_for_retry"], "up_for_retry"),
        (["success", None, "skipped"], UNFINISHED),
        (["success", "a_state_of_tomorrow"], UNFINISHED),
        (["skipped", "success"], "success"),
        (["upstream_failed", "removed", "success"], "success"),
        (["removed", "upstream_failed", "skipped"], "skipped"),
        (["removed", "upstream_failed"], "upstream_failed"),
        (["removed"], "removed"),
    ],
)
def test_mapped_instances_fold_to_the_worst(states: list[str | None], folded: str) -> None:
    assert fold(states) == folded
    assert fold(reversed(states)) == folded


def test_one_failed_file_of_forty_makes_the_mapped_task_failed() -> None:
    run = a_run(1, "failed")
    instances = [TaskState(run.run_id, "load", "failed" if n == 7 else "success") for n in range(40)]

    assert task_streaks([run], instances, {"load"})["load"].failed == 1


def test_a_task_that_the_newest_version_no_longer_has_is_left_out() -> None:
    run = a_run(1, "failed")
    instances = [TaskState(run.run_id, "old", "failed"), TaskState(run.run_id, "new", "failed")]

    assert set(task_streaks([run], instances, {"new"})) == {"new"}
    assert set(task_streaks([run], instances, None)) == {"new", "old"}


def test_the_window_holds_the_newest_25_runs_that_are_no_backfill() -> None:
    runs = [
        a_run(number, "running", run_type="backfill" if number % 2 else "manual") for number in range(1, 61)
    ]

    assert [run.id for run in window(runs)] == list(range(60, 10, -2))


def test_a_failure_in_a_backfill_is_not_counted() -> None:
    backfill = a_run(1, "failed", run_type="backfill")

    assert task_streaks([backfill], [TaskState(backfill.run_id, "load", "failed")], None) == {}


def test_the_bound_is_reached_only_when_every_run_of_the_window_counts() -> None:
    runs = [a_run(number, "failed") for number in range(1, 31)]
    failed = [TaskState(run.run_id, "load", "failed") for run in runs]
    retried_last = [*failed[:-1], TaskState(runs[-1].run_id, "load", "up_for_retry")]

    at_bound = task_streaks(runs, failed, None)["load"]
    below = task_streaks(runs, retried_last, None)["load"]

    assert (at_bound.failed, at_bound.failed_at_bound) == (WINDOW_RUNS, True)
    assert (below.failed, below.failed_at_bound) == (24, False)
    assert (below.unsuccessful, below.unsuccessful_at_bound) == (25, True)
