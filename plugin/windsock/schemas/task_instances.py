"""One task instance: what happened in it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from windsock.schemas.common import Answer, ErrorLine, Frame, RunItem


class Try(Answer):
    """One try of a task instance."""

    try_number: int
    state: str | None
    scheduled_at: datetime | None = Field(default=None, description="UTC")
    queued_at: datetime | None = Field(default=None, description="UTC")
    start_date: datetime | None = Field(default=None, description="UTC")
    end_date: datetime | None = Field(default=None, description="UTC")
    queued_s: float | None = Field(default=None, description="From queued to started, seconds")
    duration_s: float | None = Field(default=None, description="Seconds")
    hostname: str | None = None
    pool: str | None = None
    queue: str | None = None
    error: ErrorLine | None = Field(
        default=None, description="Of a failed try; the same signature: the same failure"
    )


class LogRecord(Answer):
    """One line of a task log."""

    timestamp: datetime | None = Field(default=None, description="UTC; null for lines without one")
    level: str | None = None
    logger: str | None = None
    text: str


class ErrorDetail(ErrorLine):
    """The error of a try with its traceback."""

    chain: list[str] = Field(
        default=[], description="The exceptions of the chain, root first, as 'Type: message'"
    )
    frames: list[Frame] = Field(default=[], description="Of the root exception, outermost first")
    tail: list[LogRecord] = Field(
        default=[], description="The last lines of the log, when no traceback was found"
    )


class MapSummary(Answer):
    """The instances of a mapped task in this run."""

    states: dict[str, int] = Field(description="Instances by state")
    failed_map_indexes: list[int] = Field(description="At most 50, lowest first")


class TaskInstanceDetail(Answer):
    """One task instance."""

    dag_id: str
    dag_display_name: str
    run: RunItem
    task_id: str
    map_index: int
    rendered_map_index: str | None = None
    state: str | None
    operator: str | None = None
    try_number: int
    max_tries: int = Field(description="Tries that Airflow allows, as Airflow counts them")
    pool: str | None = None
    queue: str | None = None
    executor: str | None = None
    marked_by: str | None = Field(
        default=None, description="The person who set the state, when the caller may know"
    )
    marked_by_person: bool
    tries: list[Try] = Field(description="Oldest first")
    shown_try: int = Field(description="The try whose error is shown")
    error: ErrorDetail | None = Field(default=None, description="Null when the shown try did not fail")
    mapped: MapSummary | None = None
    pending_errors: int
