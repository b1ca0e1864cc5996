"""Incidents: the open problems of a fleet, which is worst, and how many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Generic
from urllib.parse import quote

from .streaks import DagStreak, Run, Run_co


class IncidentKind(str, Enum):
    """What kind of problem an incident is, worst first."""

    FAILING = "failing"
    PAUSED_BY_AIRFLOW = "paused_by_airflow"
    IMPORT_ERROR = "import_error"


# Without slots: a frozen generic class with slots cannot be made as Class[Type](…) in Python 3.10 to 3.12.
@dataclass(frozen=True)
class Incident(Generic[Run_co]):
    """An open problem of one Dag or, for an import error, of one file."""

    kind: IncidentKind
    dag_ids: tuple[str, ...]
    """The Dag; for an import error the Dags that the file used to hold, by id, maybe none."""
    opened_at: datetime
    """When it began: a Dag's "failing since", the moment of the pause, or since when the file is broken."""
    streak: DagStreak[Run_co] | None = None
    """How the Dag stands (for a paused one: as it stood then); None for an import error."""
    bundle_name: str | None = None
    """Of an import error: the bundle of the file, where Airflow records it."""
    filename: str | None = None
    """Of an import error: the file, as Airflow's ``import_error`` names it."""

    @property
    def key(self) -> str:
        """What makes two sightings the same incident: the kind and the Dag or file, never a run."""
        is_file = self.kind is IncidentKind.IMPORT_ERROR
        subject = (self.bundle_name or "", self.filename or "") if is_file else self.dag_ids
        return ":".join([self.kind.value, *(quote(part, safe="") for part in subject)])


@dataclass(frozen=True, slots=True)
class IncidentTotals:
    """How many incidents are open, by kind."""

    failing: int
    paused_by_airflow: int
    import_error: int

    @property
    def incidents(self) -> int:
        """All of them."""
        return self.failing + self.paused_by_airflow + self.import_error


def dag_incident(
    dag_id: str,
    streak: DagStreak[Run],
    *,
    is_paused: bool,
    paused_by_airflow_at: datetime | None,
) -> Incident[Run] | None:
    """The incident of one Dag, if it has one.

    A Dag that Airflow paused has the incident *paused by Airflow*, which carries the streak that led to it.
    Any other pause ends the incident: a paused Dag is not failing, it is paused.

    :param paused_by_airflow_at: the time of the newest of the Dag's pause and unpause records, if that record
        is the scheduler's own pause; None for every other newest record and without one.
    """
    if is_paused:
        if paused_by_airflow_at is None:
            return None
        return Incident(IncidentKind.PAUSED_BY_AIRFLOW, (dag_id,), paused_by_airflow_at, streak)
    if streak.failing_since is None:
        return None
    return Incident(IncidentKind.FAILING, (dag_id,), streak.failing_since, streak)


def import_error_incident(
    filename: str, bundle_name: str | None, dag_ids: Collection[str], opened_at: datetime
) -> Incident[Run]:
    """The incident of a file that does not import, whether its Dags are stale by now or not.

    :param dag_ids: the Dags that the file used to hold, stale ones included.
    :param opened_at: since when. Airflow moves the time of an import error at every parse; the newest
        ``last_parsed_time`` of the file's Dags, where there are any, is when the file was last good.
    """
    return Incident(
        IncidentKind.IMPORT_ERROR,
        tuple(sorted(dag_ids)),
        opened_at,
        bundle_name=bundle_name,
        filename=filename,
    )


_KIND_RANK = {kind: rank for rank, kind in enumerate(IncidentKind)}


def worst_first(incidents: Iterable[Incident[Run]]) -> list[Incident[Run]]:
    """By kind, then the most recently opened: tonight's stands above what has been broken since spring."""
    by_key = sorted(incidents, key=lambda incident: incident.key)
    newest_opened_first = sorted(by_key, key=lambda incident: incident.opened_at, reverse=True)
    return sorted(newest_opened_first, key=lambda incident: _KIND_RANK[incident.kind])


def incident_totals(incidents: Iterable[Incident[Run]]) -> IncidentTotals:
    """Counts the incidents that are listed, and no others."""
    counts = dict.fromkeys(IncidentKind, 0)
    for incident in incidents:
        counts[incident.kind] += 1
    return IncidentTotals(
        failing=counts[IncidentKind.FAILING],
        paused_by_airflow=counts[IncidentKind.PAUSED_BY_AIRFLOW],
        import_error=counts[IncidentKind.IMPORT_ERROR],
    )
