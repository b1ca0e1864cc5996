"""Features for the models, exported from the warehouse. Story: the warehouse refuses connections."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta, timezone
from multiprocessing.connection import Client

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class FeatureStore:
    """Reads feature tables from the warehouse over the model team's own protocol."""

    warehouse = "dwh-1.internal"
    port = 5439

    def read(self, table: str) -> object:
        try:
            with Client(("127.0.0.1", 1)) as line:
                line.send(table)
                return line.recv()
        except ConnectionRefusedError as refused:
            problem = f"could not connect to warehouse {self.warehouse}:{self.port}: {refused.strerror}"
        raise ConnectionError(problem)


def export(table: str) -> None:
    print(f"exporting {table}")
    time.sleep(2)
    print(FeatureStore().read(table))


def validate() -> None:
    time.sleep(random.lognormvariate(2.7, 0.15))


with DAG(
    "feature_export",
    schedule="50 */3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["dwh", "features"],
    default_args={"owner": "ml", "retries": 2, "retry_delay": timedelta(minutes=1)},
    description="Features for the models, exported from the warehouse",
) as dag:
    exports = [
        PythonOperator(
            task_id=f"export_{table}", python_callable=export, op_kwargs={"table": f"features.{table}"}
        )
        for table in ("users", "items")
    ]
    exports >> PythonOperator(task_id="validate", python_callable=validate)
