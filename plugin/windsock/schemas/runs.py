"""One Dag run: its task instances by first cause and cascade."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from windsock.schemas.common import Answer, ErrorLine, RunItem, RunLevelCause, RunRef


class RunTask(Answer):
    """One task of a run; mapped instances are folded, the worst state first."""

    task_id: str
    state: str | None = Field(description="Null before Airflow scheduled it")
    role: Literal["first_cause", "failed_after", "cascade", "other"] = Field(
        description="first_cause: failed with no failed ancestor; failed_after: failed below another failure; "
        "cascade: upstream_failed; other: the rest"
    )
    mapped: bool
    states: dict[str, int] = Field(description="Instances by state")
    map_index: int = Field(description="Of the instance that is shown: the worst; -1 when not mapped")
    try_number: int
    operator: str | None = None
    start_date: datetime | None = Field(default=None, description="Earliest start, UTC")
    end_date: datetime | None = Field(
        default=None, description="Latest end, UTC; null while any is unfinished"
    )
    queued_s: float | None = Field(
        default=None, description="From queued to started, seconds; longest over instances"
    )
    duration_s: float | None = Field(default=None, description="Seconds; longest over instances")
    took_down: list[str] = Field(
        default=[], description="For a first cause: the tasks that did not run because of it"
    )
    error: ErrorLine | None = Field(default=None, description="For a failed task")


class RunDetail(Answer):
    """One Dag run."""

    dag_id: str
    dag_display_name: str
    run: RunItem
    marked_by: str | None = Field(
        default=None, description="The person who set the run's state, when the caller may know"
    )
    marked_by_person: bool = Field(description="Whether a person set the run's state")
    run_level_cause: RunLevelCause | None = None
    states: dict[str, int] = Field(description="Task instances by state, 'none' for not yet scheduled")
    tasks: list[RunTask] = Field(
        description="First causes first, then what they took down, then the rest by start"
    )
    tasks_allowed: bool
    truncated: bool = Field(description="True when the run holds more than could be listed")
    newer_run: RunRef | None = None
    older_run: RunRef | None = None
    last_good_run: RunRef | None = Field(
        default=None, description="Newest successful counting run before this one"
    )
    pending_errors: int
