"""The shapes of task logs from Airflow 3.1 to 3.3, in one place: JSON lines and plain text.

Airflow's task runner writes one JSON object per line: ``timestamp``, ``level``, ``event``, ``logger``,
``filename``, ``lineno`` and, for an exception, ``error_detail``: a list that begins with the exception that
was raised and goes on with what led to it. What a task prints becomes one JSON line per printed line (logger
``task.stdout`` or ``task.stderr``), so a printed traceback spans many lines. Other log handlers, older files
and containers write plain text. Nothing in a log may make these functions raise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Final

from windsock.logs.records import ExceptionChain, LoggedException, LogRecord, TracebackFrame

TRACEBACK_START: Final = "Traceback (most recent call last):"
GROUP_START: Final = "::group::"
GROUP_END: Final = "::endgroup::"
PRE_EXECUTE_GROUP: Final = "::group::Pre Execute"

_MAX_CHAIN: Final = 50
_MAX_FRAMES: Final = 200
_MAX_MEMBERS: Final = 20
_MAX_DEPTH: Final = 5
_EXTRA: Final = ("exit_code", "signal", "signal_name", "reason", "detail", "status_code")
_EXTRA_LENGTH: Final = 500

_LEVELS: Final = {
    "debug": "debug",
    "info": "info",
    "warn": "warning",
    "warning": "warning",
    "error": "error",
    "exception": "error",
    "critical": "critical",
    "fatal": "critical",
}
# "[2026-11-20T10:00:00.000+0000] {bash.py:75} ERROR - text": Airflow's own plain format
_PLAIN_AIRFLOW: Final = re.compile(
    r"\[(?P<timestamp>\d{4}-\d\d-\d\d[T ][^\]\s]{1,40})\] \{(?P<filename>[^}:]{1,200}):(?P<lineno>\d{1,9})\} "
    r"(?P<level>[A-Za-z]{4,9}) - (?P<text>.*)",
    re.DOTALL,
)
# "2026-11-20T10:00:00.0Z [error    ] text [logger]": structlog's console format, without colours
_PLAIN_CONSOLE: Final = re.compile(
    r"(?P<timestamp>\d{4}-\d\d-\d\d[T ]\S{1,40}) \[(?P<level>[a-z]{4,9}) {0,9}\] (?P<text>.*)", re.DOTALL
)
# "2026-11-20 10:00:00,123 … ERROR text": what most Python programs print
_PLAIN_PYTHON: Final = re.compile(
    r"(?P<timestamp>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)"
    r"(?P<text>.{0,200}?\b(?P<level>DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b.*)",
    re.DOTALL,
)
_ANSI: Final = re.compile(r"\x1b\[[0-9;]{0,20}m")
_CONSOLE_LENGTH: Final = 4096


def parse_line(raw: bytes, offset: int = 0, *, cut: bool = False) -> LogRecord:
    """Read one line of a log.

    :param raw: the line's bytes, its line end included
    :param offset: where the line begins in the log, in bytes
    :param cut: whether ``raw`` is a piece of a longer line
    """
    body = raw.rstrip(b"\r\n")
    if not cut and body.startswith(b"{") and body.endswith(b"}"):
        record = _json_record(body, offset, len(raw))
        if record is not None:
            return record
    return _plain_record(body.decode("utf-8", "backslashreplace"), offset, len(raw), cut)


def _json_record(body: bytes, offset: int, length_bytes: int) -> LogRecord | None:
    try:
        values = json.loads(body.decode("utf-8", "backslashreplace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or "event" not in values:
        return None
    text = _words(values["event"])
    if "level" not in values and "logger" not in values:
        # Airflow's own reader hands out plain lines in this form: what stands in them still counts
        plain = _plain_record(text, offset, length_bytes, cut=False)
        return replace(plain, timestamp=plain.timestamp or _moment(values.get("timestamp")), structured=True)
    return LogRecord(
        offset=offset,
        length_bytes=length_bytes,
        text=text,
        timestamp=_moment(values.get("timestamp")),
        level=_level(values.get("level")),
        logger=_text_or_none(values.get("logger")),
        filename=_text_or_none(values.get("filename")),
        lineno=_number_or_none(values.get("lineno")),
        error=read_error_detail(values.get("error_detail")),
        extra={key: _words(values[key])[:_EXTRA_LENGTH] for key in _EXTRA if values.get(key) is not None},
        structured=True,
    )


def message_of(raw: bytes) -> str | None:
    """Return what :func:`parse_line` would make of a whole line's message, for a fraction of its cost.

    None when it takes more than that to tell: for plain text, and for a line with an exception.
    """
    body = raw.rstrip(b"\r\n")
    if not (body.startswith(b"{") and body.endswith(b"}")):
        return None
    try:
        values = json.loads(body.decode("utf-8", "backslashreplace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or ("level" not in values and "logger" not in values):
        return None
    event = values.get("event")
    return event if isinstance(event, str) and not values.get("error_detail") else None


def _plain_record(text: str, offset: int, length_bytes: int, cut: bool) -> LogRecord:
    # headers stand at the start: a line of a megabyte is not searched
    head = _ANSI.sub("", text) if len(text) <= _CONSOLE_LENGTH else text
    match = None
    if head[:1] in "[0123456789" and head:
        match = _PLAIN_AIRFLOW.match(head) or _PLAIN_CONSOLE.match(head) or _PLAIN_PYTHON.match(head)
    if match is None:
        return LogRecord(offset=offset, length_bytes=length_bytes, text=text, cut=cut)
    found = match.groupdict()
    return LogRecord(
        offset=offset,
        length_bytes=length_bytes,
        text=(found["text"] or "").strip(),
        timestamp=_moment(found["timestamp"]),
        level=_level(found["level"]),
        filename=found.get("filename"),
        lineno=int(found["lineno"]) if found.get("lineno") else None,
        cut=cut,
    )


def _printable(text: str) -> str:
    """Write out lone surrogates, which are legal in JSON and cannot be encoded in an answer."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text


