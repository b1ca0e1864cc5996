"""The error of a finished try: read from its log when somebody asks, kept per process, never waited for by a
list.

A page asks with :meth:`Failures.peek`, which answers at once and has the log read behind it; a person who
looks at one failure waits a moment with :meth:`Failures.get`. Two logs are read at a time where they lie in
this process's log folder, and two through Airflow's own reader, so that a log store that hangs delays neither
the other logs nor anybody's page. Nothing is written down but the temporary file of a remote log, and what
Airflow masked stays masked.

Who may see an error is decided at every answer, by the caller of this module; nothing about it is kept here.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import PurePosixPath
from typing import Final, Generic, TypeVar

from cachetools import LRUCache, TLRUCache

from windsock.compat import has_remote_log_store
from windsock.health.error_class import LoggedFailure
from windsock.health.explain import AuditFacts, EndFacts, explain
from windsock.health.signatures import Signature, sign, sign_explanation
from windsock.logs.airflow_reader import LogUnreadableError, copy_through_airflow
from windsock.logs.ending import Ending, find_ending, root_of
from windsock.logs.lanes import Lane, LaneFullError, TimedOutError
from windsock.logs.local import open_local
from windsock.logs.records import ExceptionChain, LoggedException, LogRecord, TracebackFrame
from windsock.logs.source import LogSource, Origin
from windsock.logs.windows import DEFAULT_WINDOW_BYTES, OutOfTimeError, Window, around, window
from windsock.metadata import audit
from windsock.metadata.connection import reading
from windsock.metadata.logged_tries import LoggedTry, find_logged_try
from windsock.metadata.rows import AuditRow
from windsock.settings import Settings, get_settings
from windsock.workers import sql_pool

log = logging.getLogger(__name__)

MAX_MESSAGE: Final = 2_000
MAX_FRAMES: Final = 50
MAX_CHAIN: Final = 10
MAX_LINE: Final = 1_000
TAIL_RECORDS: Final = 20
TAIL_LINE: Final = 500

RETRY_AFTER_S: Final = (15.0, 60.0, 300.0, 900.0)
"""When a log that told nothing is asked again, in seconds after each reading: remote logs arrive late."""
SEARCH_S: Final = 5.0
"""How long an error is looked for in one log, in seconds."""
HANGING_S: Final = 60.0
"""How long a log store that did not answer is left alone, in seconds."""
CACHE_BYTES: Final = 16 * 1024 * 1024
"""How much the kept errors may take, roughly."""
HELD_COPIES: Final = 4
HELD_COPIES_S: Final = 60.0
"""How long the copy of a remote log is held for further windows, in seconds."""
HELD_WHILE_RUNNING_S: Final = 10.0
"""The same for a try that has not ended or whose log is not there yet: what is held is soon old."""
_TAIL_BYTES: Final = 32 * 1024


class LogState(str, Enum):
    """What became of the attempt to read a try's log."""

    FOUND = "found"
    """It was read."""
    EMPTY = "empty"
    """There is one, and nothing stands in it."""
    MISSING = "missing"
    """There is none, neither here nor where Airflow looked."""
    CUT = "cut"
    """Only its end was read, for it exceeds the limit of a read."""
    UNREADABLE = "unreadable"
    """The log store or Airflow's reader failed."""
    TIMED_OUT = "timed_out"
    """The log store did not answer in time."""


