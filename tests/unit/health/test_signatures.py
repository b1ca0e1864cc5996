"""What changes a signature and what does not."""

from __future__ import annotations

import re
import time
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.logs.samples import InMemoryLog, exception, failed, log_bytes
from windsock.health.error_class import LoggedFailure
from windsock.health.explain import EndFacts, explain
from windsock.health.model import ErrorClass
from windsock.health.signatures import VERSION, Signature, module_of, sign, sign_explanation
from windsock.health.templating import PARTS, Part, place_in, template
from windsock.logs.ending import find_ending
from windsock.logs.records import LoggedException, TracebackFrame

DAG = "/opt/airflow/dags/orders/load.py"
LIBRARY = "/usr/local/lib/python3.12/site-packages/requests/api.py"


def _frames(*places: tuple[str, str], lines: int = 10) -> tuple[TracebackFrame, ...]:
    return tuple(
        TracebackFrame(file, lines + at, function, None) for at, (file, function) in enumerate(places)
    )


def _signed(
    *chain: LoggedException, line: str | None = None, in_output: bool = False, **more: str
) -> Signature:
    found = sign(LoggedFailure(chain, line, in_output), **more)
    assert found is not None
    return found


def _value(*chain: LoggedException, line: str | None = None, in_output: bool = False) -> str:
    return _signed(*chain, line=line, in_output=in_output).value


def _refused(host: str = "dwh-1.acme.example", port: int = 5439, function: str = "load") -> LoggedException:
    words = f'connection to server at "{host}", port {port} failed: Connection refused'
    return LoggedException("OperationalError", words, _frames((DAG, function)))


def test_a_signature_carries_its_version() -> None:
    assert re.fullmatch(rf"{VERSION}:[0-9a-f]{{20}}", _value(_refused()))
    assert VERSION == "1"


def test_the_algorithm_of_this_version_has_not_changed() -> None:
    """Whoever changes one of these raises the version."""
    assert _value(_refused()) == "1:d01e8459b88e9b907e95"
    assert _value(LoggedException("TypeError", "no", _frames((DAG, "load")))) == "1:d157372e0d37af60bbdf"
    assert _value(line="rclone: command not found") == "1:4cfd9a04f75456826b6e"


def test_one_warehouse_that_refuses_is_one_failure_whoever_meets_it() -> None:
    assert _value(_refused(function="load")) == _value(_refused(function="export"))


@pytest.mark.parametrize(
    "other",
    [_refused(host="dwh-2.acme.example"), _refused(port=5440)],
)
def test_another_host_or_port_is_another_failure(other: LoggedException) -> None:
    assert _value(_refused()) != _value(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "503 Server Error: x for url: http://a.example/v1",
            "502 Server Error: x for url: http://a.example/v1",
        ),
        (
            "503 Server Error: x for url: http://a.example/v1",
            "503 Server Error: x for url: http://a.example/v2",
        ),
        ('FATAL: database "a" does not exist', 'FATAL: database "b" does not exist'),
        ("access denied to bucket 'lake-raw'", "access denied to bucket 'lake-gold'"),
        ("connection lost, SQLSTATE: 08006", "connection lost, SQLSTATE: 08001"),
        ("Permission denied: '/mnt/a/x'", "Permission denied: '/mnt/b/x'"),
        ("No module named 'a'", "No module named 'b'"),
        ("killed, exit code 137", "killed, exit code 139"),
    ],
)
def test_another_place_or_code_is_another_failure(one: str, other: str) -> None:
    assert _value(LoggedException("OSError", one)) != _value(LoggedException("OSError", other))


def test_a_bare_refusal_is_told_by_the_place_that_the_exception_around_it_names() -> None:
    def failure(host: str, query: str) -> tuple[LoggedException, LoggedException]:
        return (
            LoggedException(
                "ConnectionError", f"HTTPPool(host='{host}', port=443): refused, url: /a?{query}"
            ),
            LoggedException("ConnectionRefusedError", "[Errno 111] Connection refused", is_cause=True),
        )

    assert _value(*failure("a.example", "1")) == _value(*failure("a.example", "2"))
    assert _value(*failure("a.example", "1")) != _value(*failure("b.example", "1"))
    assert _signed(*failure("a.example", "1")).title.endswith("Connection refused (a.example:443)")


