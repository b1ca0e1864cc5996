"""The shop's search index. Story: healthy, with a timeout now and then."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta, timezone

from airflow.sdk import dag, task


@dag(
    schedule="8 */4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["search"],
    default_args={"owner": "search"},
    description="The shop's search index",
)
def search_index() -> None:
    @task
    def snapshot_catalogue() -> None:
        time.sleep(random.lognormvariate(3.3, 0.15))

    @task(execution_timeout=timedelta(minutes=4), retries=1, retry_delay=timedelta(minutes=1))
    def build_index() -> None:
        time.sleep(random.lognormvariate(4.5, 0.2))

    @task
    def swap_alias() -> None:
        time.sleep(random.lognormvariate(1.4, 0.2))

    snapshot_catalogue() >> build_index() >> swap_alias()


search_index()
