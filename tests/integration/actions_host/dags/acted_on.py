"""Dags that the tests of the actions act on; none of them ever runs."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Param

SIMPLE = (
    "deleted_by_admin",
    "deleted_by_nobody",
    "has_running_task",
    "noted",
    "paused_and_unpaused",
    "paused_by_nobody",
    "paused_from_the_start",
    "triggered",
    "triggered_twice",
    "ünïcode-dag.1",
    *(f"bulk_{number}" for number in range(10)),
)

for dag_id in SIMPLE:
    with DAG(dag_id, schedule=None, is_paused_upon_creation=dag_id == "paused_from_the_start"):
        EmptyOperator(task_id="only")

with DAG(
    "with_params",
    schedule=None,
    is_paused_upon_creation=False,
    params={"day": Param(type="string", format="date"), "limit": Param(10, type="integer", maximum=100)},
):
    EmptyOperator(task_id="only")
