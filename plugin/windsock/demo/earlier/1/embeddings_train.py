"""Embeddings of the catalogue, trained every four hours.

Story: as it was before the batch size was doubled.
"""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task

BATCH_SIZE = 4_096


@dag(
    schedule="10 */4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["embeddings", "gpu"],
    default_args={"owner": "ml"},
    description="Embeddings of the catalogue, trained every four hours",
)
def embeddings_train() -> None:
    @task
    def prepare() -> None:
        time.sleep(random.lognormvariate(3.4, 0.15))

    @task
    def train() -> None:
        print(f"batch size {BATCH_SIZE}")
        for epoch in range(1, 4):
            time.sleep(random.lognormvariate(2.4, 0.15))
            print(f"epoch {epoch} loss {2.0 / epoch:.4f} resident {epoch * 3.6:.1f} GiB")

    @task
    def evaluate() -> None:
        time.sleep(random.lognormvariate(3.1, 0.15))

    @task
    def promote() -> None:
        time.sleep(random.lognormvariate(1.6, 0.2))

    prepare() >> train() >> evaluate() >> promote()


embeddings_train()
