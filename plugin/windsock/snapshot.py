"""The fleet at one moment, computed for everybody: once per interval, single flight, only while
somebody looks.

Filtering by what a caller may read is the routes' work. No log is read here, and nothing is written.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol, TypeVar

from cachetools import LRUCache
from sqlalchemy.engine import Connection

from windsock.health.causes import RunEvidence, RunLevelCause, first_causes
from windsock.health.dag_health import WarningReason, judge, runs_to_inspect, warning_reasons
from windsock.health.durations import Baseline, run_baseline
from windsock.health.model import FAILED, RUNNING, SUCCESS, UP_FOR_RETRY, Health
from windsock.health.streaks import DagStreak, dag_streak, is_counting, run_order, success_rate
from windsock.health.task_streaks import TaskStreak, task_streaks, window
from windsock.metadata import audit, dags, task_instances, versions
from windsock.metadata.connection import MetadataUnavailable, reading
from windsock.metadata.fleet_runs import FleetRuns, read_all, read_changes
from windsock.metadata.rows import (
    DagGraph,
    DagRow,
    ImportErrorRow,
    PauseRecord,
    RunRow,
    TaskInstanceRow,
    TaskStateOfRun,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

_UNWELL: Final = (FAILED, UP_FOR_RETRY)
_GRAPHS_KEPT: Final = 4_096
_DAG_STREAKS_KEPT: Final = 256
_REST: Final = 10
"""After a refresh of d seconds the next one waits at least this many times d."""


@dataclass(frozen=True, slots=True)
class DagState:
    """What is known of one Dag of the fleet."""

    dag: DagRow
    runs: tuple[RunRow, ...]
    """The newest runs, newest first: at least 25 counting ones where there are that many."""
    streak: DagStreak[RunRow]
    health: Health
    warnings: tuple[WarningReason, ...]
    successes: int
    """Among the last 25 counting runs."""
    counting_runs: int
    """How many these are; fewer than 25 for a young Dag."""
    typical: Baseline | None
    """Durations of successful runs among :attr:`runs`; None of fewer than 7."""
    newest_failed_run: RunRow | None
    """The newest run of the streak; None while the streak is empty."""
    causes: tuple[TaskInstanceRow, ...]
    """The failed instances of the first-cause tasks of the newest failed run, at most 100 of one task."""
    run_level_cause: RunLevelCause | None
    """What failed the newest failed run when no task of it failed."""
    earlier_causes: tuple[TaskInstanceRow, ...]
    """The same as :attr:`causes`, of the newest failed run before the last good one: has it come back?"""
    paused_by_airflow_at: datetime | None
    """When Airflow paused the Dag; None unless it is paused and nobody paused or unpaused it since."""


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A file that does not import."""

    row: ImportErrorRow
    opened_at: datetime
    """Since when, as far as is known: when the file last imported, else when its error was first met."""
    paused: bool
    """True when the file held Dags and all of them are paused."""


@dataclass(frozen=True, slots=True)
class FleetSnapshot:
    """All Dags that are not stale, and all files that do not import, at one moment."""

    dags: Mapping[str, DagState]
    """By Dag id, in the order of the ids."""
    import_errors: tuple[BrokenFile, ...]
    version: int
    """Grows when the content changes; of this process only."""
    read_at_s: float
    """When the facts were read, by :attr:`clock`."""
    clock: Callable[[], float] = field(repr=False, compare=False, default=time.monotonic)

    def age_s(self) -> float:
        """How long ago the facts were read, in seconds."""
        return max(0.0, self.clock() - self.read_at_s)


