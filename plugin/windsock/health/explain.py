"""Failures without a log, explained in words from what Airflow recorded.

What the scheduler and the executor do to a task leaves no line in its log. It stands in the audit log (table
``log``), in the states, or nowhere: then the explanation is inferred, and says so.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from windsock.health.error_class import classify_line
from windsock.health.model import FAILED, SKIPPED, UPSTREAM_FAILED, ErrorClass

HEARTBEAT_TIMEOUT: Final = "heartbeat timeout"
STUCK_GIVEN_UP: Final = "stuck in queued tries exceeded"
STUCK_RESCHEDULED: Final = "stuck in queued reschedule"
STATE_MISMATCH: Final = "state mismatch"
FAIL_TASK: Final = "fail task"
SKIP_TASK: Final = "skip task"
REPORTED_FAILED: Final = "failed"
"""The events that Airflow 3.1 to 3.3 write about a task by themselves."""
EXECUTOR_FAILURE: Final = " failure"
"""How the events end that executors write when they could not start a task, as "ecs task submit failure"."""
TASK_MARKS: Final = frozenset({"patch_task_instance", "bulk_task_instances", "patch_task_group_instances"})
RUN_MARKS: Final = frozenset({"patch_dag_run", "bulk_dag_runs"})
"""The events that the API writes when a person sets a state, or tries to."""

_MAX_EVIDENCE: Final = 300
_MAX_NAMED: Final = 3
_MAX_TEXT: Final = 4_000
_MAX_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """One record of Airflow's audit log about a task instance, or about its run."""

    event: str
    extra: str | None = None
    owner: str | None = None
    try_number: int | None = None
    """Of which try it speaks; the API's records do not say."""


@dataclass(frozen=True, slots=True)
class EndFacts:
    """What Airflow recorded about the end of a try, or of a whole run."""

    run_id: str | None = None
    task_id: str | None = None
    """With these, records about many tasks or runs are read for this one only."""
    state: str | None = None
    """Of the task instance."""
    run_state: str | None = None
    run_level: bool = False
    """Asks about the run itself: it failed without a failed task."""
    started: bool = False
    """Whether the try has a start."""
    hostname: str | None = None
    """The worker that ran it; None or empty when none did."""
    try_number: int | None = None
    events: Sequence[AuditFacts] = ()
    """Of the task instance and of its run, the newest first."""
    exit_code: int | None = None
    """Of the task's process; negative for a signal."""
    signal: str | None = None
    """Name of the signal that ended the process."""
    failed_upstream: Sequence[str] = ()
    """The tasks before it that failed."""
    trigger_rule: str | None = None
    import_error: str | None = None
    """The text of the import error that the Dag's file has now."""
    run_duration_s: float | None = None
    dagrun_timeout_s: float | None = None
    unfinished_tasks: int = 0
    """How many task instances of the run had not ended when it failed."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, in words."""

    headline: str
    error_class: ErrorClass
    evidence: str
    """The record or the state that says so."""
    inferred: bool
    """True when Airflow does not record it and this is the likely reading."""
    reason: str | None = None
    """What is the same for all failures like this one, and makes their signature; None for what is no
    failure of its own: marked by a person, skipped, taken down by another task."""


def explain(facts: EndFacts) -> Explanation | None:
    """Explain an end that left no error in a log; None when nothing needs an explanation."""
    if facts.run_level:
        return _run(facts) if facts.run_state == FAILED else None
    if facts.state == UPSTREAM_FAILED:
        return _upstream_failed(facts)
    if facts.state == SKIPPED:
        return _skipped(facts)
    if facts.state not in (FAILED, "up_for_retry"):
        return None
    for event in facts.events:
        if event.try_number is not None and facts.try_number not in (None, event.try_number):
            continue
        told = _told_by(event, facts)
        if told is not None:
            return told
    if facts.signal is not None:
        return explain_signal(facts.signal)
    if facts.exit_code is not None:
        return explain_exit_code(facts.exit_code)
    if facts.import_error and not facts.started:
        return _import_error(facts.import_error)
    return _silent(facts)


def _told_by(event: AuditFacts, facts: EndFacts) -> Explanation | None:
    if event.event == HEARTBEAT_TIMEOUT:
        where = f" on {facts.hostname}" if facts.hostname else ""
        return Explanation(
            f"The task{where} stopped sending heartbeats, and the scheduler ended it. Its worker is likely gone"
            " or out of memory.",
            ErrorClass.KILLED,
            _evidence(event),
            False,
            "heartbeat lost",
        )
    if event.event == STUCK_GIVEN_UP:
        return Explanation(
            "The task waited in the queue and no worker took it; the scheduler gave up.",
            ErrorClass.INFRASTRUCTURE,
            _evidence(event),
            False,
            "stuck in the queue",
        )
    if event.event == STATE_MISMATCH:
        return _state_mismatch(event)
    if event.event.endswith(EXECUTOR_FAILURE):
        return _not_submitted(event)
    if event.event == FAIL_TASK:
        return Explanation(
            "Airflow ended the task because another one failed: the Dag is set to fail fast.",
            ErrorClass.UNKNOWN,
            _evidence(event),
            False,
        )
    if event.event in TASK_MARKS and _sets_failed(event.extra, "new_state", facts):
        return Explanation(
            f"{_who(event)} marked the task as failed.", ErrorClass.UNKNOWN, _evidence(event), False
        )
    if event.event in RUN_MARKS and _sets_failed(event.extra, "state", facts):
        return Explanation(
            f"{_who(event)} marked the run as failed, which ended the task.",
            ErrorClass.UNKNOWN,
            _evidence(event),
            True,
        )
    return None


