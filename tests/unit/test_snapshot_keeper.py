"""When the snapshot is read: only when asked, one look at a time, not too often, and what happens when
it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import pytest

from windsock.metadata.connection import MetadataUnavailable
from windsock.snapshot import BrokenFile, DagState, FleetReader, FleetSnapshot, SnapshotKeeper

T = TypeVar("T")


class Stage:
    """A clock and a database of a test's own; a look takes as long as the test says and fails when it
    says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.takes_s = 0.1
        self.fails = False
        self.looks: list[bool] = []
        """One per look: True for a whole one."""
        self.held: asyncio.Event | None = None
        """While set and not released, looks do not come back."""
        self.content: dict[str, Any] = {}
        self.keeper = SnapshotKeeper(self.run, clock=lambda: self.now_s, wait_s=0.05)
        self.keeper._read = self._look  # type: ignore[method-assign]

    async def run(self, work: Callable[[], T]) -> T:
        if self.held is not None:
            await self.held.wait()
        return work()

    def _look(self, whole: bool) -> tuple[Mapping[str, DagState], tuple[BrokenFile, ...]]:
        self.looks.append(whole)
        self.now_s += self.takes_s
        if self.fails:
            raise MetadataUnavailable("gone")
        return dict(self.content), ()

    async def ask(self, after_s: float = 0.0) -> FleetSnapshot:
        """Ask after some time has passed, and let a refresh behind the answer come to its end."""
        self.now_s += after_s
        snapshot = await self.keeper.get()
        if self.held is None:
            await settle()
        return snapshot


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def play(scene: Callable[[Stage], Awaitable[None]]) -> None:
    async def run() -> None:
        await scene(Stage())

    asyncio.run(run())


def test_nothing_is_read_until_somebody_asks_and_nothing_after_the_last_one_did() -> None:
    async def scene(stage: Stage) -> None:
        await settle()
        assert stage.looks == []
        await stage.ask()
        stage.now_s += 3600
        await settle()
        assert stage.looks == [True]

    play(scene)


def test_many_callers_at_once_cost_one_look() -> None:
    async def scene(stage: Stage) -> None:
        answers = await asyncio.gather(*(stage.keeper.get() for _ in range(100)))
        assert stage.looks == [True]
        assert len({id(answer) for answer in answers}) == 1

    play(scene)


def test_changes_are_read_after_five_seconds_and_everything_after_sixty() -> None:
    async def scene(stage: Stage) -> None:
        for after_s in (0, 2, 2, 2, 6, 50):
            await stage.ask(after_s)
        assert stage.looks == [True, False, False, True]

    play(scene)


def test_a_slow_look_is_followed_by_ten_times_its_length_of_rest() -> None:
    async def scene(stage: Stage) -> None:
        stage.takes_s = 3.0
        await stage.ask()
        await stage.ask(29)
        assert stage.looks == [True]
        await stage.ask(2)
        assert len(stage.looks) == 2

    play(scene)


def test_a_caller_gets_the_last_snapshot_while_the_next_is_read() -> None:
    async def scene(stage: Stage) -> None:
        first = await stage.ask()
        stage.held = asyncio.Event()
        assert await stage.ask(6) is first
        stage.held.set()
        stage.held = None
        await settle()
        assert (await stage.ask()).read_at_s > first.read_at_s

    play(scene)


def test_a_failed_look_leaves_the_last_snapshot_standing_and_older() -> None:
    async def scene(stage: Stage) -> None:
        first = await stage.ask()
        stage.fails = True
        await stage.ask(6)
        still = await stage.ask(30)
        assert still.read_at_s == first.read_at_s
        assert still.age_s() > 36
        assert isinstance(stage.keeper.error, MetadataUnavailable)
        stage.fails = False
        await stage.ask(60)
        assert (await stage.ask()).age_s() < 5
        assert stage.keeper.error is None

    play(scene)


def test_without_any_snapshot_a_failure_reaches_the_caller_and_the_next_one_tries_again() -> None:
    async def scene(stage: Stage) -> None:
        stage.fails = True
        with pytest.raises(MetadataUnavailable):
            await stage.ask()
        stage.fails = False
        assert (await stage.ask()).version == 1

    play(scene)


def test_who_asks_after_a_long_silence_waits_for_a_fresh_one() -> None:
    async def scene(stage: Stage) -> None:
        await stage.ask()
        assert (await stage.ask(600)).age_s() < 1

    play(scene)


def test_who_asks_after_an_action_gets_what_was_read_after_it() -> None:
    async def scene(stage: Stage) -> None:
        first = await stage.ask()
        stage.keeper.expect_change("load")
        assert (await stage.ask(1)).read_at_s > first.read_at_s

    play(scene)


def test_the_version_grows_only_with_the_content() -> None:
    async def scene(stage: Stage) -> None:
        first = await stage.ask()
        await stage.ask(6)
        assert (await stage.ask()).version == first.version
        stage.content = {"load": object()}
        await stage.ask(6)
        assert (await stage.ask()).version == first.version + 1

    play(scene)


def test_a_cancelled_caller_does_not_stop_the_look_for_the_others() -> None:
    async def scene(stage: Stage) -> None:
        stage.held = asyncio.Event()
        impatient = asyncio.create_task(stage.keeper.get())
        patient = asyncio.create_task(stage.keeper.get())
        await settle()
        impatient.cancel()
        stage.held.set()
        assert (await patient).version == 1
        assert stage.looks == [True]

    play(scene)


def test_a_reader_has_no_task_streaks_before_the_first_look() -> None:
    assert FleetReader().read_task_streaks(None) == {}  # type: ignore[arg-type]
