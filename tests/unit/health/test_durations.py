from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.health.histories import Run, a_run, any_history, at
from windsock.health.durations import baseline, run_baseline, run_duration_s


def lasting(id: int, minutes: float, **other: object) -> Run:  # noqa: A002
    """A successful run that took so long, and of which other things may be known."""
    known: dict[str, object] = {"state": "success", "start_date": at(0), "end_date": at(minutes)}
    return a_run(id, **(known | other))  # type: ignore[arg-type]


def test_no_baseline_is_made_of_fewer_than_seven() -> None:
    assert baseline([60.0] * 6) is None
    assert baseline([60.0] * 7) is not None


def test_median_and_robust_spread() -> None:
    found = baseline([10, 12, 11, 13, 9, 10, 500])

    assert found is not None
    assert found.median_s == 11
    assert found.spread_s == pytest.approx(1.4826)
    assert found.durations == 7


def test_only_the_newest_thirty_count() -> None:
    found = baseline([5.0] * 30 + [900.0] * 200)

    assert found is not None
    assert (found.median_s, found.spread_s, found.durations) == (5.0, 0.0, 30)


@given(st.lists(st.floats(0, 1e6), min_size=7, max_size=30))
def test_at_least_half_of_the_durations_lie_within_one_unscaled_spread(durations: list[float]) -> None:
    found = baseline(durations)

    assert found is not None
    deviation = found.spread_s / 1.4826
    near = [d for d in durations if abs(d - found.median_s) <= deviation * (1 + 1e-9) + 1e-9]
    assert 2 * len(near) >= len(durations)
    assert sum(d <= found.median_s for d in durations) * 2 >= len(durations)
    assert sum(d >= found.median_s for d in durations) * 2 >= len(durations)


@pytest.mark.parametrize(
    "odd",
    [
        lasting(8, 600, state="failed"),
        lasting(8, 600, clear_number=1),
        lasting(8, 600, run_type="backfill"),
        lasting(8, 600, backfill_id=1),
        lasting(8, 600, start_date=None),
        lasting(8, 600, end_date=None),
        a_run(8, "running", start_date=at(0)),
    ],
)
def test_runs_that_say_nothing_of_the_usual_duration_are_out(odd: Run) -> None:
    usual = [lasting(number, number) for number in range(1, 8)]

    assert run_baseline([*usual, odd]) == run_baseline(usual)
    assert run_baseline([*usual[:6], odd]) is None


def test_the_run_under_test_and_marked_runs_are_never_part_of_their_own_baseline() -> None:
    usual = [lasting(number, number) for number in range(1, 8)]
    tested = lasting(8, 600)

    assert run_baseline([*usual, tested], under_test=tested) == run_baseline(usual)
    assert run_baseline([*usual, tested], marked_by_hand={8}) == run_baseline(usual)
    assert run_baseline([*usual, tested]) != run_baseline(usual)


def test_thirty_runs_remain_when_the_run_under_test_is_taken_out() -> None:
    runs = [lasting(number, number) for number in range(1, 41)]

    found = run_baseline(runs, under_test=runs[-1])

    assert found is not None
    assert found.durations == 30
    assert math.isclose(found.median_s, 24.5 * 60)


@given(any_history(max_runs=40), st.randoms(use_true_random=False))
def test_a_baseline_depends_on_the_order_of_runs_only(runs: list[Run], random: Random) -> None:
    shuffled = list(runs)
    random.shuffle(shuffled)

    assert run_baseline(shuffled) == run_baseline(runs)


def test_a_duration_needs_an_end_and_a_start() -> None:
    assert run_duration_s(lasting(1, 2)) == 120
    assert run_duration_s(a_run(1, "running")) is None
    assert run_duration_s(a_run(1, "failed", start_date=None)) is None
