"""Incidents: the open problems of the fleet."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from windsock.schemas.common import (
    Answer,
    ErrorClassName,
    ErrorLine,
    FailingTask,
    RunLevelCause,
    RunRef,
    Streak,
    Totals,
)

IncidentKind = Literal["failing", "paused_by_airflow", "import_error"]


class Incident(Answer):
    """One open problem of one Dag, or of one file that does not import."""

    key: str = Field(description="Stable while the incident is open, e.g. failing:orders_daily")
    kind: IncidentKind
    opened_at: datetime = Field(description="UTC")
    dag_id: str | None = Field(default=None, description="Null for an import error")
    dag_display_name: str | None = None
    file: str | None = Field(default=None, description="Path inside the bundle; for an import error")
    bundle_name: str | None = None
    file_dag_ids: list[str] = Field(default=[], description="The Dags that the file used to hold")
    owners: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    streak: Streak | None = None
    newest_failed_run: RunRef | None = None
    causes: list[FailingTask] = Field(default=[], description="First causes in the newest failed run")
    run_level_cause: RunLevelCause | None = None
    error: ErrorLine = Field(description="The line to show: of the first cause, or of the import error")


class Group(Answer):
    """Open incidents whose failures share a signature, over the Dags whose logs the caller may read."""

    signature: str
    title: str = Field(description="What the failures have in common, in words")
    error_class: ErrorClassName
    evidence: str | None = Field(default=None, description="The line that decided the class")
    incident_keys: list[str] = Field(
        description="Its incidents, worst first; one incident may be in several groups"
    )
    dag_ids: list[str]
    tasks: int = Field(description="How many tasks of these Dags failed with it")
    instances: int = Field(description="How many task instances, mapped ones counted singly")
    since: datetime = Field(description="Earliest opening of its incidents, UTC")
    came_back: bool = Field(
        description="Whether one of its Dags failed with it before its last good run, too"
    )


class IncidentPage(Answer):
    """Incidents, worst first."""

    totals: Totals
    matching: int = Field(description="How many incidents match the filter, over all pages")
    offset: int
    items: list[Incident]
    groups: list[Group] = Field(
        description="Of all matching incidents whose error is known, in the order of their worst incident"
    )
    causes: int = Field(
        description="How many different causes the matching incidents have, as far as known: groups, and those in none"
    )
    pending_errors: int = Field(description="How many errors of the matching incidents are still being read")


class Home(Answer):
    """What the home page's widget shows."""

    totals: Totals
    worst: list[Incident] = Field(description="At most three, worst first")
    causes: int = Field(description="How many different causes the incidents have, as far as known")
    pending_errors: int
