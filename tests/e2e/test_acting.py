"""Acting on Dags, seen in Airflow's own pages afterwards."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e import acting
from tests.e2e.airflow_server import AirflowServer
from tests.e2e.visitor import Visitor, visitor


def test_triggered_run_is_on_airflows_own_page(admin: Visitor, airflow: AirflowServer) -> None:
    run_id = acting.trigger(admin, "hr_headcount", '{"source": "browser"}')
    made = acting.run(airflow, "hr_headcount", run_id)
    assert made is not None
    assert made["conf"] == {"source": "browser"}
    page = admin.open("/dags/hr_headcount/runs")
    expect(page.locator(f'a[href*="/runs/{run_id.split("__")[0]}__"]').first).to_be_visible()


def test_pause_and_unpause_are_on_airflows_own_page(admin: Visitor, airflow: AirflowServer) -> None:
    acting.pause(admin, "ledger_close")
    assert acting.is_paused(airflow, "ledger_close")
    switch = (
        admin.open("/dags/ledger_close")
        .get_by_role("switch")
        .or_(admin.page.locator("input[type=checkbox]"))
        .first
    )
    expect(switch).not_to_be_checked()
    acting.unpause(admin, "ledger_close")
    admin.open("/dags/ledger_close")
    expect(switch).to_be_checked()


def test_deleted_dag_is_gone_from_airflow(admin: Visitor, airflow: AirflowServer) -> None:
    acting.delete(admin, "gdpr_erasure")
    assert acting.dag(airflow, "gdpr_erasure") is None


def test_viewer_is_refused_in_airflows_words_and_nothing_changes(
    browser: Browser, airflow: AirflowServer
) -> None:
    with visitor(browser, airflow, "viewer") as somebody:
        ours = acting.open_dag_tab(somebody, "kpi_daily")
        ours.get_by_role("button", name="Pause", exact=True).click()
        expect(somebody.page.locator(acting.NOTICE).get_by_role("alert")).to_contain_text("Forbidden")
        expect(ours.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        assert not acting.is_paused(airflow, "kpi_daily")
