"""A search finds every line that matches and no other, in either direction, in bounded time and memory."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.logs.big_log import write_big_log
from tests.unit.logs.samples import InMemoryLog, exception, failed, line, log_bytes, printed
from windsock.logs import search as module
from windsock.logs.local import open_local
from windsock.logs.search import LEVELS, Found, Hit, Pattern, PatternError, Wanted, matches, search
from windsock.logs.shapes import parse_line
from windsock.logs.text import readable_text

MB = 1024 * 1024


def every(log: InMemoryLog, wanted: Wanted, *, backward: bool = False, max_hits: int = 100) -> list[Hit]:
    """All hits, over as many calls as it takes."""
    hits: list[Hit] = []
    place: int | None = None
    while True:
        found = search(log, wanted, place, backward=backward, max_hits=max_hits)
        hits += found.hits
        if found.finished:
            return hits
        assert place is None or found.next_offset != place, "a call gets somewhere"
        place = found.next_offset


def texts(found: Found | list[Hit]) -> list[str]:
    return [hit.record.text for hit in (found.hits if isinstance(found, Found) else found)]


LOG = InMemoryLog(
    log_bytes(
        [
            line("connecting to warehouse-1", "info", "orders.load"),
            line("warehouse-1 is SLOW", "warning", "orders.load"),
            "plain text about the warehouse",
            line('said "no\nway"', "error", "billing"),
            *printed("printed\x1b[31m re\x1b[0md"),
            failed(exception("ConnectionError", "Straße refused", frames=[("/dags/own.py", 7, "load")])),
        ]
    )
)


def test_text_is_found_in_any_case_and_as_it_stands() -> None:
    assert texts(search(LOG, Wanted(pattern=Pattern("WAREHOUSE")))) == [
        "connecting to warehouse-1",
        "warehouse-1 is SLOW",
        "plain text about the warehouse",
    ]
    assert texts(search(LOG, Wanted(pattern=Pattern("SLOW", case_sensitive=True)))) == ["warehouse-1 is SLOW"]
    assert texts(search(LOG, Wanted(pattern=Pattern("slow", case_sensitive=True)))) == []
    assert texts(search(LOG, Wanted(pattern=Pattern("warehouse.1")))) == []
    assert len(texts(search(LOG, Wanted(pattern=Pattern("warehouse.1", regex=True))))) == 2


@pytest.mark.parametrize("text", ['"no', "no\nway", "red", "STRASSE", "straße", "own.py", "Traceback"])
def test_what_a_person_sees_is_what_is_searched(text: str) -> None:
    found = search(LOG, Wanted(pattern=Pattern(text)))
    # RE2 folds letters one by one: ß is no ss
    assert len(found.hits) == (0 if text == "STRASSE" else 1)
    assert found.finished


def test_anchors_hold_at_the_message_and_not_at_the_line_of_json() -> None:
    assert texts(search(LOG, Wanted(pattern=Pattern("^connecting", regex=True)))) == [
        "connecting to warehouse-1"
    ]
    assert texts(search(LOG, Wanted(pattern=Pattern(r"slow$", regex=True)))) == ["warehouse-1 is SLOW"]
    assert texts(search(LOG, Wanted(pattern=Pattern("^{", regex=True)))) == []


def test_keys_of_json_are_not_found() -> None:
    assert texts(search(LOG, Wanted(pattern=Pattern("timestamp")))) == []
    assert texts(search(LOG, Wanted(pattern=Pattern("logger")))) == []


def test_levels_and_loggers_filter() -> None:
    assert texts(search(LOG, Wanted(levels=frozenset({"warning"})))) == ["warehouse-1 is SLOW"]
    assert texts(search(LOG, Wanted(levels=frozenset({"none"})))) == ["plain text about the warehouse"]
    assert len(texts(search(LOG, Wanted(levels=frozenset({"error"}))))) == 2
    assert len(texts(search(LOG, Wanted(loggers=frozenset({"orders"}))))) == 2
    assert texts(search(LOG, Wanted(loggers=frozenset({"order"})))) == []
    both = Wanted(levels=frozenset({"info"}), pattern=Pattern("warehouse"))
    assert texts(search(LOG, both)) == ["connecting to warehouse-1"]


def test_the_excerpt_shows_the_match_between_what_stands_around_it() -> None:
    (hit,) = search(
        InMemoryLog(log_bytes([line("a" * 500 + "é NEEDLE è" + "b" * 500)])),
        Wanted(pattern=Pattern("needle")),
    ).hits
    assert hit.excerpt.match == "NEEDLE"
    assert hit.excerpt.before.endswith("aé ")
    assert hit.excerpt.after.startswith(" èb")
    assert len(hit.excerpt.before) == len(hit.excerpt.after) == 80


def test_hits_are_bounded_and_the_next_call_goes_on() -> None:
    log = InMemoryLog(log_bytes(f"row {number}" for number in range(25)))
    wanted = Wanted(pattern=Pattern("row"))
    first = search(log, wanted, max_hits=10)
    assert (texts(first)[0], texts(first)[-1], first.finished) == ("row 0", "row 9", False)
    second = search(log, wanted, first.next_offset, max_hits=10)
    assert texts(second)[0] == "row 10"
    last = search(log, wanted, backward=True, max_hits=10)
    assert (texts(last)[0], texts(last)[-1], last.finished) == ("row 24", "row 15", False)
    above = search(log, wanted, last.next_offset, backward=True, max_hits=100)
    assert (texts(above)[0], texts(above)[-1], above.finished) == ("row 14", "row 0", True)


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"needle",
                b"\n",
                b"\r\n",
                b"x" * 30,
                "é日😀".encode(),
                b"\xff\x00",
                b'{"event":"needle"}\n',
                b"\x1b[31m",
            ]
        ),
        st.builds(
            lambda event, level, logger: (
                json.dumps(
                    {"level": level, "event": event, "logger": logger},
                    separators=(",", ":"),
                    ensure_ascii=False,
                ).encode()
                + b"\n"
            ),
            st.one_of(st.text(max_size=8), st.sampled_from(["needle", 'nee"dle', "need\\le", "\nneedle"])),
            st.sampled_from(["info", "error", "warn", "ERROR", "odd"]),
            st.sampled_from(["a", "a.b", "ab"]),
        ),
    ),
    max_size=40,
).map(b"".join)
wishes = st.builds(
    Wanted,
    levels=st.frozensets(st.sampled_from(LEVELS), max_size=2),
    loggers=st.frozensets(st.sampled_from(["a", "a.b"]), max_size=1),
    pattern=st.one_of(
        st.none(),
        st.sampled_from(["needle", "É", "x", "\\", '"', "\x00"]).map(Pattern),
        st.sampled_from(["^needle", "n[^x]+e$", "e.?d", r"\bneedle", "x*", "l?", r"\\xff"]).map(
            lambda text: Pattern(text, regex=True)
        ),
    ),
)


def naive(data: bytes, wanted: Wanted) -> list[int]:
    """The offsets of the lines that match, each line read."""
    offsets = []
    place = 0
    for raw in _lines(data):
        record = parse_line(raw, place)
        fits = wanted.pattern is None or wanted.pattern.find(readable_text(record)) is not None
        if matches(record, wanted) and fits:
            offsets.append(place)
        place += len(raw)
    return offsets


def _lines(data: bytes) -> list[bytes]:
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


@given(pieces, wishes, st.integers(min_value=1, max_value=7), st.integers(min_value=20, max_value=200))
def test_every_line_that_matches_is_found_once_in_either_direction(
    data: bytes, wanted: Wanted, max_hits: int, block: int
) -> None:
    log = InMemoryLog(data)
    expected = naive(data, wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK_BYTES", block)
        downward = [hit.record.offset for hit in every(log, wanted, max_hits=max_hits)]
        upward = [hit.record.offset for hit in every(log, wanted, backward=True, max_hits=max_hits)]
    assert downward == expected
    assert upward == expected[::-1]


@pytest.mark.parametrize(
    ("text", "regex", "reason"),
    [
        ("", False, "Nothing"),
        ("x" * 301, False, "301 characters"),
        ("(unclosed", True, "no pattern"),
        (r"(a)\1", True, "no pattern"),
        ("(?=ahead)", True, "no pattern"),
        ("a{1001}", True, "no pattern"),
        (r"[\pL\pN]{1000}q", True, "large"),
        (r"[^\x00]{0,1000}Q", True, "too large"),
        ("\ud800", False, "half"),
    ],
)
def test_a_pattern_that_cannot_be_run_says_why(text: str, regex: bool, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        Pattern(text, regex=regex)


@pytest.mark.parametrize(
    "text", ["(x+x+)+y", "(a|aa)+$", "(.*a){20}b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a?){40}a{40}b"]
)
def test_a_pattern_that_explodes_elsewhere_ends_soon(text: str) -> None:
    log = InMemoryLog((b"a" * 60_000 + b"x" * 40_000 + b"!\n") * 3)
    began = time.monotonic()
    search(log, Wanted(pattern=Pattern(text, regex=True)), time_s=1)
    assert time.monotonic() - began < 10


def test_time_is_bounded_and_each_call_gets_somewhere() -> None:
    log = InMemoryLog(log_bytes(["nothing here"] * 50_000))
    wanted = Wanted(pattern=Pattern("absent"))
    first = search(log, wanted, time_s=0)
    assert not first.finished
    assert 0 < first.next_offset < log.size_bytes
    assert (first.start_offset, first.end_offset) == (0, first.next_offset)
    assert search(log, wanted, backward=True, time_s=0).next_offset < log.size_bytes


def test_a_match_deep_in_a_line_of_a_megabyte_is_found_where_it_stands() -> None:
    text = "a" * MB + " NEEDLE " + "b" * 1_000
    log = InMemoryLog(log_bytes([line("above"), line(text, "error"), line("below")]))
    for backward in (False, True):
        (hit,) = search(log, Wanted(pattern=Pattern("needle")), backward=backward).hits
        assert (hit.record.level, hit.record.cut) == ("error", False)
        assert log.content[hit.at : hit.at + 6] == b"NEEDLE"


def test_a_line_that_is_too_long_is_searched_in_pieces() -> None:
    log = InMemoryLog(b"a" * (5 * MB) + b" NEEDLE\nnext needle")
    for backward in (False, True):
        hits = every(log, Wanted(pattern=Pattern("needle")), backward=backward)
        assert [hit.record.cut for hit in (hits[::-1] if backward else hits)] == [True, False]


def test_a_log_that_grows_meanwhile_is_not_finished() -> None:
    class Growing(InMemoryLog):
        def read(self, offset: int, length: int) -> bytes:
            data = super().read(offset, length)
            if len(self.content) < 1_000:
                self.content += b"needle\n"
            return data

    log = Growing(b"needle\n")
    wanted = Wanted(pattern=Pattern("needle"))
    first = search(log, wanted)
    assert not first.finished
    assert search(log, wanted, first.next_offset).hits[0].record.offset == first.next_offset


def test_a_log_that_was_truncated_meanwhile_ends() -> None:
    class Truncated(InMemoryLog):
        @property
        def size_bytes(self) -> int:
            return 10_000

    assert every(Truncated(b"needle\n"), Wanted(pattern=Pattern("needle")))[0].record.text == "needle"
    assert every(Truncated(b""), Wanted(pattern=Pattern("needle")), backward=True) == []


def test_a_big_log_is_searched_within_bounds_of_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.log"
    write_big_log(path, 100 * MB)
    source = open_local(path.name, str(tmp_path))
    assert source is not None
    tracemalloc.start()
    began = time.monotonic()
    place, calls = 0, 0
    hits: list[Hit] = []
    while True:
        found = search(source, Wanted(pattern=Pattern("refused")), place)
        hits += found.hits
        place, calls = found.next_offset, calls + 1
        if found.finished:
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"\n100 MB searched in {time.monotonic() - began:.2f} s, {calls} calls, {peak / MB:.1f} MB")
    assert len(hits) == 1
    assert peak < 16 * MB
