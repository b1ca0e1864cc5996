"""Dataset S: a fleet whose right answers are known by construction, not computed by the code under test.

Every Dag tells one story; a story is a function that adds the Dag's runs and says what is true of it.
Most Dags
are healthy, as in life. ``history`` multiplies how far the runs reach back and changes no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.integration.seeding.seeder import Graph, SeededRun, Seeder

RATE_RUNS = 25
"""Over how many counting runs a success rate is taken."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is true of one Dag."""

    story: str
    health: str
    """``failing``, ``warning``, ``ok`` or ``unknown``."""
    streak: int = 0
    at_bound: bool = False
    """The streak is longer than Windsock looks back."""
    failing_since: datetime | None = None
    first_bad_run: str | None = None
    last_good_run: str | None = None
    rerunning: bool = False
    successes: int = 0
    """Among the newest 25 counting runs."""
    of: int = 0
    causes: tuple[str, ...] = ()
    """First-cause tasks of the newest failed run."""
    run_level_cause: bool = False
    warnings: tuple[str, ...] = ()
    """``retry_pending``, ``running_with_failed_task``, ``succeeded_with_failed_task``."""
    is_paused: bool = False
    paused_by_airflow: bool = False
    import_error: bool = False
    in_fleet: bool = True
    """False for stale Dags."""
    task_streaks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Per task with a streak: ``unsuccessful``, ``failed``."""


@dataclass(frozen=True)
class Dataset:
    """What was seeded, and what is true of it."""

    now: datetime
    dags: Mapping[str, Expected]
    tasks: tuple[str, ...]

    def of(self, story: str) -> list[str]:
        """The Dags that tell a story."""
        return [dag_id for dag_id, expected in self.dags.items() if expected.story == story]

    @property
    def fleet(self) -> dict[str, Expected]:
        """The Dags that are not stale."""
        return {dag_id: expected for dag_id, expected in self.dags.items() if expected.in_fleet}


@dataclass
class _Story:
    """What a story needs to add its Dag."""

    seeder: Seeder
    dag_id: str
    name: str
    runs: int
    tasks: tuple[str, ...]
    every: timedelta = timedelta(hours=1)
    offset: timedelta = timedelta()

    @property
    def graph(self) -> Graph:
        """A chain with a side branch: t0 → t1 → … and the last task straight after t0."""
        graph: dict[str, list[str]] = {
            task: [before] for before, task in zip(self.tasks, self.tasks[1:], strict=False)
        }
        return {self.tasks[0]: [], **graph, self.tasks[-1]: [self.tasks[0]]}

    def dag(self, **columns: Any) -> None:
        number = int(self.dag_id.rsplit("_", 1)[1])
        self.seeder.dag(
            self.dag_id,
            graph=self.graph,
            owners=(f"team-{number % 7}",),
            tags=(f"tag-{number % 5}", self.name),
            **{"next_run_at": self.seeder.now + self.every, **columns},
        )

    def at(self, position: int) -> datetime:
        """When the run at a position started; 0 is the newest."""
        return self.seeder.now - self.every * (position + 1) - self.offset

    def run(
        self, position: int, state: str, *, failed: tuple[str, ...] = (), tasks: bool = True, **columns: Any
    ) -> SeededRun:
        """Add the run at a position, with its task instances: those in ``failed`` failed, what comes
        after them did not run."""
        run = self.seeder.run(self.dag_id, **{"run_after": self.at(position), "state": state, **columns})
        if tasks:
            upstream_failed: set[str] = set()
            for task, before in self.graph.items():
                if task in failed:
                    task_state = "failed"
                elif any(b in failed or b in upstream_failed for b in before):
                    task_state = "upstream_failed"
                    upstream_failed.add(task)
                else:
                    task_state = "success"
                self.seeder.task_instance(run, task, state=task_state)
        return run

    def successes(self, first: int, last: int | None = None, **columns: Any) -> list[SeededRun]:
        """Add successful runs at the positions from ``first`` (newest) up to ``last`` or the end of
        the history."""
        return [self.run(p, "success", **columns) for p in range(first, self.runs if last is None else last)]

    def says(self, health: str, **what: Any) -> Expected:
        return Expected(story=self.name, health=health, **what)


def _healthy(story: _Story) -> Expected:
    story.dag()
    runs = story.successes(0)
    return story.says("ok", last_good_run=runs[0].run_id, successes=RATE_RUNS, of=RATE_RUNS)


def _failing(story: _Story, count: int = 3, run_type: str = "scheduled") -> Expected:
    story.dag(**({"asset_expression": {"asset": {"uri": "s3://in"}}} if run_type.startswith("asset") else {}))
    cause = story.tasks[2]
    bad = [story.run(p, "failed", failed=(cause,), run_type=run_type) for p in range(count)]
    good = story.successes(count, run_type=run_type)
    return story.says(
        "failing",
        streak=count,
        failing_since=bad[-1].end_date,
        first_bad_run=bad[-1].run_id,
        last_good_run=good[0].run_id,
        successes=RATE_RUNS - count,
        of=RATE_RUNS,
        causes=(cause,),
        task_streaks={cause: (count, count)},
    )


def _asset_triggered_failing(story: _Story) -> Expected:
    return _failing(story, 4, "asset_triggered")


def _manual_failing(story: _Story) -> Expected:
    return _failing(story, 1, "manual")


def _two_causes(story: _Story) -> Expected:
    story.dag()
    failed = (story.tasks[1], story.tasks[-1])
    bad = story.run(0, "failed", failed=failed)
    good = story.successes(1)
    return story.says(
        "failing",
        streak=1,
        failing_since=bad.end_date,
        first_bad_run=bad.run_id,
        last_good_run=good[0].run_id,
        successes=RATE_RUNS - 1,
        of=RATE_RUNS,
        causes=tuple(sorted(failed)),
        task_streaks=dict.fromkeys(failed, (1, 1)),
    )


def _always_failed(story: _Story) -> Expected:
    story.dag()
    runs = [story.run(p, "failed", failed=(story.tasks[0],)) for p in range(story.runs)]
    return story.says(
        "failing",
        streak=story.runs,
        failing_since=runs[-1].end_date,
        first_bad_run=runs[-1].run_id,
        of=RATE_RUNS,
        causes=(story.tasks[0],),
        task_streaks={story.tasks[0]: (RATE_RUNS, RATE_RUNS)},
    )


def _long_failing(story: _Story) -> Expected:
    """The last good run lies behind the newest 25."""
    count = 40
    story.dag()
    bad = [story.run(p, "failed", failed=(story.tasks[0],)) for p in range(count)]
    good = story.successes(count)
    return story.says(
        "failing",
        streak=count,
        failing_since=bad[-1].end_date,
        first_bad_run=bad[-1].run_id,
        last_good_run=good[0].run_id,
        of=RATE_RUNS,
        causes=(story.tasks[0],),
        task_streaks={story.tasks[0]: (RATE_RUNS, RATE_RUNS)},
    )


def _backfill_failed(story: _Story) -> Expected:
    """Failed backfill runs, newer than every other run, count for nothing."""
    story.dag()
    for p in range(3):
        story.run(p, "failed", failed=(story.tasks[0],), run_type="backfill")
    good = story.successes(3)
    return story.says("ok", last_good_run=good[0].run_id, successes=RATE_RUNS, of=RATE_RUNS)


def _retry_pending(story: _Story) -> Expected:
    story.dag()
    run = story.run(0, "running", tasks=False)
    story.seeder.task_instance(run, story.tasks[0], state="success", end_date=run.run_after)
    waiting = story.seeder.task_instance(run, story.tasks[1], state="up_for_retry", end_date=run.run_after)
    story.seeder.history_try(waiting, try_number=1, start_date=run.run_after, end_date=run.run_after)
    for task in story.tasks[2:]:
        story.seeder.task_instance(run, task, state=None)
    good = story.successes(1)
    return story.says(
        "warning",
        last_good_run=good[0].run_id,
        successes=RATE_RUNS,
        of=RATE_RUNS,
        warnings=("retry_pending",),
        task_streaks={story.tasks[1]: (1, 0)},
    )


def _running_with_failed_task(story: _Story) -> Expected:
    story.dag()
    run = story.run(0, "running", tasks=False)
    story.seeder.task_instance(run, story.tasks[0], state="failed", end_date=run.run_after)
    story.seeder.task_instance(run, story.tasks[1], state="running")
    good = story.successes(1)
    return story.says(
        "warning",
        last_good_run=good[0].run_id,
        successes=RATE_RUNS,
        of=RATE_RUNS,
        warnings=("running_with_failed_task",),
        task_streaks={story.tasks[0]: (1, 1)},
    )


def _succeeded_with_failed_task(story: _Story) -> Expected:
    story.dag()
    newest = story.run(0, "success", failed=(story.tasks[3],))
    story.successes(1)
    return story.says(
        "warning",
        last_good_run=newest.run_id,
        successes=RATE_RUNS,
        of=RATE_RUNS,
        warnings=("succeeded_with_failed_task",),
        task_streaks={story.tasks[3]: (1, 1)},
    )


def _rerunning(story: _Story) -> Expected:
    """The only failed run was cleared and runs again: no streak, still failing."""
    story.dag()
    began = story.at(0)
    run = story.run(0, "running", tasks=False, clear_number=1, queued_at=began + timedelta(minutes=20))
    failed_at = began + timedelta(minutes=5)
    for task in story.tasks[:-1]:
        story.seeder.task_instance(run, task, state="success")
    again = story.seeder.task_instance(run, story.tasks[-1], state="running", try_number=2)
    story.seeder.history_try(again, try_number=1, start_date=began, end_date=failed_at)
    good = story.successes(1)
    return story.says(
        "failing",
        failing_since=failed_at,
        last_good_run=good[0].run_id,
        rerunning=True,
        successes=RATE_RUNS,
        of=RATE_RUNS,
    )


def _cleared_and_failed_again(story: _Story) -> Expected:
    story.dag()
    began = story.at(1)
    failed_at = began + timedelta(minutes=2)
    newest = story.run(0, "failed", failed=(story.tasks[1],))
    first = story.run(
        1, "failed", tasks=False, clear_number=2, start_date=began + timedelta(minutes=30), duration_s=60
    )
    for task in story.tasks[1:]:
        story.seeder.task_instance(first, task, state="upstream_failed")
    instance = story.seeder.task_instance(first, story.tasks[0], state="failed", try_number=3)
    story.seeder.history_try(instance, try_number=1, start_date=began, end_date=failed_at)
    story.seeder.history_try(
        instance, try_number=2, start_date=began, end_date=failed_at + timedelta(minutes=9)
    )
    good = story.successes(2)
    assert newest.end_date is not None
    return story.says(
        "failing",
        streak=2,
        failing_since=failed_at,
        first_bad_run=first.run_id,
        last_good_run=good[0].run_id,
        successes=RATE_RUNS - 2,
        of=RATE_RUNS,
        causes=(story.tasks[1],),
        task_streaks={story.tasks[0]: (0, 0), story.tasks[1]: (1, 1)},
    )


def _paused_by_airflow(story: _Story) -> Expected:
    expected = _failing(story, 3)
    story.seeder.paused_by_person(story.dag_id, dttm=story.at(30), paused=True)
    story.seeder.paused_by_person(story.dag_id, dttm=story.at(29), paused=False)
    story.seeder.paused_by_airflow(story.dag_id, dttm=story.at(0) + timedelta(minutes=2))
    return _paused(story, expected, by_airflow=True)


def _paused_by_person(story: _Story) -> Expected:
    """Airflow paused it first; a person unpaused and paused it again since."""
    story.dag()
    good = story.successes(0)
    story.seeder.paused_by_airflow(story.dag_id, dttm=story.at(5))
    story.seeder.paused_by_person(story.dag_id, dttm=story.at(3), paused=False)
    story.seeder.paused_by_person(story.dag_id, dttm=story.at(0) + timedelta(minutes=5), paused=True)
    expected = story.says("ok", last_good_run=good[0].run_id, successes=RATE_RUNS, of=RATE_RUNS)
    return _paused(story, expected, by_airflow=False)


def _paused(story: _Story, expected: Expected, *, by_airflow: bool) -> Expected:
    from dataclasses import replace

    row = next(row for row in story.seeder.pending("dag") if row["dag_id"] == story.dag_id)
    row["is_paused"] = True
    return replace(expected, is_paused=True, paused_by_airflow=by_airflow)


def _never_ran(story: _Story) -> Expected:
    story.dag()
    return story.says("unknown")


def _import_error(story: _Story) -> Expected:
    """Its file stopped importing, and Airflow has taken the Dag for gone."""
    story.dag(is_stale=True, file=f"broken/{story.dag_id}.py", has_import_errors=True)
    story.successes(0)
    story.seeder.import_error(
        f"broken/{story.dag_id}.py", stacktrace="Traceback …\nModuleNotFoundError: No module named 'x'"
    )
    return story.says("ok", import_error=True, in_fleet=False)


def _stale(story: _Story) -> Expected:
    story.dag(is_stale=True)
    for p in range(story.runs):
        story.run(p, "failed", failed=(story.tasks[0],))
    return story.says("failing", in_fleet=False)


def _fixed(story: _Story) -> Expected:
    story.dag()
    newest = story.run(0, "success")
    for p in range(1, 6):
        story.run(p, "failed", failed=(story.tasks[0],))
    story.successes(6)
    return story.says("ok", last_good_run=newest.run_id, successes=RATE_RUNS - 5, of=RATE_RUNS)


def _equal_run_after(story: _Story) -> Expected:
    """Two runs of the same moment: the one that was made later is the newer one."""
    story.dag()
    good = story.run(0, "success", run_id="made_first")
    bad = story.run(
        0, "failed", failed=(story.tasks[0],), run_id="made_second", run_type="manual", logical_date=None
    )
    story.successes(1)
    return story.says(
        "failing",
        streak=1,
        failing_since=bad.end_date,
        first_bad_run=bad.run_id,
        last_good_run=good.run_id,
        successes=RATE_RUNS - 1,
        of=RATE_RUNS,
        causes=(story.tasks[0],),
        task_streaks={story.tasks[0]: (1, 1)},
    )


def _mapped(story: _Story) -> Expected:
    """Forty mapped instances of which three failed: one task, one failure."""
    story.dag()
    task = story.tasks[1]
    bad = story.run(0, "failed", tasks=False)
    story.seeder.task_instance(bad, story.tasks[0])
    for map_index in range(40):
        state = "failed" if map_index in (3, 17, 30) else "success"
        story.seeder.task_instance(bad, task, state=state, map_index=map_index)
    for after in story.tasks[2:-1]:
        story.seeder.task_instance(bad, after, state="upstream_failed")
    story.seeder.task_instance(bad, story.tasks[-1])
    good = story.successes(1)
    return story.says(
        "failing",
        streak=1,
        failing_since=bad.end_date,
        first_bad_run=bad.run_id,
        last_good_run=good[0].run_id,
        successes=RATE_RUNS - 1,
        of=RATE_RUNS,
        causes=(task,),
        task_streaks={task: (1, 1)},
    )


def _run_level(story: _Story) -> Expected:
    """The run timed out: it failed, and no task of it did."""
    story.dag()
    bad = story.run(0, "failed", tasks=False)
    story.seeder.task_instance(bad, story.tasks[0])
    for task in story.tasks[1:]:
        story.seeder.task_instance(bad, task, state="skipped")
    good = story.successes(1)
    return story.says(
        "failing",
        streak=1,
        failing_since=bad.end_date,
        first_bad_run=bad.run_id,
        last_good_run=good[0].run_id,
        successes=RATE_RUNS - 1,
        of=RATE_RUNS,
        run_level_cause=True,
    )


def _sparse(story: _Story) -> Expected:
    """A monthly Dag: its newest 25 runs reach back far beyond everybody else's."""
    story.every = timedelta(days=30)
    return _failing(story, 2)


