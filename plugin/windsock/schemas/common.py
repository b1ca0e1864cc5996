"""Parts that several answers share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(description="Seconds")]


class Answer(BaseModel):
    """Base of every answer: unknown fields are a fault of ours, so they are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


HealthName = Literal["failing", "warning", "ok", "unknown", "hidden"]
"""The health of a Dag, worst first; ``hidden`` when the caller may read the Dag but not its runs."""

ErrorClassName = Literal["infrastructure", "dependency", "data", "code", "timeout", "killed", "unknown"]

WarningName = Literal["retry_pending", "running_with_failed_task", "succeeded_with_failed_task"]


class RunRef(Answer):
    """Enough of a Dag run to name it, link to it and say when it was."""

    run_id: str
    run_type: str = Field(description="As Airflow has it; a type this version does not know is passed on")
    state: str
    run_after: datetime = Field(description="The moment by which runs are ordered, UTC")
    start_date: datetime | None = Field(default=None, description="UTC")
    end_date: datetime | None = Field(default=None, description="UTC")


class RunItem(RunRef):
    """One Dag run as a bar or a row."""

    logical_date: datetime | None = Field(
        default=None, description="For display only, UTC; null for many runs"
    )
    queued_at: datetime | None = Field(default=None, description="UTC")
    queued_s: float | None = Field(default=None, description="From queued to started, seconds")
    duration_s: float | None = Field(
        default=None, description="From start to end, seconds; null while unfinished"
    )
    counting: bool = Field(
        description="Whether it counts for streak and success rate (finished and no backfill)"
    )
    backfill: bool = Field(description="Whether a backfill made it or took it over")
    clear_number: int = Field(description="How often the run was cleared")
    partition_key: str | None = None


class Streak(Answer):
    """How many of the newest counting runs failed without a success between them."""

    length: int
    at_bound: bool = Field(description="True when there may be more than `length`: shown as '200+'")
    failing_since: datetime | None = Field(
        default=None, description="Earliest end of a failure in the streak, UTC"
    )
    rerunning_since: datetime | None = Field(
        default=None,
        description="When the re-run of a cleared failure began, UTC; null when none is under way",
    )
    first_bad_run: RunRef | None = None
    last_good_run: RunRef | None = None


class Frame(Answer):
    """One frame of a traceback."""

    file: str
    line: int | None = None
    function: str | None = None
    code: str | None = Field(default=None, description="The source line, when the log holds it")
    own: bool = Field(default=False, description="Whether it is the user's own code, not a library's")


class ErrorLine(Answer):
    """The error of one failed try, as far as it is known and permitted."""

    state: Literal["known", "pending", "absent", "forbidden", "unreadable"] = Field(
        description=(
            "known: read from the log; pending: being read, ask again; absent: the log holds no error or there is no "
            "log; forbidden: the caller may not read this Dag's task logs; unreadable: the log store did not answer"
        )
    )
    signature: str | None = Field(
        default=None, description="Equal for failures that are the same; carries the version of the algorithm"
    )
    title: str | None = Field(
        default=None, description="What failures of this signature have in common, in words"
    )
    error_class: ErrorClassName | None = Field(default=None, description="What kind of failure it looks like")
    evidence: str | None = Field(default=None, description="The line that made us say so")
    certain: bool = Field(
        default=True,
        description="False when the log does not say how the try ended: it is the last error in it, or concluded",
    )
    type: str | None = Field(default=None, description="The exception's type, e.g. ConnectionError")
    message: str | None = None
    frame: Frame | None = Field(default=None, description="The innermost frame of the user's own code")
    reason: str | None = Field(default=None, description="In words: why there is no error text")


class FailingTask(Answer):
    """A failed task of a run: mapped instances of one task are folded into one."""

    task_id: str
    run_id: str
    state: str
    map_index: int = Field(description="Of the instance whose error is shown; -1 when the task is not mapped")
    failed_instances: int = Field(description="How many instances of this task failed in this run")
    try_number: int
    end_date: datetime | None = Field(default=None, description="UTC")
    error: ErrorLine


class RunLevelCause(Answer):
    """Why a run failed in which no task failed."""

    kind: Literal["timed_out", "deadlocked", "marked_by_person", "unknown"]
    inferred: bool = Field(description="True where Airflow does not record it and it was concluded")


class Totals(Answer):
    """Numbers over the fleet of the caller: made from the same items as the rows below them."""

    incidents: int
    dags: int = Field(description="Dags of the fleet that are not paused")
    failing: int
    warning: int
    ok: int
    unknown: int
    hidden: int = Field(description="Dags whose runs the caller may not read")
    paused: int
    last_failure_at: datetime | None = Field(default=None, description="Newest end of a failed run, UTC")
    last_failure_dag_id: str | None = None
