"""Deliveries to the stores. Story: healthy; waiting for the carrier, it gives its slot back."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta, timezone

from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, get_current_context


def carrier_file_is_there() -> bool:
    """The carrier delivers some twenty minutes after the run became due."""
    run = get_current_context()["dag_run"]
    return datetime.now(timezone.utc) - run.run_after > timedelta(minutes=20)


def plan_routes() -> None:
    time.sleep(random.lognormvariate(3.6, 0.15))


def print_labels() -> None:
    time.sleep(random.lognormvariate(2.3, 0.15))


with DAG(
    "store_deliveries",
    schedule="20 */4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["logistics"],
    default_args={"owner": "supply-chain"},
    description="Deliveries to the stores",
) as dag:
    (
        PythonSensor(
            task_id="wait_for_carrier",
            python_callable=carrier_file_is_there,
            mode="reschedule",
            poke_interval=120,
            timeout=3600,
        )
        >> PythonOperator(task_id="plan_routes", python_callable=plan_routes)
        >> PythonOperator(task_id="print_labels", python_callable=print_labels)
    )
