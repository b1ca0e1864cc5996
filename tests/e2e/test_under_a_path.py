"""A deployment under a path: every address of ours begins with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.airflow_server import AirflowServer, airflow_server
from tests.e2e.destinations import destinations, find_failed_task
from tests.e2e.visitor import WINDSOCK, visitor


@pytest.fixture(scope="module")
def airflow_under_a_path(airflow: AirflowServer) -> Iterator[AirflowServer]:
    """A second API server over the same database, as behind another address."""
    with airflow_server(airflow.home, prefix="/team/airflow") as server:
        yield server


def test_all_six_destinations_render_under_a_path(
    browser: Browser, airflow_under_a_path: AirflowServer
) -> None:
    with (
        visitor(browser, airflow_under_a_path) as with_us,
        visitor(browser, airflow_under_a_path, without_windsock=True) as without_us,
    ):
        for place in destinations(find_failed_task(airflow_under_a_path)):
            with_us.start_over()
            with_us.open(place.path)
            expect(with_us.page.locator(WINDSOCK)).to_be_visible()
            with_us.settle()
            without_us.start_over()
            without_us.open(place.host_path)
            without_us.settle()
            assert with_us.troubles.beyond(without_us.troubles) == [], place.name
