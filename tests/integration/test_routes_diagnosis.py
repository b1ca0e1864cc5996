"""What changed since a task last succeeded and how it is isolated, over Airflow's own tables, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import pytest

from tests.integration.api_host import ApiHost, fab_host, simple_host
from tests.integration.seeding import Database, Databases, Seeder
from tests.integration.seeding.seeder import SeededRun

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
DAG_ID = "orders"
SECRET = "hunter2"
GRAPH: dict[str, list[str]] = {"extract": [], "load": ["extract"], "score": [], "mapped": []}


def _address(run: SeededRun, task_id: str, what: str) -> str:
    return f"/dags/{run.dag_id}/runs/{quote(run.run_id, safe='')}/tasks/{task_id}/{what}"


def _serialized(dag_id: str, param: str) -> dict[str, Any]:
    """A Dag with isolated tasks and a param, serialized by Airflow."""
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.providers.standard.operators.python import PythonVirtualenvOperator
    from airflow.sdk import DAG, task
    from airflow.serialization.serialized_objects import LazyDeserializedDAG

    with DAG(
        dag_id, schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc), params={"limit": param}
    ) as made:
        extract = BashOperator(task_id="extract", bash_command="true")
        extract >> BashOperator(task_id="load", bash_command="load {{ ds }}")

        @task.virtualenv(
            requirements=["sqlalchemy<1", "python-dateutil", "polars==1.0"],
            index_urls=[f"https://me:{SECRET}@index.example.com/simple"],
            venv_cache_path="/tmp/venvs",
            python_version="3.11",
        )
        def score() -> None: ...

        score()
        PythonVirtualenvOperator.partial(
            task_id="mapped", python_callable=print, requirements=["polars"]
        ).expand(op_args=[[1], [2]])

    model = SerializedDagModel(LazyDeserializedDAG.from_dag(made))
    return {"data": model._data, "data_compressed": model._data_compressed, "dag_hash": model.dag_hash}


@dataclass(frozen=True)
class Story:
    good: SeededRun
    failed_between: SeededRun
    failed: SeededRun
    forgotten: SeededRun
    first_ever: SeededRun


def _version(seeder: Seeder, param: str) -> uuid.UUID:
    version = seeder.dag_version(DAG_ID, GRAPH)
    seeder.pending("serialized_dag")[-1].update(_serialized(DAG_ID, param))
    return version


def _seed(seeder: Seeder) -> Story:
    seeder.dag(DAG_ID)
    first = _version(seeder, "ten")

    def run(hours: float, state: str, **columns: Any) -> SeededRun:
        return seeder.run(DAG_ID, run_after=NOW - timedelta(hours=hours), state=state, **columns)

    first_ever = run(200, "failed")
    seeder.task_instance(first_ever, "load", state="failed")
    forgotten_good = run(150, "success")
    seeder.task_instance(forgotten_good, "load")
    forgotten = run(149, "failed")
    seeder.task_instance(forgotten, "load", state="failed")
    good = run(4, "failed", conf={"table": "orders", "password": "old-" + SECRET})
    seeder.task_instance(
        good, "extract", end_date=good.start_date and good.start_date + timedelta(seconds=30)
    )
    seeder.task_instance(good, "load", hostname="worker-3")
    seeder.task_instance(good, "score")
    seeder.rendered(good, "load", bash_command="load 2026-03-01", env={"A": "1"})
    seeder.task_instance(good, "mapped", map_index=0, hostname="worker-3")
    seeder.task_instance(good, "mapped", map_index=1, state="failed")
    second = _version(seeder, "twenty")
    assert first != second
    between = run(3, "failed")
    seeder.task_instance(between, "load", state="failed")
    failed = run(
        2,
        "failed",
        run_type="manual",
        triggered_by="UI",
        triggering_user_name="ada",
        conf={"table": "orders_v2", "password": SECRET, "nested": {"deep": {"api_key": SECRET}}},
    )
    seeder.task_instance(
        failed, "extract", end_date=failed.start_date and failed.start_date + timedelta(seconds=300)
    )
    seeder.task_instance(
        failed, "load", state="failed", hostname="worker-7", pool="warehouse", retry_reason="heartbeat lost"
    )
    seeder.task_instance(failed, "score", state="failed", operator="@task.virtualenv")
    seeder.task_instance(failed, "never", state="upstream_failed")
    seeder.task_instance(failed, "mapped", map_index=0, state="failed", hostname="worker-7")
    seeder.task_instance(failed, "mapped", map_index=1, state="failed")
    seeder.rendered(failed, "load", bash_command="load 2026-03-02", env={"A": "1"})
    seeder.rendered(failed, "score", requirements=["sqlalchemy<1", "python-dateutil", "polars==2.0"])
    later = run(1, "success")
    seeder.task_instance(later, "load")
    seeder.write()
    return Story(good, between, failed, forgotten, first_ever)


@pytest.fixture(scope="module")
def story(databases: Databases) -> Iterator[tuple[Database, Story]]:
    database = databases.create()
    with database.bound() as engine:
        yield database, _seed(Seeder(engine, now=NOW))
    databases.drop(database)


@pytest.fixture(scope="module")
def host(story: tuple[Database, Story]) -> Iterator[tuple[ApiHost, Story]]:
    with simple_host(viewer="viewer") as made:
        yield made, story[1]


def _ask(api: ApiHost, run: SeededRun, task_id: str, what: str, query: str = "") -> Any:
    answer = api.get(_address(run, task_id, what) + query, "viewer")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _by_kind(answer: Any) -> dict[str, list[tuple[str, str | None, str | None]]]:
    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for change in answer["changes"]:
        found.setdefault(change["kind"], []).append((change["what"], change["before"], change["after"]))
    return found


def test_everything_that_changed_is_named_most_telling_first(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    answer = _ask(api, story.failed, "load", "changes")
    assert answer["last_success"]["run_id"] == story.good.run_id
    assert answer["searched_runs"] == 2
    assert (answer["version_before"]["number"], answer["version_after"]["number"]) == (1, 2)
    assert (answer["fields_state"], answer["params_state"]) == ("kept", "kept")
    changes = _by_kind(answer)
    assert changes["version"] == [("Dag version", "1", "2")]
    assert changes["field"] == [("bash_command", "load 2026-03-01", "load 2026-03-02")]
    assert ("table", "orders", "orders_v2") in changes["conf"]
    assert changes["param"] == [("limit", "ten", "twenty")]
    assert changes["host"] == [("host", "worker-3", "worker-7")]
    assert changes["pool"] == [("pool", "default_pool", "warehouse")]
    assert changes["run_type"] == [("run type", "scheduled", "manual")]
    assert changes["triggered_by"] == [("triggered by", "timetable", "ui (ada)")]
    (upstream,) = (change for change in answer["changes"] if change["kind"] == "upstream")
    assert (upstream["what"], upstream["before_s"], upstream["after_s"]) == ("extract", 30.0, 300.0)
    kinds = [change["kind"] for change in answer["changes"]]
    assert kinds[:2] == ["version", "field"]
    assert not {"queue", "executor", "operator"} & set(kinds)


def test_a_retry_reason_is_named_where_airflow_keeps_one(host: tuple[ApiHost, Story]) -> None:
    from airflow.models.taskinstance import TaskInstance

    api, story = host
    said = _by_kind(_ask(api, story.failed, "load", "changes")).get("retry_reason")
    kept = "retry_reason" in TaskInstance.__table__.c
    assert said == ([("retry reason", None, "heartbeat lost")] if kept else None)


def test_secrets_of_a_configuration_are_masked_in_every_depth(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    answer = api.get(_address(story.failed, "load", "changes"), "viewer")
    assert SECRET not in answer.text
    conf = _by_kind(answer.json())["conf"]
    assert ("nested", None, '{"deep": {"api_key": "***"}}') in conf


def test_the_same_map_index_is_compared(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    first = _ask(api, story.failed, "mapped", "changes", "?map_index=0")
    assert first["last_success"]["run_id"] == story.good.run_id
    assert _by_kind(first)["host"] == [("host", "worker-3", "worker-7")]
    second = _ask(api, story.failed, "mapped", "changes", "?map_index=1")
    assert (second["last_success"], second["changes"], second["searched_runs"]) == (None, [], 5)
    # Without an index the worst instance speaks for all.
    assert _ask(api, story.failed, "mapped", "changes")["map_index"] == 0


def test_dropped_fields_are_said_to_be_dropped(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    answer = _ask(api, story.forgotten, "load", "changes")
    assert answer["fields_state"] == "dropped"
    assert "Airflow has dropped" in answer["fields_note"]
    assert "field" not in _by_kind(answer)


def test_a_task_that_never_started_has_no_fields(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    answer = _ask(api, story.failed, "never", "changes")
    assert answer["fields_state"] == "none"
    assert "never started" in answer["fields_note"]


def test_a_task_that_never_succeeded_before_has_nothing_to_be_compared_with(
    host: tuple[ApiHost, Story],
) -> None:
    api, story = host
    answer = _ask(api, story.first_ever, "load", "changes")
    assert (answer["last_success"], answer["searched_runs"], answer["changes"]) == (None, 0, [])
    assert answer["version_after"]["number"] == 1


def test_what_is_not_there_is_a_404(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    for what in ("changes", "isolation"):
        assert api.get(_address(story.failed, "no_such_task", what), "viewer").status_code == 404
        missing = f"/dags/{DAG_ID}/runs/no_such_run/tasks/load/{what}"
        assert api.get(missing, "viewer").status_code == 404
        assert api.get(_address(story.failed, "load", what) + "?map_index=7", "viewer").status_code == 404
        assert api.get(_address(story.failed, "load", what) + "?map_index=-2", "viewer").status_code == 422


def test_a_virtualenv_is_shown_with_what_it_asks_for_as_it_was_rendered(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    answer = api.get(_address(story.failed, "score", "isolation"), "viewer")
    assert SECRET not in answer.text
    told = answer.json()
    assert (told["kind"], told["cached"], told["cache_path"]) == ("virtualenv", True, "/tmp/venvs")
    assert told["evidence"].startswith("@task.virtualenv (")
    assert (told["python_version"], told["definition_kept"]) == (None, True)
    assert "python_version" in told["python_note"]
    requirements = {item["name"]: item for item in told["requirements"]}
    assert requirements["sqlalchemy"]["clash"] is True
    assert requirements["sqlalchemy"]["airflow_has"].startswith("2.")
    assert requirements["python-dateutil"]["pinning"] == "unpinned"
    # As the run had it, not as the Dag file has it.
    assert requirements["polars"]["text"] == "polars==2.0"
    assert (told["clashes"], told["unpinned"]) == (1, 2)
    assert "sqlalchemy<1 (Airflow has 2." in told["notes"][0]
    assert "--index-url https://***@index.example.com/simple" in told["options"]
    assert len(told["guide"]) == 5


def test_a_mapped_task_is_isolated_as_its_instances_share_it(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    told = _ask(api, story.failed, "mapped", "isolation")
    assert (told["kind"], told["cached"]) == ("virtualenv", False)
    assert [item["text"] for item in told["requirements"]] == ["polars"]


def test_a_task_without_isolation_says_so(host: tuple[ApiHost, Story]) -> None:
    api, story = host
    told = _ask(api, story.failed, "load", "isolation")
    assert (told["kind"], told["requirements"], told["cached"]) == ("none", [], None)
    assert told["evidence"].startswith("BashOperator (")


def test_the_definition_of_a_task_is_a_right_of_its_own(
    host: tuple[ApiHost, Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity

    from windsock import access

    api, story = host
    may = access._may
    monkeypatch.setattr(access, "_may", lambda *asked: asked[-1] is not DagAccessEntity.TASK and may(*asked))
    answer = _ask(api, story.failed, "load", "changes")
    assert answer["params_state"] == "forbidden"
    assert "param" not in _by_kind(answer)
    assert api.get(_address(story.failed, "load", "isolation"), "viewer").status_code == 403


READ = "can_read"
COMMON = [(READ, "Website"), (READ, "Plugins"), (READ, "DAGs")]


def test_who_may_read_what_decides_what_is_said(story: tuple[Database, Story]) -> None:
    _, told = story
    roles = {
        "no_logs": [*COMMON, (READ, "DAG Runs"), (READ, "Task Instances")],
        "no_runs": [*COMMON, (READ, "Task Instances")],
        "no_tasks": [*COMMON, (READ, "DAG Runs")],
        "nothing": COMMON[:2],
    }
    with fab_host(roles) as api:
        for what in ("changes", "isolation"):
            path = _address(told.failed, "load", what)
            assert api.get(path, "no_logs").status_code == 200
            for role in ("no_runs", "no_tasks", "nothing"):
                answer = api.get(path, role)
                assert answer.status_code == 403, (what, role)
                assert "worker-7" not in answer.text
            assert api.get(path, None).status_code == 401
