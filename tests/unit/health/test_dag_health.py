from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.health import reference
from tests.unit.health.histories import TASK_STATES, Run, a_run, any_history, at, history
from windsock.health.dag_health import (
    Standing,
    WarningReason,
    dag_totals,
    judge,
    runs_to_inspect,
    standing,
    warning_reasons,
)
from windsock.health.model import Health
from windsock.health.streaks import dag_streak


@dataclass(frozen=True)
class Dag:
    health: Health
    is_paused: bool


@given(any_history(), st.data())
def test_health_and_reasons_are_what_the_definitions_say(runs: list[Run], data: st.DataObject) -> None:
    some_states = st.frozensets(st.sampled_from(["failed", "up_for_retry", *TASK_STATES]), max_size=3)
    states = {run.run_id: data.draw(some_states) for run in runs}

    reasons = warning_reasons(runs, states)

    running = [states[r.run_id] for r in runs if r.state == "running" and not reference.backfill(r)]
    newest = reference.newest(reference.counting(runs))
    hides_failure = newest is not None and newest.state == "success" and "failed" in states[newest.run_id]
    expected = {
        WarningReason.RETRY_PENDING: any("up_for_retry" in s for s in running),
        WarningReason.RUNNING_WITH_FAILED_TASK: any("failed" in s for s in running),
        WarningReason.SUCCEEDED_WITH_FAILED_TASK: hides_failure,
    }
    assert list(reasons) == [reason for reason, holds in expected.items() if holds]

    if reference.streak(runs) or reference.rerunning(runs):
        health = Health.FAILING
    elif any(expected.values()):
        health = Health.WARNING
    else:
        health = Health.OK if newest else Health.UNKNOWN
    assert judge(dag_streak(runs), reasons) == health


def test_a_dag_that_only_runs_for_the_first_time_is_unknown_until_something_is_wrong() -> None:
    first = [a_run(1, "running")]

    assert judge(dag_streak(first), warning_reasons(first, {})) is Health.UNKNOWN
    assert judge(dag_streak(first), warning_reasons(first, {"run 1": {"up_for_retry"}})) is Health.WARNING


def test_a_cleanup_that_hides_a_failed_load_is_a_warning_until_a_run_succeeds_wholly() -> None:
    runs = history("ss")

    assert warning_reasons(runs, {"run 2": {"success", "failed"}}) == (
        WarningReason.SUCCEEDED_WITH_FAILED_TASK,
    )
    assert warning_reasons(runs, {"run 1": {"success", "failed"}, "run 2": {"success"}}) == ()


def test_backfills_are_no_reason_for_a_warning() -> None:
    runs = [a_run(1, "success"), a_run(2, "running", run_type="backfill"), a_run(3, "success", backfill_id=4)]

    assert runs_to_inspect(runs) == [runs[0]]


def test_the_tasks_of_a_failed_newest_run_need_no_look() -> None:
    good, bad, running = history("sfr")

    assert runs_to_inspect([good, bad, running]) == [running]


def test_failing_is_worse_than_a_warning() -> None:
    runs = [a_run(1, "queued", clear_number=1, first_failed_try_end=at(3)), a_run(2, "running")]

    assert judge(dag_streak(runs), [WarningReason.RETRY_PENDING]) is Health.FAILING


def test_a_paused_dag_is_listed_and_counted_as_paused_alone() -> None:
    assert standing(Dag(Health.FAILING, is_paused=True)) is Standing.PAUSED
    assert standing(Dag(Health.FAILING, is_paused=False)) is Standing.FAILING


@given(st.lists(st.builds(Dag, st.sampled_from(Health), st.booleans()), max_size=30))
def test_every_total_is_the_length_of_the_list_that_its_filter_shows(dags: list[Dag]) -> None:
    totals = dag_totals(dags)

    for where in Standing:
        assert getattr(totals, where.value) == len([dag for dag in dags if standing(dag) is where])
    assert totals.active == len([dag for dag in dags if not dag.is_paused])
    assert totals.active + totals.paused == len(dags)
