"""Writes a planned history into the demo's own database and log folder."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from windsock.demo.history.company import MAP_LENGTHS, RETURNS, Ending
from windsock.demo.history.failures import Failures
from windsock.demo.history.plan import (
    DEFAULT_SEED,
    History,
    Planner,
    Run,
    TaskInstance,
    Try,
)
from windsock.demo.history.shapes import LoadedDag, load_dags
from windsock.demo.history.tasklogs import LogFolder, lines_of
from windsock.demo.home import PACKAGE, DemoError, DemoHome

OUTLETS: Mapping[str, tuple[str, str]] = {
    "raw_events": ("events_ingest", "write_parquet"),
    "sessions": ("sessions_build", "write_sessions"),
}
"""Asset → the Dag and task that update it."""

LAYERS: tuple[tuple[Path, ...], ...] = ((PACKAGE / "earlier" / "1",), (PACKAGE / "earlier" / "2",), ())
"""The Dag files as they were, one layer per time they changed; the last one is how they are now."""

RENDERED_RUNS = 30
"""Newest runs per Dag whose rendered fields and XComs are kept, as Airflow does by default."""

SUCCESS_LOGS_KEPT = timedelta(days=14)
"""Logs of tries that succeeded are swept after this time, as in many a company; those of failures stay."""

Row = dict[str, Any]


def refuse_foreign_database(home: DemoHome, url: sa.URL) -> None:
    """Raise DemoError unless this is the database file of a folder that the demo has tagged as its own."""
    if not home.is_ours:
        raise DemoError(f"{home.path} is not a demo home; no history is written.")
    named = Path(url.database).resolve() if url.database else None
    if url.get_backend_name() != "sqlite" or named != home.database.resolve():
        raise DemoError(f"{url!r} is not the demo's own database {home.database}; no history is written.")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, for the person who waits."""

    runs: int
    task_instances: int
    logs: int


