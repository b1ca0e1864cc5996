from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.health import reference
from tests.unit.health.histories import Run, a_run, any_history, at, history
from windsock.health.streaks import (
    DagStreak,
    dag_streak,
    is_counting,
    is_rerunning,
    newest_first,
    success_rate,
)


@given(any_history())
def test_every_fact_of_a_streak_is_what_the_definitions_say(runs: list[Run]) -> None:
    streak = dag_streak(runs)

    failed = reference.streak(runs)
    rerunning = reference.rerunning(runs)
    assert streak.length == len(failed)
    assert streak.first_bad_run == reference.oldest(failed)
    assert streak.last_good_run == reference.newest(reference.good(runs))
    assert streak.newest_counting == reference.newest(reference.counting(runs))
    assert set(streak.rerunning) == set(rerunning)
    assert streak.failing == bool(failed or rerunning)
    assert streak.failing_since == reference.failing_since(runs)
    assert streak.opening_run == reference.oldest([*failed, *rerunning])
    assert not streak.at_bound


@given(any_history(), st.randoms(use_true_random=False))
def test_the_order_in_which_runs_are_given_does_not_matter(runs: list[Run], random: Random) -> None:
    shuffled = list(runs)
    random.shuffle(shuffled)

    assert newest_first(shuffled) == newest_first(runs)
    assert dag_streak(shuffled) == dag_streak(runs)
    assert success_rate(shuffled) == success_rate(runs)


@given(any_history(max_runs=40))
def test_the_success_rate_is_taken_over_the_last_25_counting_runs(runs: list[Run]) -> None:
    assert success_rate(runs) == reference.success_rate(runs)


def test_a_long_history_has_a_rate_over_25_runs() -> None:
    runs = history("f" * 12 + "s" * 23)

    assert success_rate(runs) == (23, 25)
    assert success_rate(reversed(runs)) == (23, 25)


@given(any_history(), st.integers(0, 12))
def test_a_cut_history_says_the_same_or_that_it_is_at_its_bound(runs: list[Run], kept: int) -> None:
    whole = dag_streak(runs)
    cut = dag_streak(newest_first(runs)[:kept], truncated=kept < len(runs))

    if cut.at_bound:
        assert cut.length <= whole.length
        assert cut.failing
        assert whole.failing
        assert whole.failing_since is not None
        assert cut.failing_since is not None
        assert whole.failing_since <= cut.failing_since
    elif cut.newest_counting is not None:
        assert cut == whole


def test_a_success_among_older_runs_is_the_last_good_run_and_leaves_the_streak_at_its_bound() -> None:
    good, *_, first, last = history("sfffff")

    streak = dag_streak([first, last], truncated=True, older_last_good=good)

    assert (streak.length, streak.at_bound, streak.last_good_run) == (2, True, good)
    assert streak.newest_counting == last


def test_a_rerun_from_before_the_older_success_has_no_part_in_the_streak() -> None:
    rerun = a_run(1, "running", clear_number=1, first_failed_try_end=at(16))
    good, _, failed = history("fsff")[1:]

    streak = dag_streak([rerun, failed], truncated=True, older_last_good=good)

    assert streak.rerunning == ()
    assert streak.failing_since == failed.end_date


def test_a_success_among_the_newest_runs_comes_before_an_older_one() -> None:
    older, newer, failed = history("ssf")

    streak = dag_streak([newer, failed], truncated=True, older_last_good=older)

    assert (streak.length, streak.at_bound, streak.last_good_run) == (1, False, newer)


def test_no_runs_make_no_streak() -> None:
    streak: DagStreak[Run] = dag_streak([])

    assert (streak.length, streak.failing, streak.failing_since) == (0, False, None)
    assert (streak.first_bad_run, streak.last_good_run, streak.newest_counting) == (None, None, None)


def test_failures_since_the_last_success_make_the_streak() -> None:
    runs = history("fsfff")

    streak = dag_streak(runs)

    assert streak.length == 3
    assert streak.first_bad_run == runs[2]
    assert streak.last_good_run == runs[1]
    assert streak.failing_since == runs[2].end_date


def test_queued_and_running_runs_neither_break_nor_extend_a_streak() -> None:
    assert dag_streak(history("sfqrfrq")).length == 2
    assert not dag_streak(history("srq")).failing


def test_every_type_but_backfill_counts() -> None:
    for run_type in ("scheduled", "manual", "asset_triggered", "operator_triggered", "nobody_knows"):
        assert is_counting(a_run(1, "failed", run_type=run_type))
    assert not is_counting(a_run(1, "failed", run_type="backfill"))
    assert not is_counting(a_run(1, "failed", run_type="scheduled", backfill_id=3))
    assert not is_counting(a_run(1, "running"))


def test_a_successful_backfill_does_not_end_a_streak_and_a_failed_one_does_not_begin_one() -> None:
    assert dag_streak([a_run(1, "failed"), a_run(2, "success", run_type="backfill")]).length == 1
    assert not dag_streak([a_run(1, "success"), a_run(2, "failed", backfill_id=3)]).failing


