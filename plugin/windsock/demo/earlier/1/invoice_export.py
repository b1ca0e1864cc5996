"""Invoices for the accountants. Story: as it was before last night."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


def with_tax(net_cents: int, rate: float) -> int:
    return round(net_cents * (1 + rate))


def export(invoices: list[tuple[int, float]]) -> int:
    return sum(with_tax(net_cents, rate) for net_cents, rate in invoices)


@dag(
    schedule="35 */2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["invoices"],
    default_args={"owner": "finance"},
    description="Invoices for the accountants",
)
def invoice_export() -> None:
    @task
    def collect() -> None:
        time.sleep(random.lognormvariate(3.0, 0.15))

    @task
    def apply_tax() -> None:
        time.sleep(random.lognormvariate(3.3, 0.15))
        print(f"total {export([(12_900, 0.19), (4_500, 0.07)])} cents")

    @task
    def upload() -> None:
        time.sleep(random.lognormvariate(2.6, 0.2))

    collect() >> apply_tax() >> upload()


invoice_export()
