"""Lines of a log that match, by level, logger, text or pattern, from any place in either direction.

A pattern comes from a person and is run by RE2, whose time is linear in the text and which lets go of the
interpreter meanwhile; Python's own ``re`` could stop the whole API server. One call reads for a bounded time
and says where to go on. What is matched is what a person sees, the message without JSON's escapes and colours
and the exception below it; lines are passed over as bytes where that is certain to miss nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from windsock.logs.records import LogRecord
from windsock.logs.shapes import message_of, parse_line
from windsock.logs.text import readable_text, without_colours
from windsock.logs.windows import Readable

MAX_PATTERN: Final = 300
"""How long a text or pattern may be, in characters."""
MAX_LINE_BYTES: Final = 2 * 1024 * 1024
"""Lines up to this length are searched whole; longer ones in pieces of it."""
NO_LEVEL: Final = "none"
"""Stands for lines that have no level: plain text and what programs print."""
LEVELS: Final = ("debug", "info", "warning", "error", "critical", NO_LEVEL)

# Small enough that the slowest pattern that is let through ends soon, and each call gets somewhere.
_BLOCK_BYTES: Final = 64 * 1024
_MAX_PROGRAM: Final = 4_000
"""How large RE2's program of a pattern may be: its time grows with it."""
_TRIAL_BYTES: Final = 512 * 1024
_PATTERN_BYTES: Final = 8 * 1024 * 1024
"""What RE2 may take for a pattern: with less it is slow where many states are met."""
_TOO_LARGE: Final = "It is too large: its repetitions and classes would be slow on long lines"
_EXCERPT_SIDE: Final = 80
_EXCERPT_MATCH: Final = 120

# How a level may be spelled in a JSON line, where the line has the form that Airflow writes.
_SPELLINGS: Final = {
    "debug": ("debug",),
    "info": ("info",),
    "warning": ("warning", "warn"),
    "error": ("error", "exception"),
    "critical": ("critical", "fatal"),
}
_LEVEL_KEY: Final = b'"level":'

# A match that depends on what stands beside it may be lost or found where a JSON line stands for its message.
_ASSERTION: Final = re.compile(r"\^|\$|\\[bBAzZ]|\(\?[a-zA-Z]*[ms]")
_NEGATED_CLASS: Final = re.compile(r"(?<!\\)\[\^")


class PatternError(ValueError):
    """A text or pattern cannot be searched for; the text says why, for people to read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are looked for."""

    levels: frozenset[str] = frozenset()
    """Any of these; empty for all. See :data:`LEVELS`."""
    loggers: frozenset[str] = frozenset()
    """Any of these or what is below them (``orders`` stands for ``orders.load`` too); empty for all."""
    pattern: Pattern | None = None

    @property
    def everything(self) -> bool:
        """Whether every line is wanted."""
        return not self.levels and not self.loggers and self.pattern is None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A match and what stands around it, on one line each."""

    before: str
    match: str
    after: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that matches."""

    record: LogRecord
    at: int
    """Roughly where in the log the match stands, in bytes: in a very long line far from where it begins."""
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Found:
    """What one call found."""

    hits: tuple[Hit, ...]
    """In the order of the search: backward, the last line comes first."""
    start_offset: int
    """Where what was looked at begins, in bytes."""
    end_offset: int
    """Where it ends, in bytes."""
    next_offset: int
    """Where to go on: forward from it, or backward to before it."""
    finished: bool
    """Whether the end of the log was reached, backward its start."""


class Pattern:
    """A text or a pattern that is safe to run on any log."""

    def __init__(self, text: str, *, regex: bool = False, case_sensitive: bool = False) -> None:
        """Make ready to search.

        :param regex: whether ``text`` is a pattern in RE2's syntax; else it stands for itself
        :raises PatternError: when it is empty, too long, no pattern, or one that would take too long
        """
        if not text:
            raise PatternError("Nothing to search for was given")
        if len(text) > MAX_PATTERN:
            raise PatternError(f"It has {len(text)} characters; at most {MAX_PATTERN} are searched for")
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            raise PatternError("It holds half of a character") from None
        self._on_text = _compile(encoded, regex=regex, case_sensitive=case_sensitive)
        # Where nothing of a line is escaped its message stands in it as it is: what is not found in the line
        # is not found in the message either.
        self._on_lines: Any = None
        if not regex or _ASSERTION.search(_NEGATED_CLASS.sub("[", text)) is None:
            self._on_lines = _compile(encoded, regex=regex, case_sensitive=case_sensitive, within_lines=True)

    def find(self, text: str) -> tuple[int, int] | None:
        """Return where the first match in ``text`` begins and ends, in bytes of its UTF-8; None for none."""
        found = self._on_text.search(text.encode("utf-8", "backslashreplace"))
        return None if found is None else (found.start(), found.end())

    def may_pass(self, data: bytes) -> bool:
        """Tell whether lines that do not match as bytes can be passed over without being read."""
        return self._on_lines is not None and _is_utf8(data)

    def next_place(self, data: bytes, position: int) -> int:
        """Return where the next match in lines begins; -1 when there is none."""
        found = self._on_lines.search(data, position)
        return -1 if found is None else int(found.start())