def test_an_exception_that_was_merely_being_handled_is_no_root() -> None:
    handled = LoggedException("KeyError", "'orders'")
    assert _value(_refused(), handled) == _value(_refused())


def test_the_cause_that_somebody_named_is_the_root() -> None:
    outer = LoggedException("LoadError", "orders", _frames((DAG, "load")))
    cause = LoggedException("OperationalError", "connection to a.example:5432 refused", is_cause=True)
    assert _value(outer, cause) == _value(cause)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_line_numbers_change_nothing(one: int, other: int) -> None:
    def failure(lines: int) -> LoggedException:
        return LoggedException("TypeError", "x", _frames((DAG, "load"), (DAG, "parse"), lines=lines))

    assert _value(failure(one)) == _value(failure(other))


@given(st.text(max_size=60), st.text(max_size=60))
def test_of_data_and_code_the_message_changes_nothing(one: str, other: str) -> None:
    def failure(words: str) -> LoggedException:
        return LoggedException("ZeroDivisionError", f"x {words}", _frames((DAG, "load")))

    signatures = [_signed(failure(words)) for words in (one, other)]
    if {found.error_class for found in signatures} == {ErrorClass.CODE}:
        assert signatures[0].value == signatures[1].value


@given(st.uuids(), st.uuids(), st.datetimes(), st.datetimes(), st.integers(0, 10**9), st.integers(0, 10**9))
def test_variable_parts_change_nothing(
    one: UUID, other: UUID, day: datetime, other_day: datetime, count: int, other_count: int
) -> None:
    def failure(key: UUID, moment: datetime, number: int) -> LoggedException:
        date = f"20{moment.year % 100:02}-{moment.month:02}-{moment.day:02}"
        return LoggedException(
            "OperationalError",
            f"connection to dwh-1.acme.example:5439 lost after {number} rows at {date}T{moment:%H:%M:%S}Z,"
            f" request id {key}, object at {hex(number)}, part {number / 7}, e-mail a{number}@acme.example",
        )

    assert _value(failure(one, day, count)) == _value(failure(other, other_day, other_count))


@given(st.permutations(["a.example", "b.example", "c.example"]))
def test_the_order_in_a_group_of_exceptions_changes_nothing(hosts: list[str]) -> None:
    members = tuple((LoggedException("ConnectionRefusedError", f"{host}:9092 refused"),) for host in hosts)
    group = LoggedException("ExceptionGroup", "unhandled errors (3 sub-exceptions)", members=members)
    expected = LoggedException("ConnectionRefusedError", "a.example:9092 refused")
    assert _value(group) == _value(expected)


@given(st.integers(1, 60), st.integers(1, 60))
def test_the_depth_of_a_recursion_changes_nothing(one: int, other: int) -> None:
    def failure(depth: int) -> LoggedException:
        return LoggedException("KeyError", "x", _frames((DAG, "load"), *[(DAG, "descend")] * depth))

    assert _value(failure(one)) == _value(failure(other))


def test_another_function_or_file_or_type_is_another_failure() -> None:
    failures = [
        LoggedException("KeyError", "x", _frames((DAG, "load"))),
        LoggedException("KeyError", "x", _frames((DAG, "store"))),
        LoggedException("KeyError", "x", _frames((DAG.replace("orders", "returns"), "load"))),
        LoggedException("IndexError", "x", _frames((DAG, "load"))),
    ]
    assert len({_value(failure) for failure in failures}) == len(failures)


def test_frames_of_libraries_change_nothing() -> None:
    with_library = LoggedException("KeyError", "x", _frames((DAG, "load"), (LIBRARY, "get")))
    assert _value(with_library) == _value(LoggedException("KeyError", "x", _frames((DAG, "load"))))


def test_the_types_of_the_whole_chain_tell_failures_of_data_apart() -> None:
    inner = LoggedException("ValueError", "x", _frames((DAG, "parse")), is_cause=True)
    one = LoggedException("Rejected", "x", _frames((DAG, "load")))
    other = LoggedException("Incomplete", "x", _frames((DAG, "load")))
    assert _value(one, inner) != _value(other, inner)


def test_without_own_frames_the_message_tells() -> None:
    one = LoggedException("KeyError", "'amount'", _frames((LIBRARY, "get")))
    other = LoggedException("KeyError", "'price'", _frames((LIBRARY, "get")))
    assert _value(one) != _value(other)


