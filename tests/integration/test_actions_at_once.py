"""A hundred actions at once: Airflow goes on answering, and each is done once or not at all."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.integration.actions_support import AirflowServer, airflow_server
from tests.integration.seeding import Databases


@pytest.fixture
def airflow(databases: Databases, tmp_path: Path) -> Iterator[AirflowServer]:
    database = databases.create()
    url = database.url.render_as_string(hide_password=False)
    with airflow_server(tmp_path / "airflow", database_url=url) as server:
        yield server
    databases.drop(database)


@dataclass
class Burst:
    """What came of asking for many actions at once."""

    answers: dict[str, httpx.Response]
    """By run id."""
    health: list[tuple[int, float]]
    """Status and seconds of each look at Airflow's health page meanwhile."""


async def _trigger_all(airflow: AirflowServer, token: str, run_ids: Iterable[str]) -> Burst:
    limits = httpx.Limits(max_connections=None)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(limits=limits, headers=headers, timeout=120) as client:

        async def trigger(number: int, run_id: str) -> tuple[str, httpx.Response]:
            url = f"{airflow.url}/under-test/dags/bulk_{number % 10}/trigger"
            return run_id, await client.post(url, json={"run_id": run_id})

        actions = asyncio.gather(*(trigger(number, run_id) for number, run_id in enumerate(run_ids)))
        health: list[tuple[int, float]] = []
        while not actions.done():
            begun = time.monotonic()
            answer = await client.get(f"{airflow.url}/api/v2/monitor/health")
            health.append((answer.status_code, time.monotonic() - begun))
            await asyncio.sleep(0.1)
        return Burst(dict(await actions), health)


def test_a_hundred_actions_at_once_leave_airflow_able_to_answer(airflow: AirflowServer) -> None:
    """Each is done, or answered 503 with nothing done; asked for again, those are done too."""
    token = airflow.token("admin")
    run_ids = [f"burst-{number}" for number in range(100)]

    def made() -> Counter[str]:
        rows = airflow.rows("SELECT run_id FROM dag_run WHERE run_id LIKE 'burst-%'")
        return Counter(row["run_id"] for row in rows)

    left = run_ids
    rounds = 0
    while left:
        rounds += 1
        assert rounds <= 15, f"{len(left)} actions are still not done"
        begun = time.monotonic()
        burst = asyncio.run(_trigger_all(airflow, token, left))
        elapsed_s = time.monotonic() - begun
        refused = {run_id: answer for run_id, answer in burst.answers.items() if answer.status_code != 200}
        slowest_s = max(took_s for _, took_s in burst.health)
        print(
            f"{len(left)} actions in {elapsed_s:.1f} s, {len(refused)} put off;"
            f" health asked {len(burst.health)} times, at most {slowest_s:.2f} s"
        )
        for answer in refused.values():
            said = (answer.status_code, answer.json().get("code"), answer.headers.get("retry-after"))
            assert said == (503, "busy", "5"), answer.text
        assert len(refused) < len(left)
        assert {status for status, _ in burst.health} == {200}
        assert slowest_s < 5
        left = list(refused)
        assert made() == dict.fromkeys(set(run_ids) - set(left), 1)