def _compile(encoded: bytes, *, regex: bool, case_sensitive: bool, within_lines: bool = False) -> Any:
    # Imported when somebody searches: every Airflow process imports this module.
    import re2  # type: ignore[import-untyped]

    options = re2.Options()
    options.literal = not regex
    options.case_sensitive = case_sensitive
    options.never_capture = True
    options.never_nl = within_lines
    options.log_errors = False
    try:
        # A huge pattern is refused before much is built for it: compiling does not let go of the interpreter.
        options.max_mem = _TRIAL_BYTES
        small = re2.compile(encoded, options).programsize <= _MAX_PROGRAM
        options.max_mem = _PATTERN_BYTES
        compiled = re2.compile(encoded, options) if small else None
    except re2.error as error:
        said = error.args[0] if error.args else ""
        reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        if "too large" in reason:
            raise PatternError(_TOO_LARGE) from None
        raise PatternError(f"It is no pattern in RE2's syntax: {reason}"[:500]) from None
    finally:
        # the package would keep 128 of them
        re2.purge()
    if compiled is None:
        raise PatternError(_TOO_LARGE)
    return compiled


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def search(
    source: Readable,
    wanted: Wanted,
    offset: int | None = None,
    *,
    backward: bool = False,
    max_hits: int = 100,
    time_s: float = 2.0,
) -> Found:
    """Look for lines, at most for ``time_s`` seconds and some more for the block that is under way.

    :param offset: forward, the first byte looked at; backward, the one after the last. By default the start
        of the log, backward its end
    :param max_hits: at most this many lines are returned; at least 1
    """
    deadline = time.monotonic() + time_s
    size = source.size_bytes
    place = min(max(0, offset), size) if offset is not None else (size if backward else 0)
    begin = place
    hits: list[Hit] = []
    max_hits = max(1, max_hits)
    while True:
        block = _block_above(source, place) if backward else _block_below(source, place, size)
        if block is None:
            place = 0 if backward else max(place, size)
            break
        start, data = block
        found = _hits_in(source, data, start, size, wanted)
        if backward:
            in_block = list(found)[::-1]
            room = max_hits - len(hits)
            hits += in_block[:room]
            place = start
            if len(in_block) >= room:
                # lines above the last one taken were not told
                place = in_block[room - 1].record.offset
                break
        else:
            place = start + len(data)
            for hit in found:
                hits.append(hit)
                if len(hits) >= max_hits:
                    place = hit.record.end_offset
                    break
            if len(hits) >= max_hits:
                break
        if time.monotonic() > deadline:
            break
    finished = place <= 0 if backward else place >= source.size_bytes
    return Found(tuple(hits), min(begin, place), max(begin, place), place, finished)


def _block_below(source: Readable, start: int, size: int) -> tuple[int, bytes] | None:
    """Read whole lines from ``start`` on; of a line that is too long a piece."""
    length = _BLOCK_BYTES
    while True:
        data = source.read(start, min(length, size - start))
        if not data:
            return None
        if start + len(data) >= size:
            return start, data
        line_end = data.rfind(b"\n")
        if line_end >= 0:
            return start, data[: line_end + 1]
        if length >= MAX_LINE_BYTES or len(data) < length:
            return start, data
        length = min(length * 4, MAX_LINE_BYTES)


def _block_above(source: Readable, end: int) -> tuple[int, bytes] | None:
    """Read whole lines that end at ``end``; of a line that is too long a piece."""
    length = _BLOCK_BYTES
    while end > 0:
        start = max(0, end - length)
        data = source.read(start, end - start)
        if not data:
            return None
        if start == 0:
            return start, data
        line_end = data.find(b"\n", 0, len(data) - 1)
        if line_end >= 0:
            return start + line_end + 1, data[line_end + 1 :]
        if length >= MAX_LINE_BYTES:
            return start, data
        length = min(length * 4, MAX_LINE_BYTES)
    return None


def _hits_in(source: Readable, data: bytes, start: int, size: int, wanted: Wanted) -> Iterator[Hit]:
    for position, stop in _candidates(data, wanted):
        raw = data[position:stop]
        begins = position > 0 or start == 0 or source.read(start - 1, 1) == b"\n"
        ends = raw.endswith(b"\n") or start + stop >= size
        cut = not (begins and ends)
        if not cut and wanted.pattern is not None:
            # most lines do not match, and their other parts need not be read to tell
            message = message_of(raw)
            if message is not None and wanted.pattern.find(without_colours(message)) is None:
                continue
        record = parse_line(raw, start + position, cut=cut)
        hit = _judged(record, raw, wanted)
        if hit is not None:
            yield hit


