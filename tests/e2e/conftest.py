"""One Airflow and one browser for all browser tests."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.airflow_server import AirflowServer, airflow_server
from tests.e2e.chromium import running_browser
from tests.e2e.destinations import FailedTask, find_failed_task
from tests.e2e.visitor import Visitor, visitor

PICTURES = Path(__file__).resolve().parents[2] / ".build" / "pictures-of-failures"


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowServer]:
    """Airflow with the demo's history. Shared: a test that changes a Dag takes one that no other looks at."""
    with airflow_server(tmp_path_factory.mktemp("airflow")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture(scope="session")
def failed_task(airflow: AirflowServer) -> FailedTask:
    return find_failed_task(airflow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    setattr(item, f"report_of_{report.when}", report)
    return report


@pytest.fixture
def admin(browser: Browser, airflow: AirflowServer, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """An admin with a page open; where the test fails, a picture of it is left in .build/."""
    with visitor(browser, airflow) as somebody:
        yield somebody
        _picture_of_failure(request, somebody)


def _picture_of_failure(request: pytest.FixtureRequest, somebody: Visitor) -> None:
    report = getattr(request.node, "report_of_call", None)
    if report is not None and report.failed:
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", request.node.nodeid)
        somebody.page.screenshot(path=PICTURES / f"{name}.png")