class FleetReader:
    """Reads the fleet and judges it; remembers what the next look can be spared. One look at a time."""

    def __init__(self) -> None:
        self._dags: dict[str, DagRow] = {}
        self._runs: FleetRuns | None = None
        self._states: dict[str, DagState] = {}
        self._broken: tuple[BrokenFile, ...] = ()
        self._pauses: dict[str, PauseRecord] = {}
        self._graphs: LRUCache[tuple[str, str], DagGraph] = LRUCache(_GRAPHS_KEPT)
        self._unwell: dict[int, tuple[RunRow, tuple[TaskStateOfRun, ...]]] = {}
        # A look at the fleet and one at its tasks come from two threads.
        self._lock = threading.Lock()

    def read(
        self, connection: Connection, *, whole: bool
    ) -> tuple[Mapping[str, DagState], tuple[BrokenFile, ...]]:
        """Read the fleet: as a whole, or only what can have changed since the last look."""
        with self._lock:
            return self._read(connection, whole=whole)

    def _read(
        self, connection: Connection, *, whole: bool
    ) -> tuple[Mapping[str, DagState], tuple[BrokenFile, ...]]:
        if whole or self._runs is None:
            rows = {row.dag_id: row for row in dags.fleet(connection)}
            runs = read_all(connection, rows.keys(), self._runs)
            suspects: Collection[str] = rows.keys()
        else:
            rows = dags.refreshed(connection, self._dags)
            runs = read_changes(connection, rows.keys(), self._runs)
            # Tasks of an unfinished run can change while the run does not.
            suspects = runs.changed.union(runs.unfinished.values(), rows.keys() - self._states.keys())
        pauses = audit.newest_pauses(connection, [row.dag_id for row in rows.values() if row.is_paused])
        judged = self._judge(connection, rows, runs, suspects)
        self._states = {
            dag_id: self._current(
                judged.get(dag_id) or self._states[dag_id], rows[dag_id], pauses.get(dag_id)
            )
            for dag_id in sorted(rows)
        }
        self._broken = self._import_errors(connection)
        self._dags, self._runs, self._pauses = rows, runs, pauses
        return self._states, self._broken

    @staticmethod
    def _current(state: DagState, row: DagRow, pause: PauseRecord | None) -> DagState:
        paused_at = pause.dttm if row.is_paused and pause is not None and pause.by_airflow else None
        if state.dag is row and state.paused_by_airflow_at == paused_at:
            return state
        return replace(state, dag=row, paused_by_airflow_at=paused_at)

    def _judge(
        self, connection: Connection, rows: Mapping[str, DagRow], runs: FleetRuns, suspects: Iterable[str]
    ) -> dict[str, DagState]:
        of_dag = {dag_id: runs.of(dag_id) for dag_id in suspects if dag_id in rows}
        recent = {dag_id: _down_to_last_good(its.runs) for dag_id, its in of_dag.items()}
        streaks = {
            dag_id: dag_streak(recent[dag_id], truncated=its.truncated) for dag_id, its in of_dag.items()
        }
        inspected = {
            dag_id: runs_to_inspect([*recent[dag_id], *_running_below(its.runs, len(recent[dag_id]))])
            for dag_id, its in of_dag.items()
        }
        unwell = self._unwell_states(connection, inspected)
        newest_failed = {
            dag_id: streak.newest_counting
            for dag_id, streak in streaks.items()
            if streak.length > 0 and streak.newest_counting is not None
        }
        causes = self._causes(connection, newest_failed)
        earlier_causes = self._causes(
            connection,
            {
                dag_id: run
                for dag_id in newest_failed
                if (run := _failed_before_last_good(streaks[dag_id], of_dag[dag_id].runs)) is not None
            },
        )
        judged: dict[str, DagState] = {}
        for dag_id, its in of_dag.items():
            known = self._states.get(dag_id)
            if known is not None and known.runs is its.runs:
                successes, counting, typical = known.successes, known.counting_runs, known.typical
            else:
                successes, counting = success_rate(its.runs)
                typical = run_baseline(its.runs)
            # The runs that are not looked at here would only be passed over.
            warnings = warning_reasons(inspected[dag_id], unwell[dag_id]) if dag_id in unwell else ()
            instances, run_level = causes.get(dag_id, ((), None))
            judged[dag_id] = DagState(
                dag=rows[dag_id],
                runs=its.runs,
                streak=streaks[dag_id],
                health=judge(streaks[dag_id], warnings),
                warnings=warnings,
                successes=successes,
                counting_runs=counting,
                typical=typical,
                newest_failed_run=newest_failed.get(dag_id),
                causes=instances,
                run_level_cause=run_level,
                earlier_causes=earlier_causes.get(dag_id, ((), None))[0],
                paused_by_airflow_at=None if known is None else known.paused_by_airflow_at,
            )
            if judged[dag_id] == known:
                judged[dag_id] = known
        return judged

    @staticmethod
    def _unwell_states(
        connection: Connection, inspected: Mapping[str, Collection[RunRow]]
    ) -> dict[str, dict[str, set[str | None]]]:
        """By Dag and run, which of failed and up for retry occur, in the runs that can make a warning."""
        run_ids = [run.id for its in inspected.values() for run in its]
        found: dict[str, dict[str, set[str | None]]] = {}
        for state in task_instances.states(connection, run_ids, _UNWELL):
            found.setdefault(state.dag_id, {}).setdefault(state.run_id, set()).add(state.state)
        return found

    def _causes(
        self, connection: Connection, newest_failed: Mapping[str, RunRow]
    ) -> dict[str, tuple[tuple[TaskInstanceRow, ...], RunLevelCause | None]]:
        by_dag: dict[str, list[TaskInstanceRow]] = {dag_id: [] for dag_id in newest_failed}
        for instance in task_instances.evidence(connection, [run.id for run in newest_failed.values()]):
            by_dag[instance.dag_id].append(instance)
        used = {dag_id: _version_used(newest_failed[dag_id], its) for dag_id, its in by_dag.items()}
        graphs = self._read_graphs(
            connection, {dag_id: (v, "") for dag_id, v in used.items() if v is not None}
        )
        without_task = [
            run
            for dag_id, run in newest_failed.items()
            if not any(instance.state == FAILED for instance in by_dag[dag_id])
        ]
        marked = audit.marks(connection, [(run.dag_id, run.run_id) for run in without_task])
        found: dict[str, tuple[tuple[TaskInstanceRow, ...], RunLevelCause | None]] = {}
        for dag_id, run in newest_failed.items():
            graph = graphs.get(dag_id)
            judged = first_causes(
                run,
                by_dag[dag_id],
                graph.upstream if graph is not None else {},
                RunEvidence(
                    marked_by_person=(dag_id, run.run_id) in marked,
                    timeout_s=None if graph is None else graph.dagrun_timeout_s or math.inf,
                ),
            )
            instances = tuple(
                instance
                for instance in by_dag[dag_id]
                if instance.state == FAILED and instance.task_id in judged.causes
            )
            found[dag_id] = (instances, judged.run_level_cause)
        return found

    def _read_graphs(
        self, connection: Connection, wanted: Mapping[str, tuple[str, str]]
    ) -> dict[str, DagGraph]:
        """By Dag, the graph of a version (id and hash of the content); read once while it is remembered."""
        missing = {key for key in wanted.values() if key not in self._graphs}
        read = versions.graphs(connection, [version_id for version_id, _ in missing])
        for key in missing:
            if key[0] in read:
                self._graphs[key] = read[key[0]]
        return {
            dag_id: graph
            for dag_id, key in wanted.items()
            if (graph := read.get(key[0]) or self._graphs.get(key)) is not None
        }

    def _import_errors(self, connection: Connection) -> tuple[BrokenFile, ...]:
        known = {(broken.row.bundle_name, broken.row.filename): broken.opened_at for broken in self._broken}
        found = []
        for row in dags.import_errors(connection):
            # Airflow moves the time of an error at every parse, so the first one seen is kept.
            first_met = known.get((row.bundle_name, row.filename)) or row.timestamp
            opened_at = row.last_good_parse or first_met
            if opened_at is None:
                continue
            paused = bool(row.dag_ids) and set(row.dag_ids) == set(row.paused_dag_ids)
            found.append(BrokenFile(row, opened_at, paused))
        return tuple(found)

    def read_task_streaks(
        self, connection: Connection, only: Collection[str] | None = None
    ) -> dict[str, dict[str, TaskStreak]]:
        """By Dag and task, the task streaks that are not zero, over the runs of the last look.

        The task instances of a run that succeeded are read once; those of others each time.

        :param only: these Dags; None for the whole fleet
        """
        with self._lock:
            return self._read_task_streaks(connection, only)

    def _read_task_streaks(
        self, connection: Connection, only: Collection[str] | None
    ) -> dict[str, dict[str, TaskStreak]]:
        if self._runs is None:
            return {}
        wanted = self._dags if only is None else [dag_id for dag_id in only if dag_id in self._dags]
        windows = {dag_id: window(self._runs.of(dag_id).runs) for dag_id in wanted}
        in_window = {run.id: run for runs in windows.values() for run in runs}
        remembered = {id_: kept for id_, kept in self._unwell.items() if in_window.get(id_) == kept[0]}
        to_read = [run for id_, run in in_window.items() if id_ not in remembered]
        by_run: dict[tuple[str, str], list[TaskStateOfRun]] = {}
        for state in task_instances.states(connection, [run.id for run in to_read], _UNWELL):
            by_run.setdefault((state.dag_id, state.run_id), []).append(state)
        read = {run.id: (run, tuple(by_run.get((run.dag_id, run.run_id), ()))) for run in to_read}
        settled = {id_: kept for id_, kept in read.items() if kept[0].state == SUCCESS}
        self._unwell = (remembered if only is None else self._unwell) | settled

        unwell_tasks: dict[str, set[str]] = {}
        for run, states in [*remembered.values(), *read.values()]:
            unwell_tasks.setdefault(run.dag_id, set()).update(state.task_id for state in states)
        unwell_tasks = {dag_id: tasks for dag_id, tasks in unwell_tasks.items() if tasks}
        states_of: dict[str, list[TaskStateOfRun]] = {}
        run_ids = [run.id for dag_id in unwell_tasks for run in windows[dag_id]]
        for state in task_instances.states_of_tasks(connection, run_ids, set().union(*unwell_tasks.values())):
            if state.task_id in unwell_tasks[state.dag_id]:
                states_of.setdefault(state.dag_id, []).append(state)
        graphs = self._read_graphs(connection, versions.newest(connection, unwell_tasks))
        found: dict[str, dict[str, TaskStreak]] = {}
        for dag_id, its in states_of.items():
            graph = graphs.get(dag_id)
            streaks = task_streaks(windows[dag_id], its, None if graph is None else graph.upstream.keys())
            standing = {task_id: streak for task_id, streak in streaks.items() if streak.unsuccessful}
            if standing:
                found[dag_id] = standing
        return found


