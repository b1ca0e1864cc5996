"""Threads for reads that may hang, a few at a time, each with a limit that holds.

A thread in Python cannot be stopped. When a read does not come back in time its place is given to the next
one and whoever waits is told; the thread is left to itself and counted, and when too many have been left like
that, further reads are refused at once until one of them comes back.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, TypeVar

T = TypeVar("T")


class TimedOutError(Exception):
    """A read did not come back in time, or was not begun because earlier ones never came back."""


class LaneFullError(Exception):
    """Too many reads wait already."""


@dataclass(order=True, slots=True)
class _Job:
    rank: tuple[int, int]
    work: Callable[[], Any] = field(compare=False)
    discard: Callable[[Any], None] | None = field(compare=False)
    future: Future[Any] = field(compare=False)
    timer: threading.Timer | None = field(compare=False, default=None)
    over: bool = field(compare=False, default=False)
    """Whether it came back or was given up."""


class Lane:
    """A fixed number of reads at a time; the others wait, urgent ones first."""

    def __init__(
        self, name: str, *, threads: int, time_s: float, max_waiting: int = 500, max_lost: int = 8
    ) -> None:
        """Start nothing yet: a thread lives as long as its read.

        :param time_s: how long one read may take, in seconds, the wait for its turn not included
        :param max_waiting: how many reads may wait for their turn
        :param max_lost: how many threads may be left to themselves before further reads are refused
        """
        self.name: Final = name
        self._threads: Final = threads
        self._time_s: Final = time_s
        self._max_waiting: Final = max_waiting
        self._max_lost: Final = max_lost
        self._lock = threading.Lock()
        self._waiting: list[_Job] = []
        self._order = count()
        self._running = 0
        self._lost = 0

    @property
    def lost(self) -> int:
        """How many reads were given up and have not come back."""
        with self._lock:
            return self._lost

    def submit(
        self, work: Callable[[], T], *, urgent: bool = False, discard: Callable[[T], None] | None = None
    ) -> Future[T]:
        """Read when it is this one's turn.

        :param urgent: whether somebody waits for exactly this one
        :param discard: what to do with a result that came too late, e.g. close it
        :raises LaneFullError: when too many wait already
        """
        future: Future[T] = Future()
        with self._lock:
            if self._lost >= self._max_lost:
                future.set_exception(TimedOutError(f"{self._lost} earlier reads have not come back"))
                return future
            if len(self._waiting) >= self._max_waiting:
                raise LaneFullError
            heapq.heappush(
                self._waiting, _Job((0 if urgent else 1, next(self._order)), work, discard, future)
            )
            self._start()
        return future

    def close(self) -> None:
        """Begin none of the reads that wait; whoever waits for one is told."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for job in waiting:
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(TimedOutError("reading has ended"))

    def _start(self) -> None:
        while self._running < self._threads and self._waiting:
            job = heapq.heappop(self._waiting)
            if not job.future.set_running_or_notify_cancel():
                continue
            self._running += 1
            job.timer = threading.Timer(self._time_s, self._give_up, (job,))
            job.timer.daemon = True
            job.timer.name = f"windsock-{self.name}-limit"
            job.timer.start()
            threading.Thread(target=self._run, args=(job,), name=f"windsock-{self.name}", daemon=True).start()

    def _run(self, job: _Job) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = job.work()
        except BaseException as raised:  # noqa: BLE001 — handed to whoever waits
            error = raised
        if job.timer is not None:
            job.timer.cancel()
        with self._lock:
            late, job.over = job.over, True
            if late:
                self._lost -= 1
            else:
                self._running -= 1
                self._start()
        if late:
            if error is None and job.discard is not None:
                job.discard(result)
        elif error is not None:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    def _give_up(self, job: _Job) -> None:
        with self._lock:
            if job.over:
                return
            job.over = True
            self._running -= 1
            self._lost += 1
            refused = self._waiting if self._lost >= self._max_lost else []
            if refused:
                self._waiting = []
            self._start()
        job.future.set_exception(TimedOutError(f"not read within {self._time_s:g} s"))
        for waiting in refused:
            if waiting.future.set_running_or_notify_cancel():
                waiting.future.set_exception(TimedOutError("earlier reads have not come back"))