def _young(story: _Story) -> Expected:
    """Fewer runs than are looked at."""
    story.runs = 4
    story.dag()
    bad = story.run(0, "failed", failed=(story.tasks[0],))
    good = story.successes(1)
    return story.says(
        "failing",
        streak=1,
        failing_since=bad.end_date,
        first_bad_run=bad.run_id,
        last_good_run=good[0].run_id,
        successes=3,
        of=4,
        causes=(story.tasks[0],),
        task_streaks={story.tasks[0]: (1, 1)},
    )


def _running_over_failures(story: _Story) -> Expected:
    """A running run neither breaks nor extends the streak."""
    story.dag()
    running = story.run(0, "running", tasks=False)
    for task in story.tasks:
        story.seeder.task_instance(running, task, state="running" if task == story.tasks[0] else None)
    bad = [story.run(p, "failed", failed=(story.tasks[2],)) for p in (1, 2)]
    good = story.successes(3)
    return story.says(
        "failing",
        streak=2,
        failing_since=bad[-1].end_date,
        first_bad_run=bad[-1].run_id,
        last_good_run=good[0].run_id,
        successes=RATE_RUNS - 2,
        of=RATE_RUNS,
        causes=(story.tasks[2],),
        task_streaks={story.tasks[2]: (2, 2)},
    )


