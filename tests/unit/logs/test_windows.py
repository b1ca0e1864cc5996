"""Windows hold every byte once, whatever the log is made of; errors are found where they are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.logs.samples import InMemoryLog, exception, failed, line, log_bytes, printed
from windsock.logs import windows
from windsock.logs.windows import (
    OutOfTimeError,
    Window,
    around,
    find_error,
    hits_backward,
    hits_forward,
    line_at,
    window,
)

logs = st.lists(
    st.sampled_from([b"a", b"\n", b"\r\n", b"x" * 40, "é日".encode(), b"\xff\x00", b'{"event":"e"}\n']),
    max_size=60,
).map(b"".join)
sizes = st.integers(min_value=1, max_value=100)


def content(shown: Window, log: InMemoryLog) -> bytes:
    """The bytes that the records of a window stand for; they must follow each other without a gap."""
    place = shown.start_offset
    for record in shown.records:
        assert record.offset == place
        place = record.end_offset
    assert place == shown.end_offset
    return log.content[shown.start_offset : shown.end_offset]


@given(logs, sizes, st.integers(min_value=0, max_value=300))
def test_windows_downward_from_any_place_hold_the_rest_of_the_log(data: bytes, size: int, start: int) -> None:
    log = InMemoryLog(data)
    offset = min(start, len(data))
    collected = b""
    while True:
        shown = window(log, offset, size)
        assert shown.start_offset == offset
        assert shown.end_offset - shown.start_offset <= size
        collected += content(shown, log)
        if shown.at_end:
            break
        assert shown.end_offset > offset
        offset = shown.end_offset
    assert collected == data[min(start, len(data)) :]


@given(logs, sizes)
def test_windows_upward_from_the_end_hold_the_whole_log(data: bytes, size: int) -> None:
    log = InMemoryLog(data)
    shown = window(log, max_bytes=size)
    assert shown.at_end
    collected = content(shown, log)
    while not shown.at_start:
        above = window(log, max_bytes=size, before=shown.start_offset)
        assert above.end_offset == shown.start_offset
        assert above.start_offset < shown.start_offset
        collected = content(above, log) + collected
        shown = above
    assert collected == data


@given(logs, sizes, st.integers(min_value=0, max_value=300))
def test_the_window_around_a_line_shows_it(data: bytes, size: int, place: int) -> None:
    log = InMemoryLog(data)
    shown = around(log, min(place, len(data)), size)
    content(shown, log)
    record = line_at(log, place) if place < len(data) else None
    if record is not None and record.length_bytes <= size // 4:
        assert any(other.offset == record.offset for other in shown.records)


@given(logs, sizes)
def test_a_piece_of_a_line_says_so(data: bytes, size: int) -> None:
    log = InMemoryLog(data)
    offset = 0
    while True:
        shown = window(log, offset, size)
        for record in shown.records:
            whole = (record.offset == 0 or data[record.offset - 1 : record.offset] == b"\n") and (
                record.end_offset == len(data) or data[: record.end_offset].endswith(b"\n")
            )
            assert record.cut is not whole
        if shown.at_end:
            return
        offset = shown.end_offset


@given(
    st.lists(
        st.sampled_from([b"MARK", b"MARKMARK", b"other", b"\n", b"MAR", b"K", b"xyzzy"]), max_size=60
    ).map(b"".join),
    st.integers(min_value=1, max_value=40),
)
def test_searches_find_the_same_lines_in_both_directions_at_any_block_size(data: bytes, block: int) -> None:
    log = InMemoryLog(data)
    place = 0
    expected = []
    for part in data.splitlines(keepends=True):
        if b"MARK" in part or b"xyzzy" in part:
            expected.append(place)
        place += len(part)
    before = windows.SCAN_BLOCK_BYTES
    try:
        windows.SCAN_BLOCK_BYTES = block  # type: ignore[misc]
        forward = [record.offset for record in hits_forward(log, (b"MARK", b"xyzzy"))]
        backward = [record.offset for record in hits_backward(log, (b"MARK", b"xyzzy"))]
    finally:
        windows.SCAN_BLOCK_BYTES = before  # type: ignore[misc]
    assert forward == expected
    assert backward == expected[::-1]


@given(st.binary(max_size=2_000))
def test_no_bytes_make_a_search_raise(data: bytes) -> None:
    log = InMemoryLog(data)
    find_error(log)
    find_error(log, last=True)
    assert content(window(log), log) == data


def test_first_and_last_error_are_told_from_words_about_errors() -> None:
    data = log_bytes(
        [
            line('they said "level":"error" once'),
            line("Traceback (most recent call last) is a phrase"),
            line("first", "error"),
            *printed("fine"),
            failed(exception("ValueError", "bad")),
            line("all ERROR handling done"),
        ]
    )
    log = InMemoryLog(data)
    first, last = find_error(log), find_error(log, last=True)
    assert first is not None
    assert first.text == "first"
    assert last is not None
    assert last.text == "Task failed with exception"


def test_a_line_of_a_megabyte_is_shown_in_pieces_and_taken_whole_for_an_error() -> None:
    log = InMemoryLog(log_bytes([failed(exception("ValueError", "y" * 1_000_000)), line("after")]))
    assert all(record.cut for record in window(log, 0).records)
    found = find_error(log)
    assert found is not None
    assert not found.cut
    assert len(found.error[0].message) == 1_000_000


def test_a_line_beyond_every_limit_is_marked_as_cut() -> None:
    log = InMemoryLog(b" ERROR " + b"z" * (windows.MAX_LINE_BYTES + 10))
    record = line_at(log, 0)
    assert record is not None
    assert record.cut
    assert record.length_bytes == windows.MAX_LINE_BYTES


def test_a_search_ends_when_its_time_is_up() -> None:
    log = InMemoryLog(b"words with ERROR inside\n" * 200_000)
    began = time.monotonic()
    with pytest.raises(OutOfTimeError):
        find_error(log, time_s=0.05)
    assert time.monotonic() - began < 1
