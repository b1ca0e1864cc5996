"""Every rule about error classes decides its own example, and says with which line."""

from __future__ import annotations

import re
import time

import pytest

from windsock.health.error_class import (
    GUESSES,
    RULES,
    LoggedFailure,
    Rule,
    Said,
    classify,
    classify_line,
    deciding_rule,
)
from windsock.health.model import ErrorClass
from windsock.logs.records import LoggedException, TracebackFrame

LIBRARY = "/usr/lib/python3.12/site-packages/pandas/core/frame.py"


def _said(rule: Rule) -> Said:
    exception_type, _, message = rule.example.partition(": ")
    if not message or not re.fullmatch(r"[A-Z]\w+", exception_type):
        return Said("", rule.example)
    return Said(exception_type, message, (LIBRARY,) if rule.file else ())


@pytest.mark.parametrize("rule", RULES + GUESSES, ids=lambda rule: rule.example)
def test_each_rule_is_the_one_that_decides_its_example(rule: Rule) -> None:
    assert deciding_rule(_said(rule)) is rule


@pytest.mark.parametrize("rule", RULES + GUESSES, ids=lambda rule: rule.example)
def test_a_rule_gives_its_class_with_the_line_as_evidence(rule: Rule) -> None:
    said = _said(rule)
    frames = tuple(TracebackFrame(file, 1, "f", None) for file in said.files)
    failure = (
        LoggedFailure((LoggedException(said.type, said.message, frames),))
        if said.type
        else LoggedFailure(deciding_line=said.message)
    )
    found = classify(failure)
    assert found.error_class is rule.error_class
    assert found.evidence == rule.example


def test_the_innermost_exception_decides_before_the_others() -> None:
    chain = (
        LoggedException("ValueError", "price list is unreadable"),
        LoggedException("OperationalError", "connection refused", is_cause=True),
    )
    found = classify(LoggedFailure(chain))
    assert found.error_class is ErrorClass.INFRASTRUCTURE
    assert found.evidence == "OperationalError: connection refused"
    assert found.decided_by == 0


def test_a_precise_rule_on_an_outer_exception_comes_before_a_guess_on_the_innermost() -> None:
    chain = (
        LoggedException("OperationalError", "connection refused"),
        LoggedException("KeyError", "'orders'"),
    )
    found = classify(LoggedFailure(chain))
    assert found.error_class is ErrorClass.INFRASTRUCTURE
    assert found.decided_by == 1


def test_the_output_of_a_program_decides_before_its_exit_code() -> None:
    wrapper = (LoggedException("AirflowException", "Bash command failed. Non-zero exit code 1."),)
    line = "psql: error: could not translate host name"
    found = classify(LoggedFailure(wrapper, line, in_output=True))
    assert found.error_class is ErrorClass.INFRASTRUCTURE
    assert found.evidence == line


def test_an_exit_code_decides_when_the_output_says_nothing() -> None:
    wrapper = (LoggedException("AirflowException", "The command returned a non-zero exit code 137."),)
    found = classify(LoggedFailure(wrapper, "loading part 17", in_output=True))
    assert found.error_class is ErrorClass.KILLED
    assert "137" in found.evidence


def test_what_no_rule_knows_is_unknown_and_still_shows_its_line() -> None:
    found = classify_line("the moon is full")
    assert found.error_class is ErrorClass.UNKNOWN
    assert found.evidence == "the moon is full"
    assert found.decided_by is None


@pytest.mark.parametrize(
    ("line", "error_class"),
    [
        ("ValueError: 500 rows processed, 3 invalid", ErrorClass.DATA),
        ("RuntimeError: 503 Kunden ohne Id", ErrorClass.UNKNOWN),
        ("503 Server Error: Service Unavailable", ErrorClass.INFRASTRUCTURE),
        ("exit code 9", ErrorClass.UNKNOWN),
        ("exit code -9", ErrorClass.KILLED),
        ("RuntimeError: quotation missing", ErrorClass.UNKNOWN),
        ("RuntimeError: user 4711 does not exist", ErrorClass.UNKNOWN),
        ("AttributeError: 'Connection' object has no attribute 'closed'", ErrorClass.CODE),
        ("TypeError: connect() got an unexpected keyword argument 'timeout'", ErrorClass.CODE),
        ("KeyError: 'timeout'", ErrorClass.CODE),
    ],
)
def test_counts_and_names_are_not_taken_for_codes_and_causes(line: str, error_class: ErrorClass) -> None:
    assert classify_line(line).error_class is error_class


def test_a_failure_that_says_nothing_at_all_is_unknown() -> None:
    assert classify(LoggedFailure()).error_class is ErrorClass.UNKNOWN


def test_the_evidence_is_one_short_line() -> None:
    chain = (LoggedException("ValueError", "first\nsecond" + "x" * 5_000),)
    assert classify(LoggedFailure(chain)).evidence == "ValueError: first"
    chain = (LoggedException("ValueError", "x" * 5_000),)
    assert len(classify(LoggedFailure(chain)).evidence) <= 300


def test_the_text_beyond_the_bound_costs_nothing() -> None:
    text = "connection to a " * 60_000
    started = time.perf_counter()
    classify_line(text)
    assert time.perf_counter() - started < 0.5
