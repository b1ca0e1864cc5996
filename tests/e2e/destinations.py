"""The six places in Airflow's pages where Windsock appears, for one Dag run of the demo's history."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from tests.e2e.airflow_server import AirflowServer


@dataclass(frozen=True, slots=True)
class Destination:
    """A page of ours: where it lies, and the name of the registration behind it."""

    name: str
    path: str
    host_path: str
    """Airflow's own page around it: for the baseline, and to come from."""


@dataclass(frozen=True, slots=True)
class FailedTask:
    """One failed task instance of the newest failed run of a Dag."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int


def find_failed_task(airflow: AirflowServer) -> FailedTask:
    """Return a failed task instance, asked of Airflow's own API."""
    with airflow.api() as api:
        answer = api.get(
            "/api/v2/dags/~/dagRuns/~/taskInstances",
            params={"state": "failed", "order_by": "-start_date", "limit": 1},
        )
        answer.raise_for_status()
        found = answer.json()["task_instances"][0]
    return FailedTask(found["dag_id"], found["dag_run_id"], found["task_id"], found["map_index"])


def destinations(task: FailedTask) -> list[Destination]:
    """All six, for a task and the run and Dag it belongs to."""
    dag = f"/dags/{quote(task.dag_id, safe='')}"
    run = f"{dag}/runs/{quote(task.run_id, safe='')}"
    of_dag = f"{dag}/tasks/{quote(task.task_id, safe='')}"
    instance = f"{run}/tasks/{quote(task.task_id, safe='')}"
    if task.map_index >= 0:
        instance += f"/mapped/{task.map_index}"
    return [
        Destination("nav", "/plugin/windsock", "/"),
        Destination("home", "/", "/"),
        Destination("dag", f"{dag}/plugin/windsock-dag", dag),
        Destination("dag_run", f"{run}/plugin/windsock-run", run),
        Destination("task", f"{of_dag}/plugin/windsock-task", of_dag),
        Destination("task_instance", f"{instance}/plugin/windsock-task-instance", instance),
    ]
