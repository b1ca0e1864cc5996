"""Task logs: windows by byte offset, search, two tries side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from windsock.schemas.common import Answer

LogStateName = Literal["found", "empty", "missing", "cut", "unreadable", "timed_out"]
LevelName = Literal["debug", "info", "warning", "error", "critical", "none"]
"""The level of a line; ``none`` for lines without one, plain text and what programs print."""


class LogLine(Answer):
    """One line of a log, or a piece of one that is too long for one answer. Texts are as the task wrote them,
    control characters and ANSI colours included: show them as text, never as markup."""

    offset: int = Field(description="Where the line or piece begins in the log, bytes")
    length_bytes: int = Field(description="Its length in the log, line end included, bytes")
    text: str = Field(description="Bytes that are no UTF-8 are written as \\xNN")
    timestamp: datetime | None = Field(default=None, description="UTC; null for lines without one")
    level: str | None = Field(default=None, description="debug, info, warning, error, critical or null")
    logger: str | None = None
    source: str | None = Field(default=None, description="File and line that logged it, e.g. 'load.py:12'")
    error_text: str | None = Field(
        default=None,
        description="The exception that the line carries, as Python prints it; belongs below `text`",
    )
    facts: dict[str, str] = Field(default={}, description="Exit code, signal and the like, by name")
    cut_before: bool = Field(
        default=False, description="True when the line begins before this piece: see `before=offset`"
    )
    cut_after: bool = Field(
        default=False,
        description="True when the line goes on behind this piece: `offset=offset+length_bytes` is the rest",
    )
    shortened: bool = Field(
        default=False,
        description="True when `text` or `error_text` is only a beginning: ask `offset=offset` without a filter for all",
    )


class LogOfTry(Answer):
    """Whose log it is, and what became of the attempt to read it."""

    map_index: int
    try_number: int
    log_state: LogStateName = Field(
        description=(
            "found: read; empty: there is one and nothing stands in it; missing: there is none; cut: only its end "
            "was read; unreadable: the log store or Airflow's reader failed; timed_out: it did not answer in time"
        )
    )
    reason: str | None = Field(default=None, description="In words, why the log or a part of it is not shown")
    notes: list[str] = Field(default=[], description="Where Airflow's reader looked, in its own words")
    log_id: str | None = Field(
        default=None,
        description="When it is another one than before, offsets told before no longer hold: start again",
    )
    size_bytes: int = Field(description="How long the log was when it was read")
    growing: bool = Field(description="True while the try is not over: follow it with `offset=<end_offset>`")
    ask_again_s: float | None = Field(
        default=None,
        description="After how many seconds there may be more: it grows, arrives late or did not answer. Null: never",
    )


class LogWindow(LogOfTry):
    """One stretch of a log. Windows that follow each other hold every line once."""

    lines: list[LogLine] = Field(description="In the order of the log; with a filter those that pass it")
    start_offset: int = Field(
        description="Where the stretch begins; `before=<start_offset>` is the one above, bytes"
    )
    end_offset: int = Field(description="Where it ends; `offset=<end_offset>` is the one below, bytes")
    at_start: bool
    at_end: bool


class LogHit(Answer):
    """A line that matches."""

    offset: int = Field(description="Where the line begins, bytes")
    at: int = Field(
        description="Where in the log the match stands, bytes, roughly: `around=<at>` shows it also in a very long line"
    )
    timestamp: datetime | None = Field(default=None, description="UTC")
    level: str | None = None
    logger: str | None = None
    before: str = Field(description="What stands before the match, at most 80 characters")
    match: str = Field(description="The match, at most 120 characters")
    after: str = Field(description="What stands behind it, at most 80 characters")


class LogSearch(LogOfTry):
    """Lines that match."""

    hits: list[LogHit] = Field(description="In the order of the search: backward, the last line comes first")
    next_offset: int = Field(
        description="Where to go on: `offset=<next_offset>` in the same direction, bytes"
    )
    searched_bytes: int = Field(description="How much of the log this answer is about, bytes")
    finished: bool = Field(description="True when the end of the log was reached, backward its start")


class LogErrorPlace(LogOfTry):
    """Where in the log the error stands that ended the try."""

    state: Literal["found", "pending", "none"] = Field(
        description="found: `offset` is it; pending: still looked for, ask again; none: no error is known, see `reason`"
    )
    offset: int | None = Field(
        default=None, description="Where the deciding line begins, bytes: `around=<offset>`"
    )
    line: str | None = Field(default=None, description="The one line to show")
    certain: bool = Field(
        default=False,
        description="False when the log does not say how the try ended and this is the last error in it",
    )


class ComparedText(Answer):
    """A line of one of the two tries."""

    offset: int = Field(description="Where the line begins in that try's log, bytes")
    level: str | None = None
    text: str = Field(description="Without colours, its exception below it; at most 1,000 characters")
    shortened: bool = False


class CompareRow(Answer):
    """A line of both tries, of one of them, or a number of equal lines that are left out."""

    kind: Literal["same", "left", "right", "hidden"]
    left: ComparedText | None = None
    right: ComparedText | None = Field(
        default=None,
        description="Of a `same` row only when it differs in what is not compared, e.g. the time",
    )
    hidden_lines: int = Field(default=0, description="Of a `hidden` row: how many equal lines are left out")


class ComparedTry(LogOfTry):
    """One of the two tries."""

    lines: int = Field(description="How many lines of it were compared: its last ones")
    start_offset: int = Field(
        description="Where the first of them begins; above it nothing was compared, bytes"
    )


class LogComparison(Answer):
    """Two tries side by side; times, ids, addresses, durations and try numbers are not compared."""

    left: ComparedTry
    right: ComparedTry
    rows: list[CompareRow]
    differences: int = Field(description="Lines that stand in one of the two only, rows left out included")
    exact: bool = Field(description="False when time was up: then some equal lines may stand on both sides")
    rows_left_out: int = Field(description="How many rows more there are than fit into one answer")
