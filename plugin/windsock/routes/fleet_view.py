"""The fleet as one caller may see it: the snapshot, filtered. Rows and totals are made from the same items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from windsock.access import Rights
from windsock.health.dag_health import judge
from windsock.health.durations import run_duration_s
from windsock.health.incidents import Incident, IncidentKind, dag_incident, import_error_incident, worst_first
from windsock.health.model import FAILED, RUNNING
from windsock.metadata.rows import ImportErrorRow, RunRow
from windsock.schemas.common import Totals
from windsock.schemas.dags import Facet
from windsock.snapshot import DagState, FleetSnapshot

T = TypeVar("T")

HEALTH_ORDER: Final = ("failing", "warning", "ok", "unknown", "hidden")


@dataclass(frozen=True, slots=True)
class SeenDag:
    """A Dag of the fleet and how much of it the caller may read."""

    state: DagState
    runs: bool
    tasks: bool
    logs: bool
    audit: bool

    @property
    def dag_id(self) -> str:
        return self.state.dag.dag_id

    @property
    def health(self) -> str:
        """The health as the caller may know it: warnings come from tasks, the rest from runs."""
        if not self.runs:
            return "hidden"
        return self.state.health.value if self.tasks else judge(self.state.streak, ()).value

    @property
    def counted_as(self) -> str:
        """Where the Dag is counted and listed: under its health, or while paused under *paused* alone."""
        return "paused" if self.state.dag.is_paused else self.health

    @property
    def paused_by_airflow(self) -> bool:
        """Whether Airflow paused it, for callers who may read its runs: the streak is why."""
        return self.state.dag.is_paused and self.runs and self.paused_by_airflow_at is not None

    @property
    def paused_by_airflow_at(self) -> datetime | None:
        """When Airflow paused it; None also for callers who may not know who paused what."""
        return self.state.paused_by_airflow_at if self.audit else None


@dataclass(frozen=True, slots=True)
class SeenIncident:
    """An incident that the caller may know of."""

    incident: Incident[RunRow]
    about: SeenDag | ImportErrorRow
    """The Dag, or the file that does not import."""
    owners: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FleetView:
    """What one caller may see of one snapshot."""

    dags: tuple[SeenDag, ...]
    incidents: tuple[SeenIncident, ...]
    totals: Totals
    owners: tuple[Facet, ...]
    tags: tuple[Facet, ...]

    def dag(self, dag_id: str) -> SeenDag | None:
        """Return one Dag of the fleet, None when the caller does not see it."""
        return next((seen for seen in self.dags if seen.dag_id == dag_id), None)

    def incidents_of(self, dag_id: str) -> tuple[SeenIncident, ...]:
        """Return the incidents of one Dag, those of its file included."""
        return tuple(seen for seen in self.incidents if dag_id in seen.incident.dag_ids)


def view(snapshot: FleetSnapshot, rights: Rights) -> FleetView:
    """Filter a snapshot by what a caller may read. Stale Dags are in no list and no number."""
    dags = tuple(
        SeenDag(
            state,
            runs=dag_id in rights.runs,
            tasks=dag_id in rights.task_instances,
            logs=dag_id in rights.task_logs,
            audit=dag_id in rights.audit_log,
        )
        for dag_id, state in snapshot.dags.items()
        if dag_id in rights.dags and not state.dag.is_stale
    )
    incidents = _incidents(snapshot, dags, rights)
    return FleetView(
        dags=dags,
        incidents=incidents,
        totals=_totals(dags, incidents),
        owners=_facets(owner for seen in dags for owner in seen.state.dag.owners),
        tags=_facets(tag for seen in dags for tag in seen.state.dag.tags),
    )


def _incidents(snapshot: FleetSnapshot, dags: Sequence[SeenDag], rights: Rights) -> tuple[SeenIncident, ...]:
    found: dict[str, SeenIncident] = {}
    for seen in dags:
        if not seen.runs:
            continue
        incident = dag_incident(
            seen.dag_id,
            seen.state.streak,
            is_paused=seen.state.dag.is_paused,
            paused_by_airflow_at=seen.paused_by_airflow_at,
        )
        if incident is not None:
            found[incident.key] = SeenIncident(incident, seen, seen.state.dag.owners, seen.state.dag.tags)
    if rights.import_errors:
        for broken in snapshot.import_errors:
            if not rights.dags.issuperset(broken.row.dag_ids) or broken.paused:
                continue
            incident = import_error_incident(
                broken.row.filename, broken.row.bundle_name, broken.row.dag_ids, broken.opened_at
            )
            holders = [snapshot.dags[dag_id].dag for dag_id in broken.row.dag_ids if dag_id in snapshot.dags]
            found[incident.key] = SeenIncident(
                incident,
                broken.row,
                tuple(sorted({owner for dag in holders for owner in dag.owners})),
                tuple(sorted({tag for dag in holders for tag in dag.tags})),
            )
    return tuple(found[incident.key] for incident in worst_first(seen.incident for seen in found.values()))


def _totals(dags: Sequence[SeenDag], incidents: Sequence[SeenIncident]) -> Totals:
    counts = Counter(seen.counted_as for seen in dags)
    newest: tuple[datetime, str] | None = None
    for seen in dags:
        if seen.runs and not seen.state.dag.is_paused:
            for run in seen.state.runs:
                if (
                    run.state == FAILED
                    and run.end_date is not None
                    and (newest is None or run.end_date > newest[0])
                ):
                    newest = (run.end_date, seen.dag_id)
    return Totals(
        incidents=len(incidents),
        dags=len(dags) - counts["paused"],
        failing=counts["failing"],
        warning=counts["warning"],
        ok=counts["ok"],
        unknown=counts["unknown"],
        hidden=counts["hidden"],
        paused=counts["paused"],
        last_failure_at=newest[0] if newest else None,
        last_failure_dag_id=newest[1] if newest else None,
    )


def _facets(values: Iterable[str]) -> tuple[Facet, ...]:
    return tuple(Facet(value=value, dags=count) for value, count in sorted(Counter(values).items()))


def holds(text: str, *places: str | None) -> bool:
    """Whether every word of ``text`` stands in one of the places, in any case."""
    haystack = "\n".join(place for place in places if place).casefold()
    return all(word in haystack for word in text.casefold().split())


def filter_dags(
    dags: Iterable[SeenDag],
    *,
    text: str,
    health: Sequence[str],
    owners: Sequence[str],
    tags: Sequence[str],
    paused: bool | None,
) -> list[SeenDag]:
    """Keep the Dags that match all filters; several values of one filter mean any of them.

    Filtering by a health asks where a Dag is counted, so paused Dags match none.
    """
    wanted_health, wanted_owners, wanted_tags = set(health), set(owners), set(tags)
    return [
        seen
        for seen in dags
        if (not wanted_health or seen.counted_as in wanted_health)
        and (not wanted_owners or wanted_owners.intersection(seen.state.dag.owners))
        and (not wanted_tags or wanted_tags.intersection(seen.state.dag.tags))
        and (paused is None or seen.state.dag.is_paused is paused)
        and holds(
            text,
            seen.dag_id,
            seen.state.dag.dag_display_name,
            *seen.state.dag.owners,
            *seen.state.dag.tags,
        )
    ]


def filter_incidents(
    incidents: Iterable[SeenIncident],
    *,
    text: str,
    kinds: Sequence[str],
    owners: Sequence[str],
    tags: Sequence[str],
) -> list[SeenIncident]:
    """Keep the incidents that match all filters; several values of one filter mean any of them."""
    wanted_kinds, wanted_owners, wanted_tags = set(kinds), set(owners), set(tags)
    return [
        seen
        for seen in incidents
        if (not wanted_kinds or seen.incident.kind.value in wanted_kinds)
        and (not wanted_owners or wanted_owners.intersection(seen.owners))
        and (not wanted_tags or wanted_tags.intersection(seen.tags))
        and holds(
            text,
            *seen.incident.dag_ids,
            *seen.owners,
            *seen.tags,
            *_names(seen.about),
        )
    ]


def _names(about: SeenDag | ImportErrorRow) -> list[str]:
    if isinstance(about, ImportErrorRow):
        return [about.filename]
    causes = [cause.task_id for cause in about.state.causes] if about.tasks else []
    return [about.state.dag.dag_display_name, *causes]


def running_run(state: DagState) -> RunRow | None:
    """The oldest running run of a Dag."""
    running = [run for run in state.runs if run.state == RUNNING and run.start_date is not None]
    return min(running, key=lambda run: run.run_after, default=None)


def last_duration_s(state: DagState) -> float | None:
    """The duration of the newest finished run, in seconds."""
    return next((duration for run in state.runs if (duration := run_duration_s(run)) is not None), None)


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _worst_health(seen: SeenDag) -> tuple[Any, ...]:
    since = seen.state.streak.failing_since if seen.runs else None
    return (
        seen.state.dag.is_paused,
        HEALTH_ORDER.index(seen.health),
        -(since.timestamp() if since else 0.0),
    )


SORTS: Final[dict[str, Callable[[SeenDag], Any]]] = {
    "health": _worst_health,
    "dag_id": lambda seen: seen.state.dag.dag_display_name.casefold(),
    "streak": lambda seen: (seen.state.streak.length or None) if seen.runs else None,
    "failing_since": lambda seen: _seconds(seen.state.streak.failing_since) if seen.runs else None,
    "success_rate": lambda seen: (
        seen.state.successes / seen.state.counting_runs if seen.runs and seen.state.counting_runs else None
    ),
    "last_duration": lambda seen: last_duration_s(seen.state) if seen.runs else None,
    "typical_duration": lambda seen: (
        seen.state.typical.median_s if seen.runs and seen.state.typical is not None else None
    ),
    "next_run": lambda seen: _seconds(seen.state.dag.next_dagrun_create_after),
    "schedule": lambda seen: (seen.state.dag.timetable_summary or "").casefold() or None,
    "owner": lambda seen: ", ".join(seen.state.dag.owners).casefold() or None,
    "tag": lambda seen: ", ".join(seen.state.dag.tags).casefold() or None,
    "paused": lambda seen: seen.state.dag.is_paused,
}
"""What a list of Dags can be sorted by. A key of None comes last, whatever the direction."""


def sort_dags(dags: Iterable[SeenDag], sort: str) -> list[SeenDag]:
    """Sort by one of :data:`SORTS`, downwards with a ``-`` in front; equal ones by name."""
    name = sort.removeprefix("-")
    key = SORTS[name]
    keyed = [(key(seen), seen) for seen in sorted(dags, key=lambda seen: seen.dag_id)]
    known = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [seen for _, seen in known] + [seen for value, seen in keyed if value is None]


def page(items: Sequence[T], offset: int, limit: int) -> Sequence[T]:
    """Cut one page out of a list."""
    return items[offset : offset + limit]


INCIDENT_KINDS: Final = tuple(kind.value for kind in IncidentKind)
