"""Key figures for the morning round. Story: nobody signs off, so the run itself times out: no task failed."""

from __future__ import annotations

import os
import random
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG

SIGN_OFF = Path(os.environ.get("AIRFLOW_HOME", ".")) / "data" / "finance_signed_off"


def compute() -> None:
    time.sleep(random.lognormvariate(3.9, 0.15))


def mail() -> None:
    time.sleep(random.lognormvariate(1.6, 0.15))


with DAG(
    "kpi_daily",
    schedule="0 8 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    dagrun_timeout=timedelta(minutes=45),
    tags=["kpi"],
    default_args={"owner": "analytics"},
    description="Key figures for the morning round",
) as dag:
    (
        PythonOperator(task_id="compute", python_callable=compute)
        >> PythonSensor(
            task_id="wait_for_sign_off",
            python_callable=SIGN_OFF.exists,
            mode="reschedule",
            poke_interval=60,
            timeout=7200,
        )
        >> PythonOperator(task_id="mail", python_callable=mail)
    )
