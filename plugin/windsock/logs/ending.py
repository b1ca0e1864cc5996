"""Which error ended a try, told from its log.

Airflow's task runner says how a try ended in a line of its own, near the end of the log. Only when there is
no such line, the last error that was logged is taken, and marked as not certain: a task may log an error and
go on.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from typing import Final

from windsock.logs.records import ExceptionChain, LoggedException, LogRecord
from windsock.logs.shapes import GROUP_END, GROUP_START, PRE_EXECUTE_GROUP, is_traceback_start, read_traceback
from windsock.logs.windows import (
    ERROR_MARKERS,
    OutOfTimeError,
    Readable,
    hits_backward,
    is_error_line,
    line_start,
    lines_from,
    window,
)

TASK_FAILED: Final = "Task failed with exception"
TASK_EXITED: Final = "Task exited"
PROCESS_EXITED: Final = "Process exited abnormally"
TERMINATED: Final = "Process terminated by signal"
TASK_KILLED: Final = "Task killed!"
SEGFAULT: Final = "segmentation"

_TERMINAL_MARKERS: Final = tuple(
    text.encode() for text in (TASK_FAILED, TASK_EXITED, PROCESS_EXITED, TERMINATED, TASK_KILLED, "SIGSEGV")
)
_OUTPUT_ABOVE_BYTES: Final = 256 * 1024
"""How far above the end the output of a command is looked for; tracebacks in it included."""
_OUTPUT_BELOW_BYTES: Final = 64 * 1024
"""What a task printed may be written after the line that says how it ended."""
_HEAD_BYTES: Final = 256 * 1024
_MAX_LOOKED_AT: Final = 5_000

# what an operator says when a program that it ran failed: the reason stands in that program's output
_WRAPPER: Final = re.compile(
    r"non-zero exit (?:code|status)|returned (?:a )?(?:non-zero|failure)|exit status \d|SSH operator error"
    r"|Cannot execute: |Error code is: \d",
    re.IGNORECASE,
)
_COMMAND_FRAME: Final = re.compile(
    r"(?:Output:|Command exited with return code \d+"
    r"|(?:Running command|Executing cmd|Tmp dir root location): .*)$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """The error that a try ended with."""

    record: LogRecord
    """The line that says so."""
    chain: ExceptionChain
    """The exception that was raised, then what led to it; empty when there was none."""
    deciding: LogRecord
    """The line to show: that of the exception, or in the output of the program that failed."""
    certain: bool
    """False when the log does not say how the try ended, and this is the last error that it holds."""


def find_ending(source: Readable, *, time_s: float = 5.0) -> Ending | None:
    """Find the error that a failed try ended with; None when the log holds none.

    :param time_s: how long to search, in seconds
    :raises OutOfTimeError: when the time was up before an error was found
    """
    deadline = time.monotonic() + time_s
    terminal = _terminal(source, deadline)
    if terminal is not None:
        return _explained(source, terminal)
    return _last_logged(source, deadline)


def _is_terminal(record: LogRecord) -> bool:
    if record.text == TASK_FAILED:
        return bool(record.error) or record.is_error
    if record.text in (TASK_EXITED, PROCESS_EXITED):
        return "exit_code" in record.extra
    if record.text == TASK_KILLED:
        return record.is_error
    return record.logger == "task" and (
        (record.text.startswith(TERMINATED) and "signal" in record.extra)
        or (record.level == "critical" and SEGFAULT in record.text.lower())
    )


def _terminal(source: Readable, deadline: float) -> LogRecord | None:
    """Find the last line of Airflow's own that says how the try ended."""
    found: LogRecord | None = None
    for looked_at, record in enumerate(hits_backward(source, _TERMINAL_MARKERS, deadline=deadline)):
        if looked_at >= _MAX_LOOKED_AT:
            break
        if record.cut:
            record = _beyond_limits(record)
        if not record.structured or not _is_terminal(record):
            continue
        if record.text == TASK_FAILED or found is not None:
            # an exception says more than the exit or the signal that followed it at once
            if found is None or (record.text == TASK_FAILED and _close(record, found)):
                found = record
            break
        found = record
    return found


