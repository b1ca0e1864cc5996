"""What the history needs of a Dag, read from its file: tasks, edges, trigger rules, retries, pools."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True, slots=True)
class TaskShape:
    """One task as its Dag file declares it."""

    task_id: str
    upstream: tuple[str, ...]
    operator: str
    """The class, as Airflow keeps it in `task_instance.operator`."""
    operator_name: str
    """What a person calls it, `@task` for instance."""
    trigger_rule: str
    pool: str
    retries: int
    retry_delay_s: float
    mapped: bool
    owner: str
    weight: int


@dataclass(frozen=True, slots=True)
class DagShape:
    """One Dag as its file declares it, tasks in an order that puts each behind its upstreams."""

    dag_id: str
    cron: str | None
    assets: tuple[str, ...]
    """Names of the assets whose updates start it."""
    tasks: tuple[TaskShape, ...]
    run_timeout_s: float | None
    owner: str

    def task(self, task_id: str) -> TaskShape:
        return next(task for task in self.tasks if task.task_id == task_id)

    @property
    def leaves(self) -> frozenset[str]:
        """Tasks that nothing follows: the state of a run is made of theirs."""
        return frozenset(task.task_id for task in self.tasks) - {
            upstream for task in self.tasks for upstream in task.upstream
        }


@dataclass(frozen=True, slots=True)
class LoadedDag:
    """A Dag object and the module that made it; both are Airflow's or the Dag author's, hence untyped."""

    shape: DagShape
    dag: Any
    module: ModuleType


def load_dags(folder: Path) -> dict[str, LoadedDag]:
    """Import every Dag file of a folder; a file that does not import is left out, as Airflow does.

    Airflow's own parsing follows when the Dags are serialized. This one is for the callables, which the
    history calls to get real tracebacks.
    """
    from airflow.sdk import DAG

    found: dict[str, LoadedDag] = {}
    for path in sorted(folder.glob("*.py")):
        name = f"windsock_demo_dag_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            continue
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except ImportError:
            continue
        # A function with the decorator `dag` names its Dag nowhere else than in what the call returned.
        for dag in _dags_of(module, path, DAG):
            found[dag.dag_id] = LoadedDag(_shape_of(dag), dag, module)
    return found


def _dags_of(module: ModuleType, path: Path, dag_class: type) -> Iterable[Any]:
    named = [value for value in vars(module).values() if isinstance(value, dag_class)]
    if named:
        return named
    factory = getattr(module, path.stem, None)
    return [factory()] if callable(factory) else []


def _shape_of(dag: Any) -> DagShape:
    by_id: Mapping[str, Any] = dag.task_dict
    tasks = tuple(_task_shape(by_id[task_id]) for task_id in _sorted_by_upstream(by_id))
    schedule = dag.schedule
    return DagShape(
        dag_id=dag.dag_id,
        cron=schedule if isinstance(schedule, str) else None,
        assets=tuple(asset.name for asset in schedule) if isinstance(schedule, list) else (),
        tasks=tasks,
        run_timeout_s=dag.dagrun_timeout.total_seconds() if dag.dagrun_timeout else None,
        owner=tasks[0].owner,
    )


def _task_shape(task: Any) -> TaskShape:
    return TaskShape(
        task_id=task.task_id,
        upstream=tuple(sorted(task.upstream_task_ids)),
        operator=task.task_type,
        operator_name=task.operator_name,
        trigger_rule=str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        pool=task.pool,
        retries=int(task.retries or 0),
        retry_delay_s=task.retry_delay.total_seconds(),
        mapped=bool(task.is_mapped),
        owner=task.owner,
        weight=1 + len(task.downstream_task_ids),
    )


def _sorted_by_upstream(tasks: Mapping[str, Any]) -> list[str]:
    order: list[str] = []
    while len(order) < len(tasks):
        order.extend(
            task_id
            for task_id, task in tasks.items()
            if task_id not in order and set(task.upstream_task_ids) <= set(order)
        )
    return order
