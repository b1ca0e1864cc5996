"""Erases one customer on request. Story: it has never run."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from airflow.sdk import Param, dag, get_current_context, task


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["privacy"],
    default_args={"owner": "legal"},
    params={"customer_id": Param(1, type="integer", minimum=1, description="The customer to forget")},
    description="Erases one customer on request",
)
def gdpr_erasure() -> None:
    @task
    def erase() -> None:
        time.sleep(5)
        print(f"customer {get_current_context()['params']['customer_id']} erased")

    @task
    def confirm() -> None:
        print("confirmation sent")

    erase() >> confirm()


gdpr_erasure()
