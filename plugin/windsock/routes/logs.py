"""The log of a try: a window of it, search, where the error stands, two tries compared, and all of it as a file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Annotated, Any, Final, Literal, TypedDict

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from windsock.access import DagRights
from windsock.failures import Absent, Known, LogReading, LogState, TryRef
from windsock.logs.compare import MAX_BYTES as COMPARED_MOST_BYTES
from windsock.logs.compare import (
    ComparedLine,
    ComparedLog,
    Comparison,
    Hidden,
    Row,
    compare,
    folded,
    last_lines,
)
from windsock.logs.records import LogRecord
from windsock.logs.search import MAX_PATTERN, Found, Pattern, PatternError, Wanted, search
from windsock.logs.source import LogSource
from windsock.logs.text import as_text_line
from windsock.logs.windows import OutOfTimeError, find_error, window
from windsock.metadata import task_instances
from windsock.metadata.connection import reading
from windsock.metadata.rows import TryRow
from windsock.problems import ProblemError, forbidden, invalid, not_found
from windsock.routes.answers import finish, respond
from windsock.routes.deps import DagRightsDep, StateDep
from windsock.routes.folding import FAILED_TRY
from windsock.routes.log_lines import LINES_BYTES, MAX_WINDOW_BYTES, Place, stretch
from windsock.schemas.logs import (
    ComparedText,
    ComparedTry,
    CompareRow,
    LevelName,
    LogComparison,
    LogErrorPlace,
    LogHit,
    LogSearch,
    LogWindow,
)

router = APIRouter(prefix="/dags/{dag_id}/runs/{run_id}/tasks/{task_id}/log", tags=["logs"])

_ERROR_WAIT_S: Final = 1.5
"""How long an answer waits for the error of a log that is being read, in seconds."""
_ERROR_SEARCH_S: Final = 5.0
_WRITING: Final = frozenset(
    {"running", "deferred", "queued", "scheduled", "restarting", "up_for_reschedule", "awaiting_input"}
)
"""States of a try to whose log something may be added."""
_AFTER_END: Final = timedelta(seconds=15)
"""A worker writes the last lines when the try is over already."""
_LATE: Final = timedelta(minutes=15)
"""Logs reach a remote store some minutes after their try."""
_CHUNK_BYTES: Final = 256 * 1024
_TEXT_MOST: Final = 1_000
_EMPTY: Final = Comparison((), True)
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")

MapIndex = Annotated[int, Query(ge=-1, description="-1: not mapped")]
TryNumber = Annotated[int | None, Query(ge=0, description="By default the newest one that began")]
ByteOffset = Annotated[int | None, Query(ge=0, description="Bytes from the start of the log")]
Levels = Annotated[list[LevelName], Query(alias="level", max_length=6, description="Any of these levels")]
Loggers = Annotated[
    list[Annotated[str, Query(max_length=300)]],
    Query(
        alias="logger", max_length=20, description="Any of these loggers, or one below them ('a' for 'a.b')"
    ),
]


def _logs_allowed(dag_id: str, rights: DagRightsDep) -> DagRights:
    """Let only those pass who may read the task logs of this Dag."""
    if not (rights.runs and rights.task_instances):
        raise forbidden(f"the task instances of {dag_id}", "Task Instances")
    if not rights.task_logs:
        raise forbidden(f"the task logs of {dag_id}", "Task Logs")
    return rights


_ALLOWED: Final = [Depends(_logs_allowed)]


@dataclass(frozen=True, slots=True)
class _Tries:
    """The tries of the task instance in the address."""

    rows: list[TryRow]

    def one(self, wanted: int | None, field: str = "try_number") -> TryRow:
        if wanted is None:
            return next((row for row in reversed(self.rows) if row.start_date is not None), self.rows[-1])
        chosen = next((row for row in self.rows if row.try_number == wanted), None)
        if chosen is None:
            known = ", ".join(str(row.try_number) for row in self.rows)
            raise invalid(field, f"There is no try {wanted}", f"Choose one of {known}")
        return chosen


def _read_tries(dag_id: str, run_id: str, task_id: str, map_index: int) -> list[TryRow]:
    with reading() as connection:
        return task_instances.tries(connection, dag_id, run_id, task_id, map_index)


async def _tries(dag_id: str, run_id: str, task_id: str, state: StateDep, map_index: MapIndex = -1) -> _Tries:
    rows = await state.sql(_read_tries, dag_id, run_id, task_id, map_index)
    if not rows:
        index = f", map index {map_index}," if map_index >= 0 else ""
        raise not_found(f"Task {task_id}{index} in run {run_id} of Dag {dag_id}")
    return _Tries(rows)


TriesDep = Annotated[_Tries, Depends(_tries)]


@router.get("", response_model=LogWindow, dependencies=_ALLOWED)
async def log(
    request: Request,
    state: StateDep,
    tries: TriesDep,
    levels: Levels = [],  # noqa: B006 (FastAPI copies it)
    loggers: Loggers = [],  # noqa: B006
    try_number: TryNumber = None,
    offset: ByteOffset = None,
    before: ByteOffset = None,
    around: ByteOffset = None,
    max_bytes: Annotated[int, Query(ge=1, le=MAX_WINDOW_BYTES, description="How much of the log, bytes")] = 64
    * 1024,
) -> Response:
    """Return one stretch of a log: from ``offset`` on, up to ``before``, or with some lines above ``around``; by
    default its end. At most one of the three."""
    if sum(place is not None for place in (offset, before, around)) > 1:
        raise invalid("offset", "More than one of offset, before and around is given", "Give one of them")
    row = tries.one(try_number)
    place = Place(offset, before, around)
    wanted = Wanted(frozenset(levels), frozenset(loggers))
    found = await state.failures.read_log(_ref(row), lambda source: stretch(source, place, wanted, max_bytes))
    shown = found.result
    return respond(
        request,
        finish(
            LogWindow(
                **_of_try(row, found, shown.size_bytes if shown else 0),
                lines=list(shown.lines) if shown else [],
                start_offset=shown.start_offset if shown else 0,
                end_offset=shown.end_offset if shown else 0,
                at_start=shown.at_start if shown else True,
                at_end=shown.at_end if shown else True,
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _Searched:
    found: Found
    size_bytes: int


@router.get("/search", response_model=LogSearch, dependencies=_ALLOWED)
async def log_search(
    request: Request,
    state: StateDep,
    tries: TriesDep,
    q: Annotated[
        str, Query(max_length=MAX_PATTERN, description="Text, or with `regex` a pattern in RE2's syntax")
    ],
    levels: Levels = [],  # noqa: B006
    loggers: Loggers = [],  # noqa: B006
    try_number: TryNumber = None,
    regex: bool = False,
    case_sensitive: bool = False,
    backward: Annotated[bool, Query(description="From the end, or from `offset`, to the start")] = False,
    offset: ByteOffset = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many lines to return at most")] = 50,
) -> Response:
    """Return lines that match, as far as they are found in a second or two; ``next_offset`` is where to go on."""
    row = tries.one(try_number)

    def work(source: LogSource) -> _Searched:
        # In a log thread, since a pattern takes a moment to be made ready.
        pattern = Pattern(q, regex=regex, case_sensitive=case_sensitive)
        wanted = Wanted(frozenset(levels), frozenset(loggers), pattern)
        return _Searched(search(source, wanted, offset, backward=backward, max_hits=limit), source.size_bytes)

    try:
        # A pattern that cannot be run is refused although there may be no log.
        await state.failures.read_more(partial(Pattern, q, regex=regex, case_sensitive=case_sensitive))
        read = await state.failures.read_log(_ref(row), work)
    except PatternError as error:
        raise invalid("q", str(error), "Correct the pattern, or search for it as plain text") from None
    found = read.result.found if read.result else None
    return respond(
        request,
        finish(
            LogSearch(
                **_of_try(row, read, read.result.size_bytes if read.result else 0),
                hits=[
                    LogHit(
                        offset=hit.record.offset,
                        at=hit.at,
                        timestamp=hit.record.timestamp,
                        level=hit.record.level,
                        logger=hit.record.logger[:300] if hit.record.logger else None,
                        before=hit.excerpt.before,
                        match=hit.excerpt.match,
                        after=hit.excerpt.after,
                    )
                    for hit in (found.hits if found else ())
                ],
                next_offset=found.next_offset if found else 0,
                searched_bytes=found.end_offset - found.start_offset if found else 0,
                finished=found.finished if found else True,
            )
        ),
    )


@router.get("/error", response_model=LogErrorPlace, dependencies=_ALLOWED)
async def log_error(
    request: Request, state: StateDep, tries: TriesDep, try_number: TryNumber = None
) -> Response:
    """Return where the error stands that ended a failed try; of any other try, the last error in its log."""
    row = tries.one(try_number)
    if row.state not in FAILED_TRY:
        return respond(request, finish(await _last_error(row, state)))
    answer = await state.failures.get(_ref(row), _ERROR_WAIT_S)
    if not isinstance(answer, Known):
        waiting = (
            "Too many logs wait to be read already."
            if isinstance(answer, Absent)
            else "The log is being read."
        )
        read: LogReading[None] = LogReading(LogState.FOUND, reason=waiting)
        place = LogErrorPlace(**{**_of_try(row, read, 0), "ask_again_s": 1.0}, state="pending")
        return respond(request, finish(place))
    text = answer.text
    read = LogReading(text.log_state, reason=text.reason)
    size = (
        await state.failures.read_log(_ref(row), lambda source: source.size_bytes) if text.has_error else None
    )
    return respond(
        request,
        finish(
            LogErrorPlace(
                **{
                    **_of_try(row, read, (size.result or 0) if size else 0),
                    "log_id": size.log_id if size else None,
                },
                state="found" if text.has_error else "none",
                offset=text.offset,
                line=text.deciding_line,
                certain=text.certain,
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _LastError:
    record: LogRecord | None
    size_bytes: int
    in_time: bool = True


def _find_last_error(source: LogSource) -> _LastError:
    try:
        return _LastError(find_error(source, last=True, time_s=_ERROR_SEARCH_S), source.size_bytes)
    except OutOfTimeError:
        return _LastError(None, source.size_bytes, in_time=False)


async def _last_error(row: TryRow, state: StateDep) -> LogErrorPlace:
    read = await state.failures.read_log(_ref(row), _find_last_error)
    found = read.result
    common = _of_try(row, read, found.size_bytes if found else 0)
    if found is None or found.record is None:
        if found is not None and common["reason"] is None:
            words = (
                "No error stands in the log." if found.in_time else "No error was found in the log in time."
            )
            common["reason"] = words
        return LogErrorPlace(**common, state="none")
    record = found.record
    lines = [line for line in record.text[:4_000].splitlines() if line.strip()]
    return LogErrorPlace(
        **common, state="found", offset=record.offset, line=lines[0][:_TEXT_MOST] if lines else None
    )


@router.get("/compare", response_model=LogComparison, dependencies=_ALLOWED)
async def log_compare(
    request: Request,
    state: StateDep,
    tries: TriesDep,
    with_try: Annotated[int, Query(ge=0, description="The other try, shown on the right")],
    try_number: TryNumber = None,
    max_bytes: Annotated[
        int, Query(ge=1, le=COMPARED_MOST_BYTES, description="How much of the end of each, bytes")
    ] = COMPARED_MOST_BYTES,
) -> Response:
    """Return how the ends of the logs of two tries differ."""
    left_row, right_row = tries.one(try_number), tries.one(with_try, "with_try")
    if left_row.try_number == right_row.try_number:
        raise invalid("with_try", "A try is compared with itself", "Choose another try")
    sides = [
        await state.failures.read_log(_ref(row), lambda source: _compared(source, max_bytes))
        for row in (left_row, right_row)
    ]
    left, right = (side.result for side in sides)
    shown = _Rows([], 0, _EMPTY)
    if left is not None and right is not None:
        shown = await state.failures.read_more(partial(_compare, left.log, right.log))
    answers = [
        ComparedTry(
            **_of_try(row, side, side.result.size_bytes if side.result else 0),
            lines=len(side.result.log.lines) if side.result else 0,
            start_offset=side.result.log.start_offset if side.result else 0,
        )
        for row, side in zip((left_row, right_row), sides, strict=True)
    ]
    return respond(
        request,
        finish(
            LogComparison(
                left=answers[0],
                right=answers[1],
                rows=shown.rows,
                differences=shown.comparison.differences,
                exact=shown.comparison.exact,
                rows_left_out=shown.left_out,
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    log: ComparedLog
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Rows:
    rows: list[CompareRow]
    left_out: int
    comparison: Comparison


def _compared(source: LogSource, max_bytes: int) -> _Compared:
    return _Compared(last_lines(source, max_bytes), source.size_bytes)


def _compare(left: ComparedLog, right: ComparedLog) -> _Rows:
    comparison = compare(left, right)
    rows: list[CompareRow] = []
    left_out = 0
    room = LINES_BYTES
    for row in folded(comparison.rows):
        if room < 0:
            left_out += 1
            continue
        made = _compare_row(row)
        room -= len(made.model_dump_json().encode())
        if room < 0 and rows:
            left_out += 1
        else:
            rows.append(made)
    return _Rows(rows, left_out, comparison)


def _compare_row(row: Row | Hidden) -> CompareRow:
    if isinstance(row, Hidden):
        return CompareRow(kind="hidden", hidden_lines=row.lines)
    left, right = row.left, row.right
    if left is not None and right is not None and left.text == right.text:
        right = None
    return CompareRow(kind=row.kind, left=_compared_text(left), right=_compared_text(right))


def _compared_text(line: ComparedLine | None) -> ComparedText | None:
    if line is None:
        return None
    return ComparedText(
        offset=line.record.offset,
        level=line.record.level,
        text=line.text[:_TEXT_MOST],
        shortened=len(line.text) > _TEXT_MOST,
    )


@router.get(
    "/raw", response_class=Response, dependencies=_ALLOWED, responses={200: {"content": {"text/plain": {}}}}
)
async def log_raw(
    dag_id: str,
    run_id: str,
    task_id: str,
    state: StateDep,
    tries: TriesDep,
    try_number: TryNumber = None,
    form: Annotated[
        Literal["text", "json"],
        Query(description="text: one readable line per record; json: byte for byte as Airflow keeps it"),
    ] = "text",
) -> Response:
    """Return the whole log as a file, as long as it is now; it is read and sent in pieces."""
    row = tries.one(try_number)
    opened = await state.failures.read_log(_ref(row), lambda source: (source, source.size_bytes))
    if opened.result is None or opened.log_state in (LogState.MISSING, LogState.UNREADABLE):
        raise _no_log(opened)
    source, size = opened.result
    piece = _raw_piece if form == "json" else _text_piece
    first = await state.failures.read_more(partial(piece, source, 0, size))

    async def pieces() -> AsyncIterator[bytes]:
        content, offset = first
        while content or offset < size:
            yield content
            if offset >= size:
                return
            read = await asyncio.shield(state.failures.read_more(partial(piece, source, offset, size)))
            if read[1] <= offset:
                # truncated meanwhile: what was there is sent
                return
            content, offset = read

    index = f"_{row.map_index}" if row.map_index >= 0 else ""
    name = _UNSAFE.sub("_", f"{dag_id}_{run_id}_{task_id}{index}_try{row.try_number}").strip("._-")
    return StreamingResponse(
        pieces(),
        headers={
            "Content-Disposition": f'attachment; filename="{name[-180:]}.{"jsonl" if form == "json" else "log"}"',
            "Content-Type": "text/plain; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Vary": "Cookie, Authorization",
        },
    )


def _no_log(read: LogReading[Any] | LogReading[tuple[LogSource, int]]) -> ProblemError:
    title = "The log of this try cannot be read"
    if read.log_state is LogState.TIMED_OUT:
        return ProblemError(
            503, "log_unavailable", title, detail=read.reason, remedy="Try again in a while", retry_after_s=15
        )
    return ProblemError(404, "no_log", title, detail=read.reason)


def _raw_piece(source: LogSource, offset: int, stop: int) -> tuple[bytes, int]:
    content = source.read(offset, min(_CHUNK_BYTES, stop - offset))
    return content, offset + len(content)


def _text_piece(source: LogSource, offset: int, stop: int) -> tuple[bytes, int]:
    if offset >= stop:
        return b"", offset
    shown = window(source, offset, min(_CHUNK_BYTES, stop - offset))
    content = source.read(shown.start_offset, shown.end_offset - shown.start_offset)
    parts: list[bytes] = []
    for record in shown.records:
        begin = record.offset - shown.start_offset
        raw = content[begin : begin + record.length_bytes]
        if record.cut:
            # a character may be cut in two between pieces: only its bytes are whole when they are put together
            parts.append(raw)
        else:
            end = "\n" if raw.endswith(b"\n") else ""
            parts.append(f"{as_text_line(record, raw)}{end}".encode("utf-8", "backslashreplace"))
    return b"".join(parts), shown.end_offset


class _OfTry(TypedDict):
    """The fields of :class:`windsock.schemas.logs.LogOfTry`."""

    map_index: int
    try_number: int
    log_state: Literal["found", "empty", "missing", "cut", "unreadable", "timed_out"]
    reason: str | None
    notes: list[str]
    log_id: str | None
    size_bytes: int
    growing: bool
    ask_again_s: float | None


def _of_try(row: TryRow, read: LogReading[Any], size_bytes: int) -> _OfTry:
    growing = _is_growing(row)
    return {
        "map_index": row.map_index,
        "try_number": row.try_number,
        "log_state": read.log_state.value,
        "reason": read.reason,
        "notes": list(read.notes),
        "log_id": read.log_id,
        "size_bytes": size_bytes,
        "growing": growing,
        "ask_again_s": _ask_again_s(row, read, growing),
    }


def _is_growing(row: TryRow) -> bool:
    if row.is_current and row.state in _WRITING:
        return True
    return row.end_date is not None and datetime.now(timezone.utc) - row.end_date < _AFTER_END


def _ask_again_s(row: TryRow, read: LogReading[Any], growing: bool) -> float | None:
    if read.log_state is LogState.TIMED_OUT:
        return 15.0
    if growing:
        # a copy of a log elsewhere is taken whole each time
        return 2.0 if read.origin == "file" else 10.0
    if read.log_state in (LogState.FOUND, LogState.CUT) or row.end_date is None:
        return None
    return 30.0 if datetime.now(timezone.utc) - row.end_date < _LATE else None


def _ref(row: TryRow) -> TryRef:
    return TryRef(
        task_instance_id=row.task_instance_id,
        dag_id=row.dag_id,
        run_id=row.run_id,
        task_id=row.task_id,
        map_index=row.map_index,
        try_number=row.try_number,
    )