_MISMATCH: Final = re.compile(
    r"Executor (?P<executor>[\w.]{1,100}).{0,2000}?finished with state (?P<said>\w{1,30})"
    r".{0,200}?state attribute is (?P<was>\w{1,30})",
    re.DOTALL,
)
_EXTRA_INFO: Final = "Extra info: "


def _state_mismatch(event: AuditFacts) -> Explanation:
    text = (event.extra or "")[:_MAX_TEXT]
    found = _MISMATCH.search(text)
    said, was = (found["said"], found["was"]) if found else ("failed", "another state")
    info = text.partition(_EXTRA_INFO)[2].strip()
    told = info if info not in ("", "None") else ""
    headline = f"The executor reported the task as {said} while Airflow still had it as {was}"
    if was in ("queued", "scheduled"):
        headline += ": its process ended before it could start"
    error_class = classify_line(told).error_class if told else ErrorClass.UNKNOWN
    return Explanation(
        f"{headline}.",
        error_class,
        told.splitlines()[0][:_MAX_EVIDENCE] if told else _evidence(event),
        False,
        " ".join(part for part in (f"the executor reported {said} while {was}", told) if part),
    )


def _not_submitted(event: AuditFacts) -> Explanation:
    told = (event.extra or "").strip()[:_MAX_TEXT]
    found = classify_line(told)
    return Explanation(
        "The executor could not start the task.",
        ErrorClass.INFRASTRUCTURE if found.error_class is ErrorClass.UNKNOWN else found.error_class,
        _evidence(event),
        False,
        f"{event.event}: {told}" if told else event.event,
    )


def _sets_failed(extra: str | None, key: str, facts: EndFacts) -> bool:
    """Whether the body of a request, as the audit log keeps it, sets this task or run to failed."""
    text = (extra or "")[:_MAX_TEXT]
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        # longer than what is looked at, or of an older form
        return re.search(rf"['\"]{key}['\"]\s?[:,]\s?['\"]failed['\"]", text) is not None
    ours = {"task_id": facts.task_id, "dag_run_id": facts.run_id}
    return _has(body, key, ours, depth=0)


