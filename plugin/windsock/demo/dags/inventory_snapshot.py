"""Stock of all shops, four times a day.

Story: every run reads every partition ever written, so the load gets slower every day.
"""

from __future__ import annotations

import os
import random
import time
from datetime import datetime, timezone
from pathlib import Path

from airflow.sdk import dag, task

PARTITIONS = Path(os.environ.get("AIRFLOW_HOME", ".")) / "data" / "inventory"


@dag(
    schedule="15 */6 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["inventory"],
    default_args={"owner": "supply-chain"},
    description="Stock of all shops, four times a day",
)
def inventory_snapshot() -> None:
    @task
    def count_stock() -> None:
        time.sleep(random.lognormvariate(3.2, 0.12))
        PARTITIONS.mkdir(parents=True, exist_ok=True)
        (PARTITIONS / f"stock_{datetime.now(timezone.utc):%Y%m%dT%H%M%S}.csv").write_text("shop,item,count\n")

    @task
    def load_snapshot() -> None:
        partitions = sorted(PARTITIONS.glob("*.csv"))
        print(f"reading {len(partitions)} partitions")
        for partition in partitions:
            partition.read_text()
            time.sleep(random.lognormvariate(0.45, 0.3))

    @task
    def publish() -> None:
        time.sleep(random.lognormvariate(2.2, 0.15))

    count_stock() >> load_snapshot() >> publish()


inventory_snapshot()
