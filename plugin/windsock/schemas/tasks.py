"""One task over the runs of its Dag."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from windsock.schemas.common import Answer, ErrorLine, RunItem
from windsock.schemas.dags import TaskStreak


class TaskRun(Answer):
    """A task in one run; mapped instances are folded, the worst state first."""

    run: RunItem
    state: str | None
    states: dict[str, int] = Field(description="Instances by state")
    map_index: int = Field(description="Of the instance that is shown: the worst; -1 when not mapped")
    try_number: int
    queued_s: float | None = Field(default=None, description="Longest over instances, seconds")
    duration_s: float | None = Field(default=None, description="Longest over instances, seconds")
    start_date: datetime | None = Field(default=None, description="UTC")
    end_date: datetime | None = Field(default=None, description="UTC")
    hostname: str | None = None


class TaskDetail(Answer):
    """One task over the newest runs."""

    dag_id: str
    dag_display_name: str
    task_id: str
    operator: str | None = None
    streak: TaskStreak
    runs: list[TaskRun] = Field(description="Newest first")
    median_duration_s: float | None = Field(
        default=None, description="Of its successes in these runs, seconds"
    )
    success_runs: int
    finished_runs: int
    error: ErrorLine | None = Field(
        default=None, description="Of the newest failure, when the streak is not zero"
    )
    error_run_id: str | None = None
    error_map_index: int | None = None
    pending_errors: int
