"""The four actions against a real Airflow: what it does, what it refuses, what it records."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.actions_support import AirflowServer, airflow_server


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowServer]:
    with airflow_server(tmp_path_factory.mktemp("actions")) as server:
        yield server


@pytest.fixture(scope="module")
def tokens(airflow: AirflowServer) -> dict[str, str]:
    return {name: airflow.token(name) for name in ("admin", "op", "user", "viewer")}


def test_pause_and_unpause_change_the_dag_and_stand_in_the_audit_log_as_the_caller(
    airflow: AirflowServer, tokens: dict[str, str]
) -> None:
    dag_id = "paused_and_unpaused"
    paused = airflow.act("pause", dag_id, token=tokens["op"], params={"operation_id": "stop-it"})
    assert paused.json() == {
        "dag_id": dag_id,
        "action": "pause",
        "outcome": "done",
        "operation_id": "stop-it",
        "run_id": None,
    }
    assert airflow.is_paused(dag_id)
    assert airflow.audit("stop-it") == [("patch_dag", "op", dag_id)]

    unpaused = airflow.act("unpause", dag_id, token=tokens["admin"])
    assert unpaused.json()["action"] == "unpause"
    assert not airflow.is_paused(dag_id)
    assert airflow.audit(unpaused.json()["operation_id"]) == [("patch_dag", "admin", dag_id)]


def test_one_dag_is_paused_and_no_other(airflow: AirflowServer, tokens: dict[str, str]) -> None:
    def paused() -> set[str]:
        return {row["dag_id"] for row in airflow.rows("SELECT dag_id FROM dag WHERE is_paused")}

    before = paused()
    assert airflow.act("pause", "ünïcode-dag.1", token=tokens["user"]).status_code == 200
    assert paused() == before | {"ünïcode-dag.1"}


@pytest.mark.parametrize("action", ["pause", "unpause", "trigger", "delete"])
@pytest.mark.parametrize("dag_id", ["~", "a/dagRuns/b", ".."])
def test_an_id_that_means_more_than_one_dag_is_refused_before_airflow_is_asked(
    airflow: AirflowServer, tokens: dict[str, str], action: str, dag_id: str
) -> None:
    def state() -> str:
        counts = [airflow.rows(f"SELECT count(*) FROM {table}") for table in ("dag", "dag_run", "log")]
        return repr((counts, airflow.rows("SELECT dag_id, is_paused FROM dag ORDER BY dag_id")))

    before = state()
    encoded = dag_id.replace("/", "%2F").replace(".", "%2E")
    answer = httpx.Client(timeout=30).send(
        httpx.Request(
            "POST",
            f"{airflow.url}/under-test/dags/x/{action}",
            headers={"Authorization": f"Bearer {tokens['admin']}"},
            params={"typed": dag_id},
            json={},
            extensions={"target": f"/under-test/dags/{encoded}/{action}?typed={encoded}".encode()},
        )
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == "dag_id"
    assert state() == before


def test_what_airflow_refuses_comes_back_in_its_own_words_and_changes_nothing(
    airflow: AirflowServer, tokens: dict[str, str]
) -> None:
    dag_id = "paused_by_nobody"
    own = httpx.patch(
        f"{airflow.url}/api/v2/dags/{dag_id}",
        headers={"Authorization": f"Bearer {tokens['viewer']}"},
        json={"is_paused": True},
    )
    ours = airflow.act("pause", dag_id, token=tokens["viewer"])
    assert (ours.status_code, ours.json()["detail"]) == (own.status_code, own.json()["detail"])
    assert ours.status_code == 403
    assert not airflow.is_paused(dag_id)

    assert airflow.act("trigger", dag_id, token=tokens["viewer"], body={}).status_code == 403
    assert airflow.rows("SELECT 1 FROM dag_run WHERE dag_id = :dag_id", dag_id=dag_id) == []
    typed = {"typed": dag_id}
    assert airflow.act("delete", dag_id, token=tokens["viewer"], params=typed).status_code == 403
    assert airflow.rows("SELECT 1 FROM dag WHERE dag_id = :dag_id", dag_id=dag_id)


@pytest.mark.parametrize("token", [None, "not-a-token"])
def test_without_a_valid_token_airflow_refuses(airflow: AirflowServer, token: str | None) -> None:
    own = httpx.patch(
        f"{airflow.url}/api/v2/dags/paused_by_nobody",
        headers={"Authorization": f"Bearer {token}"} if token else {},
        json={"is_paused": True},
    )
    ours = airflow.act("pause", "paused_by_nobody", token=token)
    assert (ours.status_code, ours.json()["detail"]) == (own.status_code, own.json()["detail"])
    assert ours.status_code in (401, 403)


def test_trigger_makes_one_run_with_what_was_given(airflow: AirflowServer, tokens: dict[str, str]) -> None:
    answer = airflow.act(
        "trigger",
        "triggered",
        token=tokens["user"],
        body={
            "conf": {"kept": None, "nested": [1, {"a": "ü"}]},
            "logical_date": "2026-11-01T06:00:00+01:00",
            "run_id": "by-hand",
            "operation_id": "go",
        },
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["run_id"], answer.json()["operation_id"]) == ("by-hand", "go")
    run = httpx.get(
        f"{airflow.url}/api/v2/dags/triggered/dagRuns/by-hand",
        headers={"Authorization": f"Bearer {tokens['admin']}"},
    ).json()
    assert run["conf"] == {"kept": None, "nested": [1, {"a": "ü"}]}
    assert run["logical_date"] == "2026-11-01T05:00:00Z"
    assert run["run_type"] == "manual"
    assert run["note"] is None
    assert airflow.audit("go") == [("trigger_dag_run", "user", "triggered")]


def test_trigger_without_anything_makes_a_run_without_logical_date_and_without_note(
    airflow: AirflowServer, tokens: dict[str, str]
) -> None:
    answer = airflow.act("trigger", "triggered", token=tokens["admin"], body={})
    [run] = airflow.rows("SELECT * FROM dag_run WHERE run_id = :run_id", run_id=answer.json()["run_id"])
    assert (run["dag_id"], run["logical_date"], run["state"]) == ("triggered", None, "queued")
    assert airflow.rows("SELECT 1 FROM dag_run_note WHERE dag_run_id = :id", id=run["id"]) == []


def test_a_note_is_written_when_a_person_typed_one_and_only_then(
    airflow: AirflowServer, tokens: dict[str, str]
) -> None:
    typed = airflow.act("trigger", "noted", token=tokens["admin"], body={"note": "after the fix"})
    blank = airflow.act("trigger", "noted", token=tokens["admin"], body={"note": "  "})
    assert (typed.status_code, blank.status_code) == (200, 200)
    notes = airflow.rows(
        "SELECT run_id, content FROM dag_run_note JOIN dag_run ON dag_run.id = dag_run_id"
        " WHERE dag_id = 'noted'"
    )
    assert [tuple(note.values()) for note in notes] == [(typed.json()["run_id"], "after the fix")]


def test_a_run_id_is_used_once(airflow: AirflowServer, tokens: dict[str, str]) -> None:
    body = {"run_id": "only-once"}
    assert airflow.act("trigger", "triggered_twice", token=tokens["admin"], body=body).status_code == 200
    second = airflow.act("trigger", "triggered_twice", token=tokens["admin"], body=body)
    assert second.status_code == 409
    assert second.json()["detail"]
    assert len(airflow.rows("SELECT 1 FROM dag_run WHERE dag_id = 'triggered_twice'")) == 1


def test_a_paused_dag_gets_its_run_and_stays_paused(airflow: AirflowServer, tokens: dict[str, str]) -> None:
    dag_id = "paused_from_the_start"
    assert airflow.act("trigger", dag_id, token=tokens["admin"], body={}).status_code == 200
    assert len(airflow.rows("SELECT 1 FROM dag_run WHERE dag_id = :dag_id", dag_id=dag_id)) == 1
    assert airflow.is_paused(dag_id)


def test_params_are_validated_by_airflow(airflow: AirflowServer, tokens: dict[str, str]) -> None:
    missing = airflow.act("trigger", "with_params", token=tokens["admin"], body={})
    assert missing.status_code == 422
    assert "day" in missing.json()["detail"]
    too_high = {"conf": {"day": "2026-11-01", "limit": 101}}
    refused = airflow.act("trigger", "with_params", token=tokens["admin"], body=too_high)
    assert refused.status_code == 422
    assert "101" in refused.json()["detail"]
    assert airflow.rows("SELECT 1 FROM dag_run WHERE dag_id = 'with_params'") == []
    right = {"conf": {"day": "2026-11-01", "limit": 100}}
    assert airflow.act("trigger", "with_params", token=tokens["admin"], body=right).status_code == 200


@pytest.mark.parametrize("action", ["pause", "unpause", "trigger", "delete"])
def test_a_dag_that_is_not_there_is_a_404_in_airflows_words(
    airflow: AirflowServer, tokens: dict[str, str], action: str
) -> None:
    answer = airflow.act(action, "never_was", token=tokens["admin"], body={}, params={"typed": "never_was"})
    assert answer.status_code == 404
    assert "never_was" in answer.json()["detail"]


@pytest.mark.parametrize("typed", ["", "deleted_by_Nobody", "deleted_by_nobody ", "~"])
def test_a_dag_is_deleted_only_by_its_own_name(
    airflow: AirflowServer, tokens: dict[str, str], typed: str
) -> None:
    answer = airflow.act("delete", "deleted_by_nobody", token=tokens["admin"], params={"typed": typed})
    assert answer.status_code == 422
    assert answer.json()["field"] == "typed_dag_id"
    assert airflow.rows("SELECT 1 FROM dag WHERE dag_id = 'deleted_by_nobody'")


def test_delete_removes_the_dag_and_its_runs(airflow: AirflowServer, tokens: dict[str, str]) -> None:
    dag_id = "deleted_by_admin"
    assert airflow.act("trigger", dag_id, token=tokens["admin"], body={}).status_code == 200
    deleted = airflow.act("delete", dag_id, token=tokens["admin"], params={"typed": dag_id})
    assert deleted.status_code == 200, deleted.text
    assert airflow.rows("SELECT 1 FROM dag WHERE dag_id = :dag_id", dag_id=dag_id) == []
    assert airflow.rows("SELECT 1 FROM dag_run WHERE dag_id = :dag_id", dag_id=dag_id) == []
    assert airflow.audit(deleted.json()["operation_id"]) == [("delete_dag", "admin", dag_id)]


def test_a_dag_with_a_running_task_is_not_deleted(airflow: AirflowServer, tokens: dict[str, str]) -> None:
    dag_id = "has_running_task"
    assert airflow.act("trigger", dag_id, token=tokens["admin"], body={}).status_code == 200
    airflow.change("UPDATE task_instance SET state = 'running' WHERE dag_id = :dag_id", dag_id=dag_id)
    answer = airflow.act("delete", dag_id, token=tokens["admin"], params={"typed": dag_id})
    assert answer.status_code == 409
    assert "still running" in answer.json()["detail"]
    assert airflow.rows("SELECT 1 FROM dag WHERE dag_id = :dag_id", dag_id=dag_id)