@dataclass(frozen=True, slots=True)
class TryRef:
    """One try of one task instance."""

    task_instance_id: str
    """``task_instance.id``, or ``task_instance_history.task_instance_id`` of an earlier try."""
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int

    @property
    def key(self) -> tuple[str, int]:
        """What the error of this try is kept under."""
        return self.task_instance_id, self.try_number


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One exception of a chain, without its frames."""

    type: str
    message: str


@dataclass(frozen=True, slots=True)
class FailureText:
    """What the log of a failed try says about its end; every text is bounded."""

    log_state: LogState
    reason: str | None = None
    """In words, why there is no error; None when there is one."""
    error_type: str | None = None
    """Type of the innermost exception, without its module, as Airflow logs it; None when the try ended
    without one (a signal, an exit code)."""
    message: str | None = None
    """Its message; without an exception the line with which Airflow recorded the end."""
    message_cut: bool = False
    chain: tuple[ChainLink, ...] = ()
    """The exceptions, innermost first, the one that was raised last."""
    frames: tuple[TracebackFrame, ...] = ()
    """Of the innermost exception, outermost first; of very many, the innermost ones."""
    deciding_line: str | None = None
    """The one line to show."""
    in_output: bool = False
    """Whether that line stands in the output of a program that the operator ran, whose own exception says
    less."""
    certain: bool = False
    """False when the log does not say how the try ended and this is the last error in it."""
    offset: int | None = None
    """Where the deciding line begins in the log, in bytes."""
    tail: tuple[LogRecord, ...] = ()
    """The last lines of the log, when there is no traceback."""
    signature: Signature | None = None
    """The fingerprint, with class and evidence; None when nothing is known of the end."""

    @property
    def has_error(self) -> bool:
        """Whether the log told what went wrong."""
        return self.deciding_line is not None


@dataclass(frozen=True, slots=True)
class Known:
    """The log was read."""

    text: FailureText


@dataclass(frozen=True, slots=True)
class Pending:
    """The log is being read, or waits for its turn; ask again."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The log was not read and is not going to be before it is asked for again: too many wait already."""


Answer = Known | Pending | Absent


