"""Revenue as of now, for the controllers. Story: the warehouse refuses connections."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task


async def run_statement(statement: str) -> bytes:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", 1)
    except OSError:
        raise ConnectionError(
            "could not connect to warehouse dwh-1.internal:5439: Connection refused"
        ) from None
    writer.write(statement.encode())
    await writer.drain()
    return await reader.read()


@dag(
    schedule="40 */3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["dwh", "finance"],
    default_args={"owner": "finance"},
    description="Revenue as of now, for the controllers",
)
def revenue_snapshot() -> None:
    @task
    def close_books() -> None:
        time.sleep(random.lognormvariate(3.4, 0.12))
        print("all ledgers closed")

    @task
    def snapshot_revenue() -> None:
        print("insert into finance.revenue_snapshot select ...")
        time.sleep(4)
        asyncio.run(run_statement("insert into finance.revenue_snapshot select * from finance.revenue"))

    @task
    def email_controller() -> None:
        time.sleep(random.lognormvariate(1.6, 0.2))

    close_books() >> snapshot_revenue() >> email_controller()


revenue_snapshot()
