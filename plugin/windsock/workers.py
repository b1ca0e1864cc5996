"""Small thread pools of our own, so that blocking work runs neither on the event loop nor in Airflow's threads.

Starlette shares one pool of 40 threads with all of Airflow's ``def`` routes; waiting in it for a call back
into Airflow can stop the whole API server. Each kind of our work therefore has a few threads of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Busy(Exception):  # noqa: N818  # named after what happened
    """No thread became free in time; the caller may try again after ``retry_after_s`` seconds."""

    def __init__(self, pool: str, waited_s: float) -> None:
        super().__init__(f"all {pool} threads were busy for {waited_s:g} s")
        self.pool = pool
        self.retry_after_s = max(1, round(waited_s))


class WorkerPool:
    """A fixed number of threads with a bounded wait for a free one.

    The wait for a free thread is bounded, the work itself is not: what it calls has limits of its own
    (a statement timeout, a client timeout, a read limit).
    """

    def __init__(self, name: str, threads: int | Callable[[], int]) -> None:
        """Make a pool that starts no thread before it is used; a function is asked for their number then."""
        self.name: Final = name
        self.threads: Final = threads
        self._executor: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def _pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._executor is None:
                threads = self.threads() if callable(self.threads) else self.threads
                self._executor = ThreadPoolExecutor(threads, thread_name_prefix=f"windsock-{self.name}")
            return self._executor

    async def run(self, wait_s: float, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in a thread of this pool and return what it returns.

        :param wait_s: how long to wait for a free thread, in seconds
        :raises Busy: when no thread became free in time; the work was then not started and will not be
        """
        loop = asyncio.get_running_loop()
        started = asyncio.Event()
        context = copy_context()

        def begin() -> T:
            loop.call_soon_threadsafe(started.set)
            return context.run(work, *args, **kwargs)

        future = self._pool().submit(begin)
        try:
            await asyncio.wait_for(started.wait(), wait_s)
        except asyncio.TimeoutError:
            if future.cancel():
                raise Busy(self.name, wait_s) from None
        except asyncio.CancelledError:
            future.cancel()
            raise
        return await asyncio.wrap_future(future)

    def call(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in a thread of this pool and wait for it: for other threads of ours, never on a loop."""
        return self._pool().submit(work, *args, **kwargs).result()

    def shutdown(self) -> None:
        """Let go of the threads; a later call starts new ones."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)


def _client_threads() -> int:
    """Return 1 where Airflow's database is SQLite, else 4.

    From 3.2 on Airflow commits its audit record on the event loop. SQLite lets one connection write at a
    time: the loop then waits for the writer of another call, and that one waits for the loop.
    """
    from airflow.configuration import conf

    return 1 if conf.get_mandatory_value("database", "sql_alchemy_conn").startswith("sqlite") else 4


sql_pool: Final = WorkerPool("sql", 2)
"""Reads of the metadata database and decisions of the auth manager."""
client_pool: Final = WorkerPool("client", _client_threads)
"""Calls of Airflow's public API."""


def shutdown_pools() -> None:
    """Let go of all threads of ours."""
    for pool in (sql_pool, client_pool):
        pool.shutdown()