_BEGIN_OF_DETAIL: Final = re.compile(
    r'"error_detail":\[\{"exc_type":(?P<type>"[^"\\]{1,300}"),"exc_value":(?P<value>"(?:[^"\\]|\\.){0,4000})'
)


def _beyond_limits(record: LogRecord) -> LogRecord:
    """Take from a line that is too long to be read whole what its beginning says about the exception."""
    found = _BEGIN_OF_DETAIL.search(record.text)
    if f'"event":"{TASK_FAILED}"' not in record.text[:1_000] or found is None:
        return record
    try:
        value = json.loads(f'{found["value"]}"')
    except ValueError:
        value = found["value"][1:]
    error = LoggedException(found["type"].strip('"'), value)
    return replace(record, text=TASK_FAILED, level="error", error=(error,), structured=True)


def _close(earlier: LogRecord, later: LogRecord) -> bool:
    return later.offset - earlier.end_offset <= _OUTPUT_BELOW_BYTES


def _explained(source: Readable, record: LogRecord) -> Ending:
    chain = record.error
    if chain:
        if _is_wrapper(chain):
            inner = _in_output(source, record)
            if inner is not None:
                return inner
        return Ending(record, chain, record, certain=True)
    if record.text in (TASK_EXITED, PROCESS_EXITED):
        return _before_exit(source, record)
    return Ending(record, (), record, certain=True)


def _is_wrapper(chain: ExceptionChain) -> bool:
    return _WRAPPER.search(chain[-1].message[:2_000]) is not None


def _above(source: Readable, record: LogRecord, floor: int = 0) -> list[LogRecord]:
    start = max(floor, record.offset - _OUTPUT_ABOVE_BYTES)
    start = start if start == floor else line_start(source, start)
    return [line for line in lines_from(source, start, record.offset - start) if line.offset < record.offset]


def _in_output(source: Readable, record: LogRecord) -> Ending | None:
    """Find in the output of the program that failed what it failed with: its last traceback, else its last
    line."""
    above = _above(source, record, _startup_end(source))
    # what stood between the command and its end is its output; without that mark all of it may be
    begin = max(
        (position + 1 for position, line in enumerate(above) if line.text.rstrip() == "Output:"), default=0
    )
    output = above[begin:]
    traceback = _last_traceback(output)
    carried = next((line for line in reversed(output) if line.error), None)
    if carried is not None and (traceback is None or traceback[0].offset < carried.offset):
        return Ending(record, carried.error, carried, certain=True)
    if traceback is not None:
        return Ending(record, traceback[1], traceback[2], certain=True)
    deciding = next(
        (
            line
            for line in reversed(output)
            if line.text.strip()
            and _COMMAND_FRAME.match(line.text) is None
            and not line.text.startswith((GROUP_START, GROUP_END))
        ),
        None,
    )
    return Ending(record, record.error, deciding, certain=True) if deciding is not None else None


_Printed = tuple[LogRecord, ExceptionChain, LogRecord]
"""A printed traceback: its first line, its chain, and the line of the exception that was raised."""


def _last_traceback(lines: list[LogRecord]) -> _Printed | None:
    for position in range(len(lines) - 1, -1, -1):
        found = _traceback_of(lines, position)
        if found is not None:
            return found
    return None


def _traceback_of(lines: list[LogRecord], position: int) -> _Printed | None:
    """Read the traceback that begins in the line at ``position``; None when none does."""
    first = lines[position]
    text_lines = first.text.splitlines()
    start = next((number for number, text in enumerate(text_lines) if is_traceback_start(text)), None)
    if start is None:
        return None
    if len(text_lines) > start + 1:
        chain, _ = read_traceback(text_lines[start:], whole_text=True)
        return (first, chain, first) if chain else None
    # a chain is printed innermost first: begin with its first traceback
    begin = _chain_begin(lines, position)
    first = lines[begin]
    printed = [
        line for line in lines[begin:] if line.logger == first.logger and line.level in (first.level, None)
    ]
    chain, used = read_traceback(line.text for line in printed)
    return (first, chain, printed[max(0, used - 1)]) if chain else None


