"""Pieces of a log by byte offset, and where in it the errors are. Memory is bounded whatever the log's
size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from windsock.logs.records import LogRecord
from windsock.logs.shapes import is_traceback_start, parse_line

DEFAULT_WINDOW_BYTES: Final = 128 * 1024
MAX_WINDOW_BYTES: Final = 1024 * 1024
MAX_LINE_BYTES: Final = 4 * 1024 * 1024
"""Lines up to this length are taken whole when an error is looked for; of longer ones a piece is taken."""
SCAN_BLOCK_BYTES: Final = 1024 * 1024

ERROR_MARKERS: Final = (
    b'"error_detail"',
    b'"level":"error"',
    b'"level":"critical"',
    b'"level": "error"',
    b" ERROR ",
    b" CRITICAL ",
    b"[error    ]",
    b"[critical ]",
    b"Traceback (most recent call last)",
)
"""Bytes that a line with an error holds; cheap to find, so that only lines that hold one are parsed. The
longer they are, the faster they are found."""


class Readable(Protocol):
    """A log as bytes; see :class:`windsock.logs.source.LogSource`."""

    @property
    def size_bytes(self) -> int: ...

    def read(self, offset: int, length: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Window:
    """The records of one stretch of a log. Windows that follow each other hold every byte once."""

    records: tuple[LogRecord, ...]
    start_offset: int
    """Where the stretch begins, in bytes; ``before=start_offset`` is the window above."""
    end_offset: int
    """Where it ends, in bytes; ``offset=end_offset`` is the window below."""
    size_bytes: int
    """How long the log was when the window was read."""
    at_start: bool
    at_end: bool


def window(
    source: Readable,
    offset: int | None = None,
    max_bytes: int = DEFAULT_WINDOW_BYTES,
    *,
    before: int | None = None,
) -> Window:
    """Read one stretch of a log.

    With ``offset`` it begins exactly there and ends with a line; with ``before`` it ends exactly there and
    begins with a line; with neither it is the end of the log. A line longer than the window comes in pieces
    that are marked as cut.

    :param max_bytes: at most this much is read; between 1 byte and 1 MB
    """
    size = source.size_bytes
    max_bytes = max(1, min(max_bytes, MAX_WINDOW_BYTES))
    if offset is None:
        end = size if before is None else max(0, min(before, size))
        start = max(0, end - max_bytes)
        data = source.read(start, end - start)
        end = start + len(data)
        # one byte before tells whether the stretch happens to begin with a line
        if start > 0 and source.read(start - 1, 1) != b"\n":
            line_end = data.find(b"\n")
            if 0 <= line_end < len(data) - 1:
                data = data[line_end + 1 :]
                start += line_end + 1
    else:
        start = max(0, min(offset, size))
        data = source.read(start, min(max_bytes, size - start))
        end = start + len(data)
        if end < size:
            line_end = data.rfind(b"\n")
            if line_end >= 0:
                data = data[: line_end + 1]
                end = start + len(data)
    return Window(
        records=tuple(_records(source, data, start, size)),
        start_offset=start,
        end_offset=end,
        size_bytes=size,
        at_start=start == 0,
        at_end=end >= size,
    )


def around(source: Readable, offset: int, max_bytes: int = DEFAULT_WINDOW_BYTES) -> Window:
    """Read the stretch that shows the line at ``offset`` with a quarter of the window above it."""
    start = line_start(source, max(0, offset - max_bytes // 4))
    if offset - start >= max_bytes:  # a very long line stands above
        start = line_start(source, offset)
    if offset - start >= max_bytes:
        start = max(0, offset)
    return window(source, start, max_bytes)


def _records(source: Readable, data: bytes, start: int, size: int) -> Iterator[LogRecord]:
    if not data:
        return
    first_cut = start > 0 and source.read(start - 1, 1) != b"\n"
    position = 0
    while position < len(data):
        line_end = data.find(b"\n", position)
        stop = len(data) if line_end < 0 else line_end + 1
        # the last line of a log that is being written has no line end yet and is whole all the same
        last_cut = line_end < 0 and start + stop < size
        yield parse_line(data[position:stop], start + position, cut=(first_cut and position == 0) or last_cut)
        position = stop


def line_start(source: Readable, offset: int) -> int:
    """Return where the line begins that holds the byte at ``offset``; of a very long line, some place in
    it."""
    end = min(offset, source.size_bytes)
    floor = max(0, end - MAX_LINE_BYTES)
    step = 4096
    while end > floor:
        start = max(floor, end - step)
        found = source.read(start, end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
        step = min(step * 4, SCAN_BLOCK_BYTES)
    return floor


def line_at(source: Readable, offset: int) -> LogRecord | None:
    """Read the line that holds the byte at ``offset``; None where the log has none."""
    start = line_start(source, offset)
    pieces: list[bytes] = []
    length = 0
    step = 4096
    ended = False
    while length < MAX_LINE_BYTES and not ended:
        piece = source.read(start + length, min(step, MAX_LINE_BYTES - length))
        if not piece:
            ended = True
            break
        line_end = piece.find(b"\n")
        if line_end >= 0:
            piece = piece[: line_end + 1]
            ended = True
        pieces.append(piece)
        length += len(piece)
        step = min(step * 4, SCAN_BLOCK_BYTES)
    if not pieces:
        return None
    whole = ended and (start == 0 or source.read(start - 1, 1) == b"\n")
    return parse_line(b"".join(pieces), start, cut=not whole)


def lines_from(source: Readable, offset: int, max_bytes: int) -> Iterator[LogRecord]:
    """Read the lines that begin at ``offset``, at most ``max_bytes`` of them, a window at a time."""
    stop = offset + max_bytes
    while offset < stop:
        part = window(source, offset, min(DEFAULT_WINDOW_BYTES, stop - offset))
        yield from part.records
        if part.at_end or part.end_offset <= offset:
            return
        offset = part.end_offset


class OutOfTimeError(Exception):
    """A search ended because its time was up; the log was not read to its end."""


def hits_backward(
    source: Readable, markers: tuple[bytes, ...], *, below: int = 0, deadline: float | None = None
) -> Iterator[LogRecord]:
    """Yield the lines that hold one of ``markers``, the last one first.

    :param below: where the search stops, in bytes
    :param deadline: a moment of ``time.monotonic``
    :raises OutOfTimeError: when the deadline passes
    """
    overlap = max(len(marker) for marker in markers) - 1
    end = source.size_bytes
    seen_from = end  # lines from here on were looked at
    while end > below:
        start = max(below, end - SCAN_BLOCK_BYTES)
        data = source.read(start, end - start + overlap)
        limit = min(len(data), max(0, seen_from - start))
        # a marker that is rare is not looked for again after each hit of a frequent one
        places = dict.fromkeys(markers, len(data))
        while True:
            if deadline is not None and time.monotonic() > deadline:
                raise OutOfTimeError
            for marker, place in places.items():
                if place >= 0 and place + len(marker) > limit:
                    places[marker] = data.rfind(marker, 0, limit)
            found = max(places.values())
            if found < 0:
                break
            record = line_at(source, start + found)
            if record is not None:
                yield record
                seen_from = min(start + found, record.offset)
            else:
                seen_from = start + found
            limit = max(0, min(seen_from - start, found))
        end = start


def hits_forward(
    source: Readable, markers: tuple[bytes, ...], *, offset: int = 0, deadline: float | None = None
) -> Iterator[LogRecord]:
    """Yield the lines from ``offset`` on that hold one of ``markers``; see :func:`hits_backward`."""
    overlap = max(len(marker) for marker in markers) - 1
    size = source.size_bytes
    while offset < size:
        data = source.read(offset, SCAN_BLOCK_BYTES + overlap)
        if not data:
            return
        position = 0
        block = min(len(data), SCAN_BLOCK_BYTES)
        absent = len(data)
        places = dict.fromkeys(markers, -1)
        while True:
            if deadline is not None and time.monotonic() > deadline:
                raise OutOfTimeError
            for marker, place in places.items():
                if place < position:
                    next_place = data.find(marker, position)
                    places[marker] = absent if next_place < 0 else next_place
            found = min(places.values())
            if found >= absent:
                break
            record = line_at(source, offset + found)
            if record is not None:
                yield record
            after = offset + found + 1 if record is None else max(offset + found + 1, record.end_offset)
            position = after - offset
            if position >= block:
                break
        offset += max(block, position)


def is_error_line(record: LogRecord) -> bool:
    """Tell whether a line shows an error: its level, an exception that it carries, or a printed traceback."""
    return record.is_error or bool(record.error) or is_traceback_start(record.text.split("\n", 1)[0])


def find_error(
    source: Readable,
    *,
    last: bool = False,
    offset: int = 0,
    time_s: float = 5.0,
    accept: Callable[[LogRecord], bool] = is_error_line,
) -> LogRecord | None:
    """Find the first line with an error, or the last one.

    :param offset: search from here on, in bytes
    :param time_s: how long to search, in seconds
    :raises OutOfTimeError: when the time was up before one was found
    """
    deadline = time.monotonic() + time_s
    search = (
        hits_backward(source, ERROR_MARKERS, below=offset, deadline=deadline)
        if last
        else hits_forward(source, ERROR_MARKERS, offset=offset, deadline=deadline)
    )
    return next((record for record in search if accept(record)), None)
