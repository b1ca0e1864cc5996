"""Stretches of a log as lines of an answer: as many as fit. All of it blocks and runs in a log thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from windsock.logs.records import LogRecord
from windsock.logs.search import Wanted, search
from windsock.logs.source import LogSource
from windsock.logs.text import error_text
from windsock.logs.windows import around, line_start, window
from windsock.schemas.logs import LogLine

LINES_BYTES: Final = 200 * 1024
"""How much the lines of an answer may take in it: an answer is no larger than 256 kB."""
MAX_WINDOW_BYTES: Final = 128 * 1024
_LEAST_WINDOW_BYTES: Final = 16 * 1024
"""Whatever stands in so many bytes of one line fits: no byte becomes more than six in JSON."""
_FILTERED_MOST: Final = 300
_FILTERED_TEXT: Final = 4_000
_FILTERED_TIME_S: Final = 1.5
_NAME_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Which stretch is asked for: at most one of the three; with none it is the end."""

    offset: int | None = None
    before: int | None = None
    around: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that follow each other, and the stretch that they were taken from."""

    lines: tuple[LogLine, ...]
    start_offset: int
    end_offset: int
    size_bytes: int
    at_start: bool
    at_end: bool


def stretch(source: LogSource, place: Place, wanted: Wanted, max_bytes: int) -> Stretch:
    """Read the lines of one stretch; with a filter those that pass it, out of as much as can be looked at in time."""
    if not wanted.everything:
        return _filtered(source, place, wanted)
    max_bytes = min(max_bytes, MAX_WINDOW_BYTES)
    while True:
        shown = (
            around(source, place.around, max_bytes)
            if place.around is not None
            else window(source, place.offset, max_bytes, before=place.before)
        )
        lines = [_line(source, record, shown.size_bytes) for record in shown.records]
        sizes = [len(line.model_dump_json().encode()) for line in lines]
        pivot = _pivot(shown.records, place)
        if lines and sizes[pivot] > LINES_BYTES and max_bytes > _LEAST_WINDOW_BYTES:
            # one line alone is too much: it is taken in smaller pieces
            max_bytes = max(_LEAST_WINDOW_BYTES, max_bytes // 4)
            continue
        first, last = _fitting(sizes, pivot, from_end=pivot == len(lines) - 1)
        start = lines[first].offset if lines else shown.start_offset
        end = lines[last - 1].offset + lines[last - 1].length_bytes if lines else shown.end_offset
        return Stretch(
            tuple(lines[first:last]), start, end, shown.size_bytes, start == 0, end >= shown.size_bytes
        )


def _pivot(records: Sequence[LogRecord], place: Place) -> int:
    """Which line must be in the answer."""
    if place.offset is not None:
        return 0
    if place.around is not None:
        wanted = place.around
        return next((at for at, record in enumerate(records) if record.end_offset > wanted), len(records) - 1)
    return len(records) - 1


def _fitting(sizes: Sequence[int], pivot: int, *, from_end: bool) -> tuple[int, int]:
    """Return from where to where lines are taken: those around the pivot that fit."""
    if not sizes:
        return 0, 0
    first, last, used = pivot, pivot + 1, sizes[pivot]
    room_above = LINES_BYTES if from_end else LINES_BYTES // 4
    while first > 0 and used + sizes[first - 1] <= room_above:
        first -= 1
        used += sizes[first]
    while last < len(sizes) and used + sizes[last] <= LINES_BYTES:
        used += sizes[last]
        last += 1
    return first, last


def _filtered(source: LogSource, place: Place, wanted: Wanted) -> Stretch:
    size = source.size_bytes
    if place.around is not None:
        middle = line_start(source, min(place.around, size))
        above = _scan(source, middle, wanted, backward=True, room=LINES_BYTES // 4)
        below = _scan(source, middle, wanted, backward=False, room=LINES_BYTES * 3 // 4)
        lines, start, end = (*above[0], *below[0]), above[1], below[2]
    elif place.offset is not None:
        lines, start, end = _scan(source, place.offset, wanted, backward=False, room=LINES_BYTES)
    else:
        lines, start, end = _scan(source, place.before, wanted, backward=True, room=LINES_BYTES)
    return Stretch(lines, start, end, size, start == 0, end >= size)


def _scan(
    source: LogSource, offset: int | None, wanted: Wanted, *, backward: bool, room: int
) -> tuple[tuple[LogLine, ...], int, int]:
    """Look for lines in one direction until the answer is full, time is up or the log ends."""
    found = search(
        source, wanted, offset, backward=backward, max_hits=_FILTERED_MOST, time_s=_FILTERED_TIME_S
    )
    lines: list[LogLine] = []
    start, end = found.start_offset, found.end_offset
    for hit in found.hits:
        line = _line(source, hit.record, found.end_offset, most=_FILTERED_TEXT)
        room -= len(line.model_dump_json().encode())
        if room < 0 and lines:
            if backward:
                start = lines[-1].offset
            else:
                end = line.offset
            break
        lines.append(line)
    return tuple(lines[::-1] if backward else lines), start, end


def _line(source: LogSource, record: LogRecord, size: int, most: int | None = None) -> LogLine:
    error = error_text(record.error) if record.error else None
    shortened = most is not None and (len(record.text) > most or len(error or "") > most)
    end = record.end_offset
    return LogLine(
        offset=record.offset,
        length_bytes=record.length_bytes,
        text=record.text[:most],
        timestamp=record.timestamp,
        level=record.level,
        logger=_name(record.logger),
        source=_name(_source(record)),
        error_text=error[:most] if error is not None else None,
        facts=dict(record.extra),
        cut_before=record.cut and record.offset > 0 and source.read(record.offset - 1, 1) != b"\n",
        cut_after=record.cut and end < size and source.read(end - 1, 1) != b"\n",
        shortened=shortened,
    )


def _source(record: LogRecord) -> str | None:
    if record.filename is None or record.lineno is None:
        return record.filename
    return f"{record.filename}:{record.lineno}"


def _name(text: str | None) -> str | None:
    return text[:_NAME_LENGTH] if text is not None else None
