"""Writes Dags, runs, task instances and their tries into a test's metadata database, by bulk insert.

Rows that are not mentioned keep Airflow's own defaults. Columns that an Airflow version does not have
are left
out, so that one story works on every supported version. Serialized Dags are made by Airflow's own code.

    seeder = Seeder(engine, now=now)
    seeder.dag("load", graph={"extract": [], "load": ["extract"]})
    run = seeder.run("load", run_after=now - timedelta(hours=1), state="failed")
    instance = seeder.task_instance(run, "load", state="failed")
    seeder.history_try(instance, try_number=1, state="failed")
    seeder.write()
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

BUNDLE = "dags-folder"
_COPIED = ("dag_run", "task_instance", "task_instance_history")
"""Tables with so many rows that PostgreSQL's COPY is worth it; it knows no defaults of Python's."""
Graph = Mapping[str, Sequence[str]]
"""Every task with the tasks directly before it."""


@dataclass
class SeededRun:
    """A run that is or will be in the database; ``id`` is known after :meth:`Seeder.write`."""

    dag_id: str
    run_id: str
    run_after: datetime
    state: str
    start_date: datetime | None
    end_date: datetime | None
    dag_version_id: uuid.UUID | None
    id: int = 0


@dataclass(frozen=True)
class SeededTaskInstance:
    """A task instance that is or will be in the database."""

    id: uuid.UUID
    run: SeededRun
    task_id: str
    map_index: int


@dataclass
class Seeder:
    """Collects rows and writes them in one transaction per call of :meth:`write`."""

    engine: Engine
    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc).replace(microsecond=0))
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _runs: list[tuple[SeededRun, dict[str, Any]]] = field(default_factory=list)
    _versions: dict[str, list[uuid.UUID]] = field(default_factory=dict)

    def dag(
        self,
        dag_id: str,
        *,
        graph: Graph | None = None,
        owners: Sequence[str] = ("airflow",),
        tags: Sequence[str] = (),
        is_paused: bool = False,
        is_stale: bool = False,
        file: str | None = None,
        schedule: str | None = "0 * * * *",
        next_run_at: datetime | None = None,
        **columns: Any,
    ) -> str:
        """Add a Dag; with a ``graph`` also its first version, serialized.

        :param file: where the Dag stands inside its bundle; its own file unless given
        :param columns: further columns of ``dag``
        """
        file = file or f"{dag_id}.py"
        row: dict[str, Any] = {
            "dag_id": dag_id,
            "dag_display_name": None,
            "is_paused": is_paused,
            "is_stale": is_stale,
            "fileloc": f"/dags/{file}",
            "relative_fileloc": file,
            "bundle_name": BUNDLE,
            "owners": ", ".join(owners),
            "timetable_summary": schedule,
            "timetable_description": "",
            "next_dagrun_create_after": next_run_at,
            "max_active_tasks": 16,
            "max_active_runs": 16,
            "max_consecutive_failed_dag_runs": 0,
            "has_task_concurrency_limits": False,
            "has_import_errors": False,
            "last_parsed_time": self.now,
            **columns,
        }
        self._add("dag", **row)
        for tag in tags:
            self._add("dag_tag", dag_id=dag_id, name=tag)
        if graph is not None:
            self.dag_version(dag_id, graph)
        return dag_id

    def dag_version(self, dag_id: str, graph: Graph) -> uuid.UUID:
        """Add a version of a Dag, serialized by Airflow; runs added from now on use it."""
        versions = self._versions.setdefault(dag_id, [])
        version_id = uuid.uuid4()
        versions.append(version_id)
        self._add(
            "dag_version",
            id=version_id,
            dag_id=dag_id,
            version_number=len(versions),
            bundle_name=BUNDLE,
            bundle_version=None,
            created_at=self.now,
            last_updated=self.now,
        )
        self._add(
            "serialized_dag",
            id=uuid.uuid4(),
            dag_id=dag_id,
            dag_version_id=version_id,
            created_at=self.now,
            last_updated=self.now,
            **serialized(dag_id, graph),
        )
        return version_id

    def run(
        self,
        dag_id: str,
        *,
        run_after: datetime,
        state: str = "success",
        run_type: str = "scheduled",
        run_id: str | None = None,
        duration_s: float = 60.0,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        **columns: Any,
    ) -> SeededRun:
        """Add a run. Unless given, it starts at ``run_after`` and, when finished, ends after
        ``duration_s`` seconds.

        Asset-triggered runs get no logical date, as in Airflow. ``columns`` are further columns of
        ``dag_run``.
        """
        if state != "queued" and start_date is None:
            start_date = run_after
        if state in ("success", "failed") and end_date is None and start_date is not None:
            end_date = start_date + timedelta(seconds=duration_s)
        versions = self._versions.get(dag_id)
        run = SeededRun(
            dag_id=dag_id,
            run_id=run_id or f"{run_type}__{run_after.isoformat()}",
            run_after=run_after,
            state=state,
            start_date=start_date,
            end_date=end_date,
            dag_version_id=versions[-1] if versions else None,
        )
        row: dict[str, Any] = {
            "dag_id": dag_id,
            "run_id": run.run_id,
            "run_type": run_type,
            "state": state,
            "run_after": run_after,
            "logical_date": None if run_type.startswith("asset") else run_after,
            "queued_at": run_after,
            "start_date": start_date,
            "end_date": end_date,
            "clear_number": 0,
            "created_dag_version_id": run.dag_version_id,
            "created_at": run_after,
            "updated_at": end_date or start_date or run_after,
            "backfill_id": None,
            "triggered_by": "TIMETABLE",
            **columns,
        }
        self._runs.append((run, row))
        return run

    def task_instance(
        self,
        run: SeededRun,
        task_id: str,
        *,
        state: str | None = "success",
        map_index: int = -1,
        try_number: int = 1,
        max_tries: int = 1,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        **columns: Any,
    ) -> SeededTaskInstance:
        """Add a task instance. Unless given, it starts and ends with its run."""
        began = state not in (None, "scheduled", "queued", "upstream_failed", "skipped", "removed")
        ended = began and state not in ("running", "deferred", "up_for_reschedule")
        start_date = start_date or (run.start_date if began else None)
        end_date = end_date or ((run.end_date or run.start_date) if ended else None)
        instance = SeededTaskInstance(uuid.uuid4(), run, task_id, map_index)
        self._add(
            "task_instance",
            **{
                "id": instance.id,
                **self._task_columns(
                    run, task_id, state, map_index, try_number, max_tries, start_date, end_date
                ),
                **columns,
            },
        )
        return instance

    def history_try(
        self,
        instance: SeededTaskInstance,
        *,
        try_number: int,
        state: str = "failed",
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        **columns: Any,
    ) -> None:
        """Add an earlier try of a task instance, as clearing and retrying leave it behind."""
        run = instance.run
        self._add(
            "task_instance_history",
            **{
                "task_instance_id": uuid.uuid4(),
                **self._task_columns(
                    run, instance.task_id, state, instance.map_index, try_number, 1, start_date, end_date
                ),
                **columns,
            },
        )

    def _task_columns(
        self,
        run: SeededRun,
        task_id: str,
        state: str | None,
        map_index: int,
        try_number: int,
        max_tries: int,
        start_date: datetime | None,
        end_date: datetime | None,
    ) -> dict[str, Any]:
        return {
            "dag_id": run.dag_id,
            "run_id": run.run_id,
            "task_id": task_id,
            "task_display_name": task_id,
            "map_index": map_index,
            "state": state,
            "try_number": try_number,
            "max_tries": max_tries,
            "start_date": start_date,
            "end_date": end_date,
            "duration": (end_date - start_date).total_seconds() if start_date and end_date else None,
            "queued_dttm": start_date,
            "scheduled_dttm": start_date,
            "pool": "default_pool",
            "pool_slots": 1,
            "queue": "default",
            "operator": "EmptyOperator",
            "hostname": "worker-1",
            "unixname": "airflow",
            "priority_weight": 1,
            "updated_at": end_date or start_date,
            "dag_version_id": run.dag_version_id,
        }

    def rendered(self, run: SeededRun, task_id: str, map_index: int = -1, **fields: Any) -> None:
        """Add what Airflow keeps of the rendered fields of a task instance."""
        self._add(
            "rendered_task_instance_fields",
            dag_id=run.dag_id,
            task_id=task_id,
            run_id=run.run_id,
            map_index=map_index,
            rendered_fields=fields,
        )

    def import_error(
        self, file: str, *, stacktrace: str = "SyntaxError: invalid syntax", timestamp: datetime | None = None
    ) -> None:
        """Add a file of the bundle that does not import."""
        self._add(
            "import_error",
            filename=file,
            bundle_name=BUNDLE,
            stacktrace=stacktrace,
            timestamp=timestamp or self.now,
        )

    def audit(
        self, event: str, *, dttm: datetime, dag_id: str | None = None, owner: str = "admin", **columns: Any
    ) -> None:
        """Add a record of the audit log."""
        self._add(
            "log",
            event=event,
            dttm=dttm,
            dag_id=dag_id,
            owner=owner,
            owner_display_name=owner.title(),
            **columns,
        )

    def paused_by_airflow(self, dag_id: str, *, dttm: datetime) -> None:
        """Add the record that the scheduler leaves when it pauses a Dag after too many failed runs."""
        self.audit(
            "paused",
            dttm=dttm,
            dag_id=dag_id,
            owner="scheduler",
            extra=f"[('dag_id', '{dag_id}'), ('is_paused', True)]",
        )

    def paused_by_person(self, dag_id: str, *, dttm: datetime, paused: bool, owner: str = "admin") -> None:
        """Add the record that Airflow's API leaves when a person pauses or unpauses a Dag."""
        flag = "true" if paused else "false"
        self.audit(
            "patch_dag",
            dttm=dttm,
            dag_id=dag_id,
            owner=owner,
            extra=f'{{"is_paused": {flag}, "method": "PATCH"}}',
        )

    def pending(self, table_name: str) -> list[dict[str, Any]]:
        """The rows of a table that are not written yet; changing one changes what is written."""
        return self._rows.get(table_name, [])

    def write(self) -> None:
        """Insert what was added since the last call. Runs get their ids in the order of ``run_after``."""
        with self.engine.begin() as connection:
            self._write_bundle(connection)
            for name in ("dag", "dag_tag", "dag_version", "serialized_dag"):
                self._insert(connection, name, self._rows.pop(name, []))
            self._write_runs(connection)
            for name in list(self._rows):
                self._insert(connection, name, self._rows.pop(name))

    def _write_bundle(self, connection: Connection) -> None:
        bundle = table("dag_bundle")
        if connection.execute(sa.select(bundle.c.name).where(bundle.c.name == BUNDLE)).first() is None:
            self._insert(connection, "dag_bundle", [{"name": BUNDLE, "active": True}])

    def _write_runs(self, connection: Connection) -> None:
        runs = table("dag_run")
        next_id = (connection.execute(sa.select(sa.func.max(runs.c.id))).scalar() or 0) + 1
        template = table("log_template")
        template_id = connection.execute(sa.select(sa.func.max(template.c.id))).scalar()
        rows = []
        for run, row in sorted(self._runs, key=lambda pair: pair[0].run_after):
            run.id, next_id = next_id, next_id + 1
            rows.append({"id": run.id, "log_template_id": template_id, **row})
        self._runs.clear()
        self._insert(connection, "dag_run", rows)
        if rows and connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT setval('dag_run_id_seq', :last)"), {"last": next_id - 1})

    def _add(self, table_name: str, **row: Any) -> None:
        self._rows.setdefault(table_name, []).append(row)

    @staticmethod
    def _insert(connection: Connection, table_name: str, rows: Iterable[dict[str, Any]]) -> None:
        target = table(table_name)
        converters = {column.name: _converter(column) for column in target.c}
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            known = {key: converters[key](value) for key, value in row.items() if key in converters}
            by_columns.setdefault(tuple(known), []).append(known)
        for group in by_columns.values():
            if table_name in _COPIED and connection.dialect.name == "postgresql":
                _copy(connection, target, group)
            else:
                connection.execute(sa.insert(target), group)