def _down_to_last_good(runs: tuple[RunRow, ...]) -> tuple[RunRow, ...]:
    """The newest runs, the last good one included: all that a streak is made of, and mostly very few."""
    for position, run in enumerate(runs):
        if run.state == SUCCESS and is_counting(run):
            return runs[: position + 1]
    return runs


def _running_below(runs: tuple[RunRow, ...], position: int) -> list[RunRow]:
    return [run for run in runs[position:] if run.state == RUNNING]


def _failed_before_last_good(streak: DagStreak[RunRow], runs: Iterable[RunRow]) -> RunRow | None:
    """The newest counting run that failed before the last good one, among the runs that are known."""
    good = streak.last_good_run
    if good is None:
        return None
    place = run_order(good)
    return next(
        (run for run in runs if run.state == FAILED and is_counting(run) and run_order(run) < place), None
    )


def _version_used(run: RunRow, instances: Iterable[TaskInstanceRow]) -> str | None:
    """The Dag version of a run: that of a failed task where it is recorded, else the one the run was
    made with."""
    failed = (each.dag_version_id for each in instances if each.state == FAILED and each.dag_version_id)
    return next(failed, run.created_dag_version_id)


class Runner(Protocol):
    """Runs a blocking function in the SQL threads."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


class SnapshotKeeper:
    """Hands out the newest snapshot and refreshes it behind the callers' backs.

    A look at the database is taken only because somebody asked, one at a time. Whoever asks while one
    is under
    way, or while the last snapshot is still fresh, gets the last snapshot. A refresh that fails leaves
    the last
    snapshot standing, and its age says so.
    """

    def __init__(
        self,
        run: Runner,
        *,
        full_every_s: float = 60.0,
        refresh_every_s: float = 5.0,
        wait_s: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
        reader: FleetReader | None = None,
    ) -> None:
        """:param run: runs a blocking function in the SQL threads
        :param full_every_s: how often everything is read anew, in seconds
        :param refresh_every_s: how often what can have changed is read, in seconds
        :param wait_s: how long a caller waits for a refresh when the snapshot is out of date, in seconds
        """
        self._run = run
        self._full_every_s = full_every_s
        self._refresh_every_s = refresh_every_s
        self._wait_s = wait_s
        self._clock = clock
        self._reader = reader or FleetReader()
        self._snapshot: FleetSnapshot | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._next_at_s = -math.inf
        self._full_at_s = -math.inf
        self._change_expected = False
        self._streaks: tuple[int, dict[str, dict[str, TaskStreak]]] | None = None
        self._streaks_lock: asyncio.Lock | None = None
        self._dag_streaks: LRUCache[tuple[int, str], Mapping[str, TaskStreak]] = LRUCache(_DAG_STREAKS_KEPT)
        self.error: Exception | None = None
        """Why the last refresh failed; None after one that did not."""

    async def get(self) -> FleetSnapshot:
        """Return the newest snapshot, and see to it that it is refreshed when it is due.

        Waits only for the first snapshot of all, and for a moment when the last one is older than a full
        interval (nobody had looked) or an action was just sent.

        :raises MetadataUnavailable: when there is no snapshot yet and the database cannot be read
        """
        last = self._snapshot
        if last is None:
            await asyncio.shield(self._refresh())
            if self._snapshot is None:
                raise self.error or MetadataUnavailable("the first look at the fleet was given up")
            return self._snapshot
        expected, self._change_expected = self._change_expected, False
        if expected and self._under_way() is not None:
            # What is under way may have begun before the action.
            await self._wait(self._refresh())
        if expected or self._clock() >= self._next_at_s:
            refresh = self._refresh()
            if expected or last.age_s() >= self._full_every_s:
                await self._wait(refresh)
        return self._snapshot or last

    async def _wait(self, refresh: asyncio.Task[None]) -> None:
        await asyncio.wait({refresh}, timeout=self._wait_s)

    def _under_way(self) -> asyncio.Task[None] | None:
        task = self._refreshing
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            return None
        return task

    def _refresh(self) -> asyncio.Task[None]:
        """The refresh that is under way, or a new one."""
        task = self._under_way()
        if task is None:
            task = self._refreshing = asyncio.get_running_loop().create_task(self._do_refresh())
        return task

    async def _do_refresh(self) -> None:
        began_s = self._clock()
        whole = began_s - self._full_at_s >= self._full_every_s
        try:
            states, broken = await self._run(lambda: self._read(whole))
        except Exception as error:  # noqa: BLE001 - whatever it is, the last snapshot goes on serving
            self.error = error
            log.warning("The fleet could not be read: %s", error)
        else:
            self.error = None
            if whole:
                self._full_at_s = began_s
            last = self._snapshot
            same = last is not None and last.dags == states and last.import_errors == broken
            version = 1 if last is None else last.version + (not same)
            self._snapshot = FleetSnapshot(states, broken, version, began_s, self._clock)
        took_s = self._clock() - began_s
        self._next_at_s = max(began_s + self._refresh_every_s, began_s + took_s + _REST * took_s)

    def _read(self, whole: bool) -> tuple[Mapping[str, DagState], tuple[BrokenFile, ...]]:
        with reading() as connection:
            return self._reader.read(connection, whole=whole)

    async def dag_task_streaks(self, snapshot: FleetSnapshot, dag_id: str) -> Mapping[str, TaskStreak]:
        """By task, the task streaks of one Dag that are not zero; read once per version of the snapshot.

        :raises MetadataUnavailable: when the database cannot be read
        """
        if self._streaks is not None and self._streaks[0] >= snapshot.version:
            return self._streaks[1].get(dag_id, {})
        key = (snapshot.version, dag_id)
        known = self._dag_streaks.get(key)
        if known is None:
            read = await self._run(lambda: self._read_task_streaks([dag_id]))
            known = self._dag_streaks[key] = read.get(dag_id, {})
        return known

    async def task_streaks(self, snapshot: FleetSnapshot) -> Mapping[str, Mapping[str, TaskStreak]]:
        """By Dag and task, the task streaks that are not zero; read once per version of the snapshot.

        :raises MetadataUnavailable: when the database cannot be read
        """
        loop_lock = self._streaks_lock
        if loop_lock is None:
            loop_lock = self._streaks_lock = asyncio.Lock()
        async with loop_lock:
            if self._streaks is None or self._streaks[0] < snapshot.version:
                refresh = self._under_way()
                if refresh is not None:
                    await asyncio.wait({refresh})
                self._streaks = (snapshot.version, await self._run(lambda: self._read_task_streaks(None)))
            return self._streaks[1]

    def _read_task_streaks(self, only: Collection[str] | None) -> dict[str, dict[str, TaskStreak]]:
        with reading() as connection:
            return self._reader.read_task_streaks(connection, only)

    def expect_change(self, dag_id: str) -> None:
        """Say that an action on a Dag was sent: who asks next gets a snapshot read after it."""
        log.debug("A change of Dag %s is expected", dag_id)
        self._change_expected = True

    def was_paused(self, dag_id: str) -> bool | None:
        """Whether a Dag was paused when last seen; None for one that is not of the fleet."""
        state = self._snapshot.dags.get(dag_id) if self._snapshot is not None else None
        return None if state is None else state.dag.is_paused

    async def close(self) -> None:
        """Let go of a refresh that is under way."""
        task = self._under_way()
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
