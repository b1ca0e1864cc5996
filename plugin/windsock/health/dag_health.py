"""The health of a Dag, why it is no better than that, and how many Dags there are of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from .model import FAILED, RUNNING, SUCCESS, UP_FOR_RETRY, Health, RunFacts
from .streaks import DagStreak, Run, is_backfill, is_counting, newest_first


class WarningReason(str, Enum):
    """What makes a Dag that is not failing worth a look."""

    RETRY_PENDING = "retry_pending"
    """A task of a running run waits for a retry."""
    RUNNING_WITH_FAILED_TASK = "running_with_failed_task"
    """A running run already has a failed task."""
    SUCCEEDED_WITH_FAILED_TASK = "succeeded_with_failed_task"
    """The newest counting run succeeded although a task in it ended failed."""


class Standing(str, Enum):
    """Where a Dag is listed and counted: under its health, or, while paused, under *paused* alone."""

    FAILING = "failing"
    WARNING = "warning"
    OK = "ok"
    UNKNOWN = "unknown"
    PAUSED = "paused"


class DagStandingFacts(Protocol):
    """A Dag of the fleet, judged."""

    @property
    def health(self) -> Health: ...

    @property
    def is_paused(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class DagTotals:
    """How many Dags stand where. Paused Dags are in no number but their own."""

    failing: int
    warning: int
    ok: int
    unknown: int
    paused: int

    @property
    def active(self) -> int:
        """The Dags that are not paused."""
        return self.failing + self.warning + self.ok + self.unknown


def judge(streak: DagStreak[RunFacts], warnings: Collection[WarningReason]) -> Health:
    """The health of a Dag, worst first. A paused Dag has one too; see :func:`standing`."""
    if streak.failing:
        return Health.FAILING
    if warnings:
        return Health.WARNING
    if streak.newest_counting is not None:
        return Health.OK
    return Health.UNKNOWN


def runs_to_inspect(runs: Iterable[Run]) -> list[Run]:
    """The runs of one Dag whose task instances can be a reason for a warning, newest first.

    These are the running runs that are no backfill, and the newest counting run if it succeeded.
    """
    inspected: list[Run] = []
    newest_counting_met = False
    for run in newest_first(runs):
        if is_counting(run):
            if not newest_counting_met and run.state == SUCCESS:
                inspected.append(run)
            newest_counting_met = True
        elif run.state == RUNNING and not is_backfill(run):
            inspected.append(run)
    return inspected


def warning_reasons(
    runs: Iterable[RunFacts], task_states: Mapping[str, Collection[str | None]]
) -> tuple[WarningReason, ...]:
    """Why a Dag deserves a warning, in the order of :class:`WarningReason`.

    :param runs: the newest runs of the Dag, in any order.
    :param task_states: by run id, the states that occur among the run's task instances. Runs that are not in
        :func:`runs_to_inspect` are not looked at; a run that is missing here has nothing to say.
    """
    found: set[WarningReason] = set()
    for run in runs_to_inspect(runs):
        states = task_states.get(run.run_id, ())
        if run.state == RUNNING:
            if UP_FOR_RETRY in states:
                found.add(WarningReason.RETRY_PENDING)
            if FAILED in states:
                found.add(WarningReason.RUNNING_WITH_FAILED_TASK)
        elif FAILED in states:
            found.add(WarningReason.SUCCEEDED_WITH_FAILED_TASK)
    return tuple(reason for reason in WarningReason if reason in found)


def standing(dag: DagStandingFacts) -> Standing:
    """Where a Dag is listed: filters and totals both ask here, so that they agree."""
    return Standing.PAUSED if dag.is_paused else Standing(dag.health.value)


def dag_totals(dags: Iterable[DagStandingFacts]) -> DagTotals:
    """Counts the Dags that are listed, and no others."""
    counts = dict.fromkeys(Standing, 0)
    for dag in dags:
        counts[standing(dag)] += 1
    return DagTotals(
        failing=counts[Standing.FAILING],
        warning=counts[Standing.WARNING],
        ok=counts[Standing.OK],
        unknown=counts[Standing.UNKNOWN],
        paused=counts[Standing.PAUSED],
    )
