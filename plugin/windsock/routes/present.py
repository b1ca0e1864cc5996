"""From what was read and judged to what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from windsock.failures import Absent, Answer, FailureText, Known, LogState, Pending
from windsock.health.causes import RunLevelCause as JudgedRunLevelCause
from windsock.health.causes import RunLevelKind
from windsock.health.durations import run_duration_s
from windsock.health.frames import is_own_frame, own_frame
from windsock.health.streaks import DagStreak, is_backfill, is_counting
from windsock.logs.records import LogRecord as LoggedRecord
from windsock.logs.records import TracebackFrame
from windsock.metadata.rows import RunRow
from windsock.schemas.common import ErrorLine, Frame, RunItem, RunLevelCause, RunRef, Streak
from windsock.schemas.task_instances import ErrorDetail, LogRecord
from windsock.settings import get_settings


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Return the seconds from ``start`` to ``end``, never below 0; None when one is not known."""
    if start is None or end is None:
        return None
    return max(0.0, (end - start).total_seconds())


def run_ref(run: RunRow) -> RunRef:
    """Name a run."""
    return RunRef(
        run_id=run.run_id,
        run_type=run.run_type,
        state=run.state,
        run_after=run.run_after,
        start_date=run.start_date,
        end_date=run.end_date,
    )


def run_ref_or_none(run: RunRow | None) -> RunRef | None:
    """Name a run, if there is one."""
    return run_ref(run) if run is not None else None


def run_item(run: RunRow) -> RunItem:
    """Show a run as a bar or a row."""
    return RunItem(
        run_id=run.run_id,
        run_type=run.run_type,
        state=run.state,
        run_after=run.run_after,
        start_date=run.start_date,
        end_date=run.end_date,
        logical_date=run.logical_date,
        queued_at=run.queued_at,
        queued_s=seconds_between(run.queued_at, run.start_date),
        duration_s=run_duration_s(run),
        counting=is_counting(run),
        backfill=is_backfill(run),
        clear_number=run.clear_number,
        partition_key=run.partition_key,
    )


def streak_of(streak: DagStreak[RunRow]) -> Streak:
    """Show a streak."""
    return Streak(
        length=streak.length,
        at_bound=streak.at_bound,
        failing_since=streak.failing_since,
        rerunning_since=streak.rerunning_since,
        first_bad_run=run_ref_or_none(streak.opening_run),
        last_good_run=run_ref_or_none(streak.last_good_run),
    )


_RUN_LEVEL_KINDS: dict[RunLevelKind, Any] = {
    RunLevelKind.TIMED_OUT: "timed_out",
    RunLevelKind.DEADLOCKED: "deadlocked",
    RunLevelKind.MARKED_BY_PERSON: "marked_by_person",
    RunLevelKind.NOT_RECORDED: "unknown",
}


def run_level_cause(cause: JudgedRunLevelCause | None, audit: bool) -> RunLevelCause | None:
    """Show why a run without a failed task failed.

    :param audit: whether the caller may know what people did; if not, their doing is not told
    """
    if cause is None:
        return None
    if cause.kind is RunLevelKind.MARKED_BY_PERSON and not audit:
        return RunLevelCause(kind="unknown", inferred=True)
    return RunLevelCause(kind=_RUN_LEVEL_KINDS[cause.kind], inferred=cause.inferred)


FORBIDDEN = ErrorLine(state="forbidden", reason="You may not read the task logs of this Dag")
_PENDING = ErrorLine(state="pending")
_NOT_ASKED = ErrorLine(state="pending", reason="Many logs wait to be read")
_UNREADABLE = frozenset({LogState.UNREADABLE, LogState.TIMED_OUT})


def error_line(answer: Answer, dag_file: str | None) -> ErrorLine:
    """Show the error of a failed try in one line.

    :param dag_file: the Dag's file inside its bundle
    """
    if isinstance(answer, Pending):
        return _PENDING
    if isinstance(answer, Absent):
        return _NOT_ASKED
    return ErrorLine(**_line_fields(answer.text, dag_file))


def error_detail(answer: Answer, dag_file: str | None) -> ErrorDetail:
    """Show the error of a failed try with its traceback."""
    if not isinstance(answer, Known):
        return ErrorDetail(**error_line(answer, dag_file).model_dump())
    text = answer.text
    return ErrorDetail(
        **_line_fields(text, dag_file),
        chain=[f"{link.type}: {link.message}" if link.message else link.type for link in text.chain],
        frames=[_frame(frame, dag_file) for frame in text.frames],
        tail=[_record(record) for record in text.tail],
    )


def forbidden_detail() -> ErrorDetail:
    """Say that the caller may not read the log."""
    return ErrorDetail(**FORBIDDEN.model_dump())


def _signature_fields(text: FailureText) -> dict[str, Any]:
    signed = text.signature
    if signed is None:
        return {"certain": text.certain}
    return {
        "signature": signed.value,
        "title": signed.title,
        "error_class": signed.error_class.value,
        "evidence": signed.evidence,
        "certain": text.certain,
    }


def _line_fields(text: FailureText, dag_file: str | None) -> dict[str, Any]:
    signature = _signature_fields(text)
    if not text.has_error:
        unreadable = text.log_state in _UNREADABLE
        return {"state": "unreadable" if unreadable else "absent", "reason": text.reason, **signature}
    own = own_frame(text.frames, dag_file=dag_file, own_packages=get_settings().own_packages)
    message = text.deciding_line if text.in_output or text.error_type is None else text.message
    return {
        "state": "known",
        "type": text.error_type,
        "message": message,
        "frame": _frame(own, dag_file) if own is not None else None,
        **signature,
    }


def _frame(frame: TracebackFrame, dag_file: str | None) -> Frame:
    return Frame(
        file=frame.file,
        line=frame.line,
        function=frame.function,
        code=frame.code,
        own=is_own_frame(frame.file, dag_file=dag_file, own_packages=get_settings().own_packages),
    )


def _record(record: LoggedRecord) -> LogRecord:
    return LogRecord(timestamp=record.timestamp, level=record.level, logger=record.logger, text=record.text)
