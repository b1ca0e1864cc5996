"""Headcount per team, on working days. Story: healthy and quiet."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(
    schedule="0 6 * * 1-5",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["people"],
    default_args={"owner": "people"},
    description="Headcount per team, on working days",
)
def hr_headcount() -> None:
    @task
    def export_staff() -> None:
        time.sleep(random.lognormvariate(2.6, 0.15))

    @task
    def count_by_team() -> None:
        time.sleep(random.lognormvariate(2.2, 0.15))

    export_staff() >> count_by_team()


hr_headcount()
