"""Ends without a log, with the records that Airflow 3.1 to 3.3 really write."""

from __future__ import annotations

import json

import pytest

from windsock.health.explain import (
    AuditFacts,
    EndFacts,
    Explanation,
    explain,
    explain_exit_code,
    explain_signal,
)
from windsock.health.model import ErrorClass

TOO_LATE = (
    "Task did not emit heartbeat within time limit (300 seconds) and will be terminated. "
    "See https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/tasks.html"
    "#task-instance-heartbeat-timeout"
)
MISMATCH = (
    "Executor LocalExecutor(parallelism=4) reported that the task instance <TaskInstance: orders.load"
    " manual__2026-11-20 [queued]> finished with state failed, but the task instance's state attribute is queued."
    " Learn more: https://airflow.apache.org/docs/apache-airflow/stable/troubleshooting.html"
)


def _failed(*events: AuditFacts, started: bool = True, **more: object) -> Explanation:
    found = explain(EndFacts(state="failed", run_state="running", started=started, events=events, **more))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_lost_heartbeat_means_killed_and_names_the_worker() -> None:
    found = _failed(AuditFacts("heartbeat timeout", TOO_LATE), hostname="worker-3")
    assert found.error_class is ErrorClass.KILLED
    assert "worker-3" in found.headline
    assert "within time limit (300 seconds)" in found.evidence
    assert not found.inferred


def test_two_lost_heartbeats_have_the_same_reason_whatever_worker_it_was() -> None:
    one = _failed(AuditFacts("heartbeat timeout", TOO_LATE), hostname="worker-3")
    other = _failed(AuditFacts("heartbeat timeout", TOO_LATE.replace("300", "600")), hostname="worker-4")
    assert one.reason == other.reason


def test_a_task_that_no_worker_took_was_stuck_in_the_queue() -> None:
    events = (
        AuditFacts(
            "stuck in queued tries exceeded", "Task was requeued more than 2 times and will be failed."
        ),
        AuditFacts("stuck in queued reschedule", "Task was in queued state for longer than 600.0 seconds"),
    )
    found = _failed(*events, started=False)
    assert found.error_class is ErrorClass.INFRASTRUCTURE
    assert "requeued more than 2 times" in found.evidence
    assert not found.inferred
    only_rescheduled = _failed(events[1], started=False)
    assert only_rescheduled.reason == found.reason
    assert only_rescheduled.inferred


def test_an_executor_that_gives_up_before_the_start() -> None:
    found = _failed(AuditFacts("state mismatch", MISMATCH), started=False)
    assert "before it could start" in found.headline
    assert found.error_class is ErrorClass.UNKNOWN
    assert found.reason == "the executor reported failed while queued"


def test_what_an_executor_adds_decides_the_class() -> None:
    extra = MISMATCH + " Extra info: ModuleNotFoundError: No module named 'acme'"
    found = _failed(AuditFacts("state mismatch", extra), started=False)
    assert found.error_class is ErrorClass.DEPENDENCY
    assert found.evidence == "ModuleNotFoundError: No module named 'acme'"
    assert "No module named 'acme'" in (found.reason or "")


def test_an_executor_that_could_not_start_the_task() -> None:
    extra = "Task could not be queued after 3 attempts. Reasons: AccessDenied"
    found = _failed(AuditFacts("lambda invoke failure", extra), started=False)
    assert found.headline == "The executor could not start the task."
    assert found.error_class is ErrorClass.INFRASTRUCTURE
    assert "after 3 attempts" in found.evidence


@pytest.mark.parametrize(
    ("event", "extra"),
    [
        ("patch_task_instance", json.dumps({"new_state": "failed", "method": "PATCH"})),
        (
            "bulk_task_instances",
            json.dumps({"actions": [{"entities": [{"task_id": "a", "new_state": "failed"}]}]}),
        ),
        ("patch_task_group_instances", json.dumps({"new_state": "failed"})),
        ("patch_task_instance", "[('new_state', 'failed')]"),
    ],
)
def test_a_task_that_a_person_marked_is_no_failure_of_its_own(event: str, extra: str) -> None:
    found = _failed(AuditFacts(event, extra, owner="anna"))
    assert found.headline == "anna marked the task as failed."
    assert found.reason is None


def test_a_mark_of_many_tasks_counts_for_those_it_names() -> None:
    entities = [{"task_id": "a", "new_state": "failed"}, {"task_id": "b", "new_state": "success"}]
    mark = AuditFacts("bulk_task_instances", json.dumps({"actions": [{"entities": entities}]}), owner="anna")
    assert "anna" in _failed(mark, task_id="a").headline
    assert "anna" not in _failed(mark, task_id="b").headline


def test_another_change_by_a_person_explains_nothing() -> None:
    found = _failed(
        AuditFacts("patch_task_instance", json.dumps({"note": "failed again"}), owner="anna"),
        AuditFacts("heartbeat timeout", TOO_LATE),
    )
    assert found.error_class is ErrorClass.KILLED


def test_a_run_that_a_person_marked_ends_its_tasks() -> None:
    found = _failed(AuditFacts("patch_dag_run", json.dumps({"state": "failed"}), owner="anna"))
    assert found.headline.startswith("anna marked the run as failed")
    assert found.reason is None


def test_the_newest_record_tells() -> None:
    heartbeat = AuditFacts("heartbeat timeout", TOO_LATE)
    mark = AuditFacts("patch_task_instance", json.dumps({"new_state": "failed"}), owner="anna")
    assert _failed(mark, heartbeat).reason is None
    assert _failed(heartbeat, mark).reason == "heartbeat lost"


def test_the_records_of_another_try_tell_nothing_about_this_one() -> None:
    found = _failed(AuditFacts("heartbeat timeout", TOO_LATE, try_number=1), try_number=2)
    assert found.reason == "ended without a word"