@dataclass(frozen=True, slots=True)
class LogWindow:
    """One stretch of a try's log, or why there is none."""

    log_state: LogState
    window: Window | None = None
    reason: str | None = None
    origin: Origin | None = None
    notes: tuple[str, ...] = ()
    """Where Airflow's reader looked, in its own words."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LogReading(Generic[T]):
    """What was made of a try's log, or why there is none."""

    log_state: LogState
    result: T | None = None
    """None when the log could not be read; a log in which nothing stands was read all the same."""
    reason: str | None = None
    origin: Origin | None = None
    notes: tuple[str, ...] = ()
    """Where Airflow's reader looked, in its own words."""
    log_id: str | None = None
    """Changes when offsets told before no longer hold; see :attr:`LogSource.log_id`."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """The copy of a remote log, and how long it may stand for the log."""

    source: LogSource
    held_s: float


@dataclass(slots=True)
class _Kept:
    text: FailureText
    readings: int
    again_at: float | None
    """When it is worth reading again, by the clock; None when what is known is all there will be."""


Lookup = Callable[[TryRef], LoggedTry | None]
Records = Callable[[TryRef], Sequence[AuditRow]]


class Failures:
    """The errors of finished tries, over all callers of this process. Safe from any thread and any event
    loop."""

    def __init__(
        self,
        lookup: Lookup,
        settings: Settings,
        *,
        records: Records = lambda _: (),
        base_folder: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read nothing yet.

        :param lookup: finds a try in the metadata database; blocks, and is called in a log thread
        :param records: finds what Airflow's audit log says about a task instance, the newest first
        :param base_folder: ``[logging] base_log_folder`` by default
        :param clock: seconds that only go forward
        """
        self._lookup = lookup
        self._records = records
        self._own_packages = settings.own_packages
        self._base_folder = base_folder
        self._clock = clock
        self._time_s = settings.log_read_timeout_s
        self._max_bytes = settings.log_read_max_bytes
        self._here = Lane("logs", threads=2, time_s=self._time_s)
        # a little longer than the reader's own limit, which ends a read in good order
        self._elsewhere = Lane("remote-logs", threads=2, time_s=self._time_s + 2)
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[str, int], _Kept] = LRUCache(
            CACHE_BYTES, getsizeof=lambda kept: _size_bytes(kept.text)
        )
        self._reading: dict[tuple[str, int], Future[FailureText]] = {}
        self._copies: TLRUCache[tuple[str, int], _Copy] = TLRUCache(
            HELD_COPIES, ttu=lambda _, copy, now: now + copy.held_s, timer=clock
        )
        self._hanging_until: dict[str, float] = {}

    def peek(self, failed: TryRef) -> Answer:
        """Say at once what is known, and have the log read if it is worth it."""
        with self._lock:
            kept = self._kept.get(failed.key)
            worth = kept is None or (kept.again_at is not None and kept.again_at <= self._clock())
        reading = self._begin(failed, urgent=False) if worth else None
        if kept is not None:
            return Known(kept.text)
        if reading is None:
            return Absent()
        if reading.done():
            return Known(reading.result())
        return Pending()

    async def get(self, failed: TryRef, timeout_s: float) -> Answer:
        """Wait for the log to be read, at most ``timeout_s`` seconds, before those that nobody waits for."""
        with self._lock:
            kept = self._kept.get(failed.key)
            worth = kept is None or (kept.again_at is not None and kept.again_at <= self._clock())
        if kept is not None and not worth:
            return Known(kept.text)
        reading = self._begin(failed, urgent=True)
        if reading is not None:
            # the reading goes on when this caller leaves: others may wait for it
            done, _ = await asyncio.wait({asyncio.wrap_future(reading)}, timeout=timeout_s)
            if done:
                return Known(reading.result())
        if kept is not None:
            return Known(kept.text)
        return Pending() if reading is not None else Absent()

    async def window(
        self,
        failed: TryRef,
        offset: int | None = None,
        max_bytes: int = DEFAULT_WINDOW_BYTES,
        *,
        before: int | None = None,
        centred: bool = False,
    ) -> LogWindow:
        """Read one stretch of a try's log, the end of it by default; see
        :func:`windsock.logs.windows.window`.

        :param centred: show the line at ``offset`` with some lines above it
        """
        read = partial(_window, offset=offset, max_bytes=max_bytes, before=before, centred=centred)
        found = await self.read_log(failed, read)
        return LogWindow(found.log_state, found.result, found.reason, found.origin, found.notes)

    async def read_log(self, wanted: TryRef, work: Callable[[LogSource], T]) -> LogReading[T]:
        """Do ``work`` with the log of any try, running ones included, in a log thread.

        ``work`` may keep the source and read it later, in :meth:`read_more`; it must not close it, since
        copies are shared. What is read of a running try's log is its state of now, or of a few seconds ago
        where it comes through Airflow's reader.
        """
        read = partial(_read_with, work)
        with self._lock:
            held = self._copies.get(wanted.key)
        try:
            if held is not None:
                return await asyncio.wrap_future(self._here.submit(partial(read, held.source), urgent=True))
            found = await asyncio.wrap_future(
                self._here.submit(partial(self._open_here, wanted, read), urgent=True)
            )
            if isinstance(found, LogReading):
                return found
            refused = self._refused(found)
            if refused is not None:
                return LogReading(refused.log_state, reason=refused.reason)
            copying = self._elsewhere.submit(partial(self._copy, found), urgent=True, discard=LogSource.close)
            try:
                copy = await asyncio.wrap_future(copying)
            except TimedOutError:
                self._note_hanging(found)
                return LogReading(LogState.TIMED_OUT, reason=self._timed_out_words(found))
            self._hold(wanted, found, copy)
            return await asyncio.wrap_future(self._here.submit(partial(read, copy), urgent=True))
        except TimedOutError:
            return LogReading(LogState.TIMED_OUT, reason=self._timed_out_words(None))
        except LaneFullError:
            return LogReading(LogState.TIMED_OUT, reason="Too many logs wait to be read already; ask again.")
        except LogUnreadableError as error:
            return LogReading(LogState.UNREADABLE, reason=f"Airflow could not read the log: {error}")

    async def read_more(self, work: Callable[[], T]) -> T:
        """Go on, in a log thread, with a source that was kept in :meth:`read_log`.

        :raises TimedOutError: when it did not come back in time
        :raises LaneFullError: when too many reads wait already
        """
        return await asyncio.wrap_future(self._here.submit(work, urgent=True))

    def close(self) -> None:
        """Begin none of the readings that wait and let go of the copies of logs; a later call starts anew."""
        self._here.close()
        self._elsewhere.close()
        with self._lock:
            self._copies.clear()

    def _begin(self, failed: TryRef, *, urgent: bool) -> Future[FailureText] | None:
        """Start a reading, or join the one under way; None when too many wait."""
        with self._lock:
            under_way = self._reading.get(failed.key)
            if under_way is not None:
                return under_way
            reading: Future[FailureText] = Future()
            self._reading[failed.key] = reading
        try:
            here = self._here.submit(partial(self._read_here, failed), urgent=urgent)
        except LaneFullError:
            with self._lock:
                self._reading.pop(failed.key, None)
            # whoever joined in between is not left waiting
            reading.set_result(FailureText(LogState.TIMED_OUT, "Too many logs wait to be read already."))
            return None
        here.add_done_callback(partial(self._go_on, failed, reading, urgent))
        return reading

    def _go_on(
        self,
        failed: TryRef,
        reading: Future[FailureText],
        urgent: bool,
        here: Future[FailureText | LoggedTry],
    ) -> None:
        """Take what was found here; else ask elsewhere."""
        try:
            found = here.result()
            if isinstance(found, FailureText):
                self._finish(failed, reading, found)
                return
            refused = self._refused(found)
            if refused is not None:
                self._finish(failed, reading, self._explained(failed, refused, found))
                return
            elsewhere = self._elsewhere.submit(
                partial(self._read_elsewhere, failed, found, urgent), urgent=urgent
            )
            elsewhere.add_done_callback(partial(self._take, failed, reading, found))
        except Exception as error:  # noqa: BLE001 — the database or the disk may fail in any way there is
            self._finish(failed, reading, self._failed_words(error, None))

    def _take(
        self, failed: TryRef, reading: Future[FailureText], logged: LoggedTry, elsewhere: Future[FailureText]
    ) -> None:
        try:
            text = elsewhere.result()
        except Exception as error:  # noqa: BLE001
            if isinstance(error, TimedOutError):
                self._note_hanging(logged)
            text = self._failed_words(error, logged)
            text = self._explained(failed, text, logged)
        self._finish(failed, reading, text)

    def _finish(self, failed: TryRef, reading: Future[FailureText], text: FailureText) -> None:
        with self._lock:
            before = self._kept.get(failed.key)
            readings = before.readings + 1 if before is not None else 1
            if before is not None and before.text.has_error and not text.has_error:
                text = before.text
            self._kept[failed.key] = _Kept(text, readings, self._again_at(text, readings))
            self._reading.pop(failed.key, None)
        reading.set_result(text)

    def _explained(self, failed: TryRef, text: FailureText, logged: LoggedTry) -> FailureText:
        """Explain an end of which no log tells by what Airflow recorded; the text as it is when nothing does."""
        try:
            told = explain(_end_facts(failed, logged, self._records(failed)))
        except Exception as error:  # noqa: BLE001 - the database may fail in any way there is
            log.debug("No explanation for %s: %s", failed, error)
            return text
        # A log that could not be read may still say why: only what is recorded stands against that.
        if told is None or (told.inferred and text.log_state in (LogState.UNREADABLE, LogState.TIMED_OUT)):
            return text
        words = [told.headline, text.reason] if text.log_state is LogState.MISSING else [told.headline]
        return replace(
            text,
            reason=" ".join(word for word in words if word),
            signature=sign_explanation(told),
            certain=not told.inferred,
        )

    def _again_at(self, text: FailureText, readings: int) -> float | None:
        if text.has_error and text.certain:
            return None
        if readings > len(RETRY_AFTER_S) and text.log_state not in (LogState.UNREADABLE, LogState.TIMED_OUT):
            return None
        return self._clock() + RETRY_AFTER_S[min(readings, len(RETRY_AFTER_S)) - 1]

    def _read_here(self, failed: TryRef) -> FailureText | LoggedTry:
        logged = self._lookup(failed)
        if logged is None:
            return FailureText(LogState.MISSING, _NO_TRY)
        with self._lock:
            held = self._copies.get(failed.key)
        if held is not None and held.held_s == HELD_COPIES_S:
            return self._read(failed, held.source, logged)
        source = open_local(logged.relative_path, self._base_folder)
        if source is None:
            return logged
        with source:
            if source.size_bytes == 0 and has_remote_log_store():
                return logged
            return self._read(failed, source, logged)

    def _open_here(
        self, wanted: TryRef, read: Callable[[LogSource], LogReading[T]]
    ) -> LogReading[T] | LoggedTry:
        logged = self._lookup(wanted)
        if logged is None:
            return LogReading(LogState.MISSING, reason=_NO_TRY)
        source = open_local(logged.relative_path, self._base_folder)
        if source is None or (source.size_bytes == 0 and has_remote_log_store()):
            return logged
        return read(source)

    def _read_elsewhere(self, failed: TryRef, logged: LoggedTry, hold: bool) -> FailureText:
        copy = self._copy(logged)
        if hold and copy.size_bytes:
            # whoever waits for this error is likely to look at the log next
            self._hold(failed, logged, copy)
            return self._read(failed, copy, logged)
        with copy:
            return self._read(failed, copy, logged)

    def _read(self, failed: TryRef, source: LogSource, logged: LoggedTry) -> FailureText:
        text = read_failure(source, dag_file=logged.dag_file, own_packages=self._own_packages)
        return text if text.has_error else self._explained(failed, text, logged)

    def _hold(self, wanted: TryRef, logged: LoggedTry, copy: LogSource) -> None:
        """Keep a copy for further windows: for long only when nothing is going to be added to it."""
        ended = logged.state in _ENDED and copy.size_bytes > 0
        with self._lock:
            self._copies[wanted.key] = _Copy(copy, HELD_COPIES_S if ended else HELD_WHILE_RUNNING_S)

    def _copy(self, logged: LoggedTry) -> LogSource:
        return copy_through_airflow(
            logged.task_instance, logged.try_number, max_bytes=self._max_bytes, time_s=self._time_s
        )

    def _refused(self, logged: LoggedTry) -> FailureText | None:
        """Say why a log is not asked for elsewhere: there is nowhere to ask, or asking hung a moment ago."""
        if logged.relative_path is not None and ".." in PurePosixPath(logged.relative_path).parts:
            # Airflow 3.1's own reader would follow it
            return FailureText(LogState.UNREADABLE, "The name of this log leads out of the log folder.")
        if logged.hostname is None and logged.relative_path is not None and not has_remote_log_store():
            return FailureText(
                LogState.MISSING, "No worker is recorded for this try, and no log of it was found."
            )
        store = _store(logged)
        with self._lock:
            if self._hanging_until.get(store, 0.0) > self._clock():
                return FailureText(
                    LogState.TIMED_OUT, f"{store} did not answer a moment ago; it is asked again later."
                )
        return None

    def _note_hanging(self, logged: LoggedTry) -> None:
        now = self._clock()
        with self._lock:
            self._hanging_until = {
                store: until for store, until in self._hanging_until.items() if until > now
            }
            self._hanging_until[_store(logged)] = now + HANGING_S

    def _timed_out_words(self, logged: LoggedTry | None) -> str:
        store = _store(logged) if logged is not None else "The log store"
        return f"{store} did not answer within {self._time_s:g} s."

    def _failed_words(self, error: Exception, logged: LoggedTry | None) -> FailureText:
        if isinstance(error, TimedOutError):
            return FailureText(LogState.TIMED_OUT, self._timed_out_words(logged))
        if isinstance(error, LogUnreadableError):
            return FailureText(LogState.UNREADABLE, f"Airflow could not read the log: {error}")
        if isinstance(error, LaneFullError):
            return FailureText(LogState.TIMED_OUT, "Too many logs wait to be read already.")
        return FailureText(LogState.UNREADABLE, f"The log could not be read: {type(error).__name__}.")


