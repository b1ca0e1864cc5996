"""Streaks of single tasks, over the newest runs of their Dag."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from .model import FAILED, REMOVED, SKIPPED, SUCCESS, UP_FOR_RETRY, UPSTREAM_FAILED, RunFacts, TaskStateFacts
from .streaks import Run, is_backfill, newest_first

WINDOW_RUNS: Final = 25
"""Over how many runs a task streak is counted."""

UNFINISHED: Final = "unfinished"
"""The folded state of a task that has not ended: not scheduled, waiting, queued, running or deferred."""

_WORST_FIRST: Final = (FAILED, UP_FOR_RETRY, UNFINISHED, SUCCESS, SKIPPED, UPSTREAM_FAILED, REMOVED)
_RANK: Final = {state: rank for rank, state in enumerate(_WORST_FIRST)}


@dataclass(frozen=True, slots=True)
class TaskStreak:
    """How often in a row a task did not succeed, up to :data:`WINDOW_RUNS`."""

    task_id: str
    unsuccessful: int
    """Runs in which the task is failed or waits for a retry, without a success between them."""
    failed: int
    """Runs in which the task is failed, without a success between them."""

    @property
    def unsuccessful_at_bound(self) -> bool:
        """True when every run of the window counts: to be shown as "25+"."""
        return self.unsuccessful >= WINDOW_RUNS

    @property
    def failed_at_bound(self) -> bool:
        """True when every run of the window counts: to be shown as "25+"."""
        return self.failed >= WINDOW_RUNS


def window(runs: Iterable[Run]) -> list[Run]:
    """The newest 25 runs of one Dag that are no backfill, unfinished ones included, newest first."""
    return list(islice((run for run in newest_first(runs) if not is_backfill(run)), WINDOW_RUNS))


def fold(states: Iterable[str | None]) -> str:
    """The one state of a task in a run, from the states of its mapped instances, worst first.

    An upstream failure and a removed instance say nothing about the task itself and show only when no other
    instance does. A state that we do not know is unfinished. ``states`` must not be empty.
    """
    return min((state if state in _RANK else UNFINISHED for state in states), key=_rank)


def _rank(state: str | None) -> int:
    return _RANK[state or UNFINISHED]


def task_streaks(
    runs: Iterable[RunFacts],
    task_states: Iterable[TaskStateFacts],
    current_task_ids: Collection[str] | None,
) -> dict[str, TaskStreak]:
    """The streak of each task of one Dag that has an instance in the window, by task id.

    :param runs: the newest runs of the Dag, in any order; backfills and runs beyond the window are left out.
    :param task_states: task instances of these runs, in any order; one per state and task of a run is enough.
    :param current_task_ids: the tasks of the newest Dag version; others are left out. None when that version
        is not known: then every task is kept.
    """
    newest = [run.run_id for run in window(runs)]
    states_by_task: dict[str, dict[str, list[str | None]]] = {}
    wanted = set(newest)
    for instance in task_states:
        if instance.run_id not in wanted:
            continue
        if current_task_ids is not None and instance.task_id not in current_task_ids:
            continue
        by_run = states_by_task.setdefault(instance.task_id, {})
        by_run.setdefault(instance.run_id, []).append(instance.state)
    return {
        task_id: _streak(task_id, [fold(by_run[run_id]) for run_id in newest if run_id in by_run])
        for task_id, by_run in states_by_task.items()
    }


def _streak(task_id: str, newest_first_states: list[str]) -> TaskStreak:
    unsuccessful = failed = 0
    for state in newest_first_states:
        if state == SUCCESS:
            break
        if state == FAILED:
            failed += 1
        if state in (FAILED, UP_FOR_RETRY):
            unsuccessful += 1
    return TaskStreak(task_id=task_id, unsuccessful=unsuccessful, failed=failed)