class Writer:
    """Lays the Dags out version by version, lets Airflow read them, and writes what they did."""

    def __init__(self, home: DemoHome, session: Session) -> None:
        refuse_foreign_database(home, session.get_bind().engine.url)
        self._home = home
        self._session = session
        self._tables = sa.MetaData()
        self._rendered: dict[tuple[str, int, str], Row] = {}

    def write(self, now: datetime, seed: int = DEFAULT_SEED) -> Written:
        """Write thirty days that end now."""
        stages = [self._loaded(layers) for layers in LAYERS]
        history, stage_of = _play(now, stages, seed)
        log_template = self._log_template()
        folder = LogFolder(self._home.logs, log_template.filename)
        ids = {run.run_id + "\n" + run.dag_id: number for number, run in enumerate(history.runs, start=1)}
        newest = _newest(history.runs, RENDERED_RUNS)
        logs = 0
        for stage, (layers, loaded) in enumerate(zip(LAYERS, stages, strict=True)):
            self._home.lay_out_dags(*layers)
            read_dags()
            runs = [run for run in history.runs if stage_of[run.dag_id][run.version - 1] == stage]
            dag_versions = self._newest_versions()
            self._date_versions(history, stage, stage_of)
            self._insert_runs(runs, ids, dag_versions, log_template.id, loaded, newest)
            logs += self._write_logs(runs, loaded, folder, now - SUCCESS_LOGS_KEPT)
        self._backfill(history, ids)
        self._insert_updates(history, ids)
        self._insert_audit(history)
        self._settle(history)
        self._write_partitions(history)
        self._session.commit()
        return Written(len(history.runs), sum(len(run.task_instances) for run in history.runs), logs)

    def _loaded(self, layers: Sequence[Path]) -> dict[str, LoadedDag]:
        self._home.lay_out_dags(*layers)
        return load_dags(self._home.dags)

    def _log_template(self) -> Any:
        from airflow.models.tasklog import LogTemplate

        return self._session.scalars(sa.select(LogTemplate).order_by(LogTemplate.id.desc()).limit(1)).one()

    def _newest_versions(self) -> dict[str, Any]:
        from airflow.models.dag_version import DagVersion

        rows = self._session.execute(
            sa.select(DagVersion.dag_id, DagVersion.id).order_by(DagVersion.version_number)
        )
        return dict(rows.tuples().all())

    def _date_versions(self, history: History, stage: int, stage_of: Mapping[str, Sequence[int]]) -> None:
        """Airflow has just made the versions; they are to be as old as the changes they stand for."""
        from airflow.models.dag_version import DagVersion
        from airflow.models.dagcode import DagCode
        from airflow.models.serialized_dag import SerializedDagModel

        for dag_id, version_id in self._newest_versions().items():
            if dag_id not in stage_of or stage not in stage_of[dag_id]:
                continue
            number = stage_of[dag_id].index(stage)
            changes = history.versions.get(dag_id, ())
            born = changes[number - 1] if number else history.moments.first - timedelta(days=40)
            for model, column in (
                (DagVersion, DagVersion.id),
                (SerializedDagModel, SerializedDagModel.dag_version_id),
                (DagCode, DagCode.dag_version_id),
            ):
                table: Any = model.__table__
                self._session.execute(
                    sa.update(table)
                    .where(table.c[column.key] == version_id)
                    .values(created_at=born, last_updated=born)
                )

    def _insert_runs(
        self,
        runs: Sequence[Run],
        ids: Mapping[str, int],
        dag_versions: Mapping[str, Any],
        log_template_id: int,
        loaded: Mapping[str, LoadedDag],
        newest: set[tuple[str, str]],
    ) -> None:
        from airflow.models.dagrun import DagRun
        from airflow.models.renderedtifields import RenderedTaskInstanceFields
        from airflow.models.taskinstance import TaskInstance as TaskInstanceModel
        from airflow.models.taskinstancehistory import TaskInstanceHistory
        from airflow.models.taskmap import TaskMap
        from airflow.models.xcom import XComModel

        run_rows: list[Row] = []
        instances: list[Row] = []
        earlier: list[Row] = []
        rendered: list[Row] = []
        xcoms: list[Row] = []
        maps: list[Row] = []
        rng = Random(DEFAULT_SEED)
        for run in runs:
            number = ids[run.run_id + "\n" + run.dag_id]
            version = dag_versions[run.dag_id]
            dag = loaded[run.dag_id]
            run_rows.append(_run_row(run, number, version, log_template_id))
            keep = (run.dag_id, run.run_id) in newest
            for instance in run.task_instances:
                shape = dag.shape.task(instance.task_id)
                common: Row = {
                    "dag_id": run.dag_id,
                    "run_id": run.run_id,
                    "task_id": instance.task_id,
                    "map_index": instance.map_index,
                    "task_display_name": instance.task_id,
                    "max_tries": instance.max_tries,
                    "unixname": "airflow",
                    "pool": shape.pool,
                    "pool_slots": 1,
                    "queue": "default",
                    "priority_weight": shape.weight,
                    "operator": shape.operator,
                    "custom_operator_name": shape.operator_name,
                    "rendered_map_index": instance.map_label,
                    "executor_config": {},
                    "dag_version_id": version,
                }
                instances.append({**common, **_last_try(instance)})
                earlier.extend({**common, **_earlier_try(attempt)} for attempt in instance.tries[:-1])
                if keep and instance.tries:
                    rendered.append(
                        {
                            **_key(run, instance),
                            "rendered_fields": self._fields(run, instance, dag, rng),
                        }
                    )
                    xcom = RETURNS.get((run.dag_id, instance.task_id))
                    if xcom is not None and instance.state == "success":
                        value = xcom(rng)
                        xcoms.append(
                            {
                                **_key(run, instance),
                                "dag_run_id": number,
                                "key": "return_value",
                                "value": value,
                                "timestamp": instance.ended,
                            }
                        )
                        if isinstance(value, list):
                            maps.append({**_key(run, instance), "length": len(value), "keys": None})
        for model, rows in (
            (DagRun, run_rows),
            (TaskInstanceModel, instances),
            (TaskInstanceHistory, earlier),
            (RenderedTaskInstanceFields, rendered),
            (XComModel, xcoms),
            (TaskMap, maps),
        ):
            self._insert(model.__table__, rows)

    def _fields(self, run: Run, instance: TaskInstance, dag: LoadedDag, rng: Random) -> Row:
        """The rendered template fields: as declared, with the templates that the demo uses filled in."""
        key = (run.dag_id, run.version, instance.task_id)
        if key not in self._rendered:
            from airflow.serialization.helpers import serialize_template_field

            task = dag.dag.task_dict[instance.task_id]
            self._rendered[key] = {
                name: serialize_template_field(getattr(task, name, None), name)
                for name in task.template_fields
            }
        fields = dict(self._rendered[key])
        if "op_args" in fields and (run.dag_id, instance.task_id) == ("orders_hourly", "load"):
            fields["op_args"] = [rng.randint(9_000, 14_000), f"orders_{run.run_after:%Y%m%d}"]
        elif (run.dag_id, instance.task_id) in MAP_LENGTHS:
            fields["op_kwargs"] = {"path": f"sftp/inbox/partner_{instance.map_index:02d}.csv"}
        elif isinstance(fields.get("op_args"), (list, tuple)):
            fields["op_args"] = [
                rng.randint(400, 14_000) if "xcom_pull" in str(argument) else argument
                for argument in fields["op_args"]
            ]
        return fields

    def _insert(self, table: sa.Table, rows: Sequence[Row]) -> None:
        """Rows in bulk, with those of their columns that this Airflow has."""
        columns = set(table.c.keys())
        kept = [{name: value for name, value in row.items() if name in columns} for row in rows]
        for name in ("id", "task_instance_id", "dag_version_id"):
            if name in columns and isinstance(table.c[name].type, sa.String):
                # Airflow 3.1 keeps ids of task instances as text.
                kept = [
                    {**row, name: str(row[name])} if isinstance(row.get(name), uuid.UUID) else row
                    for row in kept
                ]
        if kept:
            self._session.execute(sa.insert(table), kept)

    def _write_logs(
        self, runs: Iterable[Run], loaded: Mapping[str, LoadedDag], folder: LogFolder, swept_before: datetime
    ) -> int:
        failures = Failures(loaded)
        count = 0
        for run in runs:
            dag = loaded[run.dag_id]
            operators = {task.task_id: task.operator for task in dag.shape.tasks}
            for instance in run.task_instances:
                for attempt in instance.tries:
                    if attempt.state == "success" and attempt.end < swept_before:
                        continue
                    failure = None
                    if attempt.ending in (Ending.RAISED, Ending.TIMED_OUT):
                        failure = failures.of(
                            run.dag_id, instance.task_id, instance.map_index, attempt.ending
                        )
                    folder.write(
                        folder.path(run, instance, attempt),
                        lines_of(
                            run,
                            instance,
                            attempt,
                            operators[instance.task_id],
                            Path(dag.dag.fileloc),
                            failure,
                        ),
                    )
                    count += 1
        return count

    def _backfill(self, history: History, ids: Mapping[str, int]) -> None:
        """The backfill that some runs of the ledger belong to."""
        from airflow.models.backfill import Backfill, BackfillDagRun
        from airflow.models.dagrun import DagRun

        runs = [run for run in history.runs if run.backfill]
        if not runs:
            return
        at = history.moments.backfilled
        self._insert(
            Backfill.__table__,
            [
                {
                    "id": 1,
                    "dag_id": runs[0].dag_id,
                    "from_date": runs[0].run_after,
                    "to_date": runs[-1].run_after,
                    "dag_run_conf": {},
                    "is_paused": False,
                    "reprocess_behavior": "completed",
                    "max_active_runs": 1,
                    "created_at": at,
                    "completed_at": max(run.end for run in runs),
                    "updated_at": max(run.end for run in runs),
                    "triggering_user_name": "priya",
                }
            ],
        )
        numbers = [ids[run.run_id + "\n" + run.dag_id] for run in runs]
        self._insert(
            BackfillDagRun.__table__,
            [
                {
                    "id": order,
                    "backfill_id": 1,
                    "dag_run_id": number,
                    "logical_date": run.logical_date,
                    "sort_ordinal": order,
                }
                for order, (run, number) in enumerate(zip(runs, numbers, strict=True), start=1)
            ],
        )
        table: Any = DagRun.__table__
        self._session.execute(sa.update(table).where(table.c.id.in_(numbers)).values(backfill_id=1))

    def _insert_updates(self, history: History, ids: Mapping[str, int]) -> None:
        from airflow.models.asset import AssetEvent, AssetModel, association_table

        assets = dict(self._session.execute(sa.select(AssetModel.name, AssetModel.id)).tuples().all())
        event_ids: dict[tuple[str, str], int] = {}
        rows: list[Row] = []
        for number, update in enumerate(history.updates, start=1):
            event_ids[(update.asset, update.run_id)] = number
            rows.append(
                {
                    "id": number,
                    "asset_id": assets[update.asset],
                    "extra": {},
                    "source_dag_id": update.dag_id,
                    "source_task_id": update.task_id,
                    "source_run_id": update.run_id,
                    "source_map_index": -1,
                    "timestamp": update.at,
                }
            )
        self._insert(AssetEvent.__table__, rows)
        self._insert(
            association_table,
            [
                {
                    "dag_run_id": ids[run.run_id + "\n" + run.dag_id],
                    "event_id": event_ids[(run.caused_by[0], run.caused_by[2])],
                }
                for run in history.runs
                if run.caused_by is not None
            ],
        )

    def _insert_audit(self, history: History) -> None:
        from airflow.models.log import Log

        self._insert(
            Log.__table__,
            [
                {
                    "dttm": record.at,
                    "event": record.event,
                    "dag_id": record.dag_id,
                    "task_id": record.task_id,
                    "run_id": record.run_id,
                    "map_index": record.map_index,
                    "try_number": record.try_number,
                    "owner": record.owner,
                    "owner_display_name": record.owner_display_name,
                    "extra": record.extra,
                }
                for record in history.audit
            ],
        )

    def _settle(self, history: History) -> None:
        """What the runs left behind: Dags that are paused, and the file that broke days ago."""
        from airflow.models.dag import DagModel
        from airflow.models.errors import ParseImportError

        self._session.commit()
        # Once more, now that the runs are there: Airflow computes from them which run comes next.
        read_dags()
        dags: Any = DagModel.__table__
        paused = sorted({r.dag_id for r in history.audit if r.event == "paused"} | {"newsletter_list"})
        self._session.execute(sa.update(dags).where(dags.c.dag_id.in_(paused)).values(is_paused=True))
        gone = history.moments.sdk_gone
        self._session.execute(
            sa.update(dags)
            .where(dags.c.dag_id == "vendor_returns")
            .values(is_stale=True, has_import_errors=True, last_parsed_time=gone)
        )
        errors: Any = ParseImportError.__table__
        self._session.execute(
            sa.update(errors).where(errors.c.filename.like("%vendor_returns.py")).values(timestamp=gone)
        )

    def _write_partitions(self, history: History) -> None:
        from windsock.demo.history.company import FIRST_PARTITIONS

        self._home.inventory.mkdir(parents=True, exist_ok=True)
        runs = [run.run_after for run in history.runs if run.dag_id == "inventory_snapshot"]
        first = history.moments.first
        older = [first - timedelta(hours=6 * number) for number in range(FIRST_PARTITIONS, 0, -1)]
        for at in (*older, *runs):
            (self._home.inventory / f"stock_{at:%Y%m%dT%H%M%S}.csv").write_text("shop,item,count\n")


