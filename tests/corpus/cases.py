"""What a failure of the corpus is described with, before it is raised or as it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Raised:
    """User code that fails when it is run, with the library that it uses."""

    id: str
    group: str
    """What a person would call the failure; equal for failures that the person would put together."""
    error_class: str
    source: str
    """The code of a Dag's file; its last statement calls what fails. Names in ``values`` are defined."""
    file: str = "/opt/airflow/dags/orders/load.py"
    """Where the worker has it."""
    values: Mapping[str, Any] = field(default_factory=dict)
    http: Mapping[str, Any] | None = None
    """What a web server answers: ``status``, ``body``, ``headers``, or ``hang``."""
    lines_above: int = 0
    """How many lines stand above the code, so that line numbers differ."""


@dataclass(frozen=True)
class Written:
    """A failure that no library raises here: the output of a program, a signal, facts without a log."""

    id: str
    group: str
    error_class: str
    chain: Sequence[tuple[str, str, Sequence[tuple[str, str]]]] = ()
    """Type, message and frames (file, function), the exception that was raised first."""
    line: str | None = None
    """The line that a log reader decides for."""
    in_output: bool = False
    """Whether that line stands in the output of a program that the operator ran."""
    facts: Mapping[str, Any] | None = None
    """For a failure without a log: what Airflow recorded."""
