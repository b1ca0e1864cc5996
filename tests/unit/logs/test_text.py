"""Lines as a person reads, finds and downloads them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.logs.samples import exception, failed, line
from windsock.logs.shapes import parse_line
from windsock.logs.text import as_text_line, error_text, readable_text, without_colours


def raw_of(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def test_a_json_line_becomes_time_level_logger_and_message() -> None:
    raw = raw_of(line("row 1", "warning", "orders.load", exit_code=3))
    assert as_text_line(parse_line(raw), raw) == (
        "2026-11-20T13:36:26.851581Z warning orders.load - row 1 [exit_code=3]"
    )


def test_a_plain_line_stays_as_it_is() -> None:
    raw = b"[2026-11-20T10:00:00.000+0000] {bash.py:75} ERROR - no\xff\r\n"
    assert as_text_line(parse_line(raw), raw) == (
        "[2026-11-20T10:00:00.000+0000] {bash.py:75} ERROR - no\\xff"
    )


def test_a_chain_is_written_as_python_prints_it() -> None:
    chain = parse_line(
        raw_of(
            failed(exception("LoadError", "no\nrows"), exception("ConnectionError", "refused", is_cause=True))
        )
    ).error
    assert error_text(chain).split("\n") == [
        "Traceback (most recent call last):",
        '  File "/dags/load.py", line 10, in load',
        "ConnectionError: refused",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "/dags/load.py", line 10, in load',
        "LoadError: no",
        "rows",
    ]


def test_the_members_of_a_group_stand_below_it() -> None:
    group = exception(
        "ExceptionGroup", "two", frames=(), members=[[exception("A", "1")], [exception("B", "2")]]
    )
    text = error_text(parse_line(raw_of(failed(group))).error)
    assert text.startswith("ExceptionGroup: two\n  +---------------- 1")
    assert text.index("  | A: 1") < text.index("+---------------- 2") < text.index("  | B: 2")


def test_colours_are_left_out_where_text_is_read() -> None:
    assert without_colours("\x1b[1;31mred\x1b[0m \x1b[2Kline") == "red line"
    assert readable_text(parse_line(b"\x1b[32mok\x1b[0m")) == "ok"


@given(st.binary(max_size=300))
def test_no_line_makes_it_fail(raw: bytes) -> None:
    record = parse_line(raw)
    as_text_line(record, raw).encode("utf-8", "backslashreplace")
    readable_text(record).encode()