def read_dags() -> None:
    """Let Airflow read the Dag files and serialize the Dags, as its Dag processor does."""
    from airflow.cli.commands.dag_command import dag_reserialize

    dag_reserialize(argparse.Namespace(bundle_name=None))


def _play(
    now: datetime, stages: Sequence[Mapping[str, LoadedDag]], seed: int
) -> tuple[History, dict[str, list[int]]]:
    """Plan the history over the versions of the Dags; also the stage in which each version is laid out."""
    from windsock.demo.history.company import Moments, versions

    changed = versions(Moments(now))
    shapes = {}
    stage_of = {}
    for dag_id in {dag_id for stage in stages for dag_id in stage}:
        count = len(changed.get(dag_id, ())) + 1
        # Earlier versions come from the first stages, the present one from the last stage that has the Dag.
        last = max(number for number, stage in enumerate(stages) if dag_id in stage)
        stage_of[dag_id] = [*range(count - 1), last if count > 1 else 0]
        shapes[dag_id] = [stages[number][dag_id].shape for number in stage_of[dag_id]]
    return Planner(now, shapes, OUTLETS, seed).play(), stage_of


def _newest(runs: Sequence[Run], count: int) -> set[tuple[str, str]]:
    kept: set[tuple[str, str]] = set()
    seen: dict[str, int] = {}
    for run in reversed(runs):
        seen[run.dag_id] = seen.get(run.dag_id, 0) + 1
        if seen[run.dag_id] <= count:
            kept.add((run.dag_id, run.run_id))
    return kept


