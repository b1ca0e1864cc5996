"""The same failure elsewhere, and the failures of one Dag or task over its newest runs."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from windsock.schemas.common import Answer, ErrorClassName


class Sighting(Answer):
    """A task that failed with a signature."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    failed_at: datetime | None = Field(default=None, description="UTC")


class Elsewhere(Answer):
    """Where else a failure is seen: in the open incidents of the Dags whose logs the caller may read."""

    signature: str | None = Field(description="Null while it is not known")
    title: str | None = None
    dags: int = Field(description="How many Dags have it, this one included")
    tasks: int = Field(description="How many tasks have it, this one included")
    first_seen: datetime | None = Field(default=None, description="UTC")
    last_seen: datetime | None = Field(default=None, description="UTC")
    others: list[Sighting] = Field(description="Other tasks, newest first, at most 50")
    pending_errors: int


class SignatureCount(Answer):
    """One kind of failure of a Dag or task."""

    signature: str
    title: str
    error_class: ErrorClassName
    evidence: str | None = None
    runs: int = Field(description="In how many of the newest runs")
    task_ids: list[str]
    first_seen: datetime = Field(description="UTC")
    last_seen: datetime = Field(description="UTC")
    newest: Sighting


class Signatures(Answer):
    """The kinds of failures of a Dag or task over its newest runs, the latest first."""

    dag_id: str
    task_id: str | None = Field(default=None, description="Null for the whole Dag")
    runs: int = Field(description="How many runs were looked at")
    failed_runs: int = Field(description="How many of them have a failed task")
    flaky_runs: int = Field(
        description="How many finished runs succeeded only on a later try, with no clear or mark between"
    )
    finished_runs: int = Field(description="Of how many finished runs that is")
    allowed: bool = Field(description="Whether the caller may read the task logs of this Dag")
    items: list[SignatureCount]
    unread: int = Field(description="Failures whose log was not read: there are too many")
    pending_errors: int
