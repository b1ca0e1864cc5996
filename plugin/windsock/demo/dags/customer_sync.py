"""Customers changed in the CRM, merged into the warehouse. Story: the warehouse refuses connections."""

from __future__ import annotations

import random
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

from airflow.sdk import dag, task

MERGE_ENDPOINT = "http://127.0.0.1:1/merge/customers"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def merge(batch: list[int]) -> None:
    request = urllib.request.Request(MERGE_ENDPOINT, data=repr(batch).encode(), method="PUT")
    try:
        DIRECT.open(request, timeout=5)
    except urllib.error.URLError as error:
        cause = error.reason
        words = cause.strerror if isinstance(cause, OSError) else cause
        raise ConnectionError(f"could not connect to warehouse dwh-1.internal:5439: {words}") from None


@dag(
    schedule="5 */3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["dwh", "crm"],
    default_args={"owner": "crm"},
    description="Customers changed in the CRM, merged into the warehouse",
)
def customer_sync() -> None:
    @task
    def fetch_changes() -> int:
        time.sleep(random.lognormvariate(3.4, 0.2))
        return random.randint(400, 900)

    @task
    def dedupe(changes: int) -> int:
        time.sleep(random.lognormvariate(3.0, 0.15))
        print(f"{changes} changes, 3 duplicates")
        return changes - 3

    @task
    def upsert_warehouse(changes: int) -> None:
        for start in range(0, changes, 200):
            print(f"batch from {start}")
            merge(list(range(start, min(start + 200, changes))))

    @task
    def refresh_segments() -> None:
        time.sleep(random.lognormvariate(3.2, 0.15))

    upsert_warehouse(dedupe(fetch_changes())) >> refresh_segments()  # type: ignore[arg-type]


customer_sync()
