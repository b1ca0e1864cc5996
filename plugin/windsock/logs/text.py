"""Records as plain text: what a person reads, finds and downloads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from windsock.logs.records import ExceptionChain, LoggedException, LogRecord
from windsock.logs.shapes import TRACEBACK_START

_ANSI: Final = re.compile(r"\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]")
_MAX_DEPTH: Final = 5


def without_colours(text: str) -> str:
    """Leave out the escape sequences that colour a terminal: nobody reads or types them."""
    return _ANSI.sub("", text) if "\x1b" in text else text


def error_text(chain: ExceptionChain) -> str:
    """Write a logged exception out as Python prints it: what led to it first, what was raised last."""
    return "\n".join(_chain_lines(chain, "", 0))


def _chain_lines(chain: ExceptionChain, indent: str, depth: int) -> Iterator[str]:
    above: LoggedException | None = None
    for exception in reversed(chain):
        if above is not None:
            yield ""
            yield indent + (
                "The above exception was the direct cause of the following exception:"
                if above.is_cause
                else "During handling of the above exception, another exception occurred:"
            )
            yield ""
        yield from _exception_lines(exception, indent, depth)
        above = exception


def _exception_lines(exception: LoggedException, indent: str, depth: int) -> Iterator[str]:
    if exception.frames:
        yield indent + TRACEBACK_START
    for frame in exception.frames:
        line = "" if frame.line is None else f", line {frame.line}"
        function = "" if frame.function is None else f", in {frame.function}"
        yield f'{indent}  File "{frame.file}"{line}{function}'
        if frame.code is not None:
            yield f"{indent}    {frame.code}"
    if exception.skipped_frames:
        yield f"{indent}  [{exception.skipped_frames} more frames]"
    said = f"{exception.type}: {exception.message}" if exception.message else exception.type
    for text in (said, *exception.notes):
        yield from (indent + part for part in text.split("\n"))
    if depth < _MAX_DEPTH:
        for number, member in enumerate(exception.members, start=1):
            yield f"{indent}  +---------------- {number} ----------------"
            yield from _chain_lines(member, f"{indent}  | ", depth + 1)


def readable_text(record: LogRecord) -> str:
    """Return what a line says: its message without colours, and the exception that it carries."""
    text = without_colours(record.text)
    return f"{text}\n{error_text(record.error)}" if record.error else text


def as_text_line(record: LogRecord, raw: bytes) -> str:
    """Write one line of a log as text, without a line end.

    A JSON line becomes ``timestamp level logger - message``, followed by its exception; a plain line stays as
    it is, and so does a piece of a line that was too long to be taken whole.

    :param raw: the bytes that the record was read from
    """
    if not record.structured:
        return raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
    timestamp = record.timestamp.isoformat().replace("+00:00", "Z") if record.timestamp is not None else None
    head = " ".join(part for part in (timestamp, record.level, record.logger) if part)
    facts = " ".join(f"{name}={value}" for name, value in record.extra.items())
    said = f"{head} - {record.text}" if head else record.text
    said = f"{said} [{facts}]" if facts else said
    return f"{said}\n{error_text(record.error)}" if record.error else said
