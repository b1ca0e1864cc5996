"""Dags: the fleet, some Dags by id, and the files that do not import."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from windsock.metadata.rows import DagRow, ImportErrorRow
from windsock.metadata.tables import chunks, dag, dag_owner, dag_tag, import_error, moments

IMPORT_ERRORS_MOST: Final = 500
"""How many files that do not import are read at most."""
STACKTRACE_MOST: Final = 8_192
"""How many characters of an import error's text are read, from its end."""

_COLUMNS: Final[tuple[sa.ColumnElement[Any], ...]] = (
    dag.c.dag_id,
    dag.c.dag_display_name,
    dag.c.is_paused,
    dag.c.is_stale,
    dag.c.fileloc,
    dag.c.relative_fileloc,
    dag.c.bundle_name,
    dag.c.owners,
    dag.c.timetable_summary,
    dag.c.timetable_description,
    *moments((dag.c.next_dagrun_create_after,)),
    dag.c.max_active_runs,
    dag.c.max_consecutive_failed_dag_runs,
    dag.c.has_import_errors,
    dag.c.description,
    # The expression itself can be long; here it matters only that there is one.
    sa.and_(
        dag.c.asset_expression.is_not(None),
        sa.cast(dag.c.asset_expression, sa.Text).not_in(["null", "", "{}"]),
    ).label("asset_scheduled"),
)


def fleet_statement() -> sa.Select[Any]:
    """All Dags that are not stale."""
    return sa.select(*_COLUMNS).where(dag.c.is_stale.is_(sa.false()))


def some_statement(dag_ids: Collection[str]) -> sa.Select[Any]:
    """Dags by id, stale ones too."""
    return sa.select(*_COLUMNS).where(dag.c.dag_id.in_(list(dag_ids)))


def pulse_statement() -> sa.Select[Any]:
    """What changes about Dags between two parses: little, and a narrow read."""
    return sa.select(
        dag.c.dag_id, dag.c.is_paused, *moments((dag.c.next_dagrun_create_after,)), dag.c.has_import_errors
    ).where(dag.c.is_stale.is_(sa.false()))


def tags_statement(dag_ids: Collection[str] | None) -> sa.Select[Any]:
    """Tags of some Dags, or of those that are not stale."""
    return sa.select(dag_tag.c.dag_id, dag_tag.c.name).where(_of(dag_tag, dag_ids))


def owner_links_statement(dag_ids: Collection[str] | None) -> sa.Select[Any]:
    """The links that authors gave for owners, of some Dags or of those that are not stale."""
    return sa.select(dag_owner.c.dag_id, dag_owner.c.owner, dag_owner.c.link).where(_of(dag_owner, dag_ids))


def _of(table: sa.Table, dag_ids: Collection[str] | None) -> sa.ColumnElement[bool]:
    if dag_ids is None:
        return table.c.dag_id.in_(sa.select(dag.c.dag_id).where(dag.c.is_stale.is_(sa.false())))
    return table.c.dag_id.in_(list(dag_ids))


def import_errors_statement() -> sa.Select[Any]:
    """Files that do not import, the latest first."""
    text = import_error.c.stacktrace
    length = sa.func.length(text)
    tail = sa.case((length > STACKTRACE_MOST, sa.func.substr(text, length - STACKTRACE_MOST + 1)), else_=text)
    return (
        sa.select(
            import_error.c.id,
            import_error.c.timestamp,
            import_error.c.filename,
            import_error.c.bundle_name,
            tail.label("stacktrace"),
        )
        .order_by(import_error.c.id.desc())
        .limit(IMPORT_ERRORS_MOST)
    )


def of_files_statement(files: Collection[str]) -> sa.Select[Any]:
    """The Dags that some files held when they last imported, stale ones too."""
    return sa.select(
        dag.c.dag_id,
        dag.c.bundle_name,
        dag.c.relative_fileloc,
        dag.c.fileloc,
        dag.c.is_paused,
        dag.c.last_parsed_time,
    ).where(sa.or_(dag.c.relative_fileloc.in_(list(files)), dag.c.fileloc.in_(list(files))))


def fleet(connection: Connection) -> list[DagRow]:
    """All Dags that are not stale, with owners and tags, by id."""
    rows = connection.execute(fleet_statement()).all()
    tags = connection.execute(tags_statement(None)).all()
    links = connection.execute(owner_links_statement(None)).all()
    return _joined(rows, tags, links)


