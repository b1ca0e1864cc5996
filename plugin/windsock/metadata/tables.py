"""Airflow's tables as this installation has them, and how columns that only some versions have are read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timezone
from functools import cache
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa
from airflow.models.base import Base
from airflow.models.dag import DagModel, DagOwnerAttributes, DagTag
from airflow.models.dag_version import DagVersion
from airflow.models.dagrun import DagRun, DagRunNote
from airflow.models.errors import ParseImportError
from airflow.models.log import Log
from airflow.models.renderedtifields import RenderedTaskInstanceFields
from airflow.models.serialized_dag import SerializedDagModel
from airflow.models.taskinstance import TaskInstance
from airflow.models.taskinstancehistory import TaskInstanceHistory
from airflow.utils.sqlalchemy import UtcDateTime

IDS_PER_STATEMENT: Final = 2_000
"""How many ids one statement is given; all databases take that many."""

T = TypeVar("T")


def _table(model: type[Base]) -> sa.Table:
    return cast("sa.Table", model.__table__)


dag: Final = _table(DagModel)
dag_tag: Final = _table(DagTag)
dag_owner: Final = _table(DagOwnerAttributes)
dag_run: Final = _table(DagRun)
dag_run_note: Final = _table(DagRunNote)
dag_version: Final = _table(DagVersion)
import_error: Final = _table(ParseImportError)
log: Final = _table(Log)
rendered_fields: Final = _table(RenderedTaskInstanceFields)
serialized_dag: Final = _table(SerializedDagModel)
task_instance: Final = _table(TaskInstance)
task_instance_history: Final = _table(TaskInstanceHistory)


def column_or_null(table: sa.Table, name: str) -> sa.ColumnElement[Any]:
    """The column, or NULL under its name where this Airflow version does not have it."""
    if name in table.c:
        return table.c[name]
    return sa.null().label(name)


class _Moment(sa.TypeDecorator[datetime]):
    """Reads a column of Airflow's ``UtcDateTime``; many thousand values a second, so without a detour.

    PostgreSQL gives aware moments in the zone of the connection, which is UTC in a connection of ours.
    """

    impl = sa.TIMESTAMP(timezone=True)
    cache_ok = True

    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        plain = self.impl_instance.dialect_impl(dialect).result_processor(dialect, coltype)
        if dialect.name == "postgresql":
            return plain

        def aware(value: Any) -> datetime | None:
            moment = plain(value) if plain is not None else value
            return None if moment is None else utc(moment)

        return aware


class _Id(sa.TypeDecorator[str]):
    """Reads a UUID as text with dashes, however the database and the Airflow version keep it."""

    impl = sa.String
    cache_ok = True

    def result_processor(
        self,
        dialect: sa.Dialect,
        coltype: object,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> Callable[[Any], str | None] | None:
        if dialect.name == "postgresql":
            return None
        return _dashed


def _dashed(value: Any) -> str | None:
    if value is None or isinstance(value, uuid.UUID):
        return text_or_none(value)
    text = str(value)
    return text if len(text) != 32 else str(uuid.UUID(text))


def id_text(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A column of UUIDs, read as text."""
    return sa.type_coerce(sa.cast(column, sa.String), _Id()).label(column.name)


def moments(columns: Iterable[sa.ColumnElement[Any]]) -> tuple[sa.ColumnElement[Any], ...]:
    """The same columns, moments in time read the short way."""
    return tuple(
        sa.type_coerce(column, _Moment()).label(column.name)
        if isinstance(column, sa.Column) and isinstance(column.type, UtcDateTime)
        else column
        for column in columns
    )


def chunks(values: Iterable[T], size: int = IDS_PER_STATEMENT) -> Iterator[Sequence[T]]:
    """Cut many ids into as many as one statement takes."""
    whole = list(values)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def as_uuid(column: sa.Column[Any], value: str) -> Any:
    """Airflow 3.1 keeps some ids as text, later versions as UUIDs; this is what a column compares with."""
    return uuid.UUID(value) if _is_uuid(column) else value


@cache
def _is_uuid(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.Uuid)


def text_or_none(value: Any) -> str | None:
    """An id as text, whichever way the database gives it."""
    return None if value is None else str(value)


def utc(value: datetime) -> datetime:
    """A moment in UTC, whatever zone the driver gave it in."""
    if value.tzinfo is None:
        return value.replace(tzinfo=timezone.utc)
    return value.astimezone(timezone.utc)
