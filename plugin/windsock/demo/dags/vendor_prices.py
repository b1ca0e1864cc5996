"""Prices of the vendor. Story: it waits in the pool `vendor_api`, whose only slot the crawl holds."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(
    schedule="10 */3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=2,
    tags=["vendor", "prices"],
    default_args={"owner": "partnerships"},
    description="Prices of the vendor, asked through the same narrow door as its catalogue",
)
def vendor_prices() -> None:
    @task(pool="vendor_api")
    def fetch_prices() -> None:
        time.sleep(random.lognormvariate(3.4, 0.2))

    @task
    def compare_prices() -> None:
        time.sleep(random.lognormvariate(2.9, 0.15))

    fetch_prices() >> compare_prices()


vendor_prices()
