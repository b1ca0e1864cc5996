"""Churn scores of the customers. Story: a task in a virtualenv of its own, kept between runs."""

from __future__ import annotations

import os
import random
import time
from datetime import datetime, timezone
from pathlib import Path

from airflow.sdk import dag, task


@dag(
    schedule="30 6 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["churn", "virtualenv"],
    default_args={"owner": "ml"},
    description="Churn scores of the customers",
)
def churn_score() -> None:
    @task
    def sample() -> None:
        time.sleep(random.lognormvariate(3.3, 0.15))

    # Both packages come with Airflow, so that pip finds them without a network.
    @task.virtualenv(
        requirements=["python-dateutil", "packaging>=23,<100"],
        system_site_packages=True,
        venv_cache_path=str(Path(os.environ.get("AIRFLOW_HOME", ".")) / "venvs"),
    )
    def score() -> int:
        import time

        from packaging.version import Version

        print("model", Version("4.2.0"))
        time.sleep(20)
        return 12_840

    @task
    def write_scores(customers: int) -> None:
        time.sleep(random.lognormvariate(2.9, 0.15))
        print(f"{customers} customers scored")

    sample() >> (scored := score())
    write_scores(scored)  # type: ignore[arg-type]


churn_score()
