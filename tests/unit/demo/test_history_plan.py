"""The demo's history as values: it agrees with itself, tells its stories, and is the same every time."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from windsock.demo.history.company import LOYALTY_LIMIT, PACE, Ending, Moments
from windsock.demo.history.plan import SETTLED_BEFORE_NOW, History, Planner, Run
from windsock.demo.history.shapes import DagShape, load_dags
from windsock.demo.history.write import OUTLETS
from windsock.demo.home import PACKAGE, DemoHome

NOW = datetime(2026, 11, 20, 14, 5, 17, 580561, tzinfo=timezone.utc)
WAREHOUSE_DAGS = ("orders_hourly", "clicks_hourly", "customer_sync", "revenue_snapshot", "feature_export")


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[DagShape]]:
    home = DemoHome(tmp_path_factory.mktemp("home"))
    found: dict[str, list[DagShape]] = defaultdict(list)
    changed = {"orders_hourly": 2, "invoice_export": 3, "embeddings_train": 2, "dashboard_refresh": 2}
    stages = []
    for layers in ((PACKAGE / "earlier" / "1",), (PACKAGE / "earlier" / "2",), ()):
        home.lay_out_dags(*layers)
        stages.append({dag_id: loaded.shape for dag_id, loaded in load_dags(home.dags).items()})
    for dag_id, shape in stages[0].items():
        count = changed.get(dag_id, 1)
        found[dag_id] = [stage[dag_id] for stage in stages[: count - 1]] + [stages[-1].get(dag_id, shape)]
    return dict(found)


@pytest.fixture(scope="module")
def history(shapes: dict[str, list[DagShape]]) -> History:
    return Planner(NOW, shapes, OUTLETS).play()


def of(history: History, dag_id: str) -> list[Run]:
    """Runs of a Dag, the newest first, as Airflow and Windsock order them."""
    return [run for run in reversed(history.runs) if run.dag_id == dag_id]


def streak(history: History, dag_id: str) -> int:
    length = 0
    for run in of(history, dag_id):
        if run.state == "success":
            break
        length += 1
    return length


def test_the_same_moment_gives_the_same_history(shapes: dict[str, list[DagShape]], history: History) -> None:
    assert Planner(NOW, shapes, OUTLETS).play() == history


def test_another_seed_gives_another_history(shapes: dict[str, list[DagShape]], history: History) -> None:
    assert Planner(NOW, shapes, OUTLETS, seed=2).play() != history


def test_it_is_a_month_of_a_company(history: History) -> None:
    assert len(history.runs) >= 3_000
    assert len({run.dag_id for run in history.runs}) >= 25
    assert min(run.run_after for run in history.runs) < NOW - timedelta(days=29)


def test_every_run_ended_before_now(history: History) -> None:
    assert max(run.end for run in history.runs) <= NOW - SETTLED_BEFORE_NOW


def test_the_state_of_a_run_is_made_of_its_leaves(
    history: History, shapes: dict[str, list[DagShape]]
) -> None:
    for run in history.runs:
        leaves = shapes[run.dag_id][run.version - 1].leaves
        states = {ti.state for ti in run.task_instances if ti.task_id in leaves}
        timed_out = run.dag_id == "kpi_daily" and run.state == "failed"
        expected = "failed" if timed_out or states & {"failed", "upstream_failed"} else "success"
        assert run.state == expected, run.run_id


def test_each_run_has_every_task_of_its_version(history: History, shapes: dict[str, list[DagShape]]) -> None:
    for run in history.runs:
        tasks = {task.task_id for task in shapes[run.dag_id][run.version - 1].tasks}
        assert {ti.task_id for ti in run.task_instances} == tasks


def test_times_run_forward(history: History) -> None:
    for run in history.runs:
        assert run.run_after <= run.queued < run.start < run.end
        for instance in run.task_instances:
            assert instance.ended <= run.end
            for attempt in instance.tries:
                assert attempt.scheduled < attempt.queued < attempt.start < attempt.end
            for earlier, later in zip(instance.tries, instance.tries[1:], strict=False):
                assert earlier.end < later.scheduled
                assert earlier.number + 1 == later.number


def test_no_try_starts_before_its_upstreams_ended(
    history: History, shapes: dict[str, list[DagShape]]
) -> None:
    for run in history.runs:
        if run.backfill:
            continue
        ended: dict[str, datetime] = {}
        for instance in run.task_instances:
            task = shapes[run.dag_id][run.version - 1].task(instance.task_id)
            for attempt in instance.tries:
                assert all(ended[upstream] <= attempt.scheduled for upstream in task.upstream)
            ended[instance.task_id] = max(instance.ended, ended.get(instance.task_id, instance.ended))


def test_runs_and_tries_are_told_apart(history: History) -> None:
    runs = [(run.dag_id, run.run_id) for run in history.runs]
    tries = [t.id for run in history.runs for ti in run.task_instances for t in ti.tries]
    dates = [(run.dag_id, run.logical_date) for run in history.runs if run.logical_date is not None]
    for values in (runs, tries, dates):
        assert len(values) == len(set(values))


def test_runs_by_asset_have_no_logical_date_and_name_their_cause(history: History) -> None:
    caused = [run for run in history.runs if run.run_type == "asset_triggered"]
    updates = {(update.asset, update.dag_id, update.run_id) for update in history.updates}
    assert {run.dag_id for run in caused} == {"sessions_build", "dashboard_refresh"}
    assert all(run.logical_date is None and run.caused_by in updates for run in caused)


@pytest.mark.parametrize("dag_id", WAREHOUSE_DAGS)
def test_the_warehouse_refuses_five_dags_since_this_morning(history: History, dag_id: str) -> None:
    assert streak(history, dag_id) >= 1
    first_bad = of(history, dag_id)[streak(history, dag_id) - 1]
    assert NOW - timedelta(hours=4) < first_bad.run_after < NOW


@pytest.mark.parametrize(
    ("dag_id", "at_least"),
    [
        ("payments_contract", 2),
        ("dashboard_refresh", 5),
        ("partner_files", 2),
        ("embeddings_train", 5),
        ("dbt_marts", 2),
        ("kpi_daily", 2),
    ],
)
def test_what_is_broken_is_still_broken(history: History, dag_id: str, at_least: int) -> None:
    assert streak(history, dag_id) >= at_least


def test_the_contract_broke_on_a_tuesday() -> None:
    for day in range(7):
        now = NOW + timedelta(days=day)
        tuesday = Moments(now).tuesday
        assert tuesday.weekday() == 1
        assert timedelta(days=1) <= now - tuesday < timedelta(days=8)


def test_the_invoices_were_fixed_this_morning(history: History) -> None:
    newest = of(history, "invoice_export")
    assert streak(history, "invoice_export") == 0
    assert [run.version for run in newest[:8]] == sorted((run.version for run in newest[:8]), reverse=True)
    assert {run.state for run in newest if run.version == 2} == {"failed"}
    assert {run.state for run in newest if run.version == 3} == {"success"}


def test_airflow_paused_the_loyalty_points_after_its_limit(history: History) -> None:
    assert streak(history, "loyalty_points") == LOYALTY_LIMIT
    (record,) = [record for record in history.audit if record.event == "paused"]
    assert (record.dag_id, record.owner) == ("loyalty_points", "scheduler")
    assert record.extra == "[('dag_id', 'loyalty_points'), ('is_paused', True)]"
    assert record.at > of(history, "loyalty_points")[0].end


def test_the_inventory_gets_slower_every_day(history: History) -> None:
    durations = [
        ti.tries[-1].duration_s
        for run in reversed(of(history, "inventory_snapshot"))
        for ti in run.task_instances
        if ti.task_id == "load_snapshot"
    ]
    tenth = len(durations) // 10
    assert sum(durations[-tenth:]) > 3 * sum(durations[:tenth])


def test_three_of_forty_files_fail(history: History) -> None:
    newest = of(history, "partner_files")[0]
    files = [ti for ti in newest.task_instances if ti.task_id == "parse_file"]
    assert len(files) == 40
    assert [ti.map_index for ti in files if ti.state == "failed"] == [7, 19, 33]


def test_the_flaky_api_succeeds_on_its_second_try(history: History) -> None:
    runs = of(history, "fx_rates")
    flaky = [run for run in runs if len(run.task_instances[0].tries) == 2]
    assert {run.state for run in runs} == {"success"}
    assert len(runs) / 4 < len(flaky) < len(runs) * 3 / 4


def test_the_killed_training_has_no_exception(history: History) -> None:
    newest = of(history, "embeddings_train")[0]
    (train,) = [ti for ti in newest.task_instances if ti.task_id == "train"]
    assert train.tries[-1].ending is Ending.KILLED


def test_a_cleanup_hides_the_failed_load(history: History) -> None:
    newest = of(history, "weblogs_archive")[0]
    assert newest.state == "success"
    assert {ti.task_id: ti.state for ti in newest.task_instances}["load"] == "failed"


def test_prices_wait_for_the_slot_that_the_crawl_holds(history: History) -> None:
    waits = [
        run.task_instances[0].tries[0].queued - run.task_instances[0].tries[0].scheduled
        for run in of(history, "vendor_prices")
        if run.run_type == "scheduled"
    ]
    assert sorted(waits)[len(waits) // 2] > timedelta(minutes=20)


def test_a_week_of_the_ledger_was_backfilled(history: History) -> None:
    backfilled = [run for run in history.runs if run.backfill]
    assert {run.dag_id for run in backfilled} == {"ledger_close"}
    assert 5 <= len(backfilled) <= 7
    assert all(run.run_type == "backfill" and run.clear_number == 1 for run in backfilled)


def test_every_task_has_a_pace(shapes: dict[str, list[DagShape]]) -> None:
    declared = {dag_id: {task.task_id for task in versions[-1].tasks} for dag_id, versions in shapes.items()}
    del declared["gdpr_erasure"]
    assert declared == {dag_id: set(tasks) for dag_id, tasks in PACE.items()}


def test_every_dag_has_an_owner_tags_and_a_story() -> None:
    for path in _dag_files():
        source = path.read_text()
        assert "Story: " in (ast.get_docstring(ast.parse(source)) or ""), path.name
        assert 'default_args={"owner":' in source, path.name
        assert "tags=[" in source, path.name


def test_the_warehouse_dags_share_no_code() -> None:
    """Neither a module of ours nor a function of the same name that reaches the warehouse."""
    functions = []
    for dag_id in WAREHOUSE_DAGS:
        tree = ast.parse((PACKAGE / "dags" / f"{dag_id}.py").read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not any((node.module or "").startswith("windsock") for node in imports)
        functions += [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and "could not connect to warehouse" in ast.unparse(node)
            and node.name != dag_id
        ]
    assert len(functions) == len(set(functions)) == 5


def _dag_files() -> Iterator[Path]:
    yield from sorted((PACKAGE / "dags").glob("*.py"))