def _chain_begin(lines: list[LogRecord], position: int) -> int:
    for _ in range(50):
        above = position - 1
        while above >= 0 and not lines[above].text.strip():
            above -= 1
        if above < 0 or not lines[above].text.startswith(
            ("The above exception was", "During handling of the above")
        ):
            return position
        earlier = next((at for at in range(above - 1, -1, -1) if is_traceback_start(lines[at].text)), None)
        if earlier is None:
            return position
        position = earlier
    return position


def _before_exit(source: Readable, record: LogRecord) -> Ending:
    """A process that exited with a code: what it said last on its way out."""
    floor = _startup_end(source)
    above = _above(source, record, min(floor, record.offset))
    below = list(lines_from(source, record.end_offset, _OUTPUT_BELOW_BYTES))
    said = [line for line in (*above, *below) if line.text.strip() and line.logger != "task"]
    carried = next((line for line in reversed(above) if line.error and line.is_error), None)
    traceback = _last_traceback(
        [line for line in said if line.logger == "task.stderr" or not line.structured]
    )
    if traceback is not None and (carried is None or carried.offset < traceback[0].offset):
        return Ending(record, traceback[1], traceback[2], certain=True)
    if carried is not None:
        return Ending(record, carried.error, carried, certain=True)
    deciding = next(
        (line for line in reversed(above + below) if line.is_error and line.offset != record.offset), record
    )
    return Ending(record, (), deciding, certain=True)


def _startup_end(source: Readable) -> int:
    """Return where what Airflow does before the task's own code ends, in bytes; 0 when the log does not say.

    An error in there (a plugin that does not import) is no failure of the task, unless that part never ended.
    """
    head = window(source, 0, _HEAD_BYTES)
    inside = False
    for line in head.records:
        if line.text == PRE_EXECUTE_GROUP:
            inside = True
        elif inside and line.text == GROUP_END and line.logger == "task":
            return line.end_offset
    return 0


def _last_logged(source: Readable, deadline: float) -> Ending | None:
    """Find the last error of a log that does not say how the try ended."""
    floor = _startup_end(source)
    fallback: LogRecord | None = None
    try:
        for looked_at, record in enumerate(
            hits_backward(source, ERROR_MARKERS, below=floor, deadline=deadline)
        ):
            if looked_at >= _MAX_LOOKED_AT:
                break
            if record.offset < floor or not is_error_line(record):
                continue
            if record.error:
                return Ending(record, record.error, record, certain=False)
            traceback = _traceback_at(source, record)
            if traceback is not None:
                return Ending(record, traceback[1], traceback[2], certain=False)
            if fallback is None and not _is_part_of_traceback(record):
                fallback = record
            # an error line not far below a traceback is what the traceback led to, or the other way round
            if fallback is not None and fallback.offset - record.offset > _OUTPUT_BELOW_BYTES:
                break
    except OutOfTimeError:
        if fallback is None:
            raise
    return Ending(fallback, (), fallback, certain=False) if fallback is not None else None


def _is_part_of_traceback(record: LogRecord) -> bool:
    return record.logger == "task.stderr" and record.text[:1].isspace()


def _traceback_at(source: Readable, record: LogRecord) -> _Printed | None:
    """Read the traceback that begins in this line, from the first one of its chain on."""
    if not any(is_traceback_start(text) for text in record.text.splitlines()):
        return None
    start = line_start(source, max(0, record.offset - _OUTPUT_BELOW_BYTES))
    lines = list(lines_from(source, start, record.end_offset - start + _OUTPUT_ABOVE_BYTES))
    position = next((at for at, line in enumerate(lines) if line.offset == record.offset), None)
    return _traceback_of(lines, position) if position is not None else None


def root_of(chain: ExceptionChain) -> LoggedException | None:
    """Return the innermost exception of a chain; of a group, that of its first member."""
    if not chain:
        return None
    root = chain[-1]
    for _ in range(10):
        if not root.members or not root.members[0]:
            return root
        root = root.members[0][-1]
    return root
