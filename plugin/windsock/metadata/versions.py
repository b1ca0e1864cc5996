"""Versions of Dags and their graphs, read from what Airflow serialized.

The edges are taken from the serialized JSON as it is: a Dag that Airflow itself could not load again, because
a provider is gone or the format is older, still has its edges.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata.rows import DagGraph, DagVersionRow
from windsock.metadata.tables import as_uuid, chunks, dag_version, serialized_dag

log = logging.getLogger(__name__)

VERSIONS_MOST: Final = 50
"""How many versions of one Dag are listed, the newest first."""
_GRAPHS_PER_STATEMENT: Final = 100
"""Serialized Dags are large; so many are held in memory at a time."""
_UNCOMPRESSED_MOST: Final = 64 * 1024 * 1024
"""A compressed Dag that is larger than so many bytes is not read."""


def of_dag_statement(dag_id: str) -> sa.Select[Any]:
    """One Dag's versions, the newest first."""
    return (
        sa.select(
            dag_version.c.id,
            dag_version.c.dag_id,
            dag_version.c.version_number,
            dag_version.c.bundle_name,
            dag_version.c.bundle_version,
            dag_version.c.created_at,
        )
        .where(dag_version.c.dag_id == dag_id)
        .order_by(dag_version.c.version_number.desc())
        .limit(VERSIONS_MOST)
    )


def newest_statement(dag_ids: Iterable[str]) -> sa.Select[Any]:
    """The newest version of each Dag, with the hash of its content."""
    newest = (
        sa.select(dag_version.c.dag_id, sa.func.max(dag_version.c.version_number).label("version_number"))
        .where(dag_version.c.dag_id.in_(list(dag_ids)))
        .group_by(dag_version.c.dag_id)
        .subquery("newest")
    )
    return sa.select(dag_version.c.dag_id, dag_version.c.id, serialized_dag.c.dag_hash).select_from(
        dag_version.join(
            newest,
            sa.and_(
                dag_version.c.dag_id == newest.c.dag_id,
                dag_version.c.version_number == newest.c.version_number,
            ),
        ).join(serialized_dag, serialized_dag.c.dag_version_id == dag_version.c.id)
    )


def graphs_statement(version_ids: Iterable[str]) -> sa.Select[Any]:
    """The serialized Dags of some versions, as they are stored."""
    column = serialized_dag.c.dag_version_id
    return sa.select(
        serialized_dag.c.dag_id, column, serialized_dag.c.data, serialized_dag.c.data_compressed
    ).where(column.in_([as_uuid(column, version_id) for version_id in version_ids]))


def of_dag(connection: Connection, dag_id: str) -> list[DagVersionRow]:
    """One Dag's versions, the newest first."""
    return [
        DagVersionRow(
            id=str(row.id),
            dag_id=row.dag_id,
            version_number=row.version_number,
            bundle_name=row.bundle_name,
            bundle_version=row.bundle_version,
            created_at=row.created_at,
        )
        for row in connection.execute(of_dag_statement(dag_id))
    ]


def newest(connection: Connection, dag_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """By Dag, the id of its newest version and the hash of that version's content.

    Airflow rewrites the newest version in place as long as no task instance uses it; then only the
    hash changes.
    """
    return {
        row.dag_id: (str(row.id), row.dag_hash)
        for some in chunks(dag_ids)
        for row in connection.execute(newest_statement(some))
    }


def graphs(connection: Connection, version_ids: Iterable[str]) -> dict[str, DagGraph]:
    """The graphs of some versions, by version id. One that cannot be read is missing, and said in the log."""
    found: dict[str, DagGraph] = {}
    for some in chunks(sorted(set(version_ids)), _GRAPHS_PER_STATEMENT):
        for row in connection.execute(graphs_statement(some)):
            version_id = str(row.dag_version_id)
            try:
                data = stored(row.data, row.data_compressed)
                found[version_id] = graph_of(row.dag_id, version_id, data)
            except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
                log.warning(
                    "The serialized Dag %s, version %s, cannot be read: %s", row.dag_id, version_id, error
                )
    return found


def stored(data: Any, compressed: bytes | None) -> Any:
    """A serialized Dag as JSON; with ``[core] compress_serialized_dags`` Airflow keeps it under zlib.

    :raises ValueError, TypeError, zlib.error: when it cannot be read
    """
    if data is not None or compressed is None:
        return json.loads(data) if isinstance(data, str) else data
    stream = zlib.decompressobj()
    data = stream.decompress(bytes(compressed), _UNCOMPRESSED_MOST)
    if stream.unconsumed_tail:
        raise ValueError(f"larger than {_UNCOMPRESSED_MOST} bytes")
    return json.loads(data)


def graph_of(dag_id: str, dag_version_id: str, data: Mapping[str, Any] | str) -> DagGraph:
    """The graph of one serialized Dag.

    Tasks stand in ``dag.tasks``, each under ``__var``, with ``downstream_task_ids`` only where there are any.

    :raises ValueError, TypeError, KeyError, AttributeError: when the data has another shape
    """
    whole: Mapping[str, Any] = json.loads(data) if isinstance(data, str) else data
    dag = whole["dag"]
    upstream: dict[str, set[str]] = {}
    for entry in dag["tasks"]:
        task = entry.get("__var", entry)
        task_id = task["task_id"]
        upstream.setdefault(task_id, set())
        for after in task.get("downstream_task_ids") or ():
            upstream.setdefault(after, set()).add(task_id)
    return DagGraph(
        dag_id=dag_id,
        dag_version_id=dag_version_id,
        upstream={task_id: frozenset(before) for task_id, before in upstream.items()},
        dagrun_timeout_s=_seconds(dag.get("dagrun_timeout")),
    )


def _seconds(value: Any) -> float | None:
    """A time span is a number of seconds, in some positions wrapped as ``{"__type": "timedelta",
    "__var": 60.0}``."""
    plain = value.get("__var") if isinstance(value, Mapping) else value
    return float(plain) if isinstance(plain, (int, float)) else None