_NO_TRY: Final = "Airflow has no record of this try any more."
_ENDED: Final = frozenset({"success", "failed", "up_for_retry", "skipped", "upstream_failed", "removed"})
"""States in which nothing is added to a try's log any more."""


def _store(logged: LoggedTry) -> str:
    if has_remote_log_store() or logged.hostname is None:
        return "The remote log store"
    return f"The log server of {logged.hostname}"


def _window(
    source: LogSource, *, offset: int | None, max_bytes: int, before: int | None, centred: bool
) -> Window:
    if centred and offset is not None:
        return around(source, offset, max_bytes)
    return window(source, offset, max_bytes, before=before)


def _read_with(work: Callable[[LogSource], T], source: LogSource) -> LogReading[T]:
    state = LogState.CUT if source.cut else LogState.FOUND
    reason = None
    if source.size_bytes == 0:
        state, reason = _nothing_in(source)
    elif source.cut:
        reason = "Only a part of the log is shown: it exceeds the limits of a read."
    result = work(source)
    return LogReading(state, result, reason, source.origin, source.notes, source.log_id)


def _nothing_in(source: LogSource) -> tuple[LogState, str]:
    """Say why a source holds nothing: a file of ours is empty; of a copy, Airflow said what it met with."""
    if source.origin == "file":
        return LogState.EMPTY, "The log of this try is empty."
    failed = next((note for note in source.notes if "could not read" in note.lower()), None)
    if failed is not None:
        return LogState.UNREADABLE, failed
    return LogState.MISSING, " ".join(["No log of this try was found.", *source.notes])[:MAX_MESSAGE]


