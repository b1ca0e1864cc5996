"""The values that a task log is read into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TracebackFrame:
    """One frame of a traceback, as the log has it: the paths are those of the worker."""

    file: str
    line: int | None
    """Line number in ``file``; None where the log has none."""
    function: str | None
    code: str | None
    """The source line; only plain tracebacks hold it, JSON lines do not."""


@dataclass(frozen=True, slots=True)
class LoggedException:
    """One exception of a chain, as it was logged (what Airflow masked is masked)."""

    type: str
    message: str
    frames: tuple[TracebackFrame, ...] = ()
    """Outermost first."""
    notes: tuple[str, ...] = ()
    """What was added with ``add_note``."""
    is_cause: bool = False
    """True for a ``raise … from`` this one; False for the first of a chain and for "during handling of"."""
    members: tuple[tuple[LoggedException, ...], ...] = ()
    """Of an exception group: one chain per member; empty for any other exception."""
    skipped_frames: int = 0
    """How many frames the logger itself left out, as it does for a deep recursion."""


ExceptionChain = tuple[LoggedException, ...]
"""The exception that was raised first, then what led to it; the last one is the innermost."""


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line of a task log."""

    offset: int
    """Where the line begins in the log, in bytes."""
    length_bytes: int
    """How long the line is in the log, its line end included."""
    text: str
    """The message. Bytes that are not UTF-8 are shown as ``\\xNN``, so that nothing is lost."""
    timestamp: datetime | None = None
    """UTC; None for lines without one."""
    level: str | None = None
    """Lower case: debug, info, warning, error, critical; None for lines without one."""
    logger: str | None = None
    filename: str | None = None
    """The source file that logged it, without folders."""
    lineno: int | None = None
    error: ExceptionChain = ()
    """The exception that the record carries."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further facts of a JSON line that say something about an end: exit code, signal, reason, detail."""
    structured: bool = False
    """Whether the line is a JSON line of Airflow's; False for plain text."""
    cut: bool = False
    """Whether this is a piece of a line that was too long to be taken whole."""

    @property
    def end_offset(self) -> int:
        """Where the next line begins, in bytes."""
        return self.offset + self.length_bytes

    @property
    def is_error(self) -> bool:
        """Whether the line was logged as an error or worse."""
        return self.level in ("error", "critical")
