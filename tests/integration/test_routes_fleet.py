"""The API over dataset S says what is true of it by construction, on both databases, and the same to each role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from tests.integration.api_host import ApiHost, simple_host
from tests.integration.seeding import Database, Dataset, Expected


@pytest.fixture(scope="module")
def host(_seeded_s: tuple[Database, Dataset]) -> Iterator[tuple[ApiHost, Dataset]]:
    database, dataset = _seeded_s
    with database.bound(), simple_host(admin="admin", op="op", user="user", viewer="viewer") as made:
        yield made, dataset


def _all(api: ApiHost, path: str, user: str = "viewer") -> list[dict[str, Any]]:
    """Every item of a list, over all its pages."""
    items: list[dict[str, Any]] = []
    while True:
        answer = api.get(f"{path}{'&' if '?' in path else '?'}offset={len(items)}&limit=100", user).json()
        items += answer["items"]
        if not answer["items"] or len(items) >= answer["matching"]:
            return items


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def test_every_dag_of_the_fleet_is_listed_once_with_what_is_true_of_it(host: tuple[ApiHost, Dataset]) -> None:
    api, dataset = host
    listed = {item["dag_id"]: item for item in _all(api, "/dags")}
    assert listed.keys() == dataset.fleet.keys()
    for dag_id, expected in dataset.fleet.items():
        item = listed[dag_id]
        said = (item["health"], item["streak"]["length"], item["paused"], item["paused_by_airflow"])
        assert said == (expected.health, expected.streak, expected.is_paused, expected.paused_by_airflow), (
            dag_id
        )
        assert (item["successes"], item["counting_runs"]) == (expected.successes, expected.of), dag_id
        assert sorted(item["warnings"]) == sorted(expected.warnings), dag_id
        assert item["streak"]["at_bound"] == expected.at_bound, dag_id
        if not expected.at_bound:
            assert _time(item["streak"]["failing_since"]) == expected.failing_since, dag_id
        last_good = item["streak"]["last_good_run"]
        assert (last_good["run_id"] if last_good else None) == expected.last_good_run, dag_id
        strip = item["strip"]
        assert len(strip["run_ids"]) <= 25
        assert strip["run_afters"] == sorted(strip["run_afters"])
        assert (
            len({len(strip[name]) for name in ("run_ids", "states", "run_afters", "durations_s", "queued_s")})
            == 1
        )


def _open(dataset: Dataset) -> dict[str, Expected]:
    return {
        dag_id: expected
        for dag_id, expected in dataset.fleet.items()
        if (expected.health == "failing" and not expected.is_paused) or expected.paused_by_airflow
    }


def test_one_incident_per_open_problem_with_its_first_causes(host: tuple[ApiHost, Dataset]) -> None:
    api, dataset = host
    items = _all(api, "/incidents")
    of_dags = {item["dag_id"]: item for item in items if item["dag_id"]}
    expected_open = _open(dataset)
    assert of_dags.keys() == expected_open.keys()
    for dag_id, expected in expected_open.items():
        item = of_dags[dag_id]
        assert item["kind"] == ("paused_by_airflow" if expected.paused_by_airflow else "failing"), dag_id
        if expected.streak and not expected.at_bound:
            assert tuple(sorted(cause["task_id"] for cause in item["causes"])) == tuple(
                sorted(expected.causes)
            ), dag_id
            assert (item["run_level_cause"] is not None) == expected.run_level_cause, dag_id
    broken = [item for item in items if item["kind"] == "import_error"]
    assert len(broken) == len({tuple(item["file_dag_ids"]) for item in broken})
    with_error = {dag_id for item in broken for dag_id in item["file_dag_ids"]}
    assert with_error == {dag_id for dag_id, expected in dataset.dags.items() if expected.import_error}


def test_incidents_come_worst_first(host: tuple[ApiHost, Dataset]) -> None:
    api, _ = host
    order = ["failing", "paused_by_airflow", "import_error"]
    keys = [
        (
            order.index(item["kind"]),
            -(_time(item["opened_at"]) or datetime.fromtimestamp(0, timezone.utc)).timestamp(),
        )
        for item in _all(api, "/incidents")
    ]
    assert keys == sorted(keys)


def test_the_totals_count_the_rows(host: tuple[ApiHost, Dataset]) -> None:
    api, _ = host
    totals = api.get("/home", "viewer").json()["totals"]
    assert totals["incidents"] == len(_all(api, "/incidents"))
    for health in ("failing", "warning", "ok", "unknown", "hidden", "paused"):
        answer = api.get(f"/dags?health={health}", "viewer").json()
        assert totals[health] == answer["matching"], health
        assert answer["totals"] == totals
    assert totals["dags"] == sum(totals[name] for name in ("failing", "warning", "ok", "unknown", "hidden"))
    assert api.get("/dags?paused=true", "viewer").json()["matching"] == totals["paused"]


def test_filters_and_facets_agree(host: tuple[ApiHost, Dataset]) -> None:
    api, _ = host
    facets = api.get("/facets", "viewer").json()
    for name in ("owner", "tag"):
        assert facets[f"{name}s"]
        for facet in facets[f"{name}s"]:
            assert api.get(f"/dags?{name}={facet['value']}", "viewer").json()["matching"] == facet["dags"]
    two = [facet["value"] for facet in facets["owners"][:2]]
    both = api.get(f"/dags?owner={two[0]}&owner={two[1]}", "viewer").json()["matching"]
    assert both == sum(facet["dags"] for facet in facets["owners"][:2])


def test_text_is_found_in_any_case_and_every_word_must_match(host: tuple[ApiHost, Dataset]) -> None:
    api, dataset = host
    dag_id = next(iter(dataset.fleet))
    assert dag_id in {item["dag_id"] for item in _all(api, f"/dags?q={dag_id.upper()}")}
    assert api.get(f"/dags?q={dag_id}%20nonsense", "viewer").json()["matching"] == 0


@pytest.mark.parametrize(
    "sort",
    ["health", "dag_id", "streak", "failing_since", "success_rate", "last_duration", "typical_duration",
     "next_run", "schedule", "owner", "tag", "paused"],
)  # fmt: skip
def test_every_order_holds_every_dag_and_both_directions_end_with_the_unknown(
    host: tuple[ApiHost, Dataset], sort: str
) -> None:
    api, dataset = host
    up = [item["dag_id"] for item in _all(api, f"/dags?sort={sort}")]
    down = [item["dag_id"] for item in _all(api, f"/dags?sort=-{sort}")]
    assert sorted(up) == sorted(down) == sorted(dataset.fleet)
    if sort == "streak":
        lengths = [dataset.fleet[dag_id].streak for dag_id in down]
        known = [length for length in lengths if length]
        assert known == sorted(known, reverse=True)
        assert lengths[len(known) :] == [0] * (len(lengths) - len(known))


def test_an_order_that_does_not_exist_is_refused_with_those_that_do(host: tuple[ApiHost, Dataset]) -> None:
    api, _ = host
    answer = api.get("/dags?sort=colour", "viewer")
    assert answer.status_code == 422
    assert answer.json()["field"] == "sort"
    assert "failing_since" in answer.json()["remedy"]


def test_task_streaks_of_the_fleet(host: tuple[ApiHost, Dataset]) -> None:
    api, dataset = host
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for item in _all(api, "/task-streaks"):
        found.setdefault(item["dag_id"], {})[item["task_id"]] = (item["unsuccessful"], item["failed"])
    expected = {
        dag_id: standing
        for dag_id, what in dataset.fleet.items()
        if not what.is_paused
        and (standing := {task: pair for task, pair in what.task_streaks.items() if pair != (0, 0)})
    }
    assert found == expected


def test_an_unchanged_answer_is_a_304_and_every_role_gets_the_same(host: tuple[ApiHost, Dataset]) -> None:
    api, _ = host
    for path in ("/home", "/incidents", "/dags?limit=100", "/facets", "/task-streaks"):
        first = api.get(path, "viewer")
        assert first.status_code == 200
        assert first.headers["cache-control"] == "private, no-cache"
        assert float(first.headers["windsock-snapshot-age"]) >= 0
        again = api.get(path, "viewer", **{"if-none-match": first.headers["etag"]})
        assert again.status_code in (200, 304)
        settled = api.get(path, "viewer")
        assert api.get(path, "viewer", **{"if-none-match": settled.headers["etag"]}).status_code == 304
        for role in ("user", "op", "admin"):
            assert api.get(path, role).headers["etag"] == settled.headers["etag"], (path, role)


def test_no_answer_is_larger_than_its_budget(host: tuple[ApiHost, Dataset]) -> None:
    api, _ = host
    assert len(api.get("/dags?limit=100", "viewer").content) < 256_000
    assert len(api.get("/incidents?limit=100", "viewer").content) < 256_000


def test_one_dag_says_the_same_as_its_row(host: tuple[ApiHost, Dataset]) -> None:
    api, dataset = host
    rows = {item["dag_id"]: item for item in _all(api, "/dags")}
    one_of_each = {expected.story: dag_id for dag_id, expected in dataset.fleet.items()}
    for story, dag_id in one_of_each.items():
        detail = api.get(f"/dags/{dag_id}", "viewer").json()
        assert detail["dag"] == rows[dag_id], story
        keys = [(run["run_after"]) for run in detail["runs"]]
        assert keys == sorted(keys, reverse=True)
        if dataset.fleet[dag_id].causes and not dataset.fleet[dag_id].at_bound:
            assert {task["task_id"] for task in detail["failing_tasks"]} == set(
                dataset.fleet[dag_id].causes
            ), story


def test_from_an_incident_to_run_task_and_instance(host: tuple[ApiHost, Dataset]) -> None:
    api, dataset = host
    for story in ("failing", "two_causes"):
        dag_id = dataset.of(story)[0]
        expected = dataset.fleet[dag_id]
        incident = next(i for i in _all(api, "/incidents") if i["dag_id"] == dag_id)
        run_id = incident["newest_failed_run"]["run_id"]
        run = api.get(f"/dags/{dag_id}/runs/{run_id}", "viewer").json()
        assert {task["task_id"] for task in run["tasks"] if task["role"] == "first_cause"} == set(
            expected.causes
        )
        assert run["last_good_run"]["run_id"] == expected.last_good_run
        assert run["run_level_cause"] is None
        assert sum(run["states"].values()) == len(dataset.tasks)
        for cause in expected.causes:
            task = api.get(f"/dags/{dag_id}/tasks/{cause}", "viewer").json()
            assert (task["streak"]["unsuccessful"], task["streak"]["failed"]) == expected.task_streaks[cause]
            assert task["error_run_id"] == run_id
            instance = api.get(f"/dags/{dag_id}/runs/{run_id}/tasks/{cause}", "viewer").json()
            assert instance["state"] == "failed"
            assert instance["tries"][-1]["try_number"] == instance["shown_try"]
            # No log was written for seeded rows: that is said, in words, and is no error of ours.
            assert instance["error"]["state"] in ("absent", "unreadable", "pending")


@pytest.mark.parametrize(
    "path",
    ["/dags/{dag}/runs/no_such_run", "/dags/{dag}/tasks/no_such_task", "/dags/{dag}/runs/no_such_run/tasks/t",
     "/dags/no_such_dag", "/dags/no_such_dag/runs/x", "/nothing_here"],
)  # fmt: skip
def test_what_is_not_there_is_a_404_in_words(host: tuple[ApiHost, Dataset], path: str) -> None:
    api, dataset = host
    answer = api.get(path.format(dag=next(iter(dataset.fleet))), "viewer")
    assert answer.status_code == 404
    assert answer.json()["title"]


def test_a_try_that_does_not_exist_names_those_that_do(host: tuple[ApiHost, Dataset]) -> None:
    api, dataset = host
    dag_id = dataset.of("failing")[0]
    incident = next(i for i in _all(api, "/incidents") if i["dag_id"] == dag_id)
    run_id, task_id = incident["newest_failed_run"]["run_id"], incident["causes"][0]["task_id"]
    answer = api.get(f"/dags/{dag_id}/runs/{run_id}/tasks/{task_id}?try_number=99", "viewer")
    assert answer.status_code == 422
    assert answer.json()["field"] == "try_number"