def _key(run: Run, instance: TaskInstance) -> Row:
    return {
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "task_id": instance.task_id,
        "map_index": instance.map_index,
    }


def _run_row(run: Run, number: int, version: Any, log_template_id: int) -> Row:
    by = {"manual": "UI", "asset_triggered": "ASSET", "backfill": "BACKFILL"}.get(run.run_type, "TIMETABLE")
    # For a Dag that Airflow starts by cron, the interval of its data is the moment itself.
    interval = run.logical_date if run.run_type != "asset_triggered" else None
    return {
        "id": number,
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "run_type": run.run_type,
        "state": run.state,
        "logical_date": run.logical_date,
        "data_interval_start": interval,
        "data_interval_end": interval,
        "run_after": run.run_after,
        "queued_at": run.queued,
        "start_date": run.start,
        "end_date": run.end,
        "last_scheduling_decision": run.end,
        "created_at": run.queued,
        "updated_at": run.end,
        "triggered_by": _triggered_by(by),
        "triggering_user_name": run.user,
        "conf": dict(run.conf),
        "log_template_id": log_template_id,
        "clear_number": run.clear_number,
        "created_dag_version_id": version,
    }


def _triggered_by(name: str) -> Any:
    from airflow.utils.types import DagRunTriggeredByType

    return DagRunTriggeredByType[name]


