"""What the pages show while Airflow is out of reach, and when there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.airflow_server import AirflowServer, airflow_server
from tests.e2e.visitor import WINDSOCK, Visitor, visitor

INCIDENT = '[data-testid="windsock-incident"]'
STALE = '[data-testid="windsock-stale"]'
EMPTY = '[data-testid="windsock-empty"]'

_POLLS_WITHIN_MS = 25_000


def test_cut_network_leaves_what_was_shown_and_heals_by_itself(admin: Visitor) -> None:
    page = admin.open("/plugin/windsock")
    expect(page.locator(INCIDENT).first).to_be_visible()
    shown = page.locator(INCIDENT).count()
    expect(page.locator(STALE)).to_have_count(0)

    admin.context.set_offline(True)
    expect(page.locator(STALE)).to_be_visible(timeout=_POLLS_WITHIN_MS)
    expect(page.locator(INCIDENT)).to_have_count(shown)

    admin.context.set_offline(False)
    expect(page.locator(STALE)).to_have_count(0, timeout=_POLLS_WITHIN_MS)
    expect(page.locator(INCIDENT)).to_have_count(shown)


@pytest.fixture(scope="module")
def airflow_without_dags(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowServer]:
    """An Airflow as it is right after its installation."""
    with airflow_server(tmp_path_factory.mktemp("empty"), history=False) as server:
        yield server


def test_fresh_airflow_says_that_nothing_is_failing(
    browser: Browser, airflow_without_dags: AirflowServer
) -> None:
    with visitor(browser, airflow_without_dags) as somebody:
        page = somebody.open("/plugin/windsock")
        expect(page.locator(EMPTY)).to_contain_text("Nothing is failing. 0 Dags, no failure on record.")
        somebody.open("/plugin/windsock?view=dags")
        expect(page.locator(EMPTY)).to_be_visible()
        somebody.open("/")
        expect(page.locator(WINDSOCK)).to_contain_text("Nothing is failing")
        somebody.settle()
        assert somebody.troubles.found == []
        assert somebody.serious_accessibility_findings() == []
