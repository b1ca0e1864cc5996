"""The stories that live now, begun through Airflow's public API: the scheduler would reset invented ones."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

# A proxy that the shell may name is not for an address on this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

STORIES: tuple[tuple[str, dict[str, Any]], ...] = (
    # Holds the only slot of the pool …
    ("vendor_catalog_crawl", {}),
    # … in which this one then waits.
    ("vendor_prices", {}),
    # Fails its first try and waits for the second.
    ("fx_rates", {"sleepy": True}),
    # Gives its slot back until the carrier has delivered.
    ("store_deliveries", {}),
)
"""Dags of which a run is started with the demo, in this order, with their conf."""


def is_healthy(address: str) -> bool:
    """Whether the API server answers and says that every other component is alive."""
    try:
        report = _ask(f"{address}/api/v2/monitor/health")
    except (OSError, ValueError):
        return False
    parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
    return all(report.get(part, {}).get("status") == "healthy" for part in parts)


def begin_stories(address: str) -> None:
    """Start a run of each story that has none under way."""
    try:
        # Everybody is an admin here. Airflow 3.1 wants a token all the same, and gives one to everybody.
        token = str(_ask(f"{address}/auth/token")["access_token"])
    except (OSError, ValueError, KeyError) as problem:
        print(f"Windsock: the living stories were not started: {problem}", flush=True)
        return
    for dag_id, conf in STORIES:
        runs = f"{address}/api/v2/dags/{dag_id}/dagRuns"
        try:
            # A Dag that is read for the first time appears some seconds after the server.
            for _ in range(60):
                if _exists(f"{address}/api/v2/dags/{dag_id}", token):
                    break
                time.sleep(1)
            under_way = _ask(f"{runs}?state=queued&state=running&limit=1", token)["total_entries"]
            if not under_way:
                now = datetime.now(timezone.utc).isoformat()
                _ask(runs, token, {"logical_date": now, "conf": conf, "note": "Started with the demo"})
            if dag_id == STORIES[0][0]:
                _wait_until_running(f"{address}/api/v2/dags/{dag_id}/dagRuns/~/taskInstances", token)
        except (OSError, ValueError) as problem:
            print(f"Windsock: no run of {dag_id} was started: {problem}", flush=True)


def _wait_until_running(task_instances: str, token: str) -> None:
    for _ in range(40):
        if _ask(f"{task_instances}?state=running&limit=1", token)["total_entries"]:
            return
        time.sleep(0.5)


def _exists(address: str, token: str) -> bool:
    try:
        _ask(address, token)
    except urllib.error.HTTPError as answer:
        if answer.code == 404:
            return False
        raise
    return True


def _ask(address: str, token: str | None = None, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One request to Airflow's API; raises OSError (HTTPError is one) or ValueError."""
    request = urllib.request.Request(  # noqa: S310 - the address is the demo's own
        address,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            **({"Authorization": f"Bearer {token}"} if token else {}),
        },
    )
    with _DIRECT.open(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def forget_dead_jobs(database: Path) -> None:
    """Mark Airflow's jobs of an earlier start as ended.

    The scheduler then takes up at once what they left running, instead of after its own five minutes. Nobody
    else uses this database now: the demo holds its lock.
    """
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE job SET state = 'failed', end_date = latest_heartbeat WHERE state = 'running'"
        )
