"""The order of a Dag's runs, its streak of failures, and its success rate.

Runs are ordered by ``run_after``, then ``id``; never by ``logical_date``, which is null for asset-triggered
runs and for many manual ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, Generic, TypeVar

from .model import BACKFILL, FAILED, QUEUED, RUNNING, SUCCESS, RunFacts

RATE_RUNS: Final = 25
"""Over how many counting runs a success rate is taken."""

Run = TypeVar("Run", bound=RunFacts)
Run_co = TypeVar("Run_co", bound=RunFacts, covariant=True)


# Without slots: a frozen generic class with slots cannot be made as Class[Type](…) in Python 3.10 to 3.12.
@dataclass(frozen=True)
class DagStreak(Generic[Run_co]):
    """How a Dag stands, by its newest runs."""

    length: int
    """How many of the newest counting runs failed without a success between them."""
    at_bound: bool
    """True when older runs were not looked at and no success was met: the streak may be longer than
    ``length``, and it may have begun before ``failing_since``."""
    failing_since: datetime | None
    """The earliest end of a failure, of the streak or of a re-running run; None while not failing."""
    first_bad_run: Run_co | None
    """The oldest run of the streak; None while the streak is empty."""
    last_good_run: Run_co | None
    """The newest successful counting run."""
    rerunning: tuple[Run_co, ...]
    """The re-running runs that are newer than the last good run, oldest first."""
    rerunning_since: datetime | None
    """When the first of ``rerunning`` was cleared."""
    newest_counting: Run_co | None
    """The newest counting run that was looked at."""

    @property
    def failing(self) -> bool:
        """True from the first bad run until a counting run newer than the last good run succeeds."""
        return self.length > 0 or bool(self.rerunning)

    @property
    def opening_run(self) -> Run_co | None:
        """The oldest run that keeps the Dag failing: of the streak, or re-running. None while not failing."""
        keeping = [*self.rerunning[:1]]
        if self.first_bad_run is not None:
            keeping.append(self.first_bad_run)
        return min(keeping, key=run_order, default=None)


def run_order(run: RunFacts) -> tuple[datetime, int]:
    """The sort key of runs: later runs have greater keys."""
    return (run.run_after, run.id)


def newest_first(runs: Iterable[Run]) -> list[Run]:
    """The runs of one Dag, from the newest to the oldest."""
    return sorted(runs, key=run_order, reverse=True)


def is_backfill(run: RunFacts) -> bool:
    """True for a run that a backfill made or took over."""
    return run.run_type == BACKFILL or run.backfill_id is not None


def is_finished(run: RunFacts) -> bool:
    """True for a run in state success or failed, whoever set it."""
    return run.state in (SUCCESS, FAILED)


def is_counting(run: RunFacts) -> bool:
    """True for a finished run of any type but backfill, types that we do not know included."""
    return is_finished(run) and not is_backfill(run)


def is_rerunning(run: RunFacts) -> bool:
    """True for a run that was cleared, waits or runs again, and has failed before.

    Backfill runs never count, so they never re-run in this sense either.
    """
    return (
        run.state in (QUEUED, RUNNING)
        and run.clear_number > 0
        and run.first_failed_try_end is not None
        and not is_backfill(run)
    )


def failure_end(run: RunFacts) -> datetime:
    """When a failed or re-running run failed first, so that clearing it does not make the failure younger."""
    if run.clear_number > 0 and run.first_failed_try_end is not None:
        return run.first_failed_try_end
    return run.end_date or run.start_date or run.run_after


def cleared_at(run: RunFacts) -> datetime:
    """When a re-running run was cleared: Airflow sets ``queued_at`` then."""
    return run.queued_at or run.start_date or run.run_after


def dag_streak(
    runs: Iterable[Run], *, truncated: bool = False, older_last_good: Run | None = None
) -> DagStreak[Run]:
    """The streak of one Dag, from its newest runs in any order.

    :param runs: the newest runs of the Dag, without a gap among those that are no backfill; all of them
        unless ``truncated``.
    :param truncated: True when the Dag has older runs than those given.
    :param older_last_good: the newest successful counting run among the older ones, where it is known. It is
        used only when none of ``runs`` succeeded; the runs between are still not known, so the streak stays
        at its bound.
    """
    failed: list[Run] = []
    rerunning: list[Run] = []
    last_good: Run | None = None
    newest_counting: Run | None = None
    for run in newest_first(runs):
        if older_last_good is not None and run_order(run) < run_order(older_last_good):
            break
        if is_rerunning(run):
            rerunning.append(run)
        if not is_counting(run):
            continue
        if newest_counting is None:
            newest_counting = run
        if run.state == SUCCESS:
            last_good = run
            break
        failed.append(run)
    at_bound = truncated and last_good is None and bool(failed or rerunning)
    return DagStreak(
        length=len(failed),
        at_bound=at_bound,
        failing_since=min(map(failure_end, failed + rerunning), default=None),
        first_bad_run=failed[-1] if failed else None,
        last_good_run=last_good or older_last_good,
        rerunning=tuple(reversed(rerunning)),
        rerunning_since=min(map(cleared_at, rerunning), default=None),
        newest_counting=newest_counting,
    )


def success_rate(runs: Iterable[RunFacts]) -> tuple[int, int]:
    """How many of the last 25 counting runs succeeded, and how many those are (fewer for a young Dag)."""
    last = list(islice(filter(is_counting, newest_first(runs)), RATE_RUNS))
    return sum(run.state == SUCCESS for run in last), len(last)
