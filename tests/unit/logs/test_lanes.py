"""Reads that may hang: none holds up the others, none is waited for beyond its limit."""

from __future__ import annotations

import threading
import time
from concurrent.futures import wait

import pytest

from windsock.logs.lanes import Lane, LaneFullError, TimedOutError


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


def test_results_and_errors_are_handed_on() -> None:
    lane = Lane("test", threads=2, time_s=5)

    def fail() -> None:
        raise KeyError("x")

    assert lane.submit(lambda: 7).result(5) == 7
    with pytest.raises(KeyError):
        lane.submit(fail).result(5)


def test_no_more_than_the_given_number_run_at_once() -> None:
    lane = Lane("test", threads=2, time_s=5)
    running, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1

    wait([lane.submit(work) for _ in range(20)], timeout=10)
    assert most == 2


def test_a_read_that_hangs_gives_its_place_to_the_next_one(gate: threading.Event) -> None:
    lane = Lane("test", threads=1, time_s=0.1)
    hanging = lane.submit(lambda: gate.wait(30))
    following = lane.submit(lambda: "read")
    assert following.result(5) == "read"
    with pytest.raises(TimedOutError):
        hanging.result(5)
    assert lane.lost == 1
    gate.set()
    deadline = time.monotonic() + 5
    while lane.lost and time.monotonic() < deadline:
        time.sleep(0.01)
    assert lane.lost == 0


def test_a_result_that_comes_too_late_is_discarded(gate: threading.Event) -> None:
    discarded = threading.Event()
    lane = Lane("test", threads=1, time_s=0.05)
    late = lane.submit(lambda: gate.wait(30), discard=lambda _: discarded.set())
    with pytest.raises(TimedOutError):
        late.result(5)
    gate.set()
    assert discarded.wait(5)


def test_when_too_many_never_came_back_the_others_are_refused_at_once(gate: threading.Event) -> None:
    lane = Lane("test", threads=1, time_s=0.05, max_lost=2)
    futures = [lane.submit(lambda: gate.wait(30)) for _ in range(10)]
    began = time.monotonic()
    for future in futures:
        with pytest.raises(TimedOutError):
            future.result(5)
    assert time.monotonic() - began < 2
    with pytest.raises(TimedOutError):
        lane.submit(lambda: "never begun").result(0)
    gate.set()


def test_the_urgent_one_is_read_before_those_that_nobody_waits_for(gate: threading.Event) -> None:
    lane = Lane("test", threads=1, time_s=5)
    order: list[str] = []
    lane.submit(lambda: gate.wait(5))
    others = [lane.submit(lambda: order.append("other")) for _ in range(3)]
    urgent = lane.submit(lambda: order.append("urgent"), urgent=True)
    gate.set()
    wait([*others, urgent], timeout=5)
    assert order[0] == "urgent"


def test_too_many_waiting_are_refused(gate: threading.Event) -> None:
    lane = Lane("test", threads=1, time_s=5, max_waiting=2)
    lane.submit(lambda: gate.wait(5))
    lane.submit(lambda: None)
    lane.submit(lambda: None)
    with pytest.raises(LaneFullError):
        lane.submit(lambda: None)
    gate.set()


def test_a_read_that_was_cancelled_while_it_waited_is_not_begun(gate: threading.Event) -> None:
    lane = Lane("test", threads=1, time_s=5)
    begun: list[int] = []
    first = lane.submit(lambda: gate.wait(5))
    cancelled = lane.submit(lambda: begun.append(1))
    last = lane.submit(lambda: "read")
    assert cancelled.cancel()
    gate.set()
    assert last.result(5) == "read"
    assert first.done()
    assert begun == []
