"""Open incidents that share a cause, told by the signatures of their failures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from windsock.metadata.rows import TaskInstanceRow
from windsock.routes.errors import ErrorLines
from windsock.routes.fleet_view import SeenDag, SeenIncident
from windsock.schemas.common import ErrorLine
from windsock.schemas.incidents import Group

READ_PER_TASK: Final = 20
"""Of one task in one run at most so many mapped instances are read; the others count with the task."""


@dataclass(slots=True)
class Cause:
    """Failures that share a signature, and where they are."""

    line: ErrorLine
    """Of the first of them: what the group is called."""
    incidents: dict[str, SeenIncident] = field(default_factory=dict)
    instances: list[TaskInstanceRow] = field(default_factory=list)
    came_back: bool = False

    @property
    def tasks(self) -> set[tuple[str, str]]:
        """The Dag and task of each failure."""
        return {(instance.dag_id, instance.task_id) for instance in self.instances}

    @property
    def since(self) -> datetime:
        """The earliest opening of its incidents."""
        return min(seen.incident.opened_at for seen in self.incidents.values())


def causes_of(incidents: Iterable[SeenIncident], lines: ErrorLines) -> dict[str, Cause]:
    """Group incidents by the signatures of their first causes, in the order of the worst incident of each.

    Only failures whose log the caller may read take part: a signature is made of a log's words.
    """
    causes: dict[str, Cause] = {}
    for seen in incidents:
        dag = seen.about
        if not isinstance(dag, SeenDag) or not dag.tasks or not dag.logs:
            continue
        for instance, signature, line in _signed(dag, dag.state.causes, lines):
            cause = causes.setdefault(signature, Cause(line))
            cause.incidents[seen.incident.key] = seen
            cause.instances.append(instance)
    for signature, cause in causes.items():
        cause.came_back = _came_back(signature, cause, lines)
    return causes


def _signed(
    dag: SeenDag, instances: Sequence[TaskInstanceRow], lines: ErrorLines
) -> Iterator[tuple[TaskInstanceRow, str, ErrorLine]]:
    read: dict[str, int] = {}
    for instance in instances:
        read[instance.task_id] = read.get(instance.task_id, 0) + 1
        if read[instance.task_id] <= READ_PER_TASK:
            line = lines.of(instance, allowed=True, dag_file=dag.state.dag.relative_fileloc)
            if line.signature is not None:
                yield instance, line.signature, line


def _came_back(signature: str, cause: Cause, lines: ErrorLines) -> bool:
    return any(
        earlier == signature
        for seen in cause.incidents.values()
        if isinstance(seen.about, SeenDag)
        for _, earlier, _ in _signed(seen.about, seen.about.state.earlier_causes, lines)
    )


def group_items(causes: dict[str, Cause]) -> list[Group]:
    """Show groups."""
    return [
        Group(
            signature=signature,
            title=cause.line.title or cause.line.message or signature,
            error_class=cause.line.error_class or "unknown",
            evidence=cause.line.evidence,
            incident_keys=list(cause.incidents),
            dag_ids=sorted({dag_id for dag_id, _ in cause.tasks}),
            tasks=len(cause.tasks),
            instances=len(cause.instances),
            since=cause.since,
            came_back=cause.came_back,
        )
        for signature, cause in causes.items()
    ]


def count_causes(incidents: Sequence[SeenIncident], causes: dict[str, Cause]) -> int:
    """Count the different causes: groups, and incidents that are in none."""
    grouped = {key for cause in causes.values() for key in cause.incidents}
    return len(causes) + sum(seen.incident.key not in grouped for seen in incidents)
