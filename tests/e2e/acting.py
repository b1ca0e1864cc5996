"""Acting on a Dag as a person does, on its tab; what comes of it is asked of Airflow."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.airflow_server import AirflowServer
from tests.e2e.visitor import WINDSOCK, Visitor

NOTICE = '[data-testid="windsock-action-notice"]'


def open_dag_tab(somebody: Visitor, dag_id: str) -> Locator:
    """Go to our tab on a Dag's page; returns our root element."""
    somebody.open(f"/dags/{dag_id}/plugin/windsock-dag")
    ours = somebody.page.locator(WINDSOCK)
    expect(_button(ours, "Trigger…")).to_be_visible()
    return ours


def trigger(somebody: Visitor, dag_id: str, conf: str) -> str:
    """Trigger a run with this configuration; returns its id, as the dialog shows it."""
    ours = open_dag_tab(somebody, dag_id)
    _button(ours, "Trigger…").click()
    dialog = somebody.page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill(conf)
    dialog.get_by_role("button", name="Trigger", exact=True).click()
    made = dialog.get_by_role("link")
    expect(made).to_be_visible()
    run_id = made.inner_text()
    dialog.get_by_role("button", name="Close").last.click()
    return run_id


def pause(somebody: Visitor, dag_id: str) -> None:
    """Pause a Dag, and wait until the page says so."""
    ours = open_dag_tab(somebody, dag_id)
    _button(ours, "Pause").click()
    expect(_button(ours, "Unpause")).to_be_visible()


def unpause(somebody: Visitor, dag_id: str) -> None:
    """Unpause a Dag, and wait until the page says so."""
    ours = open_dag_tab(somebody, dag_id)
    _button(ours, "Unpause").click()
    expect(_button(ours, "Pause")).to_be_visible()


def delete(somebody: Visitor, dag_id: str) -> None:
    """Delete a Dag; its name has to be typed first."""
    ours = open_dag_tab(somebody, dag_id)
    _button(ours, "More").click()
    somebody.page.get_by_role("menuitem", name="Delete…").click()
    dialog = somebody.page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Delete this Dag")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("textbox").fill(dag_id)
    confirm.click()
    expect(dialog.get_by_text("Airflow has deleted the Dag")).to_be_visible()


def dag(airflow: AirflowServer, dag_id: str) -> dict[str, Any] | None:
    """What Airflow's own API says of a Dag; None when it knows none."""
    return _asked(airflow, f"/api/v2/dags/{dag_id}")


def run(airflow: AirflowServer, dag_id: str, run_id: str) -> dict[str, Any] | None:
    """What Airflow's own API says of a Dag run; None when it knows none."""
    return _asked(airflow, f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")


def is_paused(airflow: AirflowServer, dag_id: str) -> bool:
    """Whether Airflow holds the Dag for paused."""
    found = dag(airflow, dag_id)
    assert found is not None
    return bool(found["is_paused"])


def _asked(airflow: AirflowServer, path: str) -> dict[str, Any] | None:
    with airflow.api() as api:
        answer = api.get(path)
    if answer.status_code == 404:
        return None
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _button(ours: Locator, name: str) -> Locator:
    return ours.get_by_role("button", name=name, exact=True)
