"""Mapped instances of a task in a run, folded into one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from windsock.metadata.rows import StateCount, TaskInstanceRow, TaskInstancesOfRun
from windsock.routes.present import seconds_between

_WORST_FIRST: Final = (
    "failed",
    "up_for_retry",
    "upstream_failed",
    "running",
    "restarting",
    "awaiting_input",
    "deferred",
    "up_for_reschedule",
    "queued",
    "scheduled",
    "none",
    "success",
    "skipped",
    "removed",
)
_RANK: Final = {state: rank for rank, state in enumerate(_WORST_FIRST)}
FINISHED: Final = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
FAILED_TRY: Final = frozenset({"failed", "up_for_retry"})
"""States in which the last try of a task instance has failed."""


def state_name(state: str | None) -> str:
    """The state in words; Airflow has none before it scheduled the task."""
    return state if state is not None else "none"


def _rank(state: str) -> int:
    # A state that this version does not know is unfinished and shown as such.
    return _RANK.get(state, _RANK["queued"])


@dataclass(frozen=True, slots=True)
class FoldedTask:
    """One task in one run."""

    run_id: str
    task_id: str
    state: str | None
    """The worst of its instances."""
    states: dict[str, int]
    """Instances by state, those that were not read in full included."""
    shown: TaskInstanceRow
    """The instance that speaks for all: the worst, the lowest map index among equals."""
    mapped: bool
    start_date: datetime | None
    end_date: datetime | None
    queued_s: float | None
    duration_s: float | None

    @property
    def failed_instances(self) -> int:
        """How many instances failed."""
        return self.states.get("failed", 0)


def fold_tasks(found: TaskInstancesOfRun) -> dict[tuple[str, str], FoldedTask]:
    """Return one row per run and task."""
    instances: dict[tuple[str, str], list[TaskInstanceRow]] = {}
    for instance in found.instances:
        instances.setdefault((instance.run_id, instance.task_id), []).append(instance)
    counts: dict[tuple[str, str], list[StateCount]] = {}
    for count in found.counts:
        counts.setdefault((count.run_id, count.task_id), []).append(count)
    return {key: _fold(key, of_task, counts.get(key, ())) for key, of_task in instances.items()}


def _fold(key: tuple[str, str], instances: list[TaskInstanceRow], counts: Iterable[StateCount]) -> FoldedTask:
    states: dict[str, int] = {}
    for count in counts:
        states[state_name(count.state)] = states.get(state_name(count.state), 0) + count.count
    if not states:
        for instance in instances:
            states[state_name(instance.state)] = states.get(state_name(instance.state), 0) + 1
    shown = min(instances, key=lambda instance: (_rank(state_name(instance.state)), instance.map_index))
    finished = all(state in FINISHED for state in states)
    ends = [instance.end_date for instance in instances if instance.end_date is not None]
    return FoldedTask(
        run_id=key[0],
        task_id=key[1],
        state=shown.state,
        states=dict(sorted(states.items(), key=lambda item: _rank(item[0]))),
        shown=shown,
        mapped=shown.map_index >= 0 or sum(states.values()) > 1,
        start_date=min((instance.start_date for instance in instances if instance.start_date), default=None),
        end_date=max(ends) if finished and ends else None,
        queued_s=_longest(
            seconds_between(instance.queued_dttm, instance.start_date) for instance in instances
        ),
        duration_s=_longest(instance.duration_s for instance in instances),
    )


def _longest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
