"""What the queries of this package return: plain, immutable values, one class per kind of row.

Every time is UTC and aware; every duration is in seconds. A field's name is the column's, except where a
unit is added. Nothing here knows SQL or Airflow, so that tests and pure functions can make these by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class DagRow:
    """One Dag, from ``dag``, ``dag_tag`` and ``dag_owner_attributes``."""

    dag_id: str
    dag_display_name: str
    is_paused: bool
    is_stale: bool
    fileloc: str | None
    relative_fileloc: str | None
    """The Dag's file inside its bundle; None for Dags from before bundles."""
    bundle_name: str | None
    owners: tuple[str, ...]
    owner_links: tuple[tuple[str, str], ...]
    """Pairs of owner and the link that the Dag's author gave for that owner."""
    tags: tuple[str, ...]
    timetable_summary: str | None
    timetable_description: str | None
    next_dagrun_create_after: datetime | None
    """When the scheduler should make the next run; None without a schedule, and on Airflow 3.1 also at
    ``max_active_runs``."""
    max_active_runs: int | None
    max_consecutive_failed_dag_runs: int
    """After how many failed runs in a row Airflow pauses the Dag; 0 means never."""
    has_import_errors: bool
    description: str | None
    asset_scheduled: bool
    """True when runs come from assets (the Dag has an asset expression)."""


class RunRow(NamedTuple):
    """One Dag run, from ``dag_run``.

    A named tuple where the others are dataclasses: the fleet has 25 per Dag, and these are made fifteen times
    faster.
    """

    id: int
    dag_id: str
    run_id: str
    run_type: str
    state: str
    run_after: datetime
    queued_at: datetime | None
    start_date: datetime | None
    end_date: datetime | None
    clear_number: int
    first_failed_try_end: datetime | None
    """Earliest end of a failed try in ``task_instance_history``; looked up only where ``clear_number``
    > 0."""
    backfill_id: int | None
    logical_date: datetime | None
    """For display only; null for asset-triggered runs, so never an order."""
    partition_key: str | None
    """Airflow 3.2 and later; None before."""
    created_dag_version_id: str | None


@dataclass(frozen=True, slots=True)
class RunDetailRow:
    """What one run's own page shows beyond :class:`RunRow`, from ``dag_run``."""

    run: RunRow
    triggered_by: str | None
    triggering_user_name: str | None
    data_interval_start: datetime | None
    data_interval_end: datetime | None
    bundle_version: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """A bounded page of one Dag's runs, newest first."""

    runs: tuple[RunRow, ...]
    older: bool
    """True when runs older than the last one of this page exist."""


@dataclass(frozen=True, slots=True)
class TaskInstanceRow:
    """One task instance (its current or last try), from ``task_instance``."""

    id: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    """-1 for a task that is not mapped."""
    state: str | None
    """None: not yet scheduled."""
    try_number: int
    max_tries: int
    start_date: datetime | None
    end_date: datetime | None
    queued_dttm: datetime | None
    scheduled_dttm: datetime | None
    duration_s: float | None
    operator: str | None
    hostname: str | None
    pool: str | None
    queue: str | None
    executor: str | None
    dag_version_id: str | None
    rendered_map_index: str | None
    retry_reason: str | None
    """Airflow 3.3 and later; None before."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many instances of one mapped task in one run are in one state."""

    run_id: str
    task_id: str
    state: str | None
    count: int


@dataclass(frozen=True, slots=True)
class TaskInstancesOfRun:
    """The task instances of one run: whole where they are few, folded where a task is mapped widely."""

    instances: tuple[TaskInstanceRow, ...]
    """Every instance of a narrow task; of a wide one only the first of each state that matters."""
    counts: tuple[StateCount, ...]
    """Per task and state, over all instances that were read."""
    at_bound: bool
    """True when the run has more task instances than are counted; ``counts`` are then lower bounds."""


@dataclass(frozen=True, slots=True)
class TryRow:
    """One try of a task instance, from ``task_instance_history`` or, the last one, ``task_instance``."""

    task_instance_id: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int
    state: str | None
    start_date: datetime | None
    end_date: datetime | None
    queued_dttm: datetime | None
    scheduled_dttm: datetime | None
    duration_s: float | None
    operator: str | None
    hostname: str | None
    pool: str | None
    queue: str | None
    executor: str | None
    dag_version_id: str | None
    is_current: bool
    """True for the row of ``task_instance``, the last try."""
    retry_reason: str | None


