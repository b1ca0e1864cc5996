"""A person with a browser: logged in, and taking note of everything that goes wrong on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    Route,
    expect,
)

from tests.e2e.airflow_server import AirflowServer

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

WINDSOCK = '[data-testid="windsock"]'
"""Our own root element, on whichever page."""

_QUIET_MS = 10_000
_PATIENCE_MS = 20_000
"""Airflow's pages load hundreds of files: on a busy machine the first one takes its time."""

expect.set_options(timeout=_PATIENCE_MS)


class Troubles:
    """Console errors, uncaught exceptions and failed requests of a page, in comparable words."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.found.append(f"exception: {_plain(str(error))}"))
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)

    def beyond(self, others: Troubles) -> list[str]:
        """What happened here and not there."""
        known = set(others.found)
        return [trouble for trouble in self.found if trouble not in known]

    def _on_console(self, message: ConsoleMessage) -> None:
        # "Failed to load resource" only repeats what the answer's status says, without the address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.found.append(f"console: {_plain(message.text)}")

    def _on_failed(self, request: Request) -> None:
        # A request that a navigation cut short has not failed.
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"{request.failure}: {request.method} {urlsplit(request.url).path}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status}: {response.request.method} {urlsplit(response.url).path}")


def _plain(text: str) -> str:
    return re.sub(r"http://127\.0\.0\.1:\d+", "", text)


class Visitor:
    """One user in a browser context of their own, with one page open."""

    def __init__(self, airflow: AirflowServer, context: BrowserContext) -> None:
        self.airflow = airflow
        self.context = context
        self.page = context.new_page()
        self.troubles = Troubles(self.page)

    def start_over(self) -> None:
        """Open a new page in the same browser context, which knows the login and has Airflow's files at hand."""
        self.page.close()
        self.page = self.context.new_page()
        self.troubles = Troubles(self.page)

    def open(self, path: str) -> Page:
        """Go to a page of Airflow by its path below the deployment's prefix."""
        self.page.goto(f"{self.airflow.url}{path}", wait_until="domcontentloaded")
        return self.page

    def settle(self) -> None:
        """Wait until the page has loaded what it loads first."""
        self.page.wait_for_load_state("networkidle", timeout=_QUIET_MS)

    def serious_accessibility_findings(self, element: str = WINDSOCK) -> list[str]:
        """What axe-core finds serious or worse inside an element, one line each."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result: dict[str, Any] = self.page.evaluate(
            "element => axe.run(element, { resultTypes: ['violations'] })", element
        )
        return [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:200]}"
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]


@contextmanager
def visitor(
    browser: Browser,
    airflow: AirflowServer,
    user: str | None = "admin",
    *,
    dark: bool = False,
    without_windsock: bool = False,
) -> Iterator[Visitor]:
    """A visit that ends with the block.

    :param user: who is logged in; None for nobody
    :param without_windsock: hide our pages from Airflow's, to see what a page does by itself
    """
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme="dark" if dark else "light", timezone_id="UTC"
    )
    context.set_default_timeout(_PATIENCE_MS)
    try:
        # Airflow's own switch, where it keeps it: a person's choice goes before the system's.
        context.add_init_script(f"localStorage.setItem('theme', {'dark' if dark else 'light'!r})")
        if user is not None:
            context.add_cookies(
                [{"name": "_token", "value": airflow.token(user), "url": airflow.url, "httpOnly": True}]
            )
        if without_windsock:
            context.route("**/api/v2/plugins*", _no_plugins)
        yield Visitor(airflow, context)
    finally:
        context.close()


def _no_plugins(route: Route) -> None:
    route.fulfill(
        status=200, content_type="application/json", body=json.dumps({"plugins": [], "total_entries": 0})
    )
