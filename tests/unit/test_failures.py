"""The error of a failed try: what is told, when it is read again, that nobody waits for a log that hangs."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.logs.samples import LogLine, exception, failed, line, log_bytes, printed, started
from windsock import failures as module
from windsock.failures import Answer, Failures, FailureText, Known, LogState, Pending, TryRef
from windsock.logs.airflow_reader import LogUnreadableError
from windsock.logs.source import LogSource, open_regular_file
from windsock.metadata.logged_tries import LoggedTry
from windsock.settings import Settings

BAD = failed(exception("LoadError", "could not load"), exception("ConnectionError", "refused", is_cause=True))


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


class Place:
    """A log folder, the tries whose logs belong there, and a store elsewhere."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin with an empty folder and an empty store."""
        self.folder = folder
        self.clock = Clock()
        self.lookups = 0
        self.copies = 0
        self.hostname: str | None = "worker-1"
        self.elsewhere: Callable[[], LogSource] = lambda: self.source(b"")
        self.failures = self.new()
        monkeypatch.setattr(module, "copy_through_airflow", self._copy)
        monkeypatch.setattr(module, "has_remote_log_store", lambda: False)

    def new(self, **settings: float) -> Failures:
        """Make the errors of another process."""
        chosen = Settings(**settings)  # type: ignore[arg-type]
        self.failures = Failures(self._lookup, chosen, base_folder=str(self.folder), clock=self.clock)
        return self.failures

    def _lookup(self, ref: TryRef) -> LoggedTry | None:
        self.lookups += 1
        if ref.dag_id == "gone":
            return None
        path = f"{ref.task_id}.{ref.map_index}.log"
        return LoggedTry(object(), ref.try_number, path, self.hostname, "failed")

    def _copy(self, task_instance: object, try_number: int, *, max_bytes: int, time_s: float) -> LogSource:
        self.copies += 1
        return self.elsewhere()

    def write(self, task_id: str, *lines: LogLine | str, map_index: int = -1) -> TryRef:
        """Write a log of a try."""
        (self.folder / f"{task_id}.{map_index}.log").write_bytes(log_bytes(lines))
        return self.ref(task_id, map_index)

    def source(self, content: bytes, *, cut: bool = False, notes: tuple[str, ...] = ()) -> LogSource:
        """Make the copy of a log elsewhere."""
        path = self.folder / f"copy-{time.monotonic_ns()}"
        path.write_bytes(content)
        descriptor = open_regular_file(path)
        path.unlink()
        return LogSource([descriptor], origin="airflow", cut=cut, notes=notes)

    def ref(self, task_id: str, map_index: int = -1, dag_id: str = "orders") -> TryRef:
        """Name a try."""
        return TryRef(f"id-{task_id}-{map_index}", dag_id, "run", task_id, map_index, 1)

    def get(self, ref: TryRef, timeout_s: float = 5) -> Answer:
        """Wait for an error."""
        return asyncio.run(self.failures.get(ref, timeout_s))

    def text(self, ref: TryRef) -> FailureText:
        """Wait for an error that is sure to come."""
        answer = self.get(ref)
        assert isinstance(answer, Known)
        return answer.text


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place(tmp_path, monkeypatch)
    yield made
    made.failures.close()


def test_the_root_its_frames_and_the_chain_are_told(place: Place) -> None:
    text = place.text(place.write("load", *started(), BAD))
    assert (text.log_state, text.certain, text.reason) == (LogState.FOUND, True, None)
    assert (text.error_type, text.message) == ("ConnectionError", "refused")
    assert text.deciding_line == "ConnectionError: refused"
    assert [(link.type, link.message) for link in text.chain] == [
        ("ConnectionError", "refused"),
        ("LoadError", "could not load"),
    ]
    assert [(frame.file, frame.line, frame.function) for frame in text.frames] == [
        ("/dags/load.py", 10, "load")
    ]
    assert text.offset == len(log_bytes(started()))


def test_a_failed_command_is_told_by_its_output(place: Place) -> None:
    text = place.text(
        place.write(
            "load",
            line("Output:"),
            line("psql: error: no route to host"),
            failed(
                exception(
                    "AirflowException", "Bash command failed. The command returned a non-zero exit code 7."
                )
            ),
        )
    )
    assert (text.deciding_line, text.in_output, text.error_type) == (
        "psql: error: no route to host",
        True,
        "AirflowException",
    )
    assert [record.text for record in text.tail][:2] == ["Output:", "psql: error: no route to host"]


