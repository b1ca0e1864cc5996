"""The growth dashboard, rebuilt after every new batch of sessions.

Story: the last consumer of an asset chain fails, with runs that have no logical date.
"""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import Asset, dag, task

SESSIONS = Asset("sessions", uri="lake://events/sessions", group="events")


def conversion(row: dict[str, int]) -> float:
    return row["orders"] / (row["visits"] - row["returning_visits"])


def refresh_tiles(rows: list[dict[str, int]]) -> None:
    for row in rows:
        print(f"conversion {conversion(row):.3f}")


@dag(
    schedule=[SESSIONS],
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["events", "dashboard"],
    default_args={"owner": "growth"},
    description="The growth dashboard, rebuilt after every new batch of sessions",
)
def dashboard_refresh() -> None:
    @task
    def aggregate() -> None:
        time.sleep(random.lognormvariate(3.4, 0.15))

    @task
    def refresh() -> None:
        time.sleep(3)
        refresh_tiles([{"orders": 120, "visits": 4_000}])

    @task
    def warm_cache() -> None:
        time.sleep(random.lognormvariate(2.5, 0.15))

    aggregate() >> refresh() >> warm_cache()


dashboard_refresh()