def _words(value: object) -> str:
    if isinstance(value, str):
        return _printable(value)
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return ""


def _text_or_none(value: object) -> str | None:
    return _printable(value) if isinstance(value, str) and value else None


def _number_or_none(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _level(value: object) -> str | None:
    return _LEVELS.get(value.lower()) if isinstance(value, str) else None


_OFFSET_WITHOUT_COLON: Final = re.compile(r"([+-]\d\d)(\d\d)$")
_FRACTION: Final = re.compile(r"[.,](\d+)")


def _moment(value: object) -> datetime | None:
    """Read a timestamp of a log line; one without an offset is taken for UTC, as Airflow writes it."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    text = _OFFSET_WITHOUT_COLON.sub(r"\1:\2", value.strip().replace("Z", "+00:00"))
    # Python 3.10 reads fractions of three or six digits only
    text = _FRACTION.sub(lambda found: "." + found.group(1)[:6].ljust(6, "0"), text, count=1)
    try:
        moment = datetime.fromisoformat(text)
        return (
            moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)
        )
    except (ValueError, OverflowError):
        return None


def read_error_detail(detail: object, depth: int = 0) -> ExceptionChain:
    """Read the ``error_detail`` of a JSON line; whatever is not of that shape is left out."""
    if not isinstance(detail, list) or depth > _MAX_DEPTH:
        return ()
    return tuple(
        _logged_exception(item, depth)
        for item in _ends(detail, _MAX_CHAIN)
        if isinstance(item, Mapping) and isinstance(item.get("exc_type"), str)
    )


def _ends(items: list[object], limit: int) -> list[object]:
    """Return the items; of too many the first half and the last half, since both ends of a chain matter."""
    return items if len(items) <= limit else items[: limit // 2] + items[-(limit - limit // 2) :]


def _logged_exception(item: Mapping[str, object], depth: int) -> LoggedException:
    frames: list[TracebackFrame] = []
    skipped = 0
    listed = item.get("frames")
    for frame in _ends(listed, _MAX_FRAMES) if isinstance(listed, list) else []:
        if not isinstance(frame, Mapping):
            continue
        name = _text_or_none(frame.get("name"))
        line = _number_or_none(frame.get("lineno"))
        if line is not None and line < 0 and not frame.get("filename"):
            skipped += _skipped_frames(name or "")
            continue
        frames.append(
            TracebackFrame(
                file=_text_or_none(frame.get("filename")) or "?",
                line=line,
                function=name,
                code=_text_or_none(frame.get("line")),
            )
        )
    notes = item.get("exc_notes")
    members = item.get("exceptions")
    return LoggedException(
        type=_words(item["exc_type"]),
        message=_words(item.get("exc_value") or ""),
        frames=tuple(frames),
        notes=tuple(_words(note) for note in notes[:20]) if isinstance(notes, list) else (),
        is_cause=item.get("is_cause") is True,
        members=tuple(
            chain
            for chain in (read_error_detail(_stacks(member), depth + 1) for member in members[:_MAX_MEMBERS])
            if chain
        )
        if isinstance(members, list)
        else (),
        skipped_frames=skipped,
    )


def _stacks(member: object) -> object:
    """A member of a group is a list of exceptions, or an object that holds it under ``stacks``."""
    return member.get("stacks") if isinstance(member, Mapping) else member


def _skipped_frames(words: str) -> int:
    digits = words.rpartition(" ")[2]
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 1


_FRAME: Final = re.compile(
    r'\s*File "(?P<file>[^"]{1,4096})", line (?P<line>\d{1,9})(?:, in (?P<function>.{1,500}))?$'
)
_EXCEPTION: Final = re.compile(r"(?P<type>[^\W\d][\w.]{0,300})(?:: (?P<message>.*)|:)?$", re.DOTALL)
_REPEATED: Final = re.compile(r"\s*\[Previous line repeated (\d{1,9}) more times?\]$")
_MARKS: Final = re.compile(r"[~^]+$")
_GROUP_PREFIX: Final = re.compile(r"\s{0,80}[|+] ")
_GROUP_TRACEBACK: Final = "Exception Group Traceback (most recent call last):"
_CAUSE: Final = "The above exception was the direct cause of the following exception:"
_CONTEXT: Final = "During handling of the above exception, another exception occurred:"
_MAX_MESSAGE: Final = 10_000


def is_traceback_start(text: str) -> bool:
    """Tell whether a printed traceback begins with this line."""
    return _without_group_prefix(text).strip() in (TRACEBACK_START, _GROUP_TRACEBACK)


def _without_group_prefix(line: str) -> str:
    return _GROUP_PREFIX.sub("", line, count=1) if line.lstrip()[:1] in ("|", "+") else line


def read_traceback(lines: Iterable[str], *, whole_text: bool = False) -> tuple[ExceptionChain, int]:
    """Read a printed traceback, chained ones included.

    Of an exception group the group's own part is read, its members are left out.

    :param lines: lines without line ends; the first one is the line that :func:`is_traceback_start` knows
    :param whole_text: whether the lines are all of one message; then what follows the exception's line
        belongs to its message, else only indented lines do, for the next line may be the next thing that was
        printed
    :return: the chain with the exception that was raised first, and how many lines belong to it
    """
    printed: list[LoggedException] = []
    links: list[bool] = []
    frames: list[TracebackFrame] = []
    skipped = 0
    used = 0
    in_traceback = False
    for number, line in enumerate(lines):
        text = _without_group_prefix(line.rstrip())
        bare = text.strip()
        if bare in (TRACEBACK_START, _GROUP_TRACEBACK):
            if printed and len(links) < len(printed):
                break  # another traceback, not a link of this chain
            in_traceback, frames, skipped = True, [], 0
        elif in_traceback:
            frame = _FRAME.match(text)
            repeated = _REPEATED.match(text)
            if frame is not None:
                function = (frame["function"] or "").strip() or None
                frames.append(TracebackFrame(frame["file"], int(frame["line"]), function, None))
            elif repeated is not None:
                skipped += int(repeated[1])
            elif not bare or _MARKS.match(bare):
                continue
            elif text[:1].isspace():
                if frames and frames[-1].code is None:
                    frames[-1] = replace(frames[-1], code=bare)
            else:
                found = _EXCEPTION.match(bare)
                if found is None:
                    break
                omitted = skipped + max(0, len(frames) - _MAX_FRAMES)
                kept = tuple(frames[-_MAX_FRAMES:])
                printed.append(
                    LoggedException(found["type"], found["message"] or "", kept, skipped_frames=omitted)
                )
                in_traceback = False
                used = number + 1
                if len(printed) >= _MAX_CHAIN:
                    break
        elif bare in (_CAUSE, _CONTEXT) and len(links) < len(printed):
            links.append(bare == _CAUSE)
        elif not bare:
            continue
        elif len(links) < len(printed) and (whole_text or text[:1].isspace()):
            last = printed[-1]
            if len(last.message) < _MAX_MESSAGE:
                printed[-1] = replace(last, message=f"{last.message}\n{text}")
            used = number + 1
        else:
            break
    chain = [
        replace(exception, is_cause=position < len(links) and position < len(printed) - 1 and links[position])
        for position, exception in enumerate(printed)
    ]
    return tuple(reversed(chain)), used
