"""Logs that do not lie here, through Airflow's own log reader: workers' log servers and remote stores.

Airflow's reader takes in a whole log before it gives its first line, knows no byte offsets, and cannot be
stopped. So it runs in a thread of ours that may be given up, and what it gives goes into a temporary file
without a name, which is read like any other log and is gone when it is closed.
"""

from __future__ import annotations

import os
import tempfile
import time
from typing import IO, Any

from windsock.logs.source import LogSource

_COPY_BYTES = 1024 * 1024
_HEADER = "::group::Log message source details"
_HEADER_END = "::endgroup::"
_MAX_NOTES = 20
_NOTE_LENGTH = 500


class LogUnreadableError(Exception):
    """Airflow's reader could not read this log; the text says why, for people to read."""


def copy_through_airflow(task_instance: Any, try_number: int, *, max_bytes: int, time_s: float) -> LogSource:
    """Read a try's log through Airflow's reader into a temporary file.

    Of a log that is longer than ``max_bytes`` the end is kept, since that is where a try says how it ended,
    and the source is marked as cut. It is also marked when the time was up.

    :param task_instance: Airflow's ``TaskInstance`` or ``TaskInstanceHistory``, with its run
    :param time_s: how long lines are taken, in seconds; what Airflow does before the first line is not
        bounded here
    :raises LogUnreadableError: when the store or the reader failed
    """
    from airflow.utils.log.log_reader import TaskLogReader

    deadline = time.monotonic() + time_s
    notes: list[str] = []
    copy = _nameless_file()
    try:
        reader = TaskLogReader()
        if not reader.supports_read:
            raise LogUnreadableError("The log handler that Airflow is configured with cannot read logs.")
        stream, _ = reader.read_log_chunks(task_instance, try_number, {})  # type: ignore[typeddict-item]
        in_header = False
        cut = False
        written = 0
        for message in stream:
            text = _event(message)
            if text == _HEADER:
                in_header = True
                notes += _listed_sources(message)
            elif in_header and text == _HEADER_END:
                in_header = False
            elif in_header:
                notes.append(text)
            else:
                written += copy.write(_line(message))
                if written > max_bytes:
                    copy, written = _last_half(copy, written)
                    cut = True
            if time.monotonic() > deadline:
                cut = True
                break
        copy.flush()
        return LogSource(
            [os.dup(copy.fileno())],
            origin="airflow",
            cut=cut,
            notes=[note[:_NOTE_LENGTH] for note in notes[:_MAX_NOTES]],
        )
    except LogUnreadableError:
        raise
    except Exception as error:  # a log store may fail in any way there is
        raise LogUnreadableError(f"{type(error).__name__}: {error}"[:_NOTE_LENGTH]) from error
    finally:
        copy.close()


def _nameless_file() -> IO[bytes]:
    """Make a file that no name leads to: nothing of it can be left behind."""
    return tempfile.TemporaryFile(prefix="windsock-log-")


def _event(message: object) -> str:
    event = getattr(message, "event", None)
    return event if isinstance(event, str) else ""


def _listed_sources(message: object) -> list[str]:
    """Airflow 3.1 puts where it looked into the header's own record, 3.2 and later into records below it."""
    sources = getattr(message, "sources", None)
    return [str(source) for source in sources] if isinstance(sources, list) else []


def _line(message: Any) -> bytes:
    dump = getattr(message, "model_dump_json", None)
    text = dump(exclude_none=True) if dump is not None else str(message).replace("\n", " ")
    return f"{text}\n".encode("utf-8", "backslashreplace")


def _last_half(copy: IO[bytes], written: int) -> tuple[IO[bytes], int]:
    """Go on with a new file that holds the last half of this one, from the start of a line on if one starts
    there."""
    kept = _nameless_file()
    half = written // 2
    copy.seek(half)
    copy.readline()
    if copy.tell() >= written:
        copy.seek(half)
    length = 0
    while piece := copy.read(_COPY_BYTES):
        length += kept.write(piece)
    copy.close()
    return kept, length
