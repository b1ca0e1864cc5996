"""A pool's wait for a free thread is bounded, and work that was not begun is never begun."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from windsock.workers import Busy, WorkerPool


def test_work_runs_in_a_thread_of_the_pool_and_gives_back_what_it_returns() -> None:
    pool = WorkerPool("test", 1)
    assert asyncio.run(pool.run(1, threading.current_thread)).name.startswith("windsock-test")
    pool.shutdown()


def test_when_no_thread_is_free_in_time_the_work_is_given_up() -> None:
    pool = WorkerPool("test", 1)
    begun: list[str] = []
    release = threading.Event()

    async def both() -> None:
        first = asyncio.create_task(pool.run(1, release.wait))
        await asyncio.sleep(0)
        with pytest.raises(Busy) as refused:
            await pool.run(0.05, begun.append, "second")
        assert refused.value.retry_after_s >= 1
        release.set()
        await first

    asyncio.run(both())
    assert begun == []
    pool.shutdown()


def _slowly() -> str:
    time.sleep(0.2)
    return "done"


def test_work_that_began_is_waited_for_however_long_it_takes() -> None:
    pool = WorkerPool("test", 1)
    assert asyncio.run(pool.run(0.05, _slowly)) == "done"
    pool.shutdown()


def test_errors_reach_the_caller_and_the_pool_goes_on() -> None:
    pool = WorkerPool("test", 1)

    def fail() -> None:
        raise KeyError("nothing")

    with pytest.raises(KeyError):
        asyncio.run(pool.run(1, fail))
    pool.shutdown()
    assert asyncio.run(pool.run(1, lambda: 1)) == 1
    pool.shutdown()