def _end_facts(failed: TryRef, logged: LoggedTry, records: Sequence[AuditRow]) -> EndFacts:
    """Gather what Airflow recorded; who did something is left out, since not everybody may know that."""
    return EndFacts(
        run_id=failed.run_id,
        task_id=failed.task_id,
        state=logged.state,
        started=logged.started,
        hostname=logged.hostname,
        try_number=failed.try_number,
        events=[AuditFacts(event=row.event, extra=row.extra, try_number=row.try_number) for row in records],
    )


def read_failure(
    source: LogSource, *, dag_file: str | None = None, own_packages: Sequence[str] = ()
) -> FailureText:
    """Read how a failed try ended from its log. Blocks, for at most some seconds.

    :param dag_file: the Dag's file inside its bundle
    :param own_packages: installed packages that are the user's own
    """
    if source.size_bytes == 0:
        return FailureText(*_nothing_in(source))
    state = LogState.CUT if source.cut else LogState.FOUND
    try:
        ending = find_ending(source, time_s=SEARCH_S)
    except OutOfTimeError:
        return FailureText(state, f"No error was found in the log within {SEARCH_S:g} s.", tail=_tail(source))
    if ending is None:
        words = (
            "No error stands in the part of the log that was read."
            if source.cut
            else "No error stands in the log."
        )
        return FailureText(state, words, tail=_tail(source))
    text = _failure_text(source, state, ending)
    failure = LoggedFailure(ending.chain, text.deciding_line, text.in_output)
    return replace(text, signature=sign(failure, dag_file=dag_file, own_packages=own_packages))