def refreshed(connection: Connection, before: Mapping[str, DagRow]) -> dict[str, DagRow]:
    """The fleet again, of which only pauses and next runs are read anew; Dags that joined are read in full.

    Names, owners, tags and schedules come with the next :func:`fleet`.
    """
    found: dict[str, DagRow] = {}
    joined: list[str] = []
    for dag_id, is_paused, next_run, broken in connection.execute(pulse_statement()):
        known = before.get(dag_id)
        if known is None:
            joined.append(dag_id)
        elif (known.is_paused, known.next_dagrun_create_after, known.has_import_errors) == (
            bool(is_paused),
            next_run,
            bool(broken),
        ):
            found[dag_id] = known
        else:
            found[dag_id] = replace(
                known,
                is_paused=bool(is_paused),
                next_dagrun_create_after=next_run,
                has_import_errors=bool(broken),
            )
    found.update((row.dag_id, row) for row in some(connection, joined))
    return found


def some(connection: Connection, dag_ids: Iterable[str]) -> list[DagRow]:
    """Dags by id, stale ones too; those that do not exist are missing."""
    found: list[DagRow] = []
    for ids in chunks(dag_ids):
        rows = connection.execute(some_statement(ids)).all()
        tags = connection.execute(tags_statement(ids)).all()
        links = connection.execute(owner_links_statement(ids)).all()
        found += _joined(rows, tags, links)
    return found


def one(connection: Connection, dag_id: str) -> DagRow | None:
    """One Dag, a stale one too; None when there is none of that id."""
    return next(iter(some(connection, [dag_id])), None)


def import_errors(connection: Connection) -> list[ImportErrorRow]:
    """Files that do not import, each with the Dags that it used to hold."""
    errors = connection.execute(import_errors_statement()).all()
    files = {row.filename for row in errors if row.filename}
    held = [row for some_files in chunks(files) for row in connection.execute(of_files_statement(some_files))]
    return [
        ImportErrorRow(
            id=error.id,
            timestamp=error.timestamp,
            filename=error.filename or "",
            bundle_name=error.bundle_name,
            stacktrace=error.stacktrace or "",
            dag_ids=tuple(sorted(row.dag_id for row in its)),
            paused_dag_ids=tuple(sorted(row.dag_id for row in its if row.is_paused)),
            last_good_parse=max((row.last_parsed_time for row in its if row.last_parsed_time), default=None),
        )
        for error in errors
        for its in [[row for row in held if _held_by(error, row)]]
    ]


def _held_by(error: Any, row: Any) -> bool:
    if error.bundle_name is not None and error.bundle_name != row.bundle_name:
        return False
    return error.filename in (row.relative_fileloc, row.fileloc)


def _joined(rows: Iterable[Any], tags: Iterable[Any], links: Iterable[Any]) -> list[DagRow]:
    tags_of: dict[str, list[str]] = {}
    for dag_id, name in tags:
        tags_of.setdefault(dag_id, []).append(name)
    links_of: dict[str, list[tuple[str, str]]] = {}
    for dag_id, owner, link in links:
        links_of.setdefault(dag_id, []).append((owner, link))
    found = [
        DagRow(
            dag_id=row.dag_id,
            dag_display_name=row.dag_display_name or row.dag_id,
            is_paused=bool(row.is_paused),
            is_stale=bool(row.is_stale),
            fileloc=row.fileloc,
            relative_fileloc=row.relative_fileloc,
            bundle_name=row.bundle_name,
            owners=_owners(row.owners),
            owner_links=tuple(sorted(links_of.get(row.dag_id, ()))),
            tags=tuple(sorted(tags_of.get(row.dag_id, ()))),
            timetable_summary=row.timetable_summary,
            timetable_description=row.timetable_description,
            next_dagrun_create_after=row.next_dagrun_create_after,
            max_active_runs=row.max_active_runs,
            max_consecutive_failed_dag_runs=row.max_consecutive_failed_dag_runs or 0,
            has_import_errors=bool(row.has_import_errors),
            description=row.description,
            asset_scheduled=bool(row.asset_scheduled),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.dag_id)


def _owners(text: str | None) -> tuple[str, ...]:
    """Airflow joins the owners of a Dag's tasks with commas."""
    names = (part.strip() for part in (text or "").split(","))
    return tuple(dict.fromkeys(name for name in names if name))
