"""A log of any size, and a process of its own that reads it and tells what that cost.

Run as a program it prints one line of JSON: ``python -m tests.unit.logs.big_log <path>``.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TypedDict

from tests.unit.logs.samples import exception, failed, line, log_bytes, started

MB = 1024 * 1024


class Cost(TypedDict):
    """What reading cost."""

    size_bytes: int
    window_s: float
    first_error_s: float
    first_error: str
    ending_s: float
    ending: str
    grown_bytes: int
    """What the process grew by, at its most."""
    allocated_bytes: int
    """What Python held at its most, which a larger peak before the reading cannot hide."""


def write_big_log(path: Path, size_bytes: int) -> None:
    """Write a log of many rows with its only error at the end: a search from the start reads all of it."""
    row = log_bytes([line("loaded row 123456 of orders into the warehouse", logger="orders.load")])
    block = row * (MB // len(row))
    with path.open("wb") as log:
        log.write(log_bytes(started()[::2]))
        while log.tell() < size_bytes:
            log.write(block)
        log.write(log_bytes([failed(exception("ConnectionError", "refused"))]))


def measure(path: Path) -> Cost:
    """Read the end, find the first error from the start and the one that ended the task."""
    from windsock.logs.ending import Ending, find_ending
    from windsock.logs.local import open_local
    from windsock.logs.records import LogRecord
    from windsock.logs.windows import find_error, window

    def read() -> tuple[list[float], LogRecord | None, Ending | None]:
        moments = [time.perf_counter()]
        source = open_local(path.name, str(path.parent))
        assert source is not None
        with source:
            assert window(source).at_end
            moments.append(time.perf_counter())
            first = find_error(source)
            moments.append(time.perf_counter())
            ending = find_ending(source)
            moments.append(time.perf_counter())
        return moments, first, ending

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    moments, first, ending = read()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    tracemalloc.start()
    read()
    _, allocated = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Cost(
        size_bytes=path.stat().st_size,
        window_s=moments[1] - moments[0],
        first_error_s=moments[2] - moments[1],
        first_error=first.text if first is not None else "",
        ending_s=moments[3] - moments[2],
        ending=ending.chain[-1].type if ending is not None else "",
        grown_bytes=grown,
        allocated_bytes=allocated,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))) + "\n")
