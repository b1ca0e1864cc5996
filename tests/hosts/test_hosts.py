"""The installed wheel in every supported Airflow, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import acting
from tests.e2e.airflow_server import AirflowServer
from tests.e2e.destinations import FailedTask, destinations
from tests.e2e.visitor import WINDSOCK, visitor


@pytest.mark.parametrize("name", ["nav", "home", "dag", "dag_run", "task", "task_instance"])
def test_destination_renders_without_new_trouble(
    name: str, browser: Browser, airflow: AirflowServer, failed_task: FailedTask
) -> None:
    [there] = [place for place in destinations(failed_task) if place.name == name]
    with visitor(browser, airflow) as with_us, visitor(browser, airflow, without_windsock=True) as without_us:
        with_us.open(there.path)
        expect(with_us.page.locator(WINDSOCK)).to_be_visible()
        with_us.settle()
        without_us.open(there.host_path)
        without_us.settle()
        assert with_us.troubles.beyond(without_us.troubles) == []


def test_the_four_actions_work(browser: Browser, airflow: AirflowServer) -> None:
    with visitor(browser, airflow) as somebody:
        run_id = acting.trigger(somebody, "hr_headcount", '{"source": "test"}')
        made = acting.run(airflow, "hr_headcount", run_id)
        assert made is not None
        assert made["conf"] == {"source": "test"}

        acting.pause(somebody, "ledger_close")
        assert acting.is_paused(airflow, "ledger_close")
        acting.unpause(somebody, "ledger_close")
        assert not acting.is_paused(airflow, "ledger_close")

        acting.delete(somebody, "gdpr_erasure")
        assert acting.dag(airflow, "gdpr_erasure") is None


def test_what_airflow_refuses_is_said_in_its_words_and_changes_nothing(
    browser: Browser, airflow: AirflowServer
) -> None:
    with visitor(browser, airflow, "viewer") as somebody:
        ours = acting.open_dag_tab(somebody, "kpi_daily")
        ours.get_by_role("button", name="Pause", exact=True).click()
        expect(somebody.page.locator(acting.NOTICE).get_by_role("alert")).to_contain_text("Forbidden")
        expect(ours.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        assert not acting.is_paused(airflow, "kpi_daily")
