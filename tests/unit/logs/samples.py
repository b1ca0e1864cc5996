"""Lines as Airflow's task runner writes them, made here by hand so that each test shows what it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

LogLine = Mapping[str, object]


def line(event: str, level: str = "info", logger: str = "task", **more: object) -> LogLine:
    """Make one JSON line."""
    return {
        "timestamp": "2026-11-20T13:36:26.851581Z",
        "level": level,
        "event": event,
        "logger": logger,
        "filename": "task_runner.py",
        "lineno": 1676,
        **more,
    }


def exception(
    exc_type: str,
    exc_value: str,
    *,
    frames: Sequence[tuple[str, int, str]] = (("/dags/load.py", 10, "load"),),
    is_cause: bool = False,
    members: Sequence[Sequence[LogLine]] = (),
) -> LogLine:
    """Make one exception of an ``error_detail``."""
    return {
        "exc_type": exc_type,
        "exc_value": exc_value,
        "exc_notes": [],
        "syntax_error": None,
        "is_cause": is_cause,
        "frames": [{"filename": file, "lineno": number, "name": name} for file, number, name in frames],
        "is_group": bool(members),
        "exceptions": list(members),
    }


def failed(*chain: LogLine) -> LogLine:
    """Make the task runner's own line about the exception that ended a task."""
    return line("Task failed with exception", "error", error_detail=list(chain))


def started() -> list[LogLine]:
    """Make what Airflow writes before the task's own code, with an error that is none of the task's."""
    return [
        line("::group::Pre Execute"),
        line(
            "Failed to import plugin other",
            "error",
            "airflow.plugins_manager",
            error_detail=[exception("ModuleNotFoundError", "No module named 'other'")],
        ),
        line("::endgroup::"),
    ]


def printed(text: str, logger: str = "task.stdout", level: str = "info") -> list[LogLine]:
    """Make the lines that become of what a task prints."""
    return [
        {"timestamp": "2026-11-20T13:36:27.202225Z", "level": level, "event": part, "logger": logger}
        for part in text.split("\n")
    ]


def log_bytes(lines: Iterable[LogLine | str]) -> bytes:
    """Write the lines as a log file holds them; a text stands for itself."""
    return b"".join(
        (text if isinstance(text, str) else json.dumps(text, separators=(",", ":"))).encode() + b"\n"
        for text in lines
    )


class InMemoryLog:
    """A log that is bytes in memory."""

    def __init__(self, content: bytes) -> None:
        """Hold ``content``."""
        self.content = content

    @property
    def size_bytes(self) -> int:
        """How long it is."""
        return len(self.content)

    def read(self, offset: int, length: int) -> bytes:
        """Return a piece of it."""
        return self.content[offset : offset + length]


PRINTED_CHAIN = """Traceback (most recent call last):
  File "/dags/load.py", line 45, in load
    connect("replica")
    ~~~~~~~^^^^^^^^^^^
  File "/dags/load.py", line 10, in connect
    raise ConnectionRefusedError(111, "refused")
ConnectionRefusedError: [Errno 111] refused

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/dags/load.py", line 50, in <module>
    main()
orders.errors.LoadError: could not load"""
