"""Goods returned to the vendor. Story: as it was while it still imported."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(
    schedule="0 4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["vendor", "returns"],
    default_args={"owner": "partnerships"},
    description="Goods returned to the vendor",
)
def vendor_returns() -> None:
    @task
    def fetch_returns() -> None:
        time.sleep(random.lognormvariate(3.2, 0.15))

    @task
    def credit_notes() -> None:
        time.sleep(random.lognormvariate(2.9, 0.15))

    fetch_returns() >> credit_notes()


vendor_returns()