_STORIES: dict[str, Callable[[_Story], Expected]] = {
    "failing": _failing,
    "asset_triggered_failing": _asset_triggered_failing,
    "manual_failing": _manual_failing,
    "two_causes": _two_causes,
    "always_failed": _always_failed,
    "long_failing": _long_failing,
    "backfill_failed": _backfill_failed,
    "retry_pending": _retry_pending,
    "running_with_failed_task": _running_with_failed_task,
    "succeeded_with_failed_task": _succeeded_with_failed_task,
    "rerunning": _rerunning,
    "cleared_and_failed_again": _cleared_and_failed_again,
    "paused_by_airflow": _paused_by_airflow,
    "paused_by_person": _paused_by_person,
    "never_ran": _never_ran,
    "import_error": _import_error,
    "stale": _stale,
    "fixed": _fixed,
    "equal_run_after": _equal_run_after,
    "mapped": _mapped,
    "run_level": _run_level,
    "sparse": _sparse,
    "young": _young,
    "running_over_failures": _running_over_failures,
}


def seed_dataset_s(
    seeder: Seeder, *, dags: int = 200, runs: int = 50, tasks: int = 8, history: int = 1
) -> Dataset:
    """Write dataset S: each story twice (as far as ``dags`` reaches), the rest healthy.

    :param history: how many times ``runs`` each Dag has; the newest ``runs`` stay what they are
    """
    task_ids = tuple(f"t{number}" for number in range(tasks))
    names = [*_STORIES, *_STORIES]
    expected: dict[str, Expected] = {}
    for number in range(dags):
        name = names[number] if number < len(names) else "healthy"
        dag_id = f"{name}_{number:03d}"
        story = _Story(
            seeder,
            dag_id,
            name,
            runs * history,
            task_ids,
            offset=timedelta(seconds=number),
        )
        expected[dag_id] = _STORIES.get(name, _healthy)(story)
    seeder.write()
    return Dataset(seeder.now, expected, task_ids)
