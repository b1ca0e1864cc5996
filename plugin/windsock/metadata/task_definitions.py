"""Single tasks as a version of their Dag defines them, read from what Airflow serialized.

As with the graphs, the serialized JSON is taken as it is: no operator's class has to be importable here.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata import versions as dag_versions
from windsock.metadata.rows import DagVersionRow, TaskDefinition
from windsock.metadata.tables import as_uuid, dag_version

log = logging.getLogger(__name__)

VERSIONS_MOST: Final = 10
"""How many versions of a Dag are read at a time; serialized Dags are large."""
_PLAIN: Final = frozenset({"dict", "list", "tuple", "set", "timedelta", "datetime"})
"""Wrappings of the serialized form whose content says the same without them."""


def versions_statement(version_ids: Iterable[str]) -> sa.Select[Any]:
    """Some versions of Dags, without what they hold."""
    column = dag_version.c.id
    return sa.select(
        column,
        dag_version.c.dag_id,
        dag_version.c.version_number,
        dag_version.c.bundle_name,
        dag_version.c.bundle_version,
        dag_version.c.created_at,
    ).where(column.in_([as_uuid(column, version_id) for version_id in version_ids]))


def versions(connection: Connection, version_ids: Iterable[str]) -> dict[str, DagVersionRow]:
    """Some versions of Dags, by id; those that are gone are missing."""
    return {
        str(row.id): DagVersionRow(
            id=str(row.id),
            dag_id=row.dag_id,
            version_number=row.version_number,
            bundle_name=row.bundle_name,
            bundle_version=row.bundle_version,
            created_at=row.created_at,
        )
        for row in connection.execute(versions_statement(sorted(set(version_ids))[:VERSIONS_MOST]))
    }


def of_task(connection: Connection, task_id: str, version_ids: Iterable[str]) -> dict[str, TaskDefinition]:
    """One task in some versions of its Dag, by version id.

    A version that is gone, does not have the task or cannot be read is missing; the last is said in the log.
    """
    found: dict[str, TaskDefinition] = {}
    for row in connection.execute(dag_versions.graphs_statement(sorted(set(version_ids))[:VERSIONS_MOST])):
        version_id = str(row.dag_version_id)
        try:
            definition = definition_of(
                task_id, version_id, dag_versions.stored(row.data, row.data_compressed)
            )
        except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
            log.warning(
                "Task %s of the serialized Dag %s, version %s, cannot be read: %s",
                task_id,
                row.dag_id,
                version_id,
                error,
            )
            continue
        if definition is not None:
            found[version_id] = definition
    return found


def definition_of(task_id: str, dag_version_id: str, data: Mapping[str, Any]) -> TaskDefinition | None:
    """One task of one serialized Dag, or None when the Dag does not have it.

    :raises ValueError, TypeError, KeyError, AttributeError: when the data has another shape
    """
    dag = data["dag"]
    task: Mapping[str, Any] | None = None
    upstream: set[str] = set()
    for entry in dag["tasks"]:
        other = entry.get("__var", entry)
        if other["task_id"] == task_id:
            task = other
        if task_id in (other.get("downstream_task_ids") or ()):
            upstream.add(other["task_id"])
    if task is None:
        return None
    names = tuple(sorted(str(name) for name in task.get("template_fields") or ()))
    # A mapped task keeps what all its instances share in a place of its own.
    values = {**(task.get("partial_kwargs") or {}), **task}
    return TaskDefinition(
        dag_version_id=dag_version_id,
        task_id=task_id,
        operator=task.get("task_type"),
        operator_name=task.get("_operator_name"),
        module=task.get("_task_module"),
        mapped=bool(task.get("_is_mapped")),
        template_fields=names,
        fields={name: plain(values[name]) for name in names if values.get(name) is not None},
        params={**_params(dag.get("params")), **_params(task.get("params"))},
        upstream=frozenset(upstream),
    )


def _params(serialized: Any) -> dict[str, object]:
    """The defaults of params: pairs of name and param, or in older forms a mapping."""
    entries = plain(serialized)
    if not entries:
        return {}
    pairs = entries.items() if isinstance(entries, Mapping) else entries
    return {
        str(name): param.get("default") if isinstance(param, Mapping) and "__class" in param else param
        for name, param in pairs
    }


def plain(value: Any) -> Any:
    """A serialized value without Airflow's wrappings; those that carry a meaning of their own stay."""
    if isinstance(value, Mapping):
        if value.get("__type") in _PLAIN and "__var" in value:
            return plain(value["__var"])
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value
