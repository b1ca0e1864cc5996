"""Plain values to judge, and strategies that make random ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

EPOCH = datetime(2026, 3, 1, tzinfo=timezone.utc)

RUN_TYPES = [
    "scheduled",
    "manual",
    "asset_triggered",
    "asset_materialization",
    "operator_triggered",
    "a_type_of_tomorrow",
    "backfill",
]
TASK_STATES = [
    None,
    "scheduled",
    "queued",
    "running",
    "restarting",
    "deferred",
    "up_for_reschedule",
    "awaiting_input",
    "a_state_of_tomorrow",
    "success",
    "failed",
    "up_for_retry",
    "upstream_failed",
    "skipped",
    "removed",
]


def at(minutes: float) -> datetime:
    """A moment, in minutes after the begin of time."""
    return EPOCH + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Run:
    """A Dag run as the metadata database shows it."""

    id: int
    state: str
    run_after: datetime
    run_type: str = "scheduled"
    backfill_id: int | None = None
    clear_number: int = 0
    first_failed_try_end: datetime | None = None
    queued_at: datetime | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    logical_date: datetime | None = None
    dag_id: str = "load"

    @property
    def run_id(self) -> str:
        return f"run {self.id}"


@dataclass(frozen=True)
class TaskState:
    """A task instance, as far as its state goes."""

    run_id: str
    task_id: str
    state: str | None


def a_run(id: int, state: str, **other: object) -> Run:  # noqa: A002
    """A scheduled run of the given number: due at ``10 * id``, and, if finished, over five minutes later."""
    known: dict[str, object] = {"run_after": at(10 * id), "queued_at": at(10 * id)}
    if state in ("success", "failed"):
        known |= {"start_date": at(10 * id + 1), "end_date": at(10 * id + 6)}
    elif state == "running":
        known |= {"start_date": at(10 * id + 1)}
    return Run(id=id, state=state, **(known | other))  # type: ignore[arg-type]


def history(states: str) -> list[Run]:
    """Runs from a word, oldest first: ``s`` success, ``f`` failed, ``r`` running, ``q`` queued."""
    names = {"s": "success", "f": "failed", "r": "running", "q": "queued"}
    return [a_run(number, names[letter]) for number, letter in enumerate(states, start=1)]


_moments = st.integers(0, 400).map(at)
_moments_or_none = st.none() | _moments


@st.composite
def any_run(draw: st.DrawFn, id: int) -> Run:  # noqa: A002
    """Any row that ``dag_run`` might hold, sensible or not; few enough ``run_after`` that many are equal."""
    clear_number = draw(st.sampled_from([0, 0, 1, 2]))
    return Run(
        id=id,
        state=draw(st.sampled_from(["failed", "failed", "success", "queued", "running"])),
        run_after=at(draw(st.integers(0, 12))),
        run_type=draw(st.sampled_from(RUN_TYPES)),
        backfill_id=draw(st.sampled_from([None, None, None, 7])),
        clear_number=clear_number,
        first_failed_try_end=draw(_moments_or_none) if clear_number else None,
        queued_at=draw(_moments_or_none),
        start_date=draw(_moments_or_none),
        end_date=draw(_moments_or_none),
        logical_date=draw(_moments_or_none),
    )


@st.composite
def any_history(draw: st.DrawFn, max_runs: int = 12) -> list[Run]:
    """Any runs of one Dag, in any order, their numbers not in the order of ``run_after``."""
    numbers = draw(st.lists(st.integers(1, 1000), unique=True, max_size=max_runs))
    return [draw(any_run(number)) for number in numbers]
