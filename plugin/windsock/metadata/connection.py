"""How a statement of ours is run: on Airflow's own engine, read-only, with a time limit per statement."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.settings import get_settings

_SQLITE_STEPS: Final = 10_000
"""After how many of its own steps SQLite asks whether to go on; well under a millisecond."""


class MetadataUnavailable(Exception):  # noqa: N818 - read as a state, like Busy
    """The metadata database did not answer: not reachable, no free connection, or the statement took
    too long."""


@contextmanager
def reading(timeout_s: float | None = None) -> Iterator[Connection]:
    """Open a read-only transaction on Airflow's metadata database; blocks, so only in the SQL threads.

    :param timeout_s: how long each statement may run; ``[windsock] statement_timeout`` unless given
    :raises MetadataUnavailable: when the database cannot be reached or a statement runs too long
    """
    from airflow import settings

    limit_s = get_settings().statement_timeout_s if timeout_s is None else timeout_s
    engine = settings.engine
    if engine is None:
        raise MetadataUnavailable("Airflow has no metadata database configured in this process")
    try:
        with engine.connect() as connection, _limited(connection, limit_s):
            yield connection
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise MetadataUnavailable(f"the metadata database did not answer: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0]


@contextmanager
def _limited(connection: Connection, timeout_s: float) -> Iterator[None]:
    timeout_ms = max(1, round(timeout_s * 1000))
    dialect = connection.dialect.name
    if dialect == "postgresql":
        # SET LOCAL ends with the transaction, so nothing of ours stays on a pooled connection. Times in UTC
        # save a conversion per value.
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {timeout_ms}")
        connection.exec_driver_sql("SET LOCAL timezone = 'UTC'")
        # Every statement of ours names what it wants and has an index to find it by. Without these the planner
        # reads a whole table or index when a statement names many ids, and what a look costs would grow with
        # the history.
        for habit in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
            connection.exec_driver_sql(f"SET LOCAL {habit} = off")
        # The small tables are then read by a plan that looks costly enough to be compiled, which takes longer
        # than any statement of ours.
        connection.exec_driver_sql("SET LOCAL jit = off")
        yield
        connection.rollback()
    elif dialect == "sqlite":
        with _limited_sqlite(connection, timeout_s):
            yield
    elif dialect in ("mysql", "mariadb"):
        # Session-wide there, so it is taken back before the connection returns to Airflow's pool.
        variable, value = (
            ("max_execution_time", str(timeout_ms))
            if not getattr(connection.dialect, "is_mariadb", False)
            else ("max_statement_time", str(timeout_s))
        )
        connection.exec_driver_sql(f"SET SESSION {variable} = {value}")
        try:
            yield
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"SET SESSION {variable} = DEFAULT")
            connection.rollback()
    else:
        yield
        connection.rollback()


@contextmanager
def _limited_sqlite(connection: Connection, timeout_s: float) -> Iterator[None]:
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    deadline = time.monotonic() + timeout_s

    def begin_statement(*_: Any) -> None:
        nonlocal deadline
        deadline = time.monotonic() + timeout_s

    sa.event.listen(connection, "before_cursor_execute", begin_statement)
    raw.execute("PRAGMA query_only = ON")
    raw.set_progress_handler(lambda: int(time.monotonic() > deadline), _SQLITE_STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)
        connection.rollback()
        raw.execute("PRAGMA query_only = OFF")
