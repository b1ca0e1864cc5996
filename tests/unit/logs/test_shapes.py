"""What is read out of one line, and out of printed tracebacks."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.logs.samples import PRINTED_CHAIN, exception, failed
from windsock.logs.shapes import parse_line, read_error_detail, read_traceback


def test_a_json_line_gives_its_fields() -> None:
    record = parse_line(
        b'{"timestamp":"2026-11-20T13:36:26.851581Z","level":"error","event":"boom","logger":"task",'
        b'"filename":"a.py","lineno":3,"exit_code":3}\n',
        offset=7,
    )
    assert record.timestamp == datetime(2026, 11, 20, 13, 36, 26, 851581, tzinfo=timezone.utc)
    assert (record.level, record.text, record.logger) == ("error", "boom", "task")
    assert (record.filename, record.lineno, dict(record.extra)) == ("a.py", 3, {"exit_code": "3"})
    assert (record.offset, record.end_offset, record.structured) == (7, 7 + 134, True)


@pytest.mark.parametrize(
    ("text", "level", "message"),
    [
        ("[2026-11-20T10:00:00.000+0000] {bash.py:75} ERROR - no route", "error", "no route"),
        (
            "2026-11-20T13:36:35.054813Z [error    ] Failed to import [x] loc=a.py:1",
            "error",
            "Failed to import",
        ),
        ("2026-11-20 10:00:00,123 WARNING low on disk", "warning", "WARNING low on disk"),
        ("\x1b[2m2026-11-20T13:36:35Z\x1b[0m [\x1b[31m\x1b[1merror    \x1b[0m] red", "error", "red"),
        ("just words with ERROR inside", None, "just words with ERROR inside"),
    ],
)
def test_plain_headers_are_read(text: str, level: str | None, message: str) -> None:
    record = parse_line(text.encode() + b"\r\n")
    assert record.level == level
    assert record.text.startswith(message)
    assert record.timestamp is None or record.timestamp.hour in (10, 13)


def test_a_plain_line_in_the_form_that_airflows_reader_gives_it_is_still_read() -> None:
    record = parse_line(b'{"event":"[2026-11-20T10:00:00.000+0000] {bash.py:75} ERROR - no route"}\n')
    assert (record.level, record.text, record.lineno) == ("error", "no route", 75)


def test_bytes_that_are_not_utf8_stay_visible() -> None:
    assert parse_line("Größe".encode("latin-1")).text == "Gr\\xf6\\xdfe"


def test_a_lone_surrogate_in_json_can_be_sent_on() -> None:
    parse_line(b'{"event":"\\ud800 half","level":"info"}').text.encode("utf-8")


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"event":}',
        b'{"event": 1, "level": [], "lineno": "x", "timestamp": 5, "error_detail": {"a": 1}}',
        b'{"event":"x","error_detail":[1,null,{"exc_type":"E","frames":[1,{"lineno":[]}],"exceptions":7}]}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"event":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"event":"x","timestamp":"9999-99-99T99:99:99Z"}',
        b'{"event":"x","timestamp":"0001-01-01T00:00:00+14:00"}',
        b"\x00\xff\xfe",
        b"",
    ],
)
def test_nothing_in_a_line_raises(raw: bytes) -> None:
    parse_line(raw)


@given(st.binary(max_size=300))
def test_no_bytes_raise(raw: bytes) -> None:
    assert parse_line(raw).length_bytes == len(raw)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["exc_type", "exc_value", "frames", "filename", "lineno", "name", "exceptions", "stacks"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_no_error_detail_raises(detail: object) -> None:
    read_error_detail([detail])


def test_a_group_keeps_the_chains_of_its_members_in_both_forms() -> None:
    inner = [exception("LoadError", "bad"), exception("ValueError", "x0", is_cause=True)]
    for members in ([inner], [{"stacks": inner}]):
        (group,) = read_error_detail([exception("ExceptionGroup", "several", members=members)])  # type: ignore[arg-type]
        assert [part.type for part in group.members[0]] == ["LoadError", "ValueError"]


def test_frames_that_the_logger_skipped_are_counted_and_not_shown() -> None:
    raw = json.dumps(
        failed(
            exception("RecursionError", "deep", frames=(("", -1, "Skipped frames: 912"), ("/a.py", 1, "f")))
        )
    )
    (error,) = parse_line(raw.encode()).error
    assert (error.skipped_frames, len(error.frames)) == (912, 1)


def test_a_printed_chain_is_read_in_the_order_of_raising() -> None:
    chain, used = read_traceback([*PRINTED_CHAIN.split("\n"), "next thing printed"])
    assert [(part.type, part.message, part.is_cause) for part in chain] == [
        ("orders.errors.LoadError", "could not load", False),
        ("ConnectionRefusedError", "[Errno 111] refused", True),
    ]
    assert used == len(PRINTED_CHAIN.split("\n"))
    frame = chain[1].frames[-1]
    assert (frame.file, frame.line, frame.function) == ("/dags/load.py", 10, "connect")
    assert frame.code == 'raise ConnectionRefusedError(111, "refused")'


def test_what_is_printed_after_a_traceback_is_not_its_message() -> None:
    lines = [
        "Traceback (most recent call last):",
        '  File "/a.py", line 1, in f',
        "ValueError: bad",
        "all done",
    ]
    assert read_traceback(lines)[0][0].message == "bad"
    assert read_traceback(lines, whole_text=True)[0][0].message == "bad\nall done"


def test_an_indented_line_goes_on_with_the_message() -> None:
    lines = [
        "Traceback (most recent call last):",
        '  File "/a.py", line 1, in f',
        "psycopg2.OperationalError: connection refused",
        "\tIs the server running on that host?",
    ]
    assert read_traceback(lines)[0][0].message == "connection refused\n\tIs the server running on that host?"


def test_a_printed_group_gives_the_group_itself() -> None:
    text = """  + Exception Group Traceback (most recent call last):
  |   File "/dags/load.py", line 39, in group
  |     raise ExceptionGroup("several", errs)
  | ExceptionGroup: several (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: x0
    +---------------- 2 ----------------
    | ValueError: x1
    +------------------------------------"""
    chain, _ = read_traceback(text.split("\n"))
    assert [part.type for part in chain] == ["ExceptionGroup"]
    assert chain[0].frames[0].function == "group"


@given(
    st.lists(
        st.sampled_from(
            [*PRINTED_CHAIN.split("\n"), "", "x", "  y", "| z", "[Previous line repeated 3 more times]"]
        )
    )
)
def test_no_order_of_lines_raises(lines: list[str]) -> None:
    chain, used = read_traceback(lines)
    assert used <= len(lines)
    assert not chain or used > 0
