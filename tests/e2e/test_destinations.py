"""Windsock inside Airflow's pages: registered, loaded, and no trouble to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.airflow_server import AirflowServer
from tests.e2e.destinations import FailedTask, destinations
from tests.e2e.visitor import WINDSOCK, Troubles, Visitor, visitor

NAMES = ("nav", "home", "dag", "dag_run", "task", "task_instance")


def test_airflow_knows_all_six_destinations(airflow: AirflowServer) -> None:
    with airflow.api("viewer") as api:
        plugins = api.get("/api/v2/plugins").json()["plugins"]
    [ours] = [plugin for plugin in plugins if plugin["name"] == "windsock"]
    assert {app["destination"] for app in ours["react_apps"]} == {
        "nav",
        "dashboard",
        "dag",
        "dag_run",
        "task",
        "task_instance",
    }
    assert len({app["bundle_url"] for app in ours["react_apps"]}) == 1


def test_the_bundle_is_served_for_ever_and_the_manifest_not_at_all(airflow: AirflowServer) -> None:
    with airflow.api() as api:
        plugins = api.get("/api/v2/plugins").json()["plugins"]
        [ours] = [plugin for plugin in plugins if plugin["name"] == "windsock"]
        entry = api.get(ours["react_apps"][0]["bundle_url"])
        assert entry.status_code == 200
        assert "immutable" in entry.headers["cache-control"]
        assert "javascript" in entry.headers["content-type"]
        assert api.get("/windsock/static/.vite/manifest.json").status_code == 404


@pytest.fixture(scope="module")
def troubles_without_us(browser: Browser, airflow: AirflowServer) -> Iterator[Callable[[str], Troubles]]:
    """Opens a page of Airflow without the plugin, once for each path, and tells what went wrong on it."""
    with visitor(browser, airflow, without_windsock=True) as somebody:

        @cache
        def of(path: str) -> Troubles:
            somebody.start_over()
            somebody.open(path)
            somebody.settle()
            assert somebody.page.locator(WINDSOCK).count() == 0
            return somebody.troubles

        yield of


@pytest.fixture(scope="module", params=["light", "dark"])
def in_colour(request: pytest.FixtureRequest, browser: Browser, airflow: AirflowServer) -> Iterator[Visitor]:
    with visitor(browser, airflow, dark=request.param == "dark") as somebody:
        yield somebody
        assert (request.param == "dark") == (
            "dark" in (somebody.page.locator("html").get_attribute("class") or "")
        )


@pytest.mark.parametrize("name", NAMES)
def test_page_renders_without_new_trouble_and_is_accessible(
    name: str,
    in_colour: Visitor,
    troubles_without_us: Callable[[str], Troubles],
    failed_task: FailedTask,
) -> None:
    [there] = [place for place in destinations(failed_task) if place.name == name]
    in_colour.start_over()
    in_colour.open(there.path)
    expect(in_colour.page.locator(WINDSOCK)).to_be_visible()
    in_colour.settle()

    assert in_colour.troubles.beyond(troubles_without_us(there.host_path)) == []
    assert in_colour.serious_accessibility_findings() == []


@pytest.mark.parametrize(
    ("name", "way"),
    [("dag", "dag"), ("dag_run", "run"), ("task", "task"), ("task_instance", "task-instance")],
)
def test_tab_is_reached_from_airflows_own_page(
    name: str, way: str, admin: Visitor, failed_task: FailedTask
) -> None:
    [there] = [place for place in destinations(failed_task) if place.name == name]
    page = admin.open(there.host_path)
    # The same word stands in the navigation; the tab is the link into this page.
    page.locator(f'a[href$="/plugin/windsock-{way}"]').click()
    expect(page.locator(WINDSOCK)).to_be_visible()
    assert page.url.endswith(f"/plugin/windsock-{way}")


def test_nav_page_is_reached_from_airflows_navigation(admin: Visitor) -> None:
    page = admin.open("/")
    page.get_by_role("link", name="Windsock", exact=True).first.click()
    expect(page.locator(WINDSOCK)).to_be_visible()
    assert page.url.endswith("/plugin/windsock")


def test_home_widget_stands_below_airflows_own_blocks(admin: Visitor) -> None:
    page = admin.open("/")
    ours = page.locator(WINDSOCK)
    expect(ours).to_be_visible()
    admin.settle()
    above = page.get_by_role("heading").evaluate_all(
        """(headings, ours) => headings
            .filter(heading => !ours.contains(heading))
            .map(heading => heading.getBoundingClientRect().bottom)""",
        ours.element_handle(),
    )
    box = ours.bounding_box()
    assert above
    assert box is not None
    assert box["y"] >= max(above)
