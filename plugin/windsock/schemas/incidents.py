"""Incidents: the open problems of the fleet."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from windsock.schemas.common import Answer, ErrorLine, FailingTask, RunLevelCause, RunRef, Streak, Totals

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


class IncidentPage(Answer):
    """Incidents, worst first."""

    totals: Totals
    matching: int = Field(description="How many incidents match the filter, over all pages")
    offset: int
    items: list[Incident]
    pending_errors: int = Field(description="How many rows of this page wait for their error to be read")


class Home(Answer):
    """What the home page's widget shows."""

    totals: Totals
    worst: list[Incident] = Field(description="At most three, worst first")
    pending_errors: int
