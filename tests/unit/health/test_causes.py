from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.health import reference
from tests.unit.health.histories import TASK_STATES, TaskState, a_run, at
from windsock.health.causes import RunEvidence, RunLevelCause, RunLevelKind, first_causes

FAILED_RUN = a_run(1, "failed")


def states(**by_task: str | None) -> list[TaskState]:
    return [TaskState(FAILED_RUN.run_id, task_id, state) for task_id, state in by_task.items()]


@st.composite
def any_dag(draw: st.DrawFn) -> tuple[dict[str, frozenset[str]], list[TaskState]]:
    """A random acyclic Dag whose tasks, some of them mapped and some gone from it, are in random states."""
    tasks = [f"t{number}" for number in range(draw(st.integers(1, 7)))]
    upstream = {
        task_id: frozenset(draw(st.lists(st.sampled_from(tasks[:place]), max_size=3)) if place else ())
        for place, task_id in enumerate(tasks)
    }
    some_state = st.sampled_from(["failed", "failed", "upstream_failed", "success", *TASK_STATES])
    instances = [
        TaskState(FAILED_RUN.run_id, task_id, state)
        for task_id in [*tasks, "gone"]
        for state in draw(st.lists(some_state, max_size=3))
    ]
    return upstream, draw(st.permutations(instances))


@given(any_dag())
def test_causes_and_cascade_are_what_the_definition_says(
    case: tuple[dict[str, frozenset[str]], list[TaskState]],
) -> None:
    upstream, instances = case

    found = first_causes(FAILED_RUN, instances, upstream)

    failed = {i.task_id for i in instances if i.state == "failed"}
    upstream_failed = {i.task_id for i in instances if i.state == "upstream_failed"} - failed
    causes = {task_id for task_id in failed if not reference.ancestors(task_id, upstream) & failed}
    assert set(found.causes) == causes
    assert list(found.cascade) == list(found.causes)
    for cause, taken_down in found.cascade.items():
        assert set(taken_down) == {
            task_id for task_id in failed | upstream_failed if cause in reference.ancestors(task_id, upstream)
        }
    assert set(found.unexplained) == {
        task_id for task_id in upstream_failed if not reference.ancestors(task_id, upstream) & failed
    }
    assert (found.run_level_cause is None) == bool(failed)


def test_a_failure_below_another_is_cascade_even_through_a_task_that_succeeded() -> None:
    upstream = {"load": ["extract"], "cleanup": ["load"], "report": ["cleanup"], "other": []}
    instances = states(
        extract="failed", load="upstream_failed", cleanup="success", report="failed", other="failed"
    )

    found = first_causes(FAILED_RUN, instances, upstream)

    assert found.causes == ("extract", "other")
    assert found.cascade == {"extract": ("load", "report"), "other": ()}


def test_what_two_causes_took_down_stands_under_both() -> None:
    found = first_causes(
        FAILED_RUN, states(a="failed", b="failed", c="upstream_failed"), {"c": ["a", "b"], "a": [], "b": []}
    )

    assert found.cascade == {"a": ("c",), "b": ("c",)}


def test_upstream_failed_is_never_a_cause() -> None:
    found = first_causes(FAILED_RUN, states(a="success", b="upstream_failed"), {"b": ["a"]})

    assert found.causes == ()
    assert found.unexplained == ("b",)
    assert found.run_level_cause == RunLevelCause(RunLevelKind.NOT_RECORDED, inferred=True)


def test_a_pending_retry_is_no_failure_yet() -> None:
    running = a_run(1, "running")

    found = first_causes(running, states(a="up_for_retry"), {})

    assert (found.causes, found.run_level_cause) == ((), None)


def test_a_failed_task_of_a_running_run_is_found_too() -> None:
    assert first_causes(a_run(1, "running"), states(a="failed", b=None), {"b": ["a"]}).causes == ("a",)


RUN_OF_FIVE_MINUTES = a_run(1, "failed", start_date=at(0), end_date=at(5))


@pytest.mark.parametrize(
    ("instances", "evidence", "kind", "inferred"),
    [
        (states(a="skipped"), RunEvidence(timeout_s=300), RunLevelKind.TIMED_OUT, True),
        (states(a="skipped"), RunEvidence(timeout_s=301), RunLevelKind.MARKED_BY_PERSON, True),
        (states(a="skipped"), RunEvidence(timeout_s=math.inf), RunLevelKind.MARKED_BY_PERSON, True),
        (states(a="skipped"), RunEvidence(), RunLevelKind.NOT_RECORDED, True),
        (
            states(a="skipped"),
            RunEvidence(marked_by_person=False, timeout_s=math.inf),
            RunLevelKind.NOT_RECORDED,
            True,
        ),
        (
            states(a="skipped"),
            RunEvidence(marked_by_person=True, timeout_s=300),
            RunLevelKind.MARKED_BY_PERSON,
            False,
        ),
        (states(a="success", b=None), RunEvidence(), RunLevelKind.DEADLOCKED, True),
        (states(a="success", b="scheduled"), RunEvidence(timeout_s=math.inf), RunLevelKind.DEADLOCKED, True),
        (states(a=None, b="upstream_failed"), RunEvidence(), RunLevelKind.NOT_RECORDED, True),
    ],
)
def test_a_failed_run_without_a_failed_task_has_a_cause_of_its_own(
    instances: list[TaskState], evidence: RunEvidence, kind: RunLevelKind, inferred: bool
) -> None:
    found = first_causes(RUN_OF_FIVE_MINUTES, instances, {}, evidence)

    assert found.run_level_cause == RunLevelCause(kind, inferred)


def test_a_run_with_a_failed_task_has_no_cause_of_its_own() -> None:
    found = first_causes(RUN_OF_FIVE_MINUTES, states(a="failed"), {}, RunEvidence(marked_by_person=True))

    assert found.run_level_cause is None
