"""What happened in the past thirty days: runs, task instances and tries, as plain values.

Pure: the same moment, seed and Dags give the same history, and nothing here knows of a database or a file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from random import Random
from uuid import UUID

from croniter import croniter  # type: ignore[import-untyped]

from windsock.demo.history.company import (
    FIRST_PARTITIONS,
    LOYALTY_LIMIT,
    MAP_LENGTHS,
    PACE,
    PEOPLE,
    UNSIGNED_SINCE,
    WORKERS,
    Ending,
    Moments,
    Trouble,
    map_label,
    troubles,
    versions,
)
from windsock.demo.history.shapes import DagShape, TaskShape

DEFAULT_SEED = 20_240_229
SETTLED_BEFORE_NOW = timedelta(seconds=30)
"""The last runs of the history end at least this long ago: what is younger, the scheduler does really."""

NEVER_BY_HAND = ("loyalty_points", "vendor_catalog_crawl", "ledger_close")
"""Dags whose story an extra run would spoil."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a task instance. Durations are seconds between start and end."""

    id: UUID
    number: int
    scheduled: datetime
    queued: datetime
    start: datetime
    end: datetime
    state: str
    host: str
    ending: Ending | None

    @property
    def duration_s(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class TaskInstance:
    """One task instance with all its tries; without any when it never started."""

    id: UUID
    task_id: str
    map_index: int
    state: str
    ended: datetime
    max_tries: int
    tries: tuple[Try, ...]
    map_label: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One finished Dag run."""

    dag_id: str
    version: int
    """Number of the Dag version that it used, from 1."""
    run_id: str
    run_type: str
    logical_date: datetime | None
    run_after: datetime
    queued: datetime
    start: datetime
    end: datetime
    state: str
    task_instances: tuple[TaskInstance, ...]
    user: str | None = None
    conf: Mapping[str, object] = field(default_factory=dict)
    caused_by: tuple[str, str, str] | None = None
    """Asset, Dag and run whose update started it."""
    clear_number: int = 0
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class AssetUpdate:
    """A task that updated an asset."""

    asset: str
    dag_id: str
    task_id: str
    run_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A record of Airflow's audit log."""

    at: datetime
    event: str
    dag_id: str
    owner: str
    owner_display_name: str | None
    extra: str | None
    task_id: str | None = None
    run_id: str | None = None
    map_index: int | None = None
    try_number: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All of it, runs in the order of run_after."""

    moments: Moments
    runs: tuple[Run, ...]
    updates: tuple[AssetUpdate, ...]
    audit: tuple[AuditRecord, ...]
    versions: Mapping[str, tuple[datetime, ...]]


class Planner:
    """Plays the company's thirty days.

    `shapes` gives for each Dag the shape of each of its versions, the first version first.
    """

    def __init__(
        self,
        now: datetime,
        shapes: Mapping[str, Sequence[DagShape]],
        outlets: Mapping[str, tuple[str, str]],
        seed: int = DEFAULT_SEED,
    ) -> None:
        """`outlets`: asset name → the Dag and the task that update it."""
        self._moments = Moments(now.astimezone(timezone.utc))
        self._shapes = shapes
        self._outlets = outlets
        self._seed = seed
        self._troubles = troubles(self._moments)
        self._versions = versions(self._moments)
        self._horizon = now - SETTLED_BEFORE_NOW
        self._pool_free_at: dict[str, datetime] = {}
        self._updates: list[AssetUpdate] = []
        self._audit: list[AuditRecord] = []

    def play(self) -> History:
        runs: list[Run] = []
        for dag_id in self._in_order():
            runs.extend(self._runs_of(dag_id))
        runs.sort(key=lambda run: (run.run_after, run.dag_id))
        self._audit_by_people()
        for run in runs:
            self._audit.extend(_failures_of(run, self._shape(run.dag_id, run.version).owner))
        return History(
            self._moments,
            tuple(runs),
            tuple(sorted(self._updates, key=lambda update: (update.at, update.asset))),
            tuple(sorted(self._audit, key=lambda record: (record.at, record.dag_id, record.task_id or ""))),
            self._versions,
        )

    def _in_order(self) -> list[str]:
        """Dags that wait for others come behind them: asset consumers, and the second in a pool."""
        by_cron = sorted(dag_id for dag_id, shapes in self._shapes.items() if shapes[-1].cron)
        order = [dag_id for dag_id in by_cron if dag_id != "vendor_prices"]
        order += [dag_id for dag_id in by_cron if dag_id == "vendor_prices"]
        waiting = {dag_id for dag_id, shapes in self._shapes.items() if shapes[-1].assets}
        while waiting:
            ready = sorted(
                dag_id
                for dag_id in waiting
                if all(self._outlets[asset][0] in order for asset in self._shapes[dag_id][-1].assets)
            )
            order += ready
            waiting -= set(ready)
        return order

    def _shape(self, dag_id: str, version: int) -> DagShape:
        return self._shapes[dag_id][version - 1]

    def _version_at(self, dag_id: str, moment: datetime) -> int:
        return 1 + sum(since <= moment for since in self._versions.get(dag_id, ()))

    def _runs_of(self, dag_id: str) -> Iterator[Run]:
        shape = self._shapes[dag_id][-1]
        rng = Random(f"{self._seed} {dag_id}")
        free_at = self._moments.first
        failed_in_a_row = 0
        for number, (run_after, caused_by) in enumerate(self._starts_of(shape)):
            if self._is_out_of_service(dag_id, run_after):
                break
            by_hand = shape.cron is not None and rng.random() < 0.012 and dag_id not in NEVER_BY_HAND
            begin = max(run_after, free_at) if dag_id == "vendor_catalog_crawl" else run_after
            run = self._run(shape.dag_id, number, run_after, begin, rng, caused_by)
            if run.end > self._horizon:
                break
            free_at = run.end
            if dag_id == "ledger_close":
                run = self._backfilled(run, number, rng)
            if dag_id == "vendor_catalog_crawl":
                crawl = next(ti for ti in run.task_instances if ti.task_id == "crawl")
                self._pool_free_at[run_after.isoformat()] = crawl.ended
            self._note_updates(run)
            yield run
            if by_hand:
                again = self._run_by_hand(run, number, rng)
                if again is not None:
                    self._note_updates(again)
                    yield again
            failed_in_a_row = failed_in_a_row + 1 if run.state == "failed" else 0
            if dag_id == "loyalty_points" and failed_in_a_row == LOYALTY_LIMIT:
                self._audit.append(
                    AuditRecord(
                        run.end + timedelta(milliseconds=40),
                        "paused",
                        dag_id,
                        "scheduler",
                        "Scheduler",
                        f"[('dag_id', '{dag_id}'), ('is_paused', True)]",
                    )
                )
                break

    def _starts_of(self, shape: DagShape) -> Iterator[tuple[datetime, tuple[str, str, str] | None]]:
        if shape.cron is not None:
            slots = croniter(shape.cron, self._moments.first)
            while (slot := slots.get_next(datetime)) < self._horizon:
                yield slot, None
        for asset in shape.assets:
            for update in [update for update in self._updates if update.asset == asset]:
                yield update.at, (asset, update.dag_id, update.run_id)

    def _is_out_of_service(self, dag_id: str, run_after: datetime) -> bool:
        ends = {"newsletter_list": self._moments.newsletter_paused, "vendor_returns": self._moments.sdk_gone}
        return dag_id in ends and run_after >= ends[dag_id]

    def _run_by_hand(self, before: Run, number: int, rng: Random) -> Run | None:
        """Somebody runs the Dag again some minutes later; half of these runs have no logical date."""
        at = before.end + timedelta(minutes=rng.uniform(2, 9), microseconds=rng.randrange(1_000_000))
        run = self._run(before.dag_id, number, at, at, rng, None)
        if run.end > self._horizon:
            return None
        dated = rng.random() < 0.5
        suffix = "" if dated else f"_{_letters(rng)}"
        return replace(
            run,
            run_id=f"manual__{at.isoformat()}{suffix}",
            run_type="manual",
            logical_date=at if dated else None,
            user=rng.choice(PEOPLE),
            conf={"reason": rng.choice(("late figures", "after the fix", "for the board"))},
        )

    def _run(
        self,
        dag_id: str,
        number: int,
        run_after: datetime,
        begin: datetime,
        rng: Random,
        caused_by: tuple[str, str, str] | None,
    ) -> Run:
        version = self._version_at(dag_id, begin)
        shape = self._shape(dag_id, version)
        queued = begin + timedelta(seconds=rng.uniform(0.6, 3.5))
        start = queued + timedelta(seconds=rng.uniform(0.3, 1.2))
        instances = self._task_instances(shape, number, run_after, start, rng)
        end = max(ti.ended for ti in instances) + timedelta(seconds=rng.uniform(0.4, 1.5))
        leaves = [ti.state for ti in instances if ti.task_id in shape.leaves]
        state = "failed" if any(leaf in ("failed", "upstream_failed") for leaf in leaves) else "success"
        if dag_id == "kpi_daily" and run_after >= self._moments.now - UNSIGNED_SINCE:
            state, end, instances = self._without_sign_off(shape, start, instances)
        kind = "asset_triggered" if caused_by else "scheduled"
        suffix = f"_{_letters(rng)}" if caused_by else ""
        return Run(
            dag_id=dag_id,
            version=version,
            run_id=f"{kind}__{run_after.isoformat()}{suffix}",
            run_type=kind,
            logical_date=None if caused_by else run_after,
            run_after=run_after,
            queued=queued,
            start=start,
            end=end,
            state=state,
            task_instances=tuple(instances),
            caused_by=caused_by,
        )

    def _task_instances(
        self, shape: DagShape, number: int, run_after: datetime, start: datetime, rng: Random
    ) -> list[TaskInstance]:
        done: dict[str, list[TaskInstance]] = {}
        for task in shape.tasks:
            upstream = [ti for task_id in task.upstream for ti in done[task_id]]
            ready = max((ti.ended for ti in upstream), default=start)
            verdict = _trigger(task, upstream)
            if shape.dag_id == "data_quality" and task.task_id == "deep_checks" and ready.hour >= 6:
                verdict = "skipped"
            count = MAP_LENGTHS.get((shape.dag_id, task.task_id), 0) if task.mapped else 0
            if verdict is not None:
                # A mapped task that never came to be expanded is one instance without an index.
                at = ready + timedelta(seconds=rng.uniform(0.4, 1.6))
                done[task.task_id] = [
                    TaskInstance(_uuid(at, rng), task.task_id, -1, verdict, at, task.retries, ())
                ]
            else:
                indexes = range(count) if task.mapped else (-1,)
                done[task.task_id] = [
                    self._task_instance(shape.dag_id, task, index, number, run_after, ready, rng)
                    for index in indexes
                ]
        return [ti for instances in done.values() for ti in instances]

    def _task_instance(
        self,
        dag_id: str,
        task: TaskShape,
        map_index: int,
        number: int,
        run_after: datetime,
        ready: datetime,
        rng: Random,
    ) -> TaskInstance:
        tries: list[Try] = []
        hit = self._hit(dag_id, task.task_id, map_index, ready, rng)
        spread = map_index // 6 * 5.0 if map_index >= 0 else 0.0
        scheduled = ready + timedelta(seconds=rng.uniform(0.3, 1.4))
        while True:
            queued = scheduled + timedelta(seconds=rng.uniform(0.1, 0.8))
            if task.pool == "vendor_api" and dag_id != "vendor_catalog_crawl":
                # The crawl of the same three hours holds the only slot.
                slot = run_after.replace(minute=0, second=0, microsecond=0)
                slot -= timedelta(hours=slot.hour % 3)
                queued = max(queued, self._pool_free_at.get(slot.isoformat(), queued) + timedelta(seconds=1))
            begun = queued + timedelta(seconds=rng.uniform(1.2, 3.5) + spread)
            ending = hit.ending if hit is not None and len(tries) < hit.tries else None
            host = rng.choice(WORKERS)
            seconds = self._seconds(dag_id, task.task_id, number, begun, host, ending, rng)
            ended = begun + timedelta(seconds=seconds)
            state = "success" if ending is None else "failed"
            tries.append(
                Try(_uuid(begun, rng), len(tries) + 1, scheduled, queued, begun, ended, state, host, ending)
            )
            if ending is None or len(tries) > task.retries:
                break
            scheduled = ended + timedelta(seconds=task.retry_delay_s + rng.uniform(0.5, 3))
        last = tries[-1]
        label = map_label(map_index) if map_index >= 0 else None
        return TaskInstance(
            last.id, task.task_id, map_index, last.state, last.end, task.retries, tuple(tries), label
        )

    def _hit(
        self, dag_id: str, task_id: str, map_index: int, moment: datetime, rng: Random
    ) -> Trouble | None:
        for trouble in self._troubles:
            if (
                trouble.dag_id == dag_id
                and task_id in trouble.task_ids
                and trouble.since <= moment < trouble.until
                and (trouble.map_indexes is None or map_index in trouble.map_indexes)
                and (trouble.chance >= 1 or rng.random() < trouble.chance)
            ):
                return trouble
        return None

    def _seconds(
        self,
        dag_id: str,
        task_id: str,
        number: int,
        at: datetime,
        host: str,
        ending: Ending | None,
        rng: Random,
    ) -> float:
        median, sigma = PACE[dag_id][task_id]
        if ending is Ending.TIMED_OUT:
            return 240.0 + rng.uniform(0.2, 0.9)
        if ending is Ending.KILLED:
            return 38.0 + rng.uniform(0, 9)
        if ending is Ending.RAISED and task_id not in ("test_marts", "fetch_rates", "pull_tickets"):
            median = 5.5
        elif task_id == "load_snapshot":
            median *= FIRST_PARTITIONS + number
        elif (dag_id, task_id) == ("marketing_attribution", "attribute") and at.weekday() == 0:
            median *= 2
        elif dag_id == "search_index" and host == "worker-3" and self._moments.now - at < timedelta(days=6):
            # One slow host.
            median *= 1.35
        return math.exp(rng.gauss(math.log(median), sigma))

    def _without_sign_off(
        self, shape: DagShape, start: datetime, instances: Sequence[TaskInstance]
    ) -> tuple[str, datetime, list[TaskInstance]]:
        """The run times out while its sensor waits: what had not finished is skipped, no task fails."""
        end = start + timedelta(seconds=(shape.run_timeout_s or 0) + 2)
        changed: list[TaskInstance] = []
        for ti in instances:
            if ti.task_id == "wait_for_sign_off":
                poke = replace(ti.tries[0], end=end - timedelta(seconds=20), state="skipped")
                changed.append(replace(ti, state="skipped", ended=end, tries=(poke,)))
            elif ti.task_id == "mail":
                changed.append(replace(ti, state="skipped", ended=end, tries=()))
            else:
                changed.append(ti)
        return "failed", end, changed

    def _backfilled(self, run: Run, number: int, rng: Random) -> Run:
        """A run of the week that somebody backfilled: done again then, its first tries kept as history."""
        at = self._moments.backfilled
        if not at - timedelta(days=8) <= run.run_after < at - timedelta(days=1):
            return run
        begin = at + timedelta(minutes=6 * (run.run_after - (at - timedelta(days=8))).days)
        again = self._run(run.dag_id, number, run.run_after, begin, rng, None)
        earlier = {ti.task_id: ti.tries for ti in run.task_instances}
        merged = tuple(
            replace(
                ti,
                tries=(
                    *earlier[ti.task_id],
                    *(replace(t, number=t.number + len(earlier[ti.task_id])) for t in ti.tries),
                ),
                max_tries=ti.max_tries + len(earlier[ti.task_id]),
            )
            for ti in again.task_instances
        )
        return replace(
            again,
            run_type="backfill",
            run_id=run.run_id,
            task_instances=merged,
            clear_number=1,
            backfill=True,
        )

    def _note_updates(self, run: Run) -> None:
        for asset, (dag_id, task_id) in self._outlets.items():
            if run.dag_id == dag_id:
                for ti in run.task_instances:
                    if ti.task_id == task_id and ti.state == "success":
                        at = ti.ended + timedelta(milliseconds=120)
                        self._updates.append(AssetUpdate(asset, dag_id, task_id, run.run_id, at))

    def _audit_by_people(self) -> None:
        self._audit.append(
            AuditRecord(
                self._moments.newsletter_paused,
                "patch_dag",
                "newsletter_list",
                "mia",
                "mia",
                '{"is_paused": true, "method": "PATCH"}',
            )
        )
        self._audit.append(
            AuditRecord(
                self._moments.backfilled,
                "create_backfill",
                "ledger_close",
                "priya",
                "priya",
                '{"reprocess_behavior": "completed", "method": "POST"}',
            )
        )


def _trigger(task: TaskShape, upstream: Sequence[TaskInstance]) -> str | None:
    """What a task becomes without running, by its trigger rule; None when it runs."""
    states = {ti.state for ti in upstream}
    if task.trigger_rule == "all_done":
        return None
    if states & {"failed", "upstream_failed"}:
        return "upstream_failed"
    if task.trigger_rule == "all_success" and "skipped" in states:
        return "skipped"
    return None


def _failures_of(run: Run, owner: str) -> Iterator[AuditRecord]:
    """What Airflow's audit log says of each try that failed."""
    for ti in run.task_instances:
        for attempt in ti.tries:
            if attempt.state == "failed":
                yield AuditRecord(
                    attempt.end,
                    "failed" if attempt is ti.tries[-1] else "up_for_retry",
                    run.dag_id,
                    owner,
                    None,
                    f'{{"host_name": "{attempt.host}"}}',
                    ti.task_id,
                    run.run_id,
                    ti.map_index,
                    attempt.number,
                )


def _letters(rng: Random) -> str:
    return "".join(rng.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(8))


def _uuid(at: datetime, rng: Random) -> UUID:
    """An id as Airflow makes them: version 7, by time, so that ids sort as the tries did."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0b10 << 62 | rng.getrandbits(62)
    return UUID(int=value)
