"""Actions where Airflow is served under a path, and where it asks nobody to log in."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.actions_support import AirflowServer, airflow_server


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowServer]:
    # Airflow's own API begins with the same word: taking the prefix off twice would miss it.
    with airflow_server(tmp_path_factory.mktemp("prefix"), prefix="/api", all_admins=True) as server:
        yield server


def test_actions_find_airflow_under_its_path(airflow: AirflowServer) -> None:
    login = httpx.get(f"{airflow.url}/auth/token", timeout=30)
    token = login.json()["access_token"]
    assert airflow.act("pause", "triggered", token=token).status_code == 200
    assert airflow.is_paused("triggered")
    triggered = airflow.act("trigger", "triggered", token=token, body={})
    assert triggered.status_code == 200, triggered.text
    deleted = airflow.act("delete", "deleted_by_admin", token=token, params={"typed": "deleted_by_admin"})
    assert deleted.status_code == 200, deleted.text
    assert airflow.rows("SELECT 1 FROM dag WHERE dag_id = 'deleted_by_admin'") == []


def test_without_a_token_airflow_itself_decides(airflow: AirflowServer) -> None:
    """With all admins, some versions take a call without a token, some do not; ours is treated alike."""
    own = httpx.patch(f"{airflow.url}/api/v2/dags/noted", json={"is_paused": True}, timeout=30)
    airflow.change("UPDATE dag SET is_paused = 0 WHERE dag_id = 'noted'")
    ours = airflow.act("pause", "noted", token=None)
    assert ours.status_code == own.status_code
    assert airflow.is_paused("noted") == (own.status_code == 200)


def test_the_cookie_of_airflows_pages_is_enough(airflow: AirflowServer) -> None:
    token = httpx.get(f"{airflow.url}/auth/token", timeout=30).json()["access_token"]
    answer = httpx.post(
        f"{airflow.url}/under-test/dags/bulk_0/pause", headers={"Cookie": f"_token={token}"}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    assert airflow.is_paused("bulk_0")
