"""The installed wheel in every supported Airflow, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

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
