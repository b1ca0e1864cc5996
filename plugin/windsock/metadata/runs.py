"""Dag runs: the newest of every Dag, what changed since, one Dag's pages, one run.

No index of Airflow's gives the newest runs of each Dag. All runs since a moment come by the index on
``run_after``, at a cost that does not know the length of the history; only Dags with few runs since then are
read one by one, and those have few runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata.rows import RunDetailRow, RunPage, RunRow
from windsock.metadata.tables import (
    chunks,
    column_or_null,
    dag_run,
    dag_run_note,
    id_text,
    moments,
    task_instance_history,
    utc,
)

UNFINISHED_MOST: Final = 10_000
"""How many queued and running runs are read at most."""
NEW_MOST: Final = 10_000
"""How many runs that are new since the last look are read at most."""
LATE_COMMITS: Final = 200
"""How many ids back a look for new runs begins: a transaction may commit after one that began later."""
PAGE_MOST: Final = 200
"""How many runs of one Dag a page has at most."""

_COLUMNS: Final[tuple[sa.ColumnElement[Any], ...]] = moments(
    (
        dag_run.c.id,
        dag_run.c.dag_id,
        dag_run.c.run_id,
        dag_run.c.run_type,
        dag_run.c.state,
        dag_run.c.run_after,
        dag_run.c.queued_at,
        dag_run.c.start_date,
        dag_run.c.end_date,
        dag_run.c.clear_number,
        sa.null().label("first_failed_try_end"),
        dag_run.c.backfill_id,
        dag_run.c.logical_date,
        column_or_null(dag_run, "partition_key"),
        id_text(dag_run.c.created_dag_version_id),
    )
)
"""In the order of the fields of :class:`RunRow`."""


def _newest_first(table: sa.FromClause = dag_run) -> tuple[sa.ColumnElement[Any], ...]:
    return (table.c.run_after.desc(), table.c.id.desc())


def window_start_statement(rows: int) -> sa.Select[Any]:
    """Since when the newest ``rows`` runs of all Dags are; empty when there are fewer."""
    return sa.select(dag_run.c.run_after).order_by(dag_run.c.run_after.desc()).offset(rows).limit(1)


def since_statement(moment: datetime | None, most: int) -> sa.Select[Any]:
    """All Dags' runs since a moment, at most so many, the newest first."""
    statement = sa.select(*_COLUMNS).order_by(*_newest_first()).limit(most)
    return statement if moment is None else statement.where(dag_run.c.run_after >= moment)


def newest_of_each_statement(dag_ids: Collection[str], per_dag: int, *, backfills: bool) -> sa.Select[Any]:
    """The newest ``per_dag`` runs of each given Dag, with or without those that are a backfill's.

    Numbered and not limited per Dag: a limit tempts PostgreSQL to walk all Dags' runs by ``run_after``
    in search
    of one Dag's few, and that once per Dag.
    """
    position = sa.func.row_number().over(partition_by=dag_run.c.dag_id, order_by=_newest_first())
    numbered = (
        sa.select(*_COLUMNS, position.label("position"))
        .where(dag_run.c.dag_id.in_(list(dag_ids)), sa.true() if backfills else _no_backfill())
        .subquery("numbered")
    )
    columns = [column for column in numbered.c if column.name != "position"]
    return sa.select(*columns).where(numbered.c.position <= per_dag)


def _no_backfill() -> sa.ColumnElement[bool]:
    return sa.and_(dag_run.c.run_type != "backfill", dag_run.c.backfill_id.is_(None))


def by_id_statement(ids: Collection[int]) -> sa.Select[Any]:
    """Runs by their number."""
    return sa.select(*_COLUMNS).where(dag_run.c.id.in_(list(ids)))


def new_statement(above_id: int) -> sa.Select[Any]:
    """Runs with a number above one, in their order. A new run has a new number, however early its
    ``run_after``."""
    return sa.select(*_COLUMNS).where(dag_run.c.id > above_id).order_by(dag_run.c.id).limit(NEW_MOST)


