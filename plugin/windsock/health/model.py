"""The facts that the judgements of this package are made from, and the words that they are given in.

The protocols say which attributes a value must have; the rows that Windsock reads from Airflow's metadata
database have them. All times are aware and in UTC.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final, Protocol

SUCCESS: Final = "success"
FAILED: Final = "failed"
QUEUED: Final = "queued"
RUNNING: Final = "running"
UP_FOR_RETRY: Final = "up_for_retry"
UPSTREAM_FAILED: Final = "upstream_failed"
SKIPPED: Final = "skipped"
REMOVED: Final = "removed"
BACKFILL: Final = "backfill"


class RunFacts(Protocol):
    """A Dag run, as Airflow's table ``dag_run`` has it now."""

    @property
    def id(self) -> int:
        """Airflow's number of the run; decides between runs with the same ``run_after``."""

    @property
    def dag_id(self) -> str: ...

    @property
    def run_id(self) -> str: ...

    @property
    def run_type(self) -> str:
        """An open set: newer Airflow versions add types."""

    @property
    def state(self) -> str:
        """``queued``, ``running``, ``success`` or ``failed``."""

    @property
    def run_after(self) -> datetime:
        """The moment from which the run may start; the order of runs is made of it."""

    @property
    def queued_at(self) -> datetime | None: ...

    @property
    def start_date(self) -> datetime | None:
        """Emptied when the run is cleared."""

    @property
    def end_date(self) -> datetime | None:
        """Emptied when the run is cleared."""

    @property
    def clear_number(self) -> int:
        """How often the run was cleared."""

    @property
    def first_failed_try_end(self) -> datetime | None:
        """The earliest end of a failed try in ``task_instance_history``.

        Looked at only where ``clear_number`` is above 0. There it is None exactly when the history holds no
        failed try: a failed try without a recorded end is given with its start.
        """

    @property
    def backfill_id(self) -> int | None:
        """Set when a backfill made the run or took it over."""


class TaskStateFacts(Protocol):
    """The state of one task instance: as much of it as streaks, warnings and causes need."""

    @property
    def run_id(self) -> str: ...

    @property
    def task_id(self) -> str: ...

    @property
    def state(self) -> str | None:
        """None while the task instance is not scheduled yet."""


class TaskInstanceFacts(TaskStateFacts, Protocol):
    """A task instance, as Airflow's table ``task_instance`` has it now."""

    @property
    def id(self) -> str: ...

    @property
    def dag_id(self) -> str: ...

    @property
    def map_index(self) -> int:
        """-1 for a task that is not mapped."""

    @property
    def try_number(self) -> int: ...

    @property
    def max_tries(self) -> int: ...

    @property
    def start_date(self) -> datetime | None: ...

    @property
    def end_date(self) -> datetime | None: ...

    @property
    def duration_s(self) -> float | None:
        """Run time in seconds, without the time in a queue."""


class Health(str, Enum):
    """Health of a Dag, worst first."""

    FAILING = "failing"
    WARNING = "warning"
    OK = "ok"
    UNKNOWN = "unknown"


class ErrorClass(str, Enum):
    """What kind of failure an error looks like."""

    INFRASTRUCTURE = "infrastructure"
    """A network, host, database, store, service or quota out of reach, refusing or denying."""
    DEPENDENCY = "dependency"
    """A package, module, provider, connection or variable missing or clashing."""
    DATA = "data"
    """Content, schema, contract, a missing file or partition."""
    CODE = "code"
    """A fault in the user's own code."""
    TIMEOUT = "timeout"
    KILLED = "killed"
    """Memory, signal, heartbeat lost, node gone."""
    UNKNOWN = "unknown"
