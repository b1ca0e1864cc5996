"""Exchange rates. Story: a flaky API that mostly answers on the second try."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta, timezone

from airflow.sdk import dag, get_current_context, task


class RatesUnavailableError(Exception):
    """The bank's service has no answer now."""


def fetch(try_number: int, sleepy: bool) -> dict[str, float]:
    if try_number == 1 and (sleepy or random.random() < 0.5):
        raise RatesUnavailableError("503 Service Unavailable from rates.bank.example, retry later")
    return {"EUR/USD": 1.08, "EUR/GBP": 0.86}


@dag(
    schedule="50 */3 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["fx", "finance"],
    default_args={"owner": "finance"},
    params={"sleepy": False},
    description="Exchange rates of the bank",
)
def fx_rates() -> None:
    @task(retries=3, retry_delay=timedelta(minutes=8))
    def fetch_rates() -> None:
        context = get_current_context()
        time.sleep(random.lognormvariate(2.3, 0.2))
        rates = fetch(context["ti"].try_number, bool(context["params"]["sleepy"]))
        print(f"{len(rates)} rates")

    @task
    def convert() -> None:
        time.sleep(random.lognormvariate(2.5, 0.15))

    @task
    def publish() -> None:
        time.sleep(random.lognormvariate(1.5, 0.15))

    fetch_rates() >> convert() >> publish()


fx_rates()
