"""Why a run failed: its first causes, what they took down, or what ended the run as a whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from .durations import run_duration_s
from .model import FAILED, UPSTREAM_FAILED, RunFacts, TaskStateFacts

_NOT_STARTED = frozenset({None, "scheduled"})


class RunLevelKind(str, Enum):
    """What can fail a run in which no task failed."""

    TIMED_OUT = "timed_out"
    """The run took longer than the Dag's ``dagrun_timeout``."""
    DEADLOCKED = "deadlocked"
    """No task was left that could run, and some had not."""
    MARKED_BY_PERSON = "marked_by_person"
    NOT_RECORDED = "not_recorded"
    """Nothing points to one of the others; a task may have been cleared or marked since."""


@dataclass(frozen=True, slots=True)
class RunLevelCause:
    """What failed a run in which no task failed."""

    kind: RunLevelKind
    inferred: bool
    """True when Airflow has not recorded it and the facts only point to it."""


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """What is known of a failed run beside its task instances."""

    marked_by_person: bool | None = None
    """Whether Airflow's audit log says that a person set the run's state; None when it was not asked."""
    timeout_s: float | None = None
    """The Dag's ``dagrun_timeout`` in seconds, ``math.inf`` for a Dag without one; None when not known."""


@dataclass(frozen=True, slots=True)
class FirstCauses:
    """The failures of a run, by what came first. Mapped instances count as one task."""

    causes: tuple[str, ...]
    """Failed tasks with no failed task among their ancestors, by task id."""
    cascade: Mapping[str, tuple[str, ...]]
    """By cause, the failed and upstream-failed tasks downstream of it; a task may be under several causes."""
    unexplained: tuple[str, ...]
    """Upstream-failed tasks without a cause among their ancestors: what failed them was changed since."""
    run_level_cause: RunLevelCause | None
    """For a failed run without a failed task; None for every other run."""


def first_causes(
    run: RunFacts,
    task_states: Iterable[TaskStateFacts],
    upstream: Mapping[str, Collection[str]],
    evidence: RunEvidence = RunEvidence(),
) -> FirstCauses:
    """Separates first causes from their cascade, whatever the trigger rules.

    :param task_states: all task instances of the run, in any order.
    :param upstream: the tasks directly before each task, in the Dag version that the run used. Ancestors are
        looked for through tasks of any state; a task that is not in it has none.
    """
    states_by_task: dict[str, set[str | None]] = {}
    for instance in task_states:
        states_by_task.setdefault(instance.task_id, set()).add(instance.state)
    failed = {task_id for task_id, states in states_by_task.items() if FAILED in states}
    taken_down = {task_id for task_id, states in states_by_task.items() if UPSTREAM_FAILED in states} - failed

    downstream = _downstream(upstream)
    causes = sorted(failed - _descendants(failed, downstream))
    below = {cause: _descendants([cause], downstream) for cause in causes}
    explained: set[str] = set().union(*below.values())
    return FirstCauses(
        causes=tuple(causes),
        cascade={cause: tuple(sorted((failed | taken_down) & below[cause])) for cause in causes},
        unexplained=tuple(sorted(taken_down - explained)),
        run_level_cause=None
        if failed or run.state != FAILED
        else _run_level_cause(run, states_by_task, evidence),
    )


def _downstream(upstream: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    downstream: dict[str, list[str]] = {}
    for task_id, parents in upstream.items():
        for parent in parents:
            downstream.setdefault(parent, []).append(task_id)
    return downstream


def _descendants(task_ids: Iterable[str], downstream: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    to_visit = deque(task_ids)
    while to_visit:
        for child in downstream.get(to_visit.popleft(), ()):
            if child not in found:
                found.add(child)
                to_visit.append(child)
    return found


def _run_level_cause(
    run: RunFacts, states_by_task: Mapping[str, Collection[str | None]], evidence: RunEvidence
) -> RunLevelCause:
    if evidence.marked_by_person:
        return RunLevelCause(RunLevelKind.MARKED_BY_PERSON, inferred=False)
    duration_s = run_duration_s(run)
    if evidence.timeout_s is not None and duration_s is not None and duration_s >= evidence.timeout_s:
        return RunLevelCause(RunLevelKind.TIMED_OUT, inferred=True)
    states = {state for of_task in states_by_task.values() for state in of_task}
    if UPSTREAM_FAILED in states:
        # Some task did fail, and is no longer in that state.
        return RunLevelCause(RunLevelKind.NOT_RECORDED, inferred=True)
    if states & _NOT_STARTED:
        # A run that times out or is marked leaves none of these: Airflow skips what had not started.
        return RunLevelCause(RunLevelKind.DEADLOCKED, inferred=True)
    if evidence.timeout_s is not None and evidence.marked_by_person is None:
        return RunLevelCause(RunLevelKind.MARKED_BY_PERSON, inferred=True)
    return RunLevelCause(RunLevelKind.NOT_RECORDED, inferred=True)