def test_asset_triggered_failures_count_although_they_have_no_logical_date() -> None:
    good = a_run(1, "success", logical_date=at(500))
    bad = a_run(2, "failed", run_type="asset_triggered", logical_date=None)

    assert dag_streak([good, bad]).length == 1


def test_of_two_runs_with_the_same_run_after_the_one_made_later_is_newer() -> None:
    bad = a_run(7, "failed", run_after=at(0))
    good = a_run(8, "success", run_after=at(0))

    assert not dag_streak([good, bad]).failing
    assert dag_streak([a_run(9, "failed", run_after=at(0)), good]).length == 1


def test_run_after_decides_although_the_older_run_was_made_or_ended_later() -> None:
    made_later = a_run(9, "success", run_after=at(0), end_date=at(900))
    bad = a_run(1, "failed", run_after=at(5), end_date=at(6))

    assert dag_streak([made_later, bad]).length == 1


def test_failing_since_is_the_earliest_end_when_runs_end_out_of_order() -> None:
    slow = a_run(1, "failed", end_date=at(90))
    quick = a_run(2, "failed", end_date=at(25))

    streak = dag_streak([slow, quick])

    assert streak.first_bad_run == slow
    assert streak.failing_since == at(25)


def test_failing_since_falls_back_on_the_start_and_then_on_run_after() -> None:
    assert dag_streak([a_run(1, "failed", end_date=None)]).failing_since == at(11)
    assert dag_streak([a_run(1, "failed", end_date=None, start_date=None)]).failing_since == at(10)


def test_a_cleared_run_that_waits_again_keeps_its_dag_failing_with_an_empty_streak() -> None:
    rerun = a_run(2, "queued", clear_number=1, first_failed_try_end=at(26), queued_at=at(70))

    streak = dag_streak([a_run(1, "success"), rerun])

    assert streak.length == 0
    assert streak.first_bad_run is None
    assert streak.opening_run == rerun
    assert streak.failing
    assert streak.failing_since == at(26)
    assert streak.rerunning_since == at(70)


def test_a_run_that_was_cleared_without_having_failed_is_not_rerunning() -> None:
    assert not is_rerunning(a_run(1, "running", clear_number=1))
    assert not is_rerunning(a_run(1, "running", clear_number=0, first_failed_try_end=at(1)))
    assert is_rerunning(a_run(1, "running", clear_number=1, first_failed_try_end=at(1)))


def test_clearing_the_first_run_of_a_streak_does_not_move_failing_since() -> None:
    good, first, second = history("sff")
    before = dag_streak([good, first, second])
    cleared = a_run(2, "queued", clear_number=1, first_failed_try_end=first.end_date, queued_at=at(99))

    after = dag_streak([good, cleared, second])

    assert after.failing_since == before.failing_since
    assert after.length == 1
    assert after.first_bad_run == second
    assert after.opening_run == cleared


def test_a_rerun_that_fails_again_does_not_move_failing_since() -> None:
    again = a_run(2, "failed", clear_number=1, first_failed_try_end=at(26), end_date=at(300))

    assert dag_streak([a_run(1, "success"), again]).failing_since == at(26)


def test_a_rerun_that_succeeds_ends_the_incident() -> None:
    fixed = a_run(2, "success", clear_number=1, first_failed_try_end=at(26))

    assert not dag_streak([a_run(1, "success"), fixed]).failing


def test_a_newer_success_ends_the_incident_while_the_cleared_run_still_runs() -> None:
    rerun = a_run(2, "running", clear_number=1, first_failed_try_end=at(26))

    streak = dag_streak([a_run(1, "success"), rerun, a_run(3, "success")])

    assert not streak.failing
    assert streak.rerunning_since is None


def test_an_older_success_does_not_end_the_incident_of_a_newer_rerun() -> None:
    rerun = a_run(3, "running", clear_number=1, first_failed_try_end=at(36))
    fixed = a_run(2, "success", clear_number=1, first_failed_try_end=at(26))

    streak = dag_streak([a_run(1, "success"), fixed, rerun])

    assert streak.failing
    assert streak.failing_since == at(36)


def test_rerunning_since_is_when_the_first_of_several_was_cleared() -> None:
    early = a_run(3, "running", clear_number=1, first_failed_try_end=at(36), queued_at=at(80))
    late = a_run(2, "queued", clear_number=1, first_failed_try_end=at(26), queued_at=at(90))

    streak = dag_streak([early, late])

    assert streak.rerunning_since == at(80)
    assert streak.rerunning == (late, early)


def test_a_run_that_a_person_marked_counts_as_it_stands() -> None:
    never_started = a_run(2, "success", start_date=None, end_date=None)
    marked_failed = a_run(3, "failed", start_date=None, end_date=at(200))

    assert not dag_streak([a_run(1, "failed"), never_started]).failing
    assert dag_streak([a_run(1, "success"), marked_failed]).failing_since == at(200)
