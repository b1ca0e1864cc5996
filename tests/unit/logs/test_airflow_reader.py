"""What comes through Airflow's own reader: a file without a name, within bounds, whatever the store does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from airflow.utils.log.file_task_handler import StructuredLogMessage
from airflow.utils.log.log_reader import TaskLogReader

from windsock.logs.airflow_reader import LogUnreadableError, copy_through_airflow
from windsock.logs.ending import find_ending
from windsock.logs.source import LogSource
from windsock.logs.windows import window

HEADER = [
    StructuredLogMessage(event="::group::Log message source details"),
    StructuredLogMessage(event="s3://logs/attempt=1.log"),
    StructuredLogMessage(event="::endgroup::"),
]


class FakeHandler:
    """A log handler of a deployment's own."""

    def __init__(self, messages: Iterator[Any]) -> None:
        """Hand out ``messages``."""
        self.messages = messages

    def read(
        self, ti: object, try_number: int | None, metadata: object
    ) -> tuple[Iterator[Any], dict[str, Any]]:
        """Answer as Airflow's handlers do."""
        return self.messages, {"end_of_log": True}


def copied(
    monkeypatch: pytest.MonkeyPatch, messages: Iterator[Any], *, max_bytes: int = 10_000, time_s: float = 5
) -> LogSource:
    monkeypatch.setattr(TaskLogReader, "log_handler", FakeHandler(messages))
    return copy_through_airflow(object(), 1, max_bytes=max_bytes, time_s=time_s)


def texts(source: LogSource) -> list[str]:
    return [record.text for record in window(source).records]


def test_the_records_are_copied_and_the_header_becomes_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    record = StructuredLogMessage.model_validate(
        {
            "timestamp": "2026-11-20T13:36:26.851581Z",
            "event": "Task failed with exception",
            "level": "error",
            "logger": "task",
            "error_detail": [{"exc_type": "KeyError", "exc_value": "'a'", "frames": []}],
        }
    )
    source = copied(monkeypatch, iter([*HEADER, StructuredLogMessage(event="plain é"), record]))
    assert texts(source) == ["plain é", "Task failed with exception"]
    assert (source.notes, source.cut, source.origin) == (("s3://logs/attempt=1.log",), False, "airflow")
    found = find_ending(source)
    assert found is not None
    assert [part.type for part in found.chain] == ["KeyError"]


def test_the_header_of_airflow_3_1_becomes_notes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    header = StructuredLogMessage.model_validate(
        {"event": "::group::Log message source details", "sources": ["here", "there"]}
    )
    source = copied(monkeypatch, iter([header, HEADER[2], StructuredLogMessage(event="a")]))
    assert (source.notes, texts(source)) == (("here", "there"), ["a"])


def test_of_a_log_beyond_the_limit_the_end_is_kept_and_marked_as_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = (StructuredLogMessage(event=f"line {number}") for number in range(10_000))
    source = copied(monkeypatch, messages, max_bytes=5_000)
    assert source.cut
    assert 2_000 <= source.size_bytes <= 5_000
    shown = texts(source)
    assert shown[-1] == "line 9999"
    assert shown == [f"line {number}" for number in range(10_000 - len(shown), 10_000)]


def test_of_one_line_beyond_the_limit_a_piece_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    source = copied(monkeypatch, iter([StructuredLogMessage(event="y" * 100_000)]), max_bytes=5_000)
    assert source.cut
    assert source.size_bytes > 0


def test_a_store_that_drips_is_left_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def drip() -> Iterator[StructuredLogMessage]:
        while True:
            time.sleep(0.01)
            yield StructuredLogMessage(event="drop")

    began = time.monotonic()
    source = copied(monkeypatch, drip(), time_s=0.1)
    assert source.cut
    assert set(texts(source)) == {"drop"}
    assert time.monotonic() - began < 2


def test_what_the_store_says_when_it_fails_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Iterator[StructuredLogMessage]:
        yield HEADER[0]
        raise PermissionError("bucket denied")

    with pytest.raises(LogUnreadableError, match="PermissionError: bucket denied"):
        copied(monkeypatch, fail())


def test_a_handler_that_cannot_read_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TaskLogReader, "log_handler", object())
    with pytest.raises(LogUnreadableError, match="cannot read"):
        copy_through_airflow(object(), 1, max_bytes=1_000, time_s=1)