def unfinished_statement() -> sa.CompoundSelect[Any]:
    """Queued and running runs of all Dags, at most so many.

    The states are literals, one per branch: only so do the partial indexes of PostgreSQL and SQLite apply.
    """
    branches = [
        sa.select(*_COLUMNS).where(dag_run.c.state == sa.literal_column(f"'{state}'"))
        for state in ("queued", "running")
    ]
    return sa.union_all(*branches).limit(UNFINISHED_MOST)


def of_dag_statement(
    dag_id: str, most: int, *, older_than: tuple[datetime, int] | None = None
) -> sa.Select[Any]:
    """One Dag's runs, the newest first, at most so many; ``older_than`` is the key of the run that a
    page ended with."""
    # run_after is never null. An order that no index knows keeps PostgreSQL from walking all Dags' runs by
    # run_after in search of this Dag's.
    moment_of = sa.func.coalesce(dag_run.c.run_after, dag_run.c.start_date)
    statement = (
        sa.select(*_COLUMNS)
        .where(dag_run.c.dag_id == dag_id)
        .order_by(moment_of.desc(), dag_run.c.id.desc())
        .limit(most)
    )
    if older_than is None:
        return statement
    moment, id_ = older_than
    return statement.where(
        dag_run.c.run_after <= moment,
        sa.or_(dag_run.c.run_after < moment, dag_run.c.id < id_),
    )


def one_statement(dag_id: str, run_id: str) -> sa.Select[Any]:
    """One run with what its own page shows."""
    return (
        sa.select(
            *_COLUMNS,
            # As text: Airflow's own type refuses what it does not know, a newer version's value among it.
            sa.type_coerce(dag_run.c.triggered_by, sa.String).label("triggered_by"),
            column_or_null(dag_run, "triggering_user_name"),
            dag_run.c.data_interval_start,
            dag_run.c.data_interval_end,
            dag_run.c.bundle_version,
            dag_run_note.c.content,
        )
        .select_from(dag_run.outerjoin(dag_run_note, dag_run_note.c.dag_run_id == dag_run.c.id))
        .where(dag_run.c.dag_id == dag_id, dag_run.c.run_id == run_id)
        .limit(1)
    )


def failed_try_ends_statement(ids: Collection[int]) -> sa.Select[Any]:
    """The earliest end of a failed try in the history of each given run; its start where no end was
    recorded."""
    history = task_instance_history
    ended = sa.func.coalesce(
        history.c.end_date, history.c.start_date, history.c.queued_dttm, dag_run.c.run_after
    )
    return (
        sa.select(dag_run.c.id, sa.func.min(ended, type_=dag_run.c.run_after.type))
        .select_from(
            dag_run.join(
                history, sa.and_(history.c.dag_id == dag_run.c.dag_id, history.c.run_id == dag_run.c.run_id)
            )
        )
        .where(dag_run.c.id.in_(list(ids)), history.c.state == "failed")
        .group_by(dag_run.c.id)
    )


def since_newest(connection: Connection, rows: int) -> tuple[list[RunRow], datetime | None]:
    """About the newest ``rows`` runs of all Dags, and since when they are complete.

    :return: the runs, newest first, and the moment from which on none is missing; None when these are
    all runs
        that there are
    """
    moment = connection.execute(window_start_statement(rows)).scalar()
    # Runs of the very moment at which the window begins belong to it; as many again are room enough for them.
    runs = _rows(connection.execute(since_statement(moment, 2 * rows)))
    return runs, moment


