"""The daily close of the ledger. Story: healthy; ten days ago somebody ran a backfill over a week of it."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


@dag(
    schedule="30 1 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["finance", "ledger"],
    default_args={"owner": "finance"},
    description="The daily close of the ledger",
)
def ledger_close() -> None:
    @task
    def freeze_postings() -> None:
        time.sleep(random.lognormvariate(3.0, 0.15))

    @task
    def accruals() -> None:
        time.sleep(random.lognormvariate(4.0, 0.12))

    @task
    def currency_revaluation() -> None:
        time.sleep(random.lognormvariate(3.8, 0.12))

    @task
    def trial_balance() -> None:
        time.sleep(random.lognormvariate(3.4, 0.12))

    freeze_postings() >> [accruals(), currency_revaluation()] >> trial_balance()


ledger_close()
