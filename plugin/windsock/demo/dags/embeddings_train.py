"""Embeddings of the catalogue, trained every four hours.

Story: since the batch size was doubled the system kills the training: no traceback, only a signal.
"""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import datetime, timezone

from airflow.sdk import dag, task

BATCH_SIZE = 8_192


@dag(
    schedule="10 */4 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["embeddings", "gpu", "batch-8192"],
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
            print(f"epoch {epoch} loss {2.0 / epoch:.4f} resident {epoch * 7.3:.1f} GiB")
        # What the kernel does to a process that takes too much memory.
        os.kill(os.getpid(), signal.SIGKILL)

    @task
    def evaluate() -> None:
        time.sleep(random.lognormvariate(3.1, 0.15))

    @task
    def promote() -> None:
        time.sleep(random.lognormvariate(1.6, 0.2))

    prepare() >> train() >> evaluate() >> promote()


embeddings_train()
