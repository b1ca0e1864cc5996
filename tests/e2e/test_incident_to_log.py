"""The nav page: from an incident to its log, and a view that can be sent to a colleague."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.airflow_server import AirflowServer
from tests.e2e.visitor import Visitor

INCIDENT = '[data-testid="windsock-incident"]'
DAG_ROW = '[data-testid="windsock-dag-row"]'


def test_incident_to_log_in_two_clicks(admin: Visitor) -> None:
    page = admin.open("/")
    page.get_by_role("link", name="Windsock", exact=True).first.click()
    incident = page.locator(INCIDENT).filter(has=page.get_by_role("link", name="Log", exact=True)).first
    incident.get_by_role("link", name="Log", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/dags/[^/]+/runs/[^/]+/tasks/"))
    # Airflow's own reader: the lines of the log, with the error in it.
    expect(page.get_by_text(re.compile("ERROR|Traceback|Error")).first).to_be_visible()


def test_rows_are_as_many_as_the_total_says(admin: Visitor, airflow: AirflowServer) -> None:
    with airflow.api() as api:
        total = api.get("/windsock/api/v1/home").json()["totals"]["incidents"]
    page = admin.open("/plugin/windsock?group=none")
    expect(page.locator(INCIDENT)).to_have_count(total)
    assert total > 3


def test_search_and_filter_survive_reload_and_back(admin: Visitor) -> None:
    page = admin.open("/plugin/windsock?view=dags")
    expect(page.locator(DAG_ROW).first).to_be_visible()
    search = page.get_by_role("searchbox")
    search.fill("orders")
    expect(page.locator(DAG_ROW)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=orders"))
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("orders")
    expect(page.locator(DAG_ROW)).to_have_count(1)
    page.locator(DAG_ROW).get_by_role("link", name="orders_hourly").first.click()
    expect(page).to_have_url(re.compile(r"/dags/orders_hourly"))
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("orders")
    expect(page.locator(DAG_ROW)).to_have_count(1)