def _candidates(data: bytes, wanted: Wanted) -> Iterator[tuple[int, int]]:
    """Return where the lines stand that may be wanted: all but those that certainly are not."""
    skips = _LevelSkips(wanted.levels)
    for position, stop in _by_pattern(data, wanted.pattern):
        if not skips.certain(data, position, stop):
            yield position, stop


def _by_pattern(data: bytes, pattern: Pattern | None) -> Iterator[tuple[int, int]]:
    position = 0
    length = len(data)
    # Lines with an escape say something else than their bytes; so do those with an exception or a message
    # that is no text, which are written out. The next place of each is kept, so that it is found once.
    markers = (b"\\", b"\x1b", b'"error_detail"', b'"event":{', b'"event":[')
    pass_over = pattern is not None and pattern.may_pass(data)
    places = dict.fromkeys(markers, -1)
    match = -1
    while position < length:
        if pass_over and pattern is not None:
            for marker, place in places.items():
                if place < position:
                    found = data.find(marker, position)
                    places[marker] = length if found < 0 else found
            if match < position:
                found = pattern.next_place(data, position)
                match = length if found < 0 else found
            place = min(match, *places.values())
            if place >= length:
                return
            position = max(position, data.rfind(b"\n", position, place) + 1)
        line_end = data.find(b"\n", position)
        stop = length if line_end < 0 else line_end + 1
        yield position, stop
        position = stop


class _LevelSkips:
    """Tells lines of a wrong level by their bytes, where they are JSON lines as Airflow writes them."""

    def __init__(self, levels: frozenset[str]) -> None:
        self._markers = tuple(
            f'"level":{space}"{spelling}"'.encode()
            for level in levels
            for spelling in _SPELLINGS.get(level, ())
            for space in ("", " ")
        )
        # a line whose JSON is broken has no level, whatever stands in it
        self._of_use = bool(levels) and NO_LEVEL not in levels

    def certain(self, data: bytes, start: int, stop: int) -> bool:
        """Tell whether the line is certain to have a level that is not wanted."""
        if not self._of_use or data[start : start + 1] != b"{":
            return False
        key = data.find(_LEVEL_KEY, start, stop)
        if key < 0 or any(data.find(marker, key, stop) >= 0 for marker in self._markers):
            return False
        value = data[key + len(_LEVEL_KEY) : key + len(_LEVEL_KEY) + 12].lstrip()
        known = value.startswith(_KNOWN_LEVELS)
        return known and data.find(_LEVEL_KEY, key + 1, stop) < 0


_KNOWN_LEVELS: Final = tuple(
    f'"{spelling}"'.encode() for spellings in _SPELLINGS.values() for spelling in spellings
)


def matches(record: LogRecord, wanted: Wanted) -> bool:
    """Tell whether a line has one of the wanted levels and loggers.

    Of a piece of a line that is too long to be taken whole neither is known: it is never left out.
    """
    if record.cut:
        return True
    if wanted.levels and (record.level or NO_LEVEL) not in wanted.levels:
        return False
    return not wanted.loggers or any(
        record.logger == logger or (record.logger or "").startswith(f"{logger}.") for logger in wanted.loggers
    )


def _judged(record: LogRecord, raw: bytes, wanted: Wanted) -> Hit | None:
    if not matches(record, wanted):
        return None
    if wanted.pattern is None:
        return Hit(record, record.offset, Excerpt("", "", ""))
    text = readable_text(record)
    span = wanted.pattern.find(text)
    if span is None:
        return None
    encoded = text.encode("utf-8", "backslashreplace")
    begin, end = span
    match = encoded[begin:end]
    inside = raw.find(match[:1_000]) if match else 0
    # behind an escape the message is shorter than the line: never past its end
    within = inside if inside >= 0 else min(begin, max(0, len(raw) - 1))
    return Hit(record, record.offset + within, _excerpt(encoded, begin, end))


def _excerpt(encoded: bytes, begin: int, end: int) -> Excerpt:
    side, longest = _EXCERPT_SIDE * 4, _EXCERPT_MATCH * 4
    before = _one_line(encoded[max(0, begin - side) : begin])
    match = _one_line(encoded[begin : min(end, begin + longest)])
    after = _one_line(encoded[end : end + side])
    return Excerpt(before[-_EXCERPT_SIDE:], match[:_EXCERPT_MATCH], after[:_EXCERPT_SIDE])


def _one_line(piece: bytes) -> str:
    # a character that was cut in two at an end is left out
    return piece.decode("utf-8", "ignore").replace("\n", " ").replace("\r", " ")
