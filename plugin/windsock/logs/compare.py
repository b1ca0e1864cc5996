"""How the logs of two tries differ, with what differs between any two tries left aside.

Lines are compared without times, process ids, identifiers, addresses, durations and try numbers. They are
aligned by the lines that occur once in both (as in a patience diff), so that the cost grows with n log n and
not with the square; between those, short stretches are aligned exactly and long ones line by line.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, Literal

from windsock.logs.records import LogRecord
from windsock.logs.text import readable_text
from windsock.logs.windows import Readable, window

MAX_BYTES: Final = 256 * 1024
"""How much of the end of each log is compared at most."""
MAX_LINES: Final = 5_000
"""How many lines of each log are compared at most: the last ones."""
CONTEXT_LINES: Final = 3
"""How many equal lines are shown on either side of a difference."""
_COMPARED_LENGTH: Final = 2_000
_EXACT_LINES: Final = 150
"""Stretches of up to this many lines on each side are aligned exactly."""

_NOISE: Final = (
    # times, with or without a date and an offset
    (
        re.compile(
            r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?: ?Z| ?UTC|[+-]\d\d:?\d\d)?"
            r"|\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b"
        ),
        "<time>",
    ),
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"\b0x[0-9a-fA-F]{4,16}\b"), "<address>"),
    # a long run of hexadecimal digits with at least one digit: a digest, a container, a trace
    (re.compile(r"\b(?=[a-fA-F]{0,63}\d)[0-9a-fA-F]{12,64}\b"), "<id>"),
    (re.compile(r"(?i)\b(pid|ppid|process|thread|tid)(\s?[:=#(]?\s?)\d{2,10}\b"), r"\1\2<pid>"),
    (re.compile(r"(?i)\b(attempt|try|try_number|try number)(\s?[:=#]?\s?)\d{1,4}\b"), r"\1\2<try>"),
    (re.compile(r"(/tmp|/var/tmp|/var/folders)/[^\s'\",:;)]{1,200}"), r"\1/<name>"),
    (
        re.compile(
            r"(?i)\b\d{1,12}(?:\.\d{1,12})?\s?"
            r"(?:ns|us|µs|μs|ms|s|secs?|seconds?|milliseconds?|mins?|minutes?|h|hrs?|hours?)\b"
        ),
        "<duration>",
    ),
    (
        re.compile(r"(?i)\b(duration|elapsed|took|runtime|run_duration)(\s?[:=]?\s?)\d{1,12}(?:\.\d{1,12})?"),
        r"\1\2<duration>",
    ),
)
"""What differs between any two tries, and what stands for it; our own patterns, each linear in the text."""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line of one try."""

    record: LogRecord
    text: str
    """What it says, colours left out."""
    key: str
    """Equal for lines that are taken for the same."""


