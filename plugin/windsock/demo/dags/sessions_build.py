"""Sessions out of raw events, whenever these are updated. Story: the healthy middle of an asset chain."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import Asset, dag, task

RAW_EVENTS = Asset("raw_events", uri="lake://events/raw", group="events")
SESSIONS = Asset("sessions", uri="lake://events/sessions", group="events")


@dag(
    schedule=[RAW_EVENTS],
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["events", "lake"],
    default_args={"owner": "data-platform"},
    description="Sessions out of raw events, whenever these are updated",
)
def sessions_build() -> None:
    @task
    def stitch() -> None:
        time.sleep(random.lognormvariate(4.0, 0.15))

    @task(outlets=[SESSIONS])
    def write_sessions() -> None:
        time.sleep(random.lognormvariate(3.3, 0.15))

    stitch() >> write_sessions()


sessions_build()
