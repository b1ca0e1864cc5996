"""A small Airflow in which things happen one after the other; the incident must live through them rightly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.unit.health import reference
from tests.unit.health.histories import RUN_TYPES, Run, at
from windsock.health.incidents import dag_incident
from windsock.health.streaks import DagStreak, dag_streak

FINISHED = ("success", "failed")


@dataclass
class Tries:
    """What ``task_instance_history`` and ``task_instance`` hold of a run's failed tries, in minutes."""

    archived: list[int] = field(default_factory=list)
    current: list[int] = field(default_factory=list)


class AirflowWithOneDag(RuleBasedStateMachine):
    """Runs come, start, retry, end, and are cleared, marked and taken over by backfills."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0
        self.runs: dict[int, Run] = {}
        self.tries: dict[int, Tries] = {}

    def streak(self) -> DagStreak[Run]:
        return dag_streak(self.runs.values())

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def pick(self, data: st.DataObject, *states: str) -> Run | None:
        runs = [run for run in self.runs.values() if run.state in states]
        return data.draw(st.sampled_from(runs)) if runs else None

    def put(self, run: Run) -> None:
        ends = self.tries[run.id].archived
        looked_up = at(min(ends)) if ends and run.clear_number else None
        self.runs[run.id] = replace(run, first_failed_try_end=looked_up)

    @initialize()
    def begin(self) -> None:
        self.clock = 100

    @precondition(lambda self: len(self.runs) < 9)
    @rule(run_type=st.sampled_from(RUN_TYPES), due_before=st.integers(0, 5))
    def a_run_is_made(self, run_type: str, due_before: int) -> None:
        number, now = len(self.runs) + 1, self.tick()
        self.tries[number] = Tries()
        self.put(Run(number, "queued", at(now - due_before), run_type, queued_at=at(now)))

    @rule(data=st.data())
    def a_run_starts(self, data: st.DataObject) -> None:
        if run := self.pick(data, "queued"):
            self.put(replace(run, state="running", start_date=at(self.tick())))

    @rule(data=st.data())
    def a_task_fails_and_is_tried_again(self, data: st.DataObject) -> None:
        if run := self.pick(data, "running"):
            self.tries[run.id].archived.append(self.tick())
            self.put(run)

    @rule(data=st.data())
    def a_run_succeeds(self, data: st.DataObject) -> None:
        before = self.streak()
        if run := self.pick(data, "running"):
            self.put(replace(run, state="success", end_date=at(self.tick())))
            good = before.last_good_run
            if reference.backfill(run):
                assert self.streak() == before
            elif good is None or reference.newer(run, good):
                assert self.streak().last_good_run == self.runs[run.id]
                later = [other for other in self.runs.values() if reference.newer(other, run)]
                assert self.streak().failing == dag_streak(later).failing

    @rule(data=st.data())
    def a_run_fails(self, data: st.DataObject) -> None:
        before = self.streak()
        if run := self.pick(data, "running"):
            now = self.tick()
            self.tries[run.id].current.append(now)
            self.put(replace(run, state="failed", end_date=at(now)))
            if before.failing:
                assert self.streak().failing
                assert self.streak().failing_since == before.failing_since

    @rule(data=st.data())
    def a_failed_run_is_cleared(self, data: st.DataObject) -> None:
        before = self.streak()
        if run := self.pick(data, "failed"):
            self.clear(run)
            if self.tries[run.id].archived:
                assert self.streak().failing == before.failing
                if before.failing_since is not None:
                    since = self.streak().failing_since
                    assert since is not None
                    assert since <= before.failing_since

    @rule(data=st.data())
    def a_successful_run_is_cleared(self, data: st.DataObject) -> None:
        if run := self.pick(data, "success"):
            self.clear(run)

    def clear(self, run: Run) -> None:
        tries = self.tries[run.id]
        tries.archived += tries.current
        tries.current = []
        cleared = replace(run, state="queued", start_date=None, end_date=None, queued_at=at(self.tick()))
        self.put(replace(cleared, clear_number=run.clear_number + 1))

    @rule(data=st.data(), state=st.sampled_from(FINISHED))
    def a_person_marks_a_run(self, data: st.DataObject, state: str) -> None:
        if run := self.pick(data, "queued", "running", *FINISHED):
            self.put(replace(run, state=state, end_date=at(self.tick())))

    @rule(data=st.data())
    def a_backfill_takes_a_finished_run_over(self, data: st.DataObject) -> None:
        if run := self.pick(data, *FINISHED):
            self.clear(replace(run, run_type="backfill", backfill_id=1))

    @invariant()
    def the_incident_is_open_exactly_while_a_failure_has_no_success_after_it(self) -> None:
        runs = list(self.runs.values())
        streak = self.streak()
        incident = dag_incident("load", streak, is_paused=False, paused_by_airflow_at=None)
        assert (incident is not None) == bool(reference.streak(runs) or reference.rerunning(runs))
        if incident is not None:
            assert incident.opened_at == reference.failing_since(runs)
            assert incident.opened_at <= at(self.clock)


TestAirflowWithOneDag = AirflowWithOneDag.TestCase
TestAirflowWithOneDag.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
