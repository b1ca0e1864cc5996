"""Tickets of the help desk. Story: healthy; the help desk's rate limit sometimes costs a try."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta, timezone

from airflow.sdk import dag, task


class RateLimitedError(Exception):
    """The help desk wants to be asked less often."""


def list_tickets(budget: int) -> list[int]:
    if budget < 1:
        raise RateLimitedError("429 Too Many Requests from desk.example, limit 700 per minute")
    return list(range(40))


@dag(
    schedule="2 */4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["support"],
    default_args={"owner": "support", "retries": 2, "retry_delay": timedelta(seconds=90)},
    description="Tickets of the help desk",
)
def support_tickets() -> None:
    @task
    def pull_tickets() -> None:
        time.sleep(random.lognormvariate(3.1, 0.2))
        print(f"{len(list_tickets(random.randint(0, 12)))} tickets")

    @task
    def classify() -> None:
        time.sleep(random.lognormvariate(3.7, 0.15))

    @task
    def route() -> None:
        time.sleep(random.lognormvariate(1.9, 0.2))

    pull_tickets() >> classify() >> route()


support_tickets()
