"""How long a run or a task usually takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import Final

from .model import SUCCESS, RunFacts
from .streaks import is_backfill, is_finished, newest_first

BASELINE_MOST: Final = 30
"""A baseline is made of the last 30 successful durations,"""
BASELINE_LEAST: Final = 7
"""and there is none of fewer than 7."""

# Makes the median absolute deviation of a normal distribution its standard deviation.
_MAD_SCALE: Final = 1.4826


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual, in a form that a few odd durations do not move."""

    median_s: float
    spread_s: float
    """The robust spread: 1.4826 times the median absolute deviation."""
    durations: int
    """Of how many durations the baseline is made, 7 to 30."""


def run_duration_s(run: RunFacts) -> float | None:
    """Seconds between start and end of a finished run; None when one of them is not recorded."""
    if not is_finished(run) or run.start_date is None or run.end_date is None:
        return None
    return (run.end_date - run.start_date).total_seconds()


def baseline(durations_s: Iterable[float]) -> Baseline | None:
    """The baseline of successful durations, given newest first; None when there are fewer than 7."""
    last = list(islice(durations_s, BASELINE_MOST))
    if len(last) < BASELINE_LEAST:
        return None
    middle = median(last)
    return Baseline(
        median_s=middle,
        spread_s=_MAD_SCALE * median(abs(duration_s - middle) for duration_s in last),
        durations=len(last),
    )


def run_baseline(
    runs: Iterable[RunFacts],
    *,
    under_test: RunFacts | None = None,
    marked_by_hand: Collection[int] = (),
) -> Baseline | None:
    """The baseline of one Dag's runs.

    Failed, cleared and backfill runs are out, and so is a run that has no start or no end.

    :param runs: the runs of the Dag, in any order.
    :param under_test: the run that is to be held against the baseline, which never is part of it.
    :param marked_by_hand: the ``id`` of each run whose state a person set, as far as that is known.
    """
    out = set(marked_by_hand)
    if under_test is not None:
        out.add(under_test.id)
    usual = (
        run_duration_s(run)
        for run in newest_first(runs)
        if run.state == SUCCESS and run.clear_number == 0 and not is_backfill(run) and run.id not in out
    )
    return baseline(duration_s for duration_s in usual if duration_s is not None)