def _has(value: object, key: str, ours: Mapping[str, str | None], depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if isinstance(value, Mapping):
        if any(own is not None and value.get(name, own) not in (own, "~") for name, own in ours.items()):
            return False
        return value.get(key) == FAILED or any(_has(inner, key, ours, depth + 1) for inner in value.values())
    if isinstance(value, list):
        return any(_has(inner, key, ours, depth + 1) for inner in value[:1_000])
    return False


def _who(event: AuditFacts) -> str:
    return event.owner or "Somebody"


def _evidence(event: AuditFacts) -> str:
    words = (event.extra or "").strip().splitlines()
    who = f" by {event.owner}" if event.owner and event.event in TASK_MARKS | RUN_MARKS else ""
    told = f": {words[0]}" if words and not who else ""
    return f"Audit log, {event.event}{who}{told}"[:_MAX_EVIDENCE]


def _upstream_failed(facts: EndFacts) -> Explanation:
    named = list(facts.failed_upstream)
    if named:
        shown = ", ".join(named[:_MAX_NAMED])
        more = f" and {len(named) - _MAX_NAMED} more" if len(named) > _MAX_NAMED else ""
        headline = f"Not run, because {shown}{more} failed before it."
    else:
        headline = "Not run, because a task before it failed."
    return Explanation(headline, ErrorClass.UNKNOWN, "State upstream_failed", False)


def _skipped(facts: EndFacts) -> Explanation:
    for event in facts.events:
        if event.event == SKIP_TASK:
            return Explanation(
                "Skipped because another task failed: the Dag is set to fail fast.",
                ErrorClass.UNKNOWN,
                _evidence(event),
                False,
            )
    if facts.run_state == FAILED and _ran_out_of_time(facts):
        return Explanation(
            "Skipped, because the run ran out of time.", ErrorClass.UNKNOWN, _limit_words(facts), True
        )
    rule = f" {facts.trigger_rule}" if facts.trigger_rule else ""
    return Explanation(
        f"Skipped: by its trigger rule{rule}, or by a branch before it.",
        ErrorClass.UNKNOWN,
        f"State skipped{f', trigger rule{rule}' if rule else ''}",
        True,
    )


def _import_error(text: str) -> Explanation:
    lines = [line.strip() for line in text[-_MAX_TEXT:].splitlines() if line.strip()]
    line = lines[-1] if lines else "The file of the Dag does not import."
    found = classify_line(line)
    return Explanation(
        "The task could not start: the file of its Dag does not import.",
        found.error_class,
        line[:_MAX_EVIDENCE],
        True,
        line,
    )


def _silent(facts: EndFacts) -> Explanation:
    if not facts.started and not facts.hostname:
        rescheduled = next((event for event in facts.events if event.event == STUCK_RESCHEDULED), None)
        if rescheduled is not None:
            return Explanation(
                "The task never started: no worker took it from the queue.",
                ErrorClass.INFRASTRUCTURE,
                _evidence(rescheduled),
                True,
                "stuck in the queue",
            )
        return Explanation(
            "The task never started. No worker is recorded and no record says why; likely its process could not"
            " be made, or could not reach Airflow.",
            ErrorClass.UNKNOWN,
            "State failed without a start and without a worker",
            True,
            "never started",
        )
    where = f" on {facts.hostname}" if facts.hostname else ""
    return Explanation(
        f"The task ended{where} and left no word about it: no error in a log, no record of Airflow.",
        ErrorClass.UNKNOWN,
        "State failed without a log and without a record",
        True,
        "ended without a word",
    )


def _run(facts: EndFacts) -> Explanation:
    for event in facts.events:
        if event.event in RUN_MARKS and _sets_failed(event.extra, "state", facts):
            return Explanation(
                f"{_who(event)} marked the run as failed.", ErrorClass.UNKNOWN, _evidence(event), False
            )
    if _ran_out_of_time(facts):
        return Explanation(
            f"The run took longer than it may: {_limit_words(facts)}.",
            ErrorClass.TIMEOUT,
            _limit_words(facts),
            True,
            "run timed out",
        )
    if facts.unfinished_tasks:
        tasks = "1 task" if facts.unfinished_tasks == 1 else f"{facts.unfinished_tasks} tasks"
        return Explanation(
            f"The run was stuck: {tasks} could never start, whatever the others did. Look at the trigger rules and"
            " at depends_on_past.",
            ErrorClass.CODE,
            f"Run failed with {tasks} that had not ended and none that failed",
            True,
            "run deadlocked",
        )
    return Explanation(
        "The run failed although none of its tasks did, and nothing is recorded about it; likely somebody set its"
        " state.",
        ErrorClass.UNKNOWN,
        "Run failed without a failed task",
        True,
        "run failed without a failed task",
    )


def _ran_out_of_time(facts: EndFacts) -> bool:
    return (
        facts.dagrun_timeout_s is not None
        and facts.run_duration_s is not None
        and facts.run_duration_s >= facts.dagrun_timeout_s
    )


def _limit_words(facts: EndFacts) -> str:
    return f"{_time_words(facts.run_duration_s or 0.0)} of {_time_words(facts.dagrun_timeout_s or 0.0)}"


def _time_words(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    parts += [f"{rest} s"] if rest and not hours else []
    return " ".join(parts) or "0 s"


_SIGNALS: Final[Mapping[str, tuple[str, bool]]] = {
    "SIGKILL": ("The task's process was killed (SIGKILL), likely because memory ran out.", True),
    "SIGTERM": (
        "The task's process was told to end (SIGTERM), likely as its worker shut down or a person ended it.",
        True,
    ),
    "SIGINT": ("The task's process was interrupted (SIGINT).", False),
    "SIGSEGV": ("The task's process crashed (SIGSEGV): a fault in a compiled library.", False),
    "SIGBUS": ("The task's process crashed (SIGBUS): a fault in a compiled library or in memory.", False),
    "SIGABRT": ("The task's process aborted (SIGABRT): a compiled library gave up.", False),
}


def explain_signal(name: str) -> Explanation:
    """Explain the signal that ended a process."""
    headline, inferred = _SIGNALS.get(name, (f"The task's process was ended by a signal ({name}).", False))
    return Explanation(headline, ErrorClass.KILLED, f"Signal {name}", inferred, f"signal {name}")


_EXIT_CODES: Final[Mapping[int, tuple[str, ErrorClass, bool]]] = {
    124: ("The command ran out of its time (exit code 124 of timeout).", ErrorClass.TIMEOUT, True),
    126: ("The command may not be executed (exit code 126).", ErrorClass.INFRASTRUCTURE, False),
    127: ("The command was not found (exit code 127).", ErrorClass.DEPENDENCY, False),
}


def explain_exit_code(code: int) -> Explanation:
    """Explain the code that a process ended with; by convention 128 and more, and below 0, mean a signal."""
    number = -code if code < 0 else code - 128
    if code < 0 or 128 < code < 160:
        name = _signal_name(number)
        if name is not None:
            told = explain_signal(name)
            return Explanation(
                told.headline, told.error_class, f"Exit code {code} ({name})", told.inferred, told.reason
            )
    headline, error_class, inferred = _EXIT_CODES.get(
        code, (f"The process ended with exit code {code} and said nothing else.", ErrorClass.UNKNOWN, False)
    )
    return Explanation(headline, error_class, f"Exit code {code}", inferred, f"exit code {code}")


def _signal_name(number: int) -> str | None:
    try:
        return signal.Signals(number).name
    except ValueError:
        return None