def test_a_package_of_the_users_own_counts() -> None:
    file = "/usr/lib/python3.12/site-packages/acme/load.py"
    one = LoggedFailure((LoggedException("KeyError", "'a'", _frames((file, "load"))),))
    other = LoggedFailure((LoggedException("KeyError", "'b'", _frames((file, "load"))),))
    assert sign(one) != sign(other)
    own = ("acme",)
    assert sign(one, own_packages=own).value == sign(other, own_packages=own).value  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("/opt/airflow/dags/orders/load.py", "orders/load.py"),
        ("/usr/local/airflow/dags/orders/load.py", "orders/load.py"),
        ("/var/bundles/etl/versions/3f786850e387550fdab836ed7e6dc881de23001b/dags/a.py", "a.py"),
        ("/var/bundles/etl/versions/3f786850e387550fdab836ed7e6dc881de23001b/etl/a.py", "etl/a.py"),
        ("/var/bundles/etl/tracking_repo/etl/a.py", "etl/a.py"),
        ("/usr/lib/python3.12/site-packages/acme/load.py", "acme/load.py"),
        ("C:\\airflow\\dags\\load.py", "load.py"),
        ("/srv/etl/pipelines/common/db.py", "pipelines/common/db.py"),
        ("load.py", "load.py"),
    ],
)
def test_a_module_is_the_same_on_every_worker(file: str, module: str) -> None:
    assert module_of(file) == module


def test_a_wrapper_is_no_root() -> None:
    wrapper = LoggedException(
        "AirflowException", "Bash command failed. Non-zero exit code 1.", _frames((DAG, "run"))
    )
    lines = ["line 3: rclone: command not found", "line 9: rclone: command not found"]
    one, other = (_signed(wrapper, line=line, in_output=True) for line in lines)
    assert one.value == other.value
    assert "rclone" in one.title
    assert one.value != _value(wrapper, line="line 3: jq: command not found", in_output=True)


def test_an_exception_in_the_output_of_a_program_is_the_same_failure_as_in_the_task() -> None:
    line = "ModuleNotFoundError: No module named 'geoip2'"
    raised = LoggedException("ModuleNotFoundError", "No module named 'geoip2'", _frames((DAG, "load")))
    assert _value(raised) == _value(line=line) == _value(LoggedException("E", "x"), line=line, in_output=True)


def test_the_same_refusal_in_two_logs_is_one_failure_from_their_first_byte() -> None:
    """Through the reading of logs: a task that raised, and another one with other frames and another path."""

    def signed(file: str, function: str) -> Signature:
        words = "could not connect to warehouse dwh-1.internal:5439: Connection refused"
        frames = [(LIBRARY, 3, "run"), (file, 17, function)]
        found = find_ending(
            InMemoryLog(log_bytes([failed(exception("ConnectionError", words, frames=frames))]))
        )
        assert found is not None
        return _signed(*found.chain)

    one = signed(DAG, "load")
    assert one == signed("/usr/local/airflow/dags/revenue.py", "refresh")
    assert one.error_class is ErrorClass.INFRASTRUCTURE
    assert (
        one.title == "ConnectionError: could not connect to warehouse dwh-1.internal:5439: Connection refused"
    )


def test_nothing_in_the_log_gives_no_signature() -> None:
    assert sign(LoggedFailure()) is None


def test_the_recorded_reason_signs_a_failure_without_a_log() -> None:
    explained = [
        explain(EndFacts(state="failed", signal=name, started=True))
        for name in ("SIGKILL", "SIGKILL", "SIGSEGV")
    ]
    signed = [sign_explanation(found) for found in explained if found is not None]
    assert signed[0] == signed[1]
    assert signed[0] != signed[2]
    skipped = explain(EndFacts(state="skipped"))
    assert skipped is not None
    assert sign_explanation(skipped) is None


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_each_part_of_a_message_is_replaced_or_kept_as_its_row_says(part: Part) -> None:
    assert template(part.example) == part.template


