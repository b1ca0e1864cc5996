"""Payments checked against the contract with the payment provider, then loaded.

Story: since Tuesday the provider's export lacks a column that the contract promises.
"""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task

CONTRACT = ("payment_id", "order_id", "currency", "amount", "settled_at")


class ContractError(Exception):
    """The data is not what its owner promised."""


def read_header() -> list[str]:
    """The columns of the newest export. The provider renamed one without a word."""
    return ["payment_id", "order_id", "currency", "amount_minor", "settled_at"]


def check(columns: list[str]) -> None:
    for column in CONTRACT:
        if column not in columns:
            raise ContractError(f"column `{column}` is missing")


@dag(
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["payments", "contract"],
    default_args={"owner": "finance"},
    description="Payments checked against the contract with the payment provider, then loaded",
)
def payments_contract() -> None:
    @task
    def download() -> None:
        time.sleep(random.lognormvariate(3.6, 0.15))

    @task
    def check_contract() -> None:
        columns = read_header()
        print(f"the export has the columns {', '.join(columns)}")
        check(columns)

    @task
    def load_payments() -> None:
        time.sleep(random.lognormvariate(4.2, 0.15))

    @task
    def reconcile() -> None:
        time.sleep(random.lognormvariate(3.8, 0.15))

    @task
    def publish_report() -> None:
        time.sleep(random.lognormvariate(2.0, 0.15))

    download() >> check_contract() >> load_payments() >> reconcile() >> publish_report()


payments_contract()
