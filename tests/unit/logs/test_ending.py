"""Which error ended a try."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.logs.samples import (
    PRINTED_CHAIN,
    InMemoryLog,
    LogLine,
    exception,
    failed,
    line,
    log_bytes,
    printed,
    started,
)
from windsock.logs.ending import Ending, find_ending, root_of

DOCS = (
    " For more information, see https://airflow.apache.org/docs/apache-airflow/stable/troubleshooting.html."
)


def ending(*lines: LogLine | str) -> Ending | None:
    return find_ending(InMemoryLog(log_bytes(lines)))


def root(found: Ending | None) -> tuple[str, str] | None:
    exception_found = root_of(found.chain) if found is not None else None
    return (exception_found.type, exception_found.message) if exception_found is not None else None


def test_the_innermost_exception_of_the_chain_is_the_root() -> None:
    found = ending(
        *started(),
        failed(
            exception("LoadError", "could not load"), exception("ConnectionError", "refused", is_cause=True)
        ),
        line("::group::Post Execute"),
        line("::endgroup::"),
    )
    assert root(found) == ("ConnectionError", "refused")
    assert found is not None
    assert found.certain


def test_an_error_that_was_logged_before_is_not_the_one_that_ended_the_task() -> None:
    found = ending(
        *started(),
        line("first attempt failed", "error", "user", error_detail=[exception("ConnectionError", "replica")]),
        *printed(PRINTED_CHAIN, "task.stderr", "error"),
        failed(exception("TypeError", "the real one")),
    )
    assert root(found) == ("TypeError", "the real one")


def test_an_error_of_a_callback_after_the_end_is_not_the_one_that_ended_the_task() -> None:
    found = ending(
        *started(),
        failed(exception("TypeError", "the real one")),
        line("Failed to run task callback", "error", error_detail=[exception("KeyError", "slack")]),
        *printed("late output"),
    )
    assert root(found) == ("TypeError", "the real one")


def test_of_a_group_the_root_of_its_first_member_is_the_root() -> None:
    members = [
        [exception("LoadError", "bad 0"), exception("ValueError", "x0")],
        [exception("LoadError", "bad 1")],
    ]
    assert root(ending(failed(exception("ExceptionGroup", "several", members=members)))) == (
        "ValueError",
        "x0",
    )


def test_a_failed_command_is_told_by_the_last_line_of_its_output() -> None:
    found = ending(
        *started(),
        line("Running command: ['bash', '-c', 'psql']"),
        line("Output:"),
        line("one"),
        line("psql: error: no route to host"),
        line(""),
        line("Command exited with return code 7"),
        failed(
            exception("AirflowException", "Bash command failed. The command returned a non-zero exit code 7.")
        ),
    )
    assert found is not None
    assert found.deciding.text == "psql: error: no route to host"
    assert root(found) == (
        "AirflowException",
        "Bash command failed. The command returned a non-zero exit code 7.",
    )


def test_a_failed_command_without_output_is_told_by_its_own_exception() -> None:
    found = ending(
        *started(),
        line("Output:"),
        line("Command exited with return code 7"),
        failed(
            exception("AirflowException", "Bash command failed. The command returned a non-zero exit code 7.")
        ),
    )
    assert found is not None
    assert found.deciding.text == "Task failed with exception"


def test_a_failed_subprocess_is_told_by_the_last_traceback_that_it_printed() -> None:
    earlier = 'Traceback (most recent call last):\n  File "/a.py", line 1, in f\nImportError: a plugin'
    found = ending(
        *started(),
        line("Output:", logger="python_virtualenv"),
        *printed(earlier, "python_virtualenv"),
        *printed(PRINTED_CHAIN, "python_virtualenv"),
        failed(exception("AirflowException", "Process returned non-zero exit status 1.")),
    )
    assert root(found) == ("ConnectionRefusedError", "[Errno 111] refused")
    assert found is not None
    assert found.deciding.text == "orders.errors.LoadError: could not load"


def test_a_failed_subprocess_is_told_by_the_exception_that_it_logged() -> None:
    found = ending(
        *started(),
        line("Output:", logger="python_virtualenv"),
        line("Unhandled exception", "critical", "x", error_detail=[exception("JSONDecodeError", "line 1")]),
        failed(exception("AirflowException", "Process returned non-zero exit status 1.")),
    )
    assert root(found) == ("JSONDecodeError", "line 1")


def test_a_killed_process_is_told_by_the_signal_and_by_nothing_else() -> None:
    found = ending(
        *started(),
        line("tried once", "error", "user", error_detail=[exception("ConnectionError", "replica")]),
        line(f"Process terminated by signal.{DOCS}", "critical", signal=-9, signal_name="SIGKILL"),
    )
    assert found is not None
    assert found.chain == ()
    assert found.record.extra["signal_name"] == "SIGKILL"
    assert found.deciding is found.record


def test_an_exit_is_told_by_what_the_task_said_last_on_its_error_output() -> None:
    found = ending(
        *started(),
        line("Task exited", "error", exit_code=3),
        *printed("exiting: no disk space", "task.stderr", "error"),
    )
    assert found is not None
    assert found.deciding.text == "exiting: no disk space"
    assert found.record.extra["exit_code"] == "3"


def test_an_exit_during_start_up_is_told_by_the_exception_of_the_start_up() -> None:
    found = ending(
        line("::group::Pre Execute"),
        line("Top level error", "error", error_detail=[exception("ImportError", "no module pandas")]),
        line("Process exited abnormally", "warning", exit_code=1),
    )
    assert root(found) == ("ImportError", "no module pandas")


def test_an_error_before_the_tasks_own_code_is_no_error_of_a_task_that_says_nothing() -> None:
    assert ending(*started(), line("working")) is None


def test_without_a_word_about_the_end_the_last_error_is_taken_and_is_not_certain() -> None:
    found = ending(
        *started(),
        line("one", "error", error_detail=[exception("KeyError", "a")]),
        line("two", "error", error_detail=[exception("ValueError", "b")]),
        line("still working"),
    )
    assert root(found) == ("ValueError", "b")
    assert found is not None
    assert not found.certain


@pytest.mark.parametrize("after", ["", "\nall done"])
def test_a_plain_text_log_is_told_by_its_last_traceback(after: str) -> None:
    found = ending("[2026-11-20T10:00:00.000+0000] {a.py:1} ERROR - Task failed", PRINTED_CHAIN + after)
    assert root(found) == ("ConnectionRefusedError", "[Errno 111] refused")
    assert found is not None
    assert [part.type for part in found.chain] == ["orders.errors.LoadError", "ConnectionRefusedError"]


def test_a_traceback_inside_one_message_is_read() -> None:
    found = ending(*started(), line(f"job failed:\n{PRINTED_CHAIN}\nsee the manual", "error", "user"))
    assert root(found) == ("ConnectionRefusedError", "[Errno 111] refused")


def test_a_plain_error_line_is_the_last_resort() -> None:
    found = ending("2026-11-20 10:00:00,123 ERROR disk full", "2026-11-20 10:00:01,123 INFO bye")
    assert found is not None
    assert "disk full" in found.deciding.text


def test_words_that_only_look_like_the_end_do_not_count() -> None:
    found = ending(
        *started(),
        *printed("Task failed with exception"),
        *printed("Process terminated by signal."),
        *printed(json.dumps(failed(exception("FakeError", "printed by the task")))),
        failed(exception("TypeError", "the real one")),
        *printed("Task failed with exception"),
    )
    assert root(found) == ("TypeError", "the real one")


parts = st.sampled_from(
    [
        *started(),
        failed(exception("ValueError", "bad")),
        failed(exception("AirflowException", "non-zero exit code 1")),
        line("Output:"),
        line("Task exited", "error", exit_code=1),
        line("Process exited abnormally", "warning", exit_code=1),
        line("Process terminated by signal.", "error", signal=-15, signal_name="SIGTERM"),
        *printed(PRINTED_CHAIN, "task.stderr", "error"),
        *PRINTED_CHAIN.split("\n"),
        "{broken",
        " ERROR ",
    ]
)


@given(st.lists(parts, max_size=30), st.binary(max_size=50))
def test_no_order_of_lines_raises(lines: list[LogLine | str], noise: bytes) -> None:
    find_ending(InMemoryLog(log_bytes(lines) + noise + log_bytes(lines)))