@dataclass(frozen=True, slots=True)
class ComparedLog:
    """The end of the log of one try."""

    lines: tuple[ComparedLine, ...]
    start_offset: int
    """Where in the log the first of them begins, in bytes: nothing above it is compared."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both tries, or of one of them."""

    kind: Literal["same", "left", "right"]
    left: ComparedLine | None = None
    right: ComparedLine | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """Equal lines that are left out between two differences."""

    lines: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two logs side by side."""

    rows: tuple[Row, ...]
    exact: bool
    """False when time was up: then some lines may be shown as different although they could be paired."""

    @property
    def differences(self) -> int:
        """How many lines stand in one of the two only."""
        return sum(row.kind != "same" for row in self.rows)


def without_noise(text: str) -> str:
    """Replace what differs between any two tries."""
    compared = text[:_COMPARED_LENGTH]
    for pattern, replacement in _NOISE:
        compared = pattern.sub(replacement, compared)
    return f"{compared} … {len(text)}" if len(text) > _COMPARED_LENGTH else compared


def last_lines(source: Readable, max_bytes: int = MAX_BYTES) -> ComparedLog:
    """Read the end of a log for a comparison."""
    shown = window(source, max_bytes=min(max_bytes, MAX_BYTES))
    records = shown.records[-MAX_LINES:]
    lines = []
    for record in records:
        text = readable_text(record)
        lines.append(ComparedLine(record, text, f"{record.level or ''} {without_noise(text).rstrip()}"))
    return ComparedLog(tuple(lines), records[0].offset if records else shown.start_offset)


def compare(left: ComparedLog, right: ComparedLog, *, time_s: float = 5.0) -> Comparison:
    """Align two logs; blocks for at most about ``time_s`` seconds."""
    deadline = time.monotonic() + time_s
    pairs, exact = _pairs([line.key for line in left.lines], [line.key for line in right.lines], deadline)
    rows: list[Row] = []
    done_left = done_right = 0
    for at_left, at_right in [*pairs, (len(left.lines), len(right.lines))]:
        rows += [Row("left", left=line) for line in left.lines[done_left:at_left]]
        rows += [Row("right", right=line) for line in right.lines[done_right:at_right]]
        if at_left < len(left.lines):
            rows.append(Row("same", left.lines[at_left], right.lines[at_right]))
        done_left, done_right = at_left + 1, at_right + 1
    return Comparison(tuple(rows), exact)


def folded(rows: Sequence[Row], context: int = CONTEXT_LINES) -> Iterator[Row | Hidden]:
    """Return the differences with some equal lines around each; what is between them is only counted."""
    near = [False] * len(rows)
    for step in (1, -1):
        since = context + 1
        for position in range(len(rows))[::step]:
            since = 0 if rows[position].kind != "same" else since + 1
            near[position] = near[position] or since <= context
    hidden = 0
    for row, shown in zip(rows, near, strict=True):
        if not shown:
            hidden += 1
            continue
        if hidden:
            yield Hidden(hidden)
            hidden = 0
        yield row
    if hidden:
        yield Hidden(hidden)


_Stretch = tuple[int, int, int, int]
"""Lines of the left, from and to, and lines of the right, from and to."""


def _pairs(left: Sequence[str], right: Sequence[str], deadline: float) -> tuple[list[tuple[int, int]], bool]:
    """Pair equal lines, in the order of both; the second value is False when time was up."""
    pairs: list[tuple[int, int]] = []
    exact = True
    waiting: list[_Stretch] = [(0, len(left), 0, len(right))]
    while waiting:
        a, b, c, d = waiting.pop()
        while a < b and c < d and left[a] == right[c]:
            pairs.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and left[b - 1] == right[d - 1]:
            b, d = b - 1, d - 1
            pairs.append((b, d))
        if a == b or c == d:
            continue
        if time.monotonic() > deadline:
            exact = False
            continue
        anchors = _anchors(left, right, (a, b, c, d))
        if anchors:
            edges = [(a - 1, c - 1), *anchors, (b, d)]
            pairs += anchors
            waiting += [
                (x + 1, next_x, y + 1, next_y)
                for (x, y), (next_x, next_y) in pairwise(edges)
                if x + 1 < next_x and y + 1 < next_y
            ]
        elif b - a <= _EXACT_LINES and d - c <= _EXACT_LINES:
            matcher = SequenceMatcher(None, left[a:b], right[c:d], autojunk=False)
            for block in matcher.get_matching_blocks():
                pairs += [(a + block.a + step, c + block.b + step) for step in range(block.size)]
        else:
            pairs += _in_order(left, right, (a, b, c, d))
    return sorted(pairs), exact


def _anchors(left: Sequence[str], right: Sequence[str], stretch: _Stretch) -> list[tuple[int, int]]:
    """Pair the lines that occur once on each side: the longest run of them that is in order on both."""
    a, b, c, d = stretch
    in_left, in_right = Counter(left[a:b]), Counter(right[c:d])
    place = {right[at]: at for at in range(c, d) if in_right[right[at]] == 1}
    common = [(at, place[left[at]]) for at in range(a, b) if in_left[left[at]] == 1 and left[at] in place]
    # the longest increasing run of the right's places, in n log n
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, at_right) in enumerate(common):
        length = bisect_left(ends, at_right)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(at_right)
            last.append(number)
        else:
            ends[length], last[length] = at_right, number
    chosen: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chosen.append(common[number])
        number = before[number]
    return chosen[::-1]


def _in_order(left: Sequence[str], right: Sequence[str], stretch: _Stretch) -> list[tuple[int, int]]:
    """Pair repeated lines from above: each with the next of its kind, not far below the last pair."""
    a, b, c, d = stretch
    places: dict[str, list[int]] = {}
    for at in range(c, d):
        places.setdefault(right[at], []).append(at)
    pairs: list[tuple[int, int]] = []
    place = c
    for at in range(a, b):
        known = places.get(left[at], [])
        found = bisect_left(known, place)
        # a leap would leave much of the right without a partner
        if found < len(known) and known[found] - place <= _EXACT_LINES:
            pairs.append((at, known[found]))
            place = known[found] + 1
    return pairs
