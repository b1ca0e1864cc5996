"""Dags: the rows of the fleet and one Dag in detail."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from windsock.schemas.common import (
    Answer,
    FailingTask,
    HealthName,
    RunItem,
    RunLevelCause,
    RunRef,
    Streak,
    Totals,
    WarningName,
)
from windsock.schemas.incidents import Incident


class Strip(Answer):
    """The newest runs of a Dag as parallel lists, oldest first; lists, because a page holds thousands of runs."""

    run_ids: list[str]
    states: list[str]
    run_afters: list[datetime] = Field(description="UTC")
    durations_s: list[float | None] = Field(description="Seconds; null while unfinished")
    queued_s: list[float | None] = Field(description="Wait from queued to started, seconds")
    backfill: list[int] = Field(
        description="Positions in these lists of runs that a backfill made or took over"
    )


class DagItem(Answer):
    """One Dag as a row of the fleet."""

    dag_id: str
    display_name: str
    health: HealthName = Field(
        description="For a paused Dag: what it would be; it is in no total but `paused`"
    )
    warnings: list[WarningName] = Field(default_factory=list)
    paused: bool
    paused_by_airflow: bool = Field(
        description="Airflow paused it after too many failed runs, and nobody has since"
    )
    streak: Streak | None = None
    successes: int = Field(description="Among the last 25 counting runs")
    counting_runs: int = Field(description="How many counting runs that is out of, at most 25")
    last_duration_s: float | None = Field(default=None, description="Of the newest finished run, seconds")
    typical_duration_s: float | None = Field(
        default=None,
        description="Median of the last 30 successful durations, at least 7, seconds; null while learning",
    )
    running_since: datetime | None = Field(default=None, description="Start of the oldest running run, UTC")
    running_run_id: str | None = None
    next_run_at: datetime | None = Field(default=None, description="When the next run is created, UTC")
    schedule: str | None = Field(default=None, description="Airflow's summary of the timetable")
    schedule_description: str | None = None
    owners: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    strip: Strip


class DagPage(Answer):
    """Dags that match a filter, sorted, from an offset on."""

    totals: Totals
    matching: int = Field(description="How many Dags match the filter, over all pages")
    offset: int
    items: list[DagItem]


class Facet(Answer):
    """A value to filter by, and how many Dags have it."""

    value: str
    dags: int


class Facets(Answer):
    """What the fleet can be filtered by."""

    owners: list[Facet]
    tags: list[Facet]


class TaskStreak(Answer):
    """How often a task was unsuccessful in the newest runs that are no backfill, without a success between."""

    dag_id: str
    task_id: str
    unsuccessful: int = Field(description="Runs in failed or up for retry")
    unsuccessful_at_bound: bool = Field(
        description="True when the bound of 25 runs was reached: shown as '25+'"
    )
    failed: int = Field(description="Runs in failed")
    failed_at_bound: bool


class TaskStreaks(Answer):
    """The task streaks of the fleet that are not zero, longest first."""

    matching: int
    offset: int
    items: list[TaskStreak]


class DagDetail(Answer):
    """One Dag: its row, its incident, its runs, its failing tasks."""

    dag: DagItem
    description: str | None = None
    file: str | None = Field(default=None, description="Path inside the bundle")
    incidents: list[Incident]
    runs: list[RunItem] = Field(description="Newest first")
    runs_allowed: bool = Field(description="Whether the caller may read runs of this Dag")
    failing_tasks: list[FailingTask] = Field(
        description="First causes in the newest failed run of the streak"
    )
    run_level_cause: RunLevelCause | None = None
    newest_failed_run: RunRef | None = None
    task_streaks: list[TaskStreak]
    tasks_allowed: bool = Field(description="Whether the caller may read task instances of this Dag")
    pending_errors: int
