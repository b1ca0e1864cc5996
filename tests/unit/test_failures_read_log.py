"""Any try's log is read with work of the caller's; the copy of one that is not whole yet is soon too old."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.logs.samples import exception, failed, log_bytes
from tests.unit.test_failures import Place
from windsock.failures import HELD_COPIES_S, HELD_WHILE_RUNNING_S, LogReading, LogState, TryRef
from windsock.logs.source import LogSource
from windsock.metadata.logged_tries import LoggedTry


class Running(Place):
    """A place whose tries run until they are said to have ended."""

    state = "running"

    def _lookup(self, ref: TryRef) -> LoggedTry | None:
        return LoggedTry(
            object(), ref.try_number, f"{ref.task_id}.{ref.map_index}.log", "worker-1", self.state
        )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    made = Running(tmp_path, monkeypatch)
    yield made
    made.failures.close()


def content(source: LogSource) -> bytes:
    return source.read(0, 1_000)


def read(place: Place, ref: TryRef) -> LogReading[bytes]:
    return asyncio.run(place.failures.read_log(ref, content))


def test_the_copy_of_a_running_try_is_held_for_seconds(place: Running) -> None:
    ref = place.ref("far")
    place.elsewhere = lambda: place.source(b"one")
    assert read(place, ref).result == b"one"
    place.elsewhere = lambda: place.source(b"one two")
    assert read(place, ref).result == b"one"
    place.clock.now += HELD_WHILE_RUNNING_S
    assert read(place, ref).result == b"one two"
    place.state = "failed"
    place.clock.now += HELD_WHILE_RUNNING_S
    assert read(place, ref).result == b"one two"
    place.clock.now += HELD_COPIES_S - 1
    read(place, ref)
    assert place.copies == 3


def test_the_error_of_a_try_is_not_taken_from_a_copy_of_while_it_ran(place: Running) -> None:
    ref = place.ref("far")
    place.elsewhere = lambda: place.source(b"still running")
    read(place, ref)
    place.state = "failed"
    place.elsewhere = lambda: place.source(log_bytes([failed(exception("LoadError", "no rows"))]))
    assert place.text(ref).deciding_line == "LoadError: no rows"


def test_a_log_that_is_not_there_yet_is_soon_asked_for_again(place: Running) -> None:
    place.state = "failed"
    ref = place.ref("late")
    assert read(place, ref).log_state is LogState.MISSING
    place.elsewhere = lambda: place.source(b"here")
    place.clock.now += HELD_WHILE_RUNNING_S
    assert read(place, ref).result == b"here"


def test_a_running_trys_file_is_read_as_it_is_now(place: Running) -> None:
    ref = place.write("here", "one")
    assert read(place, ref).result == b"one\n"
    place.write("here", "one", "two")
    assert read(place, ref).result == b"one\ntwo\n"


def test_a_source_that_was_kept_is_read_on_after_its_file_is_deleted(place: Running) -> None:
    ref = place.write("here", "one")

    async def keep_and_read() -> bytes:
        kept = await place.failures.read_log(ref, lambda source: source)
        (place.folder / "here.-1.log").unlink()
        source = kept.result
        assert source is not None
        return await place.failures.read_more(lambda: source.read(0, 10))

    assert asyncio.run(keep_and_read()) == b"one\n"


def test_what_goes_wrong_in_the_work_is_raised(place: Running) -> None:
    def work(source: LogSource) -> None:
        raise ValueError("bad pattern")

    with pytest.raises(ValueError, match="bad pattern"):
        asyncio.run(place.failures.read_log(place.write("here", "one"), work))
