"""Two tries side by side: what is the same in both is paired, whatever noise stands in it; what differs is shown."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.logs.samples import InMemoryLog, LogLine, exception, failed, line, log_bytes
from windsock.logs import compare as module
from windsock.logs.compare import ComparedLog, Comparison, Hidden, compare, folded, last_lines, without_noise


def lines(*written: LogLine | str) -> ComparedLog:
    return last_lines(InMemoryLog(log_bytes(written)))


def said(comparison: Comparison) -> list[tuple[str, str | None, str | None]]:
    return [
        (row.kind, row.left.text if row.left else None, row.right.text if row.right else None)
        for row in comparison.rows
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("began at 2026-11-20T13:36:26.851581Z", "began at 2026-11-21 01:02:03,004+0000"),
        ("it is 13:36:26", "it is 13:36:27.5"),
        ("Started process 4711 to run task", "Started process 99 to run task"),
        ("pid=17", "pid=4242"),
        ("ti 019a9f3e-9a1b-7c4d-8e5f-0123456789ab", "ti 019a9f3e-0000-7c4d-8e5f-ba9876543210"),
        ("<orders.Load object at 0x7f3a2b>", "<orders.Load object at 0x7f3affff2b>"),
        ("trace 4bf92f3577b34da6a3ce929d0e0e4736", "trace 00f067aa0ba902b7"),
        ("took 1.5 s", "took 12 seconds"),
        ("in 300ms", "in 1.02ms"),
        ("attempt=1.log", "attempt=2.log"),
        ("Starting attempt 1 of 3", "Starting attempt 2 of 3"),
        ("wrote /tmp/airflowtmpab12/x.sh", "wrote /tmp/airflowtmpzz99/x.sh"),
        ("elapsed=1.25 rows=7", "elapsed=9 rows=7"),
    ],
)
def test_noise_is_no_difference(one: str, other: str) -> None:
    assert without_noise(one) == without_noise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("loaded 0 rows", "loaded 100 rows"),
        ("host warehouse-1", "host warehouse-2"),
        ("exit code 1", "exit code 137"),
        ("port 5432", "port 5433"),
        ("HTTP 500", "HTTP 503"),
        ("/dags/a.py", "/dags/b.py"),
    ],
)
def test_what_matters_is_a_difference(one: str, other: str) -> None:
    assert without_noise(one) != without_noise(other)


def test_rows_hold_the_original_texts_in_the_order_of_both() -> None:
    left = lines(line("took 1 s"), line("loaded 10 rows"), failed(exception("ConnectionError", "refused")))
    right = lines(line("took 2 s"), line("loaded 12 rows"), line("done in 3 ms"))
    result = compare(left, right)
    assert result.exact
    assert said(result)[0] == ("same", "took 1 s", "took 2 s")
    assert [row[0] for row in said(result)[1:]] == ["left", "left", "right", "right"]
    assert "ConnectionError: refused" in (said(result)[2][1] or "")
    assert result.differences == 4


def test_the_same_words_at_another_level_differ() -> None:
    assert compare(lines(line("slow", "info")), lines(line("slow", "error"))).differences == 2


def test_equal_logs_have_no_difference_and_empty_ones_neither() -> None:
    log = lines(*[line(f"row {number}") for number in range(50)])
    assert compare(log, log).differences == 0
    assert list(folded(compare(log, log).rows)) == [Hidden(50)]
    assert compare(lines(), lines()).rows == ()
    assert compare(lines(), log).differences == 50


def test_equal_lines_far_from_a_difference_are_counted() -> None:
    left = lines(*[f"row {number}" for number in range(20)], "x", *[f"low {number}" for number in range(20)])
    right = lines(*[f"row {number}" for number in range(20)], "y", *[f"low {number}" for number in range(20)])
    shown = list(folded(compare(left, right).rows))
    assert (shown[0], shown[-1]) == (Hidden(17), Hidden(17))
    assert len(shown) == 2 + 3 + 2 + 3


keys = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "unique-1", "unique-2"]), max_size=40)


@given(keys, keys, st.sampled_from([2, 150]))
def test_every_line_stands_once_and_in_order(one: list[str], other: list[str], exact_lines: int) -> None:
    left, right = lines(*one), lines(*other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_EXACT_LINES", exact_lines)
        rows = compare(left, right).rows
    assert [row.left.text for row in rows if row.left] == one
    assert [row.right.text for row in rows if row.right] == other
    for row in rows:
        if row.kind == "same":
            assert row.left is not None
            assert row.right is not None
            assert row.left.key == row.right.key
        else:
            assert (row.left is None) == (row.kind == "right")


@pytest.mark.parametrize("words", [1, 2, 50, 4_000])
def test_the_worst_logs_are_compared_within_the_time(words: int) -> None:
    chance = random.Random(words)
    one, other = (lines(*[f"w{chance.randrange(words)}" for _ in range(20_000)]) for _ in range(2))
    assert len(one.lines) == module.MAX_LINES
    began = time.monotonic()
    result = compare(one, other)
    took = time.monotonic() - began
    print(f"\n{words} different lines: {took:.2f} s")
    assert took < 5 + 1
    assert len([row for row in result.rows if row.left]) == module.MAX_LINES


def test_when_time_is_up_the_rest_is_shown_as_different() -> None:
    left = lines("a", *[f"l{number}" for number in range(10)], "m", "z")
    right = lines("a", *[f"r{number}" for number in range(10)], "m", "z")
    result = compare(left, right, time_s=-1)
    assert not result.exact
    assert said(result)[0][0] == said(result)[-1][0] == "same"
    assert result.differences == 20


def test_only_the_end_of_a_long_log_is_compared() -> None:
    log = InMemoryLog(log_bytes([line(f"row {number}") for number in range(10_000)]))
    compared = last_lines(log, 10_000)
    assert compared.start_offset >= log.size_bytes - 10_000
    assert compared.lines[-1].text == "row 9999"


def test_a_line_of_a_megabyte_is_compared_by_its_beginning_and_its_length() -> None:
    began = time.monotonic()
    assert without_noise("0" * 1_000_000) != without_noise("0" * 1_000_001)
    assert without_noise("a" * 999_999 + "b") == without_noise("a" * 1_000_000)
    assert time.monotonic() - began < 1
