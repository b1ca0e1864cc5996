"""Clickstream of the shop, sessionised and loaded every hour. Story: the warehouse refuses connections."""

from __future__ import annotations

import http.client
import random
import time
from datetime import datetime, timedelta, timezone

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

GATEWAY = "dwh-1.internal:5439"


def open_gateway() -> http.client.HTTPConnection:
    # The bulk-load API of the warehouse is published on a local port.
    connection = http.client.HTTPConnection("127.0.0.1", 1, timeout=5)
    try:
        connection.connect()
    except ConnectionRefusedError:
        raise ConnectionError(f"could not connect to warehouse {GATEWAY}: Connection refused") from None
    return connection


def extract_clicks() -> None:
    time.sleep(random.lognormvariate(3.6, 0.18))
    print(f"fetched {random.randint(180_000, 240_000)} events from the collector")


def sessionize() -> None:
    time.sleep(random.lognormvariate(4.0, 0.15))
    print("gap of 30 minutes, bots removed")


def load_clicks() -> None:
    print("uploading 12 parts")
    time.sleep(3)
    gateway = open_gateway()
    gateway.request("POST", "/bulk/clicks")
    print(gateway.getresponse().status)


with DAG(
    "clicks_hourly",
    schedule="25 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["dwh", "clickstream"],
    default_args={"owner": "growth"},
    description="Clickstream of the shop, sessionised and loaded every hour",
) as dag:
    (
        PythonOperator(task_id="extract_clicks", python_callable=extract_clicks)
        >> PythonOperator(task_id="sessionize", python_callable=sessionize)
        >> PythonOperator(
            task_id="load_clicks",
            python_callable=load_clicks,
            retries=1,
            retry_delay=timedelta(minutes=2),
        )
    )