def _failure_text(source: LogSource, state: LogState, ending: Ending) -> FailureText:
    root = root_of(ending.chain)
    if root is None:
        message = _end_words(ending.record)
        return FailureText(
            state,
            message=message[:MAX_MESSAGE],
            message_cut=len(message) > MAX_MESSAGE,
            deciding_line=_one_line(message if ending.deciding is ending.record else ending.deciding.text),
            in_output=ending.deciding is not ending.record,
            certain=ending.certain,
            offset=ending.deciding.offset,
            tail=_tail(source),
        )
    # the exception of an operator that ran a program: the line in that program's output says more
    in_output = (
        not ending.deciding.error
        and ending.deciding is not ending.record
        and ending.chain == ending.record.error
    )
    said = ending.deciding.text if in_output else _type_and_message(root)
    return FailureText(
        state,
        error_type=_short(root.type),
        message=root.message[:MAX_MESSAGE],
        message_cut=len(root.message) > MAX_MESSAGE,
        chain=_links(ending.chain),
        frames=tuple(_bounded(frame) for frame in root.frames[-MAX_FRAMES:]),
        deciding_line=_one_line(said),
        in_output=in_output,
        certain=ending.certain,
        offset=ending.deciding.offset,
        tail=_tail(source) if in_output or not root.frames else (),
    )


