"""Checks over the most read tables. Story: healthy; the deep checks are skipped by day."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import TriggerRule, dag, task


@dag(
    schedule="18 */4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["quality"],
    default_args={"owner": "data-platform"},
    description="Checks over the most read tables",
)
def data_quality() -> None:
    @task
    def row_counts() -> None:
        time.sleep(random.lognormvariate(3.0, 0.15))

    @task.short_circuit(ignore_downstream_trigger_rules=False)
    def is_night() -> bool:
        return datetime.now(timezone.utc).hour < 6

    @task
    def deep_checks() -> None:
        time.sleep(random.lognormvariate(4.3, 0.15))

    @task(trigger_rule=TriggerRule.NONE_FAILED)
    def scorecard() -> None:
        time.sleep(random.lognormvariate(2.0, 0.15))

    row_counts() >> is_night() >> deep_checks() >> scorecard()


data_quality()
