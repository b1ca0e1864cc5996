"""Crawls the vendor's catalogue. Story: it holds the only slot of a pool for most of an hour."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(
    schedule="0 */3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["vendor"],
    default_args={"owner": "partnerships"},
    description="Crawls the vendor's catalogue, one call at a time",
)
def vendor_catalog_crawl() -> None:
    @task(pool="vendor_api")
    def crawl() -> None:
        pages = 250
        for page in range(1, pages + 1):
            time.sleep(random.lognormvariate(2.48, 0.1))
            if page % 25 == 0:
                print(f"page {page} of {pages}")

    @task
    def store() -> None:
        time.sleep(random.lognormvariate(2.8, 0.15))

    crawl() >> store()


vendor_catalog_crawl()