def test_a_dag_that_fails_fast_ends_and_skips_its_other_tasks() -> None:
    ended = _failed(AuditFacts("fail task", "Forcing task to fail due to dag's `fail_fast` setting."))
    assert "fail fast" in ended.headline
    assert ended.reason is None
    skipped = explain(
        EndFacts(
            state="skipped",
            events=[AuditFacts("skip task", "Skipping task due to dag's `fail_fast` setting.")],
        )
    )
    assert skipped is not None
    assert "fail fast" in skipped.headline
    assert skipped.reason is None


def test_cascade_is_no_cause() -> None:
    found = explain(EndFacts(state="upstream_failed", failed_upstream=["a", "b", "c", "d", "e"]))
    assert found is not None
    assert found.headline == "Not run, because a, b, c and 2 more failed before it."
    assert found.reason is None


def test_a_skipped_task_names_its_trigger_rule() -> None:
    found = explain(EndFacts(state="skipped", run_state="success", trigger_rule="none_failed"))
    assert found is not None
    assert "none_failed" in found.headline
    assert found.inferred
    assert found.reason is None


def test_tasks_of_a_run_that_ran_out_of_time_are_skipped() -> None:
    found = explain(
        EndFacts(state="skipped", run_state="failed", run_duration_s=3_700, dagrun_timeout_s=3_600)
    )
    assert found is not None
    assert found.headline == "Skipped, because the run ran out of time."


def test_a_file_that_does_not_import_any_more() -> None:
    text = "Traceback (most recent call last):\n  File \"/dags/a.py\", line 3\nModuleNotFoundError: No module named 'b'\n"
    found = _failed(started=False, import_error=text)
    assert found.error_class is ErrorClass.DEPENDENCY
    assert found.evidence == "ModuleNotFoundError: No module named 'b'"
    assert found.inferred


def test_a_task_that_never_started_and_one_that_ended_without_a_word() -> None:
    never = _failed(started=False)
    gone = _failed(hostname="worker-3")
    assert "never started" in never.headline
    assert "worker-3" in gone.headline
    assert never.inferred
    assert gone.inferred
    assert never.reason != gone.reason


def test_a_killed_process_likely_ran_out_of_memory() -> None:
    found = _failed(signal="SIGKILL")
    assert found.error_class is ErrorClass.KILLED
    assert "likely because memory ran out" in found.headline
    assert found.inferred


@pytest.mark.parametrize(
    ("code", "error_class", "reason"),
    [
        (137, ErrorClass.KILLED, "signal SIGKILL"),
        (-9, ErrorClass.KILLED, "signal SIGKILL"),
        (143, ErrorClass.KILLED, "signal SIGTERM"),
        (-11, ErrorClass.KILLED, "signal SIGSEGV"),
        (124, ErrorClass.TIMEOUT, "exit code 124"),
        (126, ErrorClass.INFRASTRUCTURE, "exit code 126"),
        (127, ErrorClass.DEPENDENCY, "exit code 127"),
        (1, ErrorClass.UNKNOWN, "exit code 1"),
        (3, ErrorClass.UNKNOWN, "exit code 3"),
        (-999, ErrorClass.UNKNOWN, "exit code -999"),
    ],
)
def test_exit_codes(code: int, error_class: ErrorClass, reason: str) -> None:
    found = explain_exit_code(code)
    assert found.error_class is error_class
    assert found.reason == reason
    assert str(code) in found.evidence
    assert _failed(exit_code=code) == found


def test_a_signal_that_nobody_knows_is_still_told() -> None:
    assert "SIGUSR2" in explain_signal("SIGUSR2").headline


def test_a_run_that_ran_out_of_time_says_of_how_much() -> None:
    found = explain(
        EndFacts(run_level=True, run_state="failed", run_duration_s=7_261, dagrun_timeout_s=7_200)
    )
    assert found is not None
    assert found.headline == "The run took longer than it may: 2 h 1 min of 2 h."
    assert found.error_class is ErrorClass.TIMEOUT
    assert found.inferred


def test_a_run_without_a_way_on_was_deadlocked() -> None:
    found = explain(EndFacts(run_level=True, run_state="failed", run_duration_s=9, unfinished_tasks=2))
    assert found is not None
    assert found.error_class is ErrorClass.CODE
    assert "2 tasks" in found.headline
    assert found.inferred


def test_a_run_that_a_person_marked() -> None:
    event = AuditFacts(
        "bulk_dag_runs", json.dumps({"actions": [{"entities": [{"state": "failed"}]}]}), owner="anna"
    )
    found = explain(EndFacts(run_level=True, run_state="failed", events=[event]))
    assert found is not None
    assert found.headline == "anna marked the run as failed."
    assert found.reason is None
    assert not found.inferred


def test_a_failed_run_without_anything_recorded_is_called_inferred() -> None:
    found = explain(EndFacts(run_level=True, run_state="failed"))
    assert found is not None
    assert found.inferred


@pytest.mark.parametrize("state", ["success", "running", "queued", None, "removed"])
def test_what_did_not_fail_needs_no_explanation(state: str | None) -> None:
    assert explain(EndFacts(state=state)) is None
    assert explain(EndFacts(run_level=True, run_state=state)) is None


def test_a_hostile_record_breaks_nothing() -> None:
    deep = "[" * 100_000
    nested = '{"a":' * 50 + '{"new_state": "failed"}' + "}" * 50
    for extra in (deep, nested, "Executor x " * 100_000, "\x00", ""):
        for event in ("patch_task_instance", "state mismatch", "heartbeat timeout"):
            assert len(_failed(AuditFacts(event, extra)).evidence) <= 300