def table(name: str) -> sa.Table:
    """Return Airflow's own definition of a table."""
    from airflow.models.base import Base
    from airflow.utils.db import import_all_models

    if name not in Base.metadata.tables:
        import_all_models()
    return Base.metadata.tables[name]


def _copy(connection: Connection, target: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert many plain rows through PostgreSQL's COPY, several times faster than INSERT."""
    columns = list(rows[0])
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_copied(row[name]) for name in columns])
    buffer.seek(0)
    cursor = connection.connection.cursor()
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.copy_expert(f"COPY {target.name} ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", buffer)


def _copied(value: Any) -> Any:
    if value is None:
        return "\\N"
    return json.dumps(value) if isinstance(value, dict) else value


def _converter(column: sa.Column[Any]) -> Any:
    """Airflow 3.1 keeps some ids as text where later versions have UUIDs."""
    if isinstance(column.type, sa.String) and column.name in ("id", "task_instance_id"):
        return str
    return lambda value: value


def serialized(dag_id: str, graph: Graph) -> dict[str, Any]:
    """Serialize a Dag of empty tasks with Airflow's own code; returns the columns of ``serialized_dag``."""
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.sdk import DAG
    from airflow.serialization.serialized_objects import LazyDeserializedDAG

    with DAG(dag_id, schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc)) as dag:
        operators = {task_id: EmptyOperator(task_id=task_id) for task_id in graph}
        for task_id, before in graph.items():
            for upstream in before:
                operators[upstream] >> operators[task_id]
    model = SerializedDagModel(LazyDeserializedDAG.from_dag(dag))
    return {"data": model._data, "data_compressed": model._data_compressed, "dag_hash": model.dag_hash}
