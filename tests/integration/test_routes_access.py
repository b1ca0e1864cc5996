"""What a person may not read is in no answer: no id, owner, tag, count, error text or exception type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.integration.api_host import ApiHost, fab_host
from tests.integration.seeding import Database, Databases, Seeder

MINE, THEIRS = "mine", "theirs"
SECRET = "the-secret-warehouse"
ERROR = f"could not connect to {SECRET}"
ERROR_TYPE = "WarehouseGone"
WORDS_OF_THEIRS = (THEIRS, "their-owner", "their-tag", "their_file")

READ = "can_read"
COMMON = [(READ, "Website"), (READ, "Plugins")]
FACTS = [(READ, "DAG Runs"), (READ, "Task Instances"), (READ, "Audit Logs"), (READ, "ImportError")]
LOGS = [(READ, "Task Logs")]


@dataclass(frozen=True)
class Failed:
    """The newest failed run of a Dag."""

    dag_id: str
    run_id: str


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[tuple[Database, dict[str, Failed]]]:
    made = databases.create()
    with made.bound() as engine:
        yield made, _seed(Seeder(engine))
    databases.drop(made)


def _seed(seeder: Seeder) -> dict[str, Failed]:
    now = datetime.now(timezone.utc)
    failed = {}
    for dag_id, owner, tag in ((MINE, "my-owner", "my-tag"), (THEIRS, "their-owner", "their-tag")):
        seeder.dag(dag_id, graph={"load": []}, owners=(owner,), tags=(tag,), file=f"{owner[:-6]}_file.py")
        for hours, state in ((5, "success"), (2, "failed"), (1, "failed")):
            run = seeder.run(dag_id, run_after=now - timedelta(hours=hours), state=state)
            seeder.task_instance(run, "load", state=state)
            failed[dag_id] = Failed(dag_id, run.run_id)
    seeder.write()
    for of_dag in failed.values():
        _write_log(of_dag)
    return failed


def _write_log(failed: Failed) -> None:
    from airflow.configuration import conf

    folder = Path(conf.get_mandatory_value("logging", "base_log_folder"))
    file = folder / f"dag_id={failed.dag_id}" / f"run_id={failed.run_id}" / "task_id=load" / "attempt=1.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        '{"timestamp":"2026-01-01T00:00:00Z","level":"error","event":"Task failed with exception","logger":"task",'
        f'"error_detail":[{{"exc_type":"{ERROR_TYPE}","exc_value":"{ERROR}","syntax_error":null,"is_cause":false,'
        f'"frames":[{{"filename":"/dags/{failed.dag_id}_code.py","lineno":3,"name":"load"}}],'
        '"is_group":false,"exceptions":[]}]}\n'
    )


@pytest.fixture(scope="module")
def host(database: tuple[Database, dict[str, Failed]]) -> Iterator[tuple[ApiHost, dict[str, Failed]]]:
    _, failed = database
    roles = {
        "everything": [*COMMON, *FACTS, *LOGS, (READ, "DAGs")],
        "one_dag": [*COMMON, *FACTS, *LOGS, (READ, f"DAG:{MINE}")],
        "no_logs": [*COMMON, *FACTS, (READ, "DAGs")],
        "no_runs": [*COMMON, *LOGS, (READ, "DAGs"), (READ, "Task Instances")],
        "no_tasks": [*COMMON, *LOGS, (READ, "DAGs"), (READ, "DAG Runs")],
        "nothing": COMMON,
    }
    with fab_host(roles) as made:
        yield made, failed


LISTS = ["/home", "/incidents", "/dags", "/dags?sort=owner", "/facets", "/task-streaks"]


def _of_dag(failed: Failed) -> list[str]:
    return [f"/dags/{failed.dag_id}"]


def _of_runs(failed: Failed) -> list[str]:
    return [f"/dags/{failed.dag_id}/runs/{quote(failed.run_id)}"]


def _of_tasks(failed: Failed) -> list[str]:
    dag = f"/dags/{failed.dag_id}"
    run = f"{dag}/runs/{quote(failed.run_id)}"
    return [
        f"{dag}/tasks/load",
        f"{run}/tasks/load",
        f"{run}/tasks/load/changes",
        f"{run}/tasks/load/isolation",
        f"{dag}/signatures",
        f"{dag}/signatures?task_id=load",
    ]


def _of_logs(failed: Failed) -> list[str]:
    task = f"/dags/{failed.dag_id}/runs/{quote(failed.run_id)}/tasks/load"
    return [f"{task}/elsewhere", f"{task}/log", f"{task}/log/search?q=load", f"{task}/log/error"]


def _paths(failed: Failed) -> list[str]:
    """Every address that answers something about a Dag, and every list."""
    return [*LISTS, *_of_dag(failed), *_of_runs(failed), *_of_tasks(failed), *_of_logs(failed)]


def _settled(api: ApiHost, path: str, user: str) -> Any:
    """The answer once every log that it asks for was read."""
    for _ in range(200):
        answer = api.get(path, user)
        if answer.status_code != 200 or not answer.json().get("pending_errors"):
            return answer
        api.get("/session", user)
    raise AssertionError(f"{path} still waits for logs")


def test_who_may_read_all_sees_the_error(host: tuple[ApiHost, dict[str, Failed]]) -> None:
    api, failed = host
    incidents = _settled(api, "/incidents", "everything").json()
    assert {item["dag_id"] for item in incidents["items"]} == {MINE, THEIRS}
    assert all(
        item["error"]["type"] == ERROR_TYPE and ERROR in item["error"]["message"]
        for item in incidents["items"]
    )
    for path in _paths(failed[THEIRS]):
        assert _settled(api, path, "everything").status_code == 200, path


def test_who_may_read_one_dag_meets_no_trace_of_another(host: tuple[ApiHost, dict[str, Failed]]) -> None:
    api, failed = host
    for path in _paths(failed[MINE]):
        answer = _settled(api, path, "one_dag")
        assert answer.status_code == 200, f"{path}: {answer.text}"
        for word in WORDS_OF_THEIRS:
            assert word not in answer.text, (path, word)
    for path in [
        *_of_dag(failed[THEIRS]),
        *_of_runs(failed[THEIRS]),
        *_of_tasks(failed[THEIRS]),
        *_of_logs(failed[THEIRS]),
    ]:
        answer = api.get(path, "one_dag")
        assert answer.status_code == 404, path
        assert answer.json()["code"] == "not_found"
    assert api.get("/incidents", "one_dag").json()["matching"] == 1
    totals = api.get("/home", "one_dag").json()["totals"]
    assert (totals["incidents"], totals["dags"], totals["failing"]) == (1, 1, 1)
    assert api.get("/dags?q=theirs", "one_dag").json()["matching"] == 0
    assert api.get("/dags?owner=their-owner", "one_dag").json()["matching"] == 0


def test_without_task_logs_there_is_no_word_of_an_error(host: tuple[ApiHost, dict[str, Failed]]) -> None:
    api, failed = host
    # Somebody who may read them has had them read: what is cached must not leak.
    for path in _paths(failed[THEIRS]):
        _settled(api, path, "everything")
    for dag_id in (MINE, THEIRS):
        for path in _paths(failed[dag_id]):
            answer = _settled(api, path, "no_logs")
            assert answer.status_code == (403 if path in _of_logs(failed[dag_id]) else 200), path
            for word in (SECRET, ERROR_TYPE, "connect"):
                assert word not in answer.text, (path, word)
    page = api.get("/incidents", "no_logs").json()
    assert page["items"][0]["error"]["state"] == "forbidden"
    assert page["items"][0]["error"]["reason"]
    assert page["groups"] == []
    assert api.get(f"/dags/{MINE}/signatures", "no_logs").json()["items"] == []


def test_one_cause_in_two_dags_is_one_group_of_what_the_caller_may_read(
    host: tuple[ApiHost, dict[str, Failed]],
) -> None:
    api, failed = host
    page = _settled(api, "/incidents", "everything").json()
    assert page["causes"] == 1
    [group] = page["groups"]
    assert (group["dag_ids"], group["tasks"], group["instances"]) == ([MINE, THEIRS], 2, 2)
    assert set(group["incident_keys"]) == {item["key"] for item in page["items"]}
    assert group["since"] == min(item["opened_at"] for item in page["items"])
    assert page["items"][0]["error"]["signature"] == group["signature"]
    assert _settled(api, "/home", "everything").json()["causes"] == 1

    [group] = _settled(api, "/incidents", "one_dag").json()["groups"]
    assert (group["dag_ids"], group["tasks"]) == ([MINE], 1)
    elsewhere = _of_logs(failed[MINE])[0]
    assert _settled(api, elsewhere, "one_dag").json()["others"] == []
    [other] = _settled(api, elsewhere, "everything").json()["others"]
    assert (other["dag_id"], other["task_id"]) == (THEIRS, "load")

    kinds = _settled(api, f"/dags/{MINE}/signatures", "one_dag").json()
    assert [(kind["signature"], kind["task_ids"]) for kind in kinds["items"]] == [
        (group["signature"], ["load"])
    ]
    assert (kinds["runs"], kinds["failed_runs"], kinds["flaky_runs"]) == (3, 2, 0)


def test_without_runs_a_dag_has_no_health_and_is_in_no_incident(
    host: tuple[ApiHost, dict[str, Failed]],
) -> None:
    api, failed = host
    assert api.get("/incidents", "no_runs").json()["matching"] == 0
    totals = api.get("/home", "no_runs").json()["totals"]
    assert (totals["failing"], totals["hidden"], totals["last_failure_at"]) == (0, 2, None)
    for item in api.get("/dags", "no_runs").json()["items"]:
        assert item["health"] == "hidden"
        assert item["streak"] is None
        assert item["strip"]["run_ids"] == []
    detail = api.get(f"/dags/{MINE}", "no_runs").json()
    assert detail["runs_allowed"] is False
    assert detail["runs"] == detail["failing_tasks"] == detail["incidents"] == []
    for path in [*_of_runs(failed[MINE]), *_of_tasks(failed[MINE]), *_of_logs(failed[MINE])]:
        assert api.get(path, "no_runs").status_code == 403, path


def test_without_task_instances_runs_are_shown_and_tasks_are_not(
    host: tuple[ApiHost, dict[str, Failed]],
) -> None:
    api, failed = host
    for path in ("/incidents", "/home", f"/dags/{MINE}", "/task-streaks"):
        answer = _settled(api, path, "no_tasks")
        assert answer.status_code == 200
        assert '"load"' not in answer.text, path
        assert ERROR_TYPE not in answer.text, path
    assert api.get("/incidents", "no_tasks").json()["matching"] == 2
    run = api.get(_of_runs(failed[MINE])[0], "no_tasks").json()
    assert (run["tasks_allowed"], run["tasks"], run["states"]) == (False, [], {})
    for path in [*_of_tasks(failed[MINE]), *_of_logs(failed[MINE])]:
        assert api.get(path, "no_tasks").status_code == 403, path


def test_who_may_read_no_dag_is_told_so(host: tuple[ApiHost, dict[str, Failed]]) -> None:
    api, failed = host
    for path in _paths(failed[MINE]):
        answer = api.get(path, "nothing")
        assert answer.status_code == 403, path
        assert "permission" in answer.json()["remedy"]


def test_an_action_is_decided_by_airflow(host: tuple[ApiHost, dict[str, Failed]]) -> None:
    api, _ = host
    answer = api.post(f"/dags/{MINE}/pause", "one_dag")
    assert answer.status_code == 403
    assert answer.json()["title"] == "Airflow does not let you do this"
    assert api.post(f"/dags/{THEIRS}/pause", "one_dag").status_code == 404
