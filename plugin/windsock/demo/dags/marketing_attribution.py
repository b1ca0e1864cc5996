"""Which campaign brought which order. Story: healthy; Mondays hold the weekend and take twice as long."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(
    schedule="0 7 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["marketing"],
    default_args={"owner": "growth"},
    description="Which campaign brought which order",
)
def marketing_attribution() -> None:
    @task
    def pull(channel: str) -> None:
        time.sleep(random.lognormvariate(3.2, 0.2))
        print(f"costs of {channel}")

    @task
    def attribute() -> None:
        monday = datetime.now(timezone.utc).weekday() == 0
        time.sleep(random.lognormvariate(4.4, 0.12) * (2 if monday else 1))

    @task
    def publish() -> None:
        time.sleep(random.lognormvariate(2.2, 0.2))

    pulls = [
        pull.override(task_id=f"pull_{channel}")(channel) for channel in ("search", "social", "affiliates")
    ]
    pulls >> attribute() >> publish()


marketing_attribution()
