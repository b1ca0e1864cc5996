"""Orders of the web shop, hourly into the warehouse.

Story: as it was before it told anybody.
"""

from __future__ import annotations

import os
import random
import socket
import time
from datetime import datetime, timedelta, timezone

from airflow.sdk import dag, task

WAREHOUSE = ("dwh-1.internal", 5439)
TUNNEL = ("127.0.0.1", 1)
"""The local end of the tunnel to the warehouse. Nothing listens there, so every connection is refused."""


class Warehouse:
    """A connection to the warehouse, opened when it is first needed."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.channel: socket.socket | None = None

    def open(self) -> socket.socket:
        try:
            self.channel = socket.create_connection(TUNNEL, timeout=5)
        except OSError as refusal:
            reason = os.strerror(refusal.errno or 0)
            raise ConnectionError(
                f"could not connect to warehouse {self.host}:{self.port}: {reason}"
            ) from None
        return self.channel


def copy_into(table: str, rows: int) -> int:
    warehouse = Warehouse(*WAREHOUSE)
    channel = warehouse.open()
    channel.sendall(f"COPY {table} {rows}".encode())
    return rows


@dag(
    schedule="12 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["dwh", "sales"],
    default_args={"owner": "data-platform"},
    description="Orders of the web shop, hourly into the warehouse",
)
def orders_hourly() -> None:
    @task
    def extract() -> int:
        time.sleep(random.lognormvariate(3.4, 0.15))
        rows = random.randint(9_000, 14_000)
        print(f"read {rows} orders from the shop's replica")
        return rows

    @task
    def transform(rows: int) -> int:
        time.sleep(random.lognormvariate(3.9, 0.15))
        print(f"{rows} orders joined with prices")
        return rows

    @task(retries=1, retry_delay=timedelta(minutes=1))
    def load(rows: int, table: str) -> None:
        print(f"copying {rows} rows into {table}")
        time.sleep(2)
        copy_into(table, rows)

    @task
    def publish() -> None:
        time.sleep(random.lognormvariate(2.0, 0.2))
        print("view shop.orders refreshed")

    load(transform(extract()), "orders_{{ ds_nodash }}") >> publish()  # type: ignore[arg-type]


orders_hourly()