def newest_of_each(connection: Connection, dag_ids: Collection[str], per_dag: int) -> list[RunRow]:
    """The newest runs of each given Dag: ``per_dag`` of any kind, and ``per_dag`` that are no backfill's."""
    found: dict[int, RunRow] = {}
    for some in chunks(dag_ids):
        runs = _rows(connection.execute(newest_of_each_statement(some, per_dag, backfills=True)))
        found.update((run.id, run) for run in runs)
        read: dict[str, int] = {}
        backfills: set[str] = set()
        for run in runs:
            read[run.dag_id] = read.get(run.dag_id, 0) + 1
            if run.run_type == "backfill" or run.backfill_id is not None:
                backfills.add(run.dag_id)
        again = [dag_id for dag_id in backfills if read[dag_id] >= per_dag]
        if again:
            statement = newest_of_each_statement(again, per_dag, backfills=False)
            found.update((run.id, run) for run in _rows(connection.execute(statement)))
    return list(found.values())


def by_id(connection: Connection, ids: Iterable[int]) -> list[RunRow]:
    """Runs by their number; those that are gone are missing."""
    return [run for some in chunks(ids) for run in _rows(connection.execute(by_id_statement(some)))]


def new_since(connection: Connection, last_id: int) -> list[RunRow]:
    """Runs that were made after the one with number ``last_id``, and a few from shortly before."""
    return _rows(connection.execute(new_statement(max(0, last_id - LATE_COMMITS))))


def unfinished(connection: Connection) -> list[RunRow]:
    """Queued and running runs of all Dags, cleared ones included."""
    return _rows(connection.execute(unfinished_statement()))


def with_failed_tries(connection: Connection, runs: Iterable[RunRow]) -> list[RunRow]:
    """The same runs with ``first_failed_try_end`` looked up for those that were cleared."""
    whole = list(runs)
    cleared = [run.id for run in whole if run.clear_number > 0]
    if not cleared:
        return whole
    ends: dict[int, datetime] = {}
    for some in chunks(cleared):
        ends.update((id_, utc(end)) for id_, end in connection.execute(failed_try_ends_statement(some)))
    return [run._replace(first_failed_try_end=ends[run.id]) if run.id in ends else run for run in whole]


def page(
    connection: Connection, dag_id: str, most: int = 25, *, older_than: tuple[datetime, int] | None = None
) -> RunPage:
    """A page of one Dag's runs, newest first.

    :param most: how many, at most :data:`PAGE_MOST`
    :param older_than: ``run_after`` and ``id`` of the last run of the page before
    """
    most = max(1, min(most, PAGE_MOST))
    runs = _rows(connection.execute(of_dag_statement(dag_id, most + 1, older_than=older_than)))
    return RunPage(tuple(with_failed_tries(connection, runs[:most])), older=len(runs) > most)


def one(connection: Connection, dag_id: str, run_id: str) -> RunDetailRow | None:
    """One run, or None when there is none of that id."""
    row = connection.execute(one_statement(dag_id, run_id)).first()
    if row is None:
        return None
    *facts, triggered_by, user, interval_start, interval_end, bundle_version, note = row
    (run,) = with_failed_tries(connection, [RunRow(*facts)])
    return RunDetailRow(
        run=run,
        triggered_by=None if triggered_by is None else triggered_by.lower(),
        triggering_user_name=user,
        data_interval_start=interval_start,
        data_interval_end=interval_end,
        bundle_version=bundle_version,
        note=note,
    )


def _rows(result: sa.CursorResult[Any]) -> list[RunRow]:
    return [RunRow._make(row) for row in result.all()]


def next_newer_statement(dag_id: str, run_after: datetime, id_: int) -> sa.Select[Any]:
    """The run of the Dag that comes next after another one."""
    return (
        sa.select(*_COLUMNS)
        .where(
            dag_run.c.dag_id == dag_id,
            dag_run.c.run_after >= run_after,
            sa.or_(dag_run.c.run_after > run_after, dag_run.c.id > id_),
        )
        .order_by(dag_run.c.run_after, dag_run.c.id)
        .limit(1)
    )


def next_newer(connection: Connection, run: RunRow) -> RunRow | None:
    """The run of the same Dag that comes next after this one; None for the newest."""
    row = connection.execute(next_newer_statement(run.dag_id, run.run_after, run.id)).first()
    return None if row is None else RunRow._make(row)
