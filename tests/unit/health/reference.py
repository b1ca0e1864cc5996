"""The definitions once more, spelled out run by run with no thought of speed: what the tests compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from tests.unit.health.histories import Run, TaskState


def newer(one: Run, other: Run) -> bool:
    """Order of runs: by ``run_after``, then ``id``."""
    if one.run_after == other.run_after:
        return one.id > other.id
    return one.run_after > other.run_after


def newest(runs: Iterable[Run]) -> Run | None:
    runs = list(runs)
    return next((run for run in runs if not any(newer(other, run) for other in runs)), None)


def oldest(runs: Iterable[Run]) -> Run | None:
    runs = list(runs)
    return next((run for run in runs if not any(newer(run, other) for other in runs)), None)


def backfill(run: Run) -> bool:
    return run.run_type == "backfill" or run.backfill_id is not None


def counting(runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if run.state in ("success", "failed") and not backfill(run)]


def good(runs: Sequence[Run]) -> list[Run]:
    return [run for run in counting(runs) if run.state == "success"]


def streak(runs: Sequence[Run]) -> list[Run]:
    """Failed counting runs with no success after them."""
    return [
        run
        for run in counting(runs)
        if run.state == "failed" and not any(newer(success, run) for success in good(runs))
    ]


def rerunning(runs: Sequence[Run]) -> list[Run]:
    """Cleared runs that failed before, are not over yet, and have no success after them."""
    return [
        run
        for run in runs
        if run.state in ("queued", "running")
        and run.clear_number >= 1
        and run.first_failed_try_end is not None
        and not backfill(run)
        and not any(newer(success, run) for success in good(runs))
    ]


def failing_since(runs: Sequence[Run]) -> datetime | None:
    ends = []
    for run in [*streak(runs), *rerunning(runs)]:
        choices = [run.end_date, run.start_date, run.run_after]
        if run.clear_number >= 1:
            choices.insert(0, run.first_failed_try_end)
        ends.append(next(choice for choice in choices if choice is not None))
    return min(ends, default=None)


def success_rate(runs: Sequence[Run]) -> tuple[int, int]:
    every = counting(runs)
    last = [run for run in every if sum(newer(other, run) for other in every) < 25]
    return len(good(last)), len(last)


def task_window(runs: Sequence[Run]) -> list[Run]:
    """The newest 25 runs that are no backfill."""
    every = [run for run in runs if not backfill(run)]
    return [run for run in every if sum(newer(other, run) for other in every) < 25]


def folded(states: Sequence[str | None]) -> str:
    """One state for all mapped instances of a task in a run."""
    if "failed" in states:
        return "failed"
    if "up_for_retry" in states:
        return "up_for_retry"
    if any(state not in ("success", "skipped", "upstream_failed", "removed") for state in states):
        return "unfinished"
    return "success" if "success" in states else "says nothing"


def task_streak(
    runs: Sequence[Run], instances: Sequence[TaskState], task_id: str, extends: Callable[[str], bool]
) -> int:
    """In how many runs of the window the task is as ``extends`` says, with no success in a newer run."""
    state_of: dict[Run, str] = {}
    for run in task_window(runs):
        states = [i.state for i in instances if i.run_id == run.run_id and i.task_id == task_id]
        if states:
            state_of[run] = folded(states)
    successes = [run for run, state in state_of.items() if state == "success"]
    return sum(
        extends(state) and not any(newer(success, run) for success in successes)
        for run, state in state_of.items()
    )


def ancestors(task_id: str, upstream: Mapping[str, Iterable[str]]) -> set[str]:
    """Parents, their parents, and so on."""
    parents = set(upstream.get(task_id, ()))
    return parents.union(*(ancestors(parent, upstream) for parent in parents))