def _times(attempt: Try) -> Row:
    return {
        "try_number": attempt.number,
        "state": attempt.state,
        "start_date": attempt.start,
        "end_date": attempt.end,
        "duration": attempt.duration_s,
        "scheduled_dttm": attempt.scheduled,
        "queued_dttm": attempt.queued,
        "hostname": attempt.host,
        "updated_at": attempt.end,
    }


def _last_try(instance: TaskInstance) -> Row:
    if instance.tries:
        last = instance.tries[-1]
        return {
            **_times(last),
            "id": instance.id,
            "state": instance.state,
            "last_heartbeat_at": last.end,
            "pid": 1000 + last.id.int % 30_000,
        }
    # Airflow gives a task that it skips or gives up both dates and no try.
    at = instance.ended.astimezone(timezone.utc)
    return {
        "id": instance.id,
        "try_number": 0,
        "state": instance.state,
        "start_date": at,
        "end_date": at,
        "duration": 0.0,
        "scheduled_dttm": None,
        "queued_dttm": None,
        "hostname": "",
        "updated_at": at,
        "last_heartbeat_at": None,
        "pid": None,
    }


def _earlier_try(attempt: Try) -> Row:
    return {**_times(attempt), "task_instance_id": attempt.id, "pid": 1000 + attempt.id.int % 30_000}
