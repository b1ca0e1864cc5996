"""What Airflow sees of Windsock: one plugin that registers a FastAPI app, a middleware and the UI.

Every Airflow process imports this module, so it imports nothing heavy; what only the API server needs is
made when the API server asks for it.
"""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any

from airflow.plugins_manager import AirflowPlugin

log = logging.getLogger(__name__)

NAME = "Windsock"
"""The key on ``globalThis`` under which the bundle exposes itself, and the label of the tabs."""

URL_PREFIX = "/windsock"

URL_ROUTES = {
    "nav": "windsock",
    "dashboard": "windsock-home",
    "dag": "windsock-dag",
    "dag_run": "windsock-run",
    "task": "windsock-task",
    "task_instance": "windsock-task-instance",
}
"""Destination → the last part of the page's address; unique over all plugins of an Airflow."""


class WindsockPlugin(AirflowPlugin):
    """Registers Windsock with Airflow; ships no listener, since any listener changes how Dags are parsed."""

    name = "windsock"

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The app under ``/windsock``: the API and the built bundle."""
        try:
            from windsock.app import create_app

            return [{"app": create_app(), "url_prefix": URL_PREFIX, "name": NAME}]
        except Exception:
            log.exception("Windsock is switched off: its app cannot be made. Airflow goes on without it.")
            return []

    @cached_property
    def fastapi_root_middlewares(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """The one middleware: it leaves a reference to the host's app in the scope of our requests."""
        from windsock.airflow_api import HostReference

        return [{"middleware": HostReference, "name": "Windsock host reference"}]

    @cached_property
    def react_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """One entry per destination that this Airflow knows."""
        from windsock.bundle import bundle_url, icon_url
        from windsock.compat import known_destinations

        url = bundle_url(URL_PREFIX)
        if url is None:
            return []
        return [
            {
                "name": NAME,
                "bundle_url": url,
                "icon": icon_url(URL_PREFIX, "windsock.svg"),
                "icon_dark_mode": icon_url(URL_PREFIX, "windsock-dark.svg"),
                "url_route": url_route,
                "destination": destination,
            }
            for destination, url_route in URL_ROUTES.items()
            if destination in known_destinations()
        ]
