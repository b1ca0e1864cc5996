"""Raw events into the lake; what is built on them follows by asset. Story: the healthy head of a chain."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import Asset, dag, task

RAW_EVENTS = Asset("raw_events", uri="lake://events/raw", group="events")


@dag(
    schedule="30 */3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["events", "lake"],
    default_args={"owner": "data-platform"},
    description="Raw events into the lake",
)
def events_ingest() -> None:
    @task
    def poll_broker() -> int:
        time.sleep(random.lognormvariate(3.0, 0.2))
        return random.randint(1_000_000, 1_400_000)

    @task(outlets=[RAW_EVENTS])
    def write_parquet(events: int) -> None:
        time.sleep(random.lognormvariate(4.1, 0.15))
        print(f"{events} events written")

    write_parquet(poll_broker())  # type: ignore[arg-type]


events_ingest()