def _type_and_message(exception: LoggedException) -> str:
    return f"{_short(exception.type)}: {exception.message}" if exception.message else _short(exception.type)


def _short(exception_type: str) -> str:
    """A printed traceback has the module before the type, Airflow's own lines have not."""
    return exception_type.rpartition(".")[2][:MAX_LINE] or exception_type[:MAX_LINE]


def _bounded(frame: TracebackFrame) -> TracebackFrame:
    function, code = frame.function, frame.code
    return TracebackFrame(
        # of a path the end tells more
        frame.file[-MAX_LINE:],
        frame.line,
        function[:MAX_LINE] if function is not None else None,
        code[:MAX_LINE] if code is not None else None,
    )


def _one_line(text: str) -> str:
    lines = [line.strip() for line in text[: MAX_LINE * 4].splitlines() if line.strip()]
    return lines[0][:MAX_LINE] if lines else ""


def _links(chain: ExceptionChain) -> tuple[ChainLink, ...]:
    links: list[ChainLink] = []
    for exception in reversed(chain):
        member = exception
        inside: list[ChainLink] = []
        for _ in range(MAX_CHAIN):
            if not member.members or not member.members[0]:
                break
            inside = [
                ChainLink(_short(part.type), part.message[:MAX_LINE]) for part in reversed(member.members[0])
            ] + inside
            member = member.members[0][-1]
        links += [*inside, ChainLink(_short(exception.type), exception.message[:MAX_LINE])]
    # both ends of a long chain matter: what began it and what was raised
    return tuple(links if len(links) <= MAX_CHAIN else links[: MAX_CHAIN - 1] + links[-1:])


def _end_words(record: LogRecord) -> str:
    facts = record.extra
    if "exit_code" in facts:
        return f"{record.text} (exit code {facts['exit_code']})"
    if "signal_name" in facts:
        return f"{record.text.split(' For more information', 1)[0]} ({facts['signal_name']})"
    return record.text


def _tail(source: LogSource) -> tuple[LogRecord, ...]:
    records = window(source, max_bytes=_TAIL_BYTES).records[-TAIL_RECORDS:]
    return tuple(_shortened(record) for record in records)


def _shortened(record: LogRecord) -> LogRecord:
    return LogRecord(
        offset=record.offset,
        length_bytes=record.length_bytes,
        text=record.text[:TAIL_LINE],
        timestamp=record.timestamp,
        level=record.level,
        logger=record.logger,
        structured=record.structured,
        cut=record.cut or len(record.text) > TAIL_LINE,
    )


def _size_bytes(text: FailureText) -> int:
    """Say roughly what a kept error takes in memory, in bytes."""
    texts: list[Sequence[str | None]] = [(text.reason, text.message, text.deciding_line)]
    texts += [(frame.file, frame.function, frame.code) for frame in text.frames]
    texts += [(link.type, link.message) for link in text.chain]
    texts += [(record.text,) for record in text.tail]
    return 1_000 + sum(100 + 2 * len(part or "") for parts in texts for part in parts)


def _lookup_in_database(failed: TryRef) -> LoggedTry | None:
    """Find a try by the threads that read the database: no log opens more connections than those have."""
    return sql_pool.call(_find, failed)


def _records_in_database(failed: TryRef) -> Sequence[AuditRow]:
    """Find what Airflow recorded of a task instance, by the same threads."""
    return sql_pool.call(_find_records, failed)


def _find_records(failed: TryRef) -> Sequence[AuditRow]:
    with reading() as connection:
        return audit.of_task_instance(
            connection, failed.dag_id, failed.run_id, failed.task_id, failed.map_index
        )


def _find(failed: TryRef) -> LoggedTry | None:
    with reading() as connection:
        return find_logged_try(
            connection,
            dag_id=failed.dag_id,
            run_id=failed.run_id,
            task_id=failed.task_id,
            map_index=failed.map_index,
            try_number=failed.try_number,
        )


def failures_in_database() -> Failures:
    """The errors of the tries in Airflow's metadata database; one of these per process is enough."""
    return Failures(_lookup_in_database, get_settings(), records=_records_in_database)
