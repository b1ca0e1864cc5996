"""Points of the loyalty programme. Story: it failed five times in a row, so Airflow itself paused it."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


class PartnerApiError(Exception):
    """The programme's partner answered with an error."""


def request_balances(token: str) -> dict[str, int]:
    if token.startswith("expired"):
        raise PartnerApiError("401 Unauthorized: token of client loyalty-sync has expired")
    return {}


@dag(
    schedule="55 */4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_consecutive_failed_dag_runs=5,
    tags=["loyalty", "crm"],
    default_args={"owner": "crm"},
    description="Points of the loyalty programme",
)
def loyalty_points() -> None:
    @task
    def fetch_balances() -> None:
        time.sleep(2)
        request_balances("expired-2026-q3")

    @task
    def award_points() -> None:
        time.sleep(random.lognormvariate(3.0, 0.15))

    fetch_balances() >> award_points()


loyalty_points()