def test_what_libraries_add_for_the_reader_is_left_out() -> None:
    words = "(psycopg2.OperationalError) server closed"
    added = "\n[SQL: select 4711]\n[parameters: (1, 2)]\n(Background on this error at: https://sqlalche.me/e/20/e3q8)"
    assert template(words + added) == template(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "/lake/orders/dt=2026-11-01/hour=04/part-7.parquet",
            "/lake/orders/dt=2026-11-02/hour=17/part-12.parquet",
        ),
        (
            "s3://lake/a/part-00017-3f786850-e387-550f-dab8-36ed7e6dc881.c000.parquet",
            "s3://lake/a/part-00001-8f14e45f-ceea-467f-a0e6-0a1b2c3d4e5f.c000.parquet",
        ),
        ("/in/orders_2026-11-01T04-00.csv", "/in/orders_2026-11-03T16-30.csv"),
        ("table stage_20261101 of job_4711_3f786850e387", "table stage_20261102 of job_4711_8f14e45fceea"),
        ("https://a.example/pods/orders-7xk2p9qz/log", "https://a.example/pods/orders-q81mzc4d/log"),
    ],
)
def test_dates_numbers_and_hashes_inside_names_are_variable(one: str, other: str) -> None:
    assert template(one) == template(other)


def test_a_host_with_two_addresses_says_the_same_of_both_once() -> None:
    words = 'connection to server at "dwh-1"{}, port 5432 failed: Connection refused'
    assert template(f"{words.format(' (::1)')}\n{words.format(' (127.0.0.1)')}\n") == words.format("")


def test_a_template_is_its_own_template_for_lines_of_the_same_words() -> None:
    assert template("a\nb\na\n\n  b ") == "a b"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("HTTPSConnectionPool(host='api.example', port=443): Max retries exceeded", "api.example:443"),
        (
            'Could not connect to the endpoint URL: "http://s3.example:9000/a/b?x=1"',
            "http://s3.example:9000/a/b",
        ),
        ("Can't connect to MySQL server on 'db-1.example' (111)", "db-1.example"),
        ('server at "dwh" (10.0.0.1), port 5432 failed', "dwh:5432"),
        ("Connect call failed ('127.0.0.1', 9092)", "127.0.0.1:9092"),
        ("gateway MQ-1.example:5672 is gone", "mq-1.example:5672"),
        ("nothing here", None),
    ],
)
def test_the_place_that_a_message_names(text: str, place: str | None) -> None:
    assert place_in(text) == place


@given(st.text())
def test_any_text_can_be_signed(text: str) -> None:
    chain = (LoggedException(text, text, (TracebackFrame(text or "?", None, text, None),)),)
    found = _signed(*chain)
    assert len(found.title) <= 160
    assert "\n" not in found.title


HOSTILE = [
    "a", "1", "/", "-", "'", '"', "`", "a.", "1.", "(:", "::", "request id ", "request id a", "host='", "http://",
    "http://a@", "Command '[", "'[' ", " ", "\t", "٣", "a-", "a@", "@", "0", "0a", "x" * 63 + ".", "pod a", "port ",
    "status code ", "table ", 'table "', "object x ", "connection to a ", "columns ", "requires ", "variable ",
    "deadline ", "2026-", "20", "Mon, ", "\n", "\n ", "LINE 1:", "^", "[Errno ", "exit code ", "remote_pod: ",
    "remote_pod: 'reason': '", "'reason': '", "Error.", "A.B", "\x1b[", "key=", "from a/1.1.", "(1.1.1.1", "中", "%",
    "database ", "warehouse ", "no provider ", "has requirement ", "Executor x finished with state ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_message_takes_long(piece: str) -> None:
    """The work is bounded: a message of a megabyte costs no more than one at the bound, whatever is in it."""
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    chain = (LoggedException("Error", text), LoggedException(text, text, is_cause=True))
    best = 1.0
    for _ in range(3):
        started = time.perf_counter()
        _value(*chain)
        _value(line=text)
        best = min(best, time.perf_counter() - started)
    assert best < 0.1


def test_a_signature_takes_less_than_a_millisecond() -> None:
    words = 'connection to server at "dwh-1.acme.example" (10.0.0.1), port 5439 failed: Connection refused\n\tIs it up?'
    chain = [LoggedException("OperationalError", words, _frames((DAG, "load"), *[(LIBRARY, "get")] * 20))] * 3
    failure = LoggedFailure(chain)
    best = 1.0
    for _ in range(20):
        started = time.perf_counter()
        sign(failure)
        best = min(best, time.perf_counter() - started)
    assert best < 0.003