def test_a_signal_and_an_exit_code_are_told_without_an_exception(place: Place) -> None:
    killed = place.text(
        place.write(
            "a",
            line(
                "Process terminated by signal. For more information, see x",
                "critical",
                signal=-9,
                signal_name="SIGKILL",
            ),
        )
    )
    assert (killed.error_type, killed.deciding_line) == (None, "Process terminated by signal. (SIGKILL)")
    exited = place.text(place.write("b", line("Task exited", "error", exit_code=3)))
    assert (exited.error_type, exited.deciding_line) == (None, "Task exited (exit code 3)")


def test_every_text_is_bounded(place: Place) -> None:
    frames = [(f"/dags/{'x' * 3_000}.py", number, "f") for number in range(500)]
    chain = [exception("E" * 5_000, "m" * 10_000, frames=frames[-10:]) for _ in range(49)]
    chain.append(exception("E" * 5_000, "m" * 10_000, frames=frames))
    text = place.text(place.write("load", failed(*chain)))
    assert text.message is not None
    assert text.deciding_line is not None
    assert (len(text.message), text.message_cut) == (module.MAX_MESSAGE, True)
    assert len(text.frames) <= module.MAX_FRAMES
    assert len(text.chain) <= module.MAX_CHAIN
    assert len(text.deciding_line) <= module.MAX_LINE
    assert all(len(frame.file) <= module.MAX_LINE for frame in text.frames)


def test_of_an_exception_beyond_every_limit_the_beginning_is_told(place: Place) -> None:
    text = place.text(place.write("load", failed(exception("ValueError", 'a "quoted" ' + "m" * 9_000_000))))
    assert text.error_type == "ValueError"
    assert (text.deciding_line or "").startswith('ValueError: a "quoted" mmm')


def test_what_airflow_masked_stays_masked(place: Place) -> None:
    text = place.text(place.write("load", failed(exception("LoginError", "login with *** failed"))))
    assert text.deciding_line == "LoginError: login with *** failed"


def test_a_peek_answers_at_once_and_has_the_log_read(place: Place) -> None:
    ref = place.write("load", BAD)
    assert isinstance(place.failures.peek(ref), Pending | Known)
    assert place.text(ref).error_type == "ConnectionError"
    again = place.failures.peek(ref)
    assert isinstance(again, Known)
    assert place.lookups == 1


def test_an_error_that_was_found_is_not_read_again(place: Place) -> None:
    ref = place.write("load", BAD)
    place.text(ref)
    place.clock.now += 100_000
    place.text(ref)
    assert place.lookups == 1


def test_a_log_that_arrives_ten_minutes_late_is_seen_on_the_schedule(place: Place) -> None:
    place.write("load")
    ref = place.ref("load")
    assert place.text(ref).log_state is LogState.EMPTY
    read_at = []
    for second in range(0, 1_500, 5):
        before = place.lookups
        if second == 600:
            place.write("load", BAD)
        place.clock.now = 1_000.0 + second
        text = place.text(ref)
        if place.lookups > before:
            read_at.append(second)
    assert read_at == [15, 75, 375, 1275]
    assert text.error_type == "ConnectionError"


def test_after_the_last_retry_an_empty_log_stays_empty_and_a_store_that_failed_is_asked_on(
    place: Place,
) -> None:
    def deny() -> LogSource:
        raise LogUnreadableError("denied")

    empty = place.write("empty")
    unread = place.ref("unread")
    place.elsewhere = deny
    for _ in range(8):
        assert place.text(empty).log_state is LogState.EMPTY
        assert place.text(unread).log_state is LogState.UNREADABLE
        place.clock.now += 1_000
    assert place.lookups == 5 + 8


def test_a_log_elsewhere_is_read_through_airflow(place: Place) -> None:
    place.elsewhere = lambda: place.source(log_bytes([BAD]))
    assert place.text(place.ref("load")).error_type == "ConnectionError"


def test_a_log_that_was_cut_says_so(place: Place) -> None:
    place.elsewhere = lambda: place.source(log_bytes([BAD]), cut=True)
    with_error = place.text(place.ref("a"))
    assert (with_error.log_state, with_error.error_type) == (LogState.CUT, "ConnectionError")
    place.elsewhere = lambda: place.source(log_bytes(printed("working")), cut=True)
    without = place.text(place.ref("b"))
    assert (without.log_state, without.has_error) == (LogState.CUT, False)
    assert without.reason is not None


def test_why_there_is_no_log_is_told(place: Place) -> None:
    assert place.text(place.ref("load", dag_id="gone")).log_state is LogState.MISSING
    place.elsewhere = lambda: place.source(b"", notes=("Could not read served logs: no route",))
    unread = place.text(place.ref("a"))
    assert (unread.log_state, unread.reason) == (LogState.UNREADABLE, "Could not read served logs: no route")
    place.elsewhere = lambda: place.source(b"", notes=("Log file not found on worker 'w'.",))
    missing = place.text(place.ref("b"))
    assert missing.log_state is LogState.MISSING
    assert "Log file not found on worker 'w'." in (missing.reason or "")


