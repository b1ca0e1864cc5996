"""Recipients of the newsletter. Story: a person paused it, on purpose."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(
    schedule="0 8 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    is_paused_upon_creation=True,
    tags=["newsletter"],
    default_args={"owner": "crm"},
    description="Recipients of the newsletter; the new tool takes over at the end of the quarter",
)
def newsletter_list() -> None:
    @task
    def collect_consents() -> None:
        time.sleep(random.lognormvariate(3.1, 0.15))

    @task
    def upload_list() -> None:
        time.sleep(random.lognormvariate(2.7, 0.15))

    collect_consents() >> upload_list()


newsletter_list()
