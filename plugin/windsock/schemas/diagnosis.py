"""What changed since a task last succeeded, and how it is isolated."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from windsock.schemas.common import Answer, RunRef

ChangeName = Literal[
    "version", "field", "conf", "param", "host", "queue", "pool", "executor", "operator", "upstream",
    "retry_reason", "run_type", "triggered_by",
]  # fmt: skip


class VersionRef(Answer):
    """One version of a Dag."""

    id: str
    number: int = Field(description="As Airflow shows it, counted from 1")
    bundle_name: str | None = None
    bundle_version: str | None = Field(
        default=None, description="E.g. a commit; null for bundles without one"
    )
    created_at: datetime = Field(description="UTC")


class Change(Answer):
    """One thing that differs from the last success."""

    kind: ChangeName
    what: str = Field(
        description="The thing's name; of nested values the path, like op_kwargs.table or requirements[0]; "
        "for upstream the task id"
    )
    before: str | None = Field(
        default=None, description="Null: not there. Long values are cut around the change"
    )
    after: str | None = Field(default=None, description="Null: not there any more")
    before_s: float | None = Field(default=None, description="For upstream: run time then, seconds")
    after_s: float | None = Field(default=None, description="For upstream: run time now, seconds")


class Changes(Answer):
    """What changed since the last success of a task before a run."""

    dag_id: str
    run: RunRef
    task_id: str
    map_index: int = Field(description="Of the instance that was compared; -1 when not mapped")
    last_success: RunRef | None = Field(
        default=None,
        description="The newest earlier run, by run_after, in which this task (of a mapped one the same map "
        "index) succeeded",
    )
    searched_runs: int = Field(description="How many earlier runs were searched, at most 100")
    version_before: VersionRef | None = None
    version_after: VersionRef | None = None
    fields_state: Literal["kept", "dropped", "none"] = Field(
        description="kept: rendered fields of both were compared; dropped: Airflow has dropped those of one; "
        "none: one never started or its operator renders nothing"
    )
    fields_note: str | None = Field(
        default=None, description="In words: why rendered fields were not compared"
    )
    params_state: Literal["kept", "dropped", "forbidden"] = Field(
        description="kept: the defaults of params of both Dag versions were compared; dropped: Airflow no longer "
        "has one of them; forbidden: the caller may not read how tasks are defined"
    )
    changes: list[Change] = Field(description="Most telling first; empty also when there is no last success")
    left_out: int = Field(description="Further changes that are not listed")


IsolationName = Literal["none", "virtualenv", "external_python", "kubernetes", "docker"]


class Requirement(Answer):
    """One requirement of a task's own environment."""

    text: str = Field(description="As given, credentials hidden")
    name: str | None = Field(default=None, description="Null where it cannot be told")
    pinning: Literal["pinned", "unpinned", "unknown"] = Field(
        description="unpinned: what is installed can change from one run to the next; unknown: a template or a path"
    )
    airflow_has: str | None = Field(
        default=None,
        description="The version of the package that is installed with this API server's Airflow",
    )
    clash: bool = Field(description="Whether that version is not one that the task asks for")


class IsolationGuide(Answer):
    """What one kind of isolation is for."""

    kind: IsolationName
    right_when: str


class Isolation(Answer):
    """How a task is kept apart from Airflow's own packages, as far as Airflow keeps it."""

    dag_id: str
    run_id: str
    task_id: str
    kind: IsolationName
    evidence: str = Field(description="The operator that made us say so")
    definition_kept: bool = Field(
        description="False: Airflow no longer has this version of the Dag, so only the operator's name is known"
    )
    executor: str | None = None
    python: str | None = Field(default=None, description="The Python that is run, for an external one")
    python_version: str | None = Field(default=None, description="As far as its path names it")
    python_note: str | None = Field(default=None, description="Why the Python or its version is not known")
    requirements_state: Literal["kept", "none", "elsewhere", "not_kept"] = Field(
        description="elsewhere: in a file that Airflow does not keep; not_kept: made outside Airflow"
    )
    requirements: list[Requirement]
    options: list[str] = Field(description="Options of the installer and package indexes, credentials hidden")
    unpinned: int = Field(description="How many requirements are not pinned")
    clashes: int = Field(description="How many ask for another version than Airflow's")
    cached: bool | None = Field(
        default=None, description="Whether a virtualenv is kept between runs; null where there is none"
    )
    cache_path: str | None = None
    image: str | None = None
    namespace: str | None = None
    notes: list[str] = Field(description="What to know or do, most important first")
    guide: list[IsolationGuide] = Field(description="Which kind of isolation is right for what")