def test_a_try_that_no_worker_started_is_not_asked_for_elsewhere(place: Place) -> None:
    place.hostname = None
    assert place.text(place.ref("load")).log_state is LogState.MISSING
    assert place.copies == 0


def test_a_database_that_fails_is_told_and_asked_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = place.write("load", BAD)

    def fail(_: TryRef) -> LoggedTry | None:
        raise ConnectionError("postgresql://user:password@host")

    failing = Failures(fail, Settings(), base_folder=str(place.folder), clock=place.clock)
    answer = asyncio.run(failing.get(ref, 5))
    assert isinstance(answer, Known)
    assert answer.text.log_state is LogState.UNREADABLE
    assert "password" not in (answer.text.reason or "")


def test_a_store_that_hangs_delays_nobody_else_and_is_named(place: Place) -> None:
    gate = threading.Event()

    def hang() -> LogSource:
        gate.wait(30)
        return place.source(b"")

    place.elsewhere = hang
    place.failures = place.new(log_read_timeout_s=0.2)
    hanging = [place.ref(f"remote{number}") for number in range(20)]
    try:
        began = time.monotonic()
        assert not any(isinstance(place.failures.peek(ref), Known) for ref in hanging)
        assert time.monotonic() - began < 0.5
        local = place.write("local", BAD)
        assert place.text(local).error_type == "ConnectionError"
        assert time.monotonic() - began < 1
        assert isinstance(place.get(hanging[0], 0.01), Pending)
        text = place.text(hanging[0])
        assert text.log_state is LogState.TIMED_OUT
        assert "worker-1" in (text.reason or "")
        # the store is left alone for a while, and asked again afterwards
        asked = place.copies
        late = place.text(place.ref("another"))
        assert late.log_state is LogState.TIMED_OUT
        assert place.copies <= asked + 2
    finally:
        gate.set()


def test_ten_thousand_failures_at_once_are_answered_at_once_and_do_not_pile_up(place: Place) -> None:
    gate = threading.Event()
    place.elsewhere = lambda: (gate.wait(30), place.source(b""))[1]
    try:
        began = time.monotonic()
        answers = [place.failures.peek(place.ref("mapped", number)) for number in range(10_000)]
        assert time.monotonic() - began < 5
        assert all(isinstance(answer, Pending | module.Absent | Known) for answer in answers)
        assert threading.active_count() < 50
    finally:
        gate.set()


def test_many_who_wait_for_one_error_have_it_read_once(place: Place) -> None:
    ref = place.write("load", BAD)

    async def together() -> list[Answer]:
        return await asyncio.gather(*(place.failures.get(ref, 5) for _ in range(50)))

    answers = asyncio.run(together())
    assert all(
        isinstance(answer, Known) and answer.text.error_type == "ConnectionError" for answer in answers
    )
    assert place.lookups == 1


def test_who_leaves_does_not_stop_the_reading(place: Place) -> None:
    gate = threading.Event()
    place.elsewhere = lambda: (gate.wait(5), place.source(log_bytes([BAD])))[1]
    ref = place.ref("load")

    async def leave() -> None:
        task = asyncio.create_task(place.failures.get(ref, 5))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(leave())
    gate.set()
    assert place.text(ref).error_type == "ConnectionError"
    assert place.copies == 1


def test_windows_of_a_log_here_and_elsewhere(place: Place) -> None:
    here = place.write("here", *printed("one\ntwo\nthree"))
    shown = asyncio.run(place.failures.window(here))
    assert shown.window is not None
    assert [record.text for record in shown.window.records] == ["one", "two", "three"]
    assert (shown.log_state, shown.origin) == (LogState.FOUND, "file")

    place.elsewhere = lambda: place.source(log_bytes(printed("far\naway")), notes=("s3://x",))
    far = place.ref("far")
    first = asyncio.run(place.failures.window(far))
    second = asyncio.run(place.failures.window(far, 0, 100))
    assert first.window is not None
    assert second.window is not None
    assert [record.text for record in first.window.records] == ["far", "away"]
    assert [record.text for record in second.window.records] == ["far"]
    assert (first.origin, first.notes, place.copies) == ("airflow", ("s3://x",), 1)


def test_a_window_of_nothing_says_why(place: Place) -> None:
    assert asyncio.run(place.failures.window(place.write("empty"))).log_state is LogState.EMPTY
    assert asyncio.run(place.failures.window(place.ref("nowhere"))).log_state is LogState.MISSING
    place.hostname = None
    assert asyncio.run(place.failures.window(place.ref("never"))).log_state is LogState.MISSING
