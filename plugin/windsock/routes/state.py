"""What one API-server process keeps in memory: snapshot, callers' rights, finished answers, errors of tries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

from cachetools import LRUCache

from windsock.access import Rights, RightsCache
from windsock.failures import failures_in_database
from windsock.health.task_streaks import TaskStreak
from windsock.metadata.rows import RunRow
from windsock.routes.answers import AnswerCache
from windsock.routes.fleet_view import FleetView, view
from windsock.settings import get_settings
from windsock.snapshot import FleetSnapshot, SnapshotKeeper
from windsock.workers import sql_pool

P = ParamSpec("P")
T = TypeVar("T")


class AppState:
    """Made once per app; holds nothing that another process would have to know."""

    def __init__(self) -> None:
        settings = get_settings()
        self.rights = RightsCache(settings.snapshot_full_every_s)
        self.answers = AnswerCache()
        self.failures = failures_in_database()
        self.snapshot = SnapshotKeeper(
            self.sql,
            full_every_s=settings.snapshot_full_every_s,
            refresh_every_s=settings.snapshot_refresh_every_s,
        )
        self._views: LRUCache[tuple[object, str], FleetView] = LRUCache(32)

    async def sql(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a read of the metadata database in a thread of ours.

        :raises windsock.workers.Busy: when no thread became free in time
        """
        return await sql_pool.run(get_settings().queue_timeout_s, work, *args, **kwargs)

    async def view(self, rights: Rights) -> tuple[FleetSnapshot, FleetView]:
        """Return the newest snapshot and what a caller with these rights may see of it."""
        snapshot = await self.snapshot.get()
        key = (snapshot.version, rights.fingerprint)
        seen = self._views.get(key)
        if seen is None:
            seen = self._views[key] = view(snapshot, rights)
        return snapshot, seen

    async def known_runs(self, dag_id: str) -> tuple[RunRow, ...]:
        """Return the newest runs of a Dag as the snapshot has them, newest first; none for a stale Dag.

        What they can answer costs no query: no index of Airflow's gives the newest runs of one Dag, so asking
        the database reads all runs that the Dag ever had.
        """
        snapshot = await self.snapshot.get()
        known = snapshot.dags.get(dag_id)
        return known.runs if known is not None else ()

    async def task_streaks(self, snapshot: FleetSnapshot) -> Mapping[str, Mapping[str, TaskStreak]]:
        """Return the task streaks of the fleet that are not zero, by Dag and task."""
        return await self.snapshot.task_streaks(snapshot)

    async def close(self) -> None:
        """Let go of what is being read."""
        await self.snapshot.close()
        self.failures.close()