@dataclass(frozen=True, slots=True)
class TaskStateOfRun:
    """That at least one instance of a task is in a state in a run; mapped instances share one row per
    state."""

    dag_id: str
    run_id: str
    task_id: str
    state: str | None


@dataclass(frozen=True, slots=True)
class DagVersionRow:
    """One version of a Dag, from ``dag_version``."""

    id: str
    dag_id: str
    version_number: int
    bundle_name: str | None
    bundle_version: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DagGraph:
    """The tasks of one Dag version and the edges between them, from ``serialized_dag``."""

    dag_id: str
    dag_version_id: str
    upstream: dict[str, frozenset[str]]
    """Every task of the version, with the tasks directly before it; not to be changed."""
    dagrun_timeout_s: float | None
    """How long a run may take; None for a Dag without a limit."""


@dataclass(frozen=True, slots=True)
class ImportErrorRow:
    """A file that does not import, from ``import_error``, with the Dags that it used to hold."""

    id: int
    timestamp: datetime | None
    """When Airflow last met the error; not when it began."""
    filename: str
    """Inside its bundle where Airflow records it so, else absolute."""
    bundle_name: str | None
    stacktrace: str
    """At most the last 8,192 characters."""
    dag_ids: tuple[str, ...]
    """Dags whose file this is, stale ones included, by id."""
    paused_dag_ids: tuple[str, ...]
    """Those of ``dag_ids`` that are paused."""
    last_good_parse: datetime | None
    """The newest moment at which one of these Dags was parsed: when the file was last good."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One record of Airflow's audit log, from ``log``."""

    id: int
    dttm: datetime
    event: str
    dag_id: str | None
    run_id: str | None
    task_id: str | None
    map_index: int | None
    owner: str | None
    owner_display_name: str | None
    extra: str | None
    try_number: int | None = None
    """Of which try it speaks; what people do through the API does not say."""


@dataclass(frozen=True, slots=True)
class PauseRecord:
    """The newest record of a Dag's being paused or unpaused, from ``log``."""

    dag_id: str
    dttm: datetime
    paused: bool | None
    """What the record says the Dag became; None when it does not say."""
    by_airflow: bool
    """True when the scheduler paused the Dag after too many failed runs."""
    owner: str | None
    owner_display_name: str | None


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """One task as one version of its Dag defines it, from ``serialized_dag``.

    Only what Airflow serializes: of an operator's arguments its template fields, before they are rendered.
    """

    dag_version_id: str
    task_id: str
    operator: str | None
    """The operator's class, e.g. ``PythonVirtualenvOperator``."""
    operator_name: str | None
    """What Airflow shows as the operator, e.g. ``@task.virtualenv``; None where it is the class."""
    module: str | None
    """The module of the operator's class."""
    mapped: bool
    template_fields: tuple[str, ...]
    """The names of the fields that are rendered, whether or not they have a value."""
    fields: dict[str, object]
    """Template fields that have a value, by name; of a mapped task those that all instances share."""
    params: dict[str, object]
    """The defaults of the Dag's and the task's params, by name."""
    upstream: frozenset[str]
    """The tasks directly before it."""


@dataclass(frozen=True, slots=True)
class SuccessSearch:
    """The newest earlier run in which a task succeeded."""

    run: RunRow | None
    """None when it succeeded in none of the runs that were searched."""
    searched_runs: int
    """How many earlier runs were looked at, the newest ones."""


@dataclass(frozen=True, slots=True)
class TaskInRun:
    """What Airflow keeps of how one task ran in one run."""

    detail: RunDetailRow
    instance: TaskInstanceRow
    conf: dict[str, object] | None
    """The run's configuration, as it was given: not masked by Airflow."""
    version: DagVersionRow | None
    rendered_fields: dict[str, object] | None
    """Masked and shortened by Airflow when it stored them; None when it has none (any more)."""
    definition: TaskDefinition | None
    upstream_s: dict[str, float]
    """Run time of the tasks directly before it, in seconds; of a mapped one its longest instance."""
