"""Web server logs into the archive. Story: the cleanup runs in any case and hides a failed load."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import TriggerRule, dag, task


def archive(batch: list[str]) -> None:
    for line in batch:
        address, _, rest = line.partition(" ")
        status = int(rest.split()[-2])
        print(address, status)


@dag(
    schedule="45 */6 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["logs", "archive"],
    default_args={"owner": "data-platform"},
    description="Web server logs into the archive",
)
def weblogs_archive() -> None:
    @task
    def copy() -> None:
        time.sleep(random.lognormvariate(3.2, 0.15))

    @task
    def load() -> None:
        time.sleep(3)
        archive(['203.0.113.9 "GET / HTTP/2" - 512'])

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def cleanup() -> None:
        time.sleep(random.lognormvariate(1.8, 0.15))

    copy() >> load() >> cleanup()


weblogs_archive()
