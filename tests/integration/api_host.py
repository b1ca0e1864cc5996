"""Airflow's own application with Windsock mounted, in this process, on the database that is bound now."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.testclient import TestClient

API = "/windsock/api/v1"
_SIMPLE = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
_FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"

Permission = tuple[str, str]
"""An action and a resource, as the FAB auth manager names them."""


@dataclass
class ApiHost:
    """Asks the API as one of several people."""

    client: TestClient
    tokens: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, user: str | None, **headers: str) -> httpx.Response:
        """GET a path below the API's prefix as ``user``; None is nobody."""
        return self.client.get(f"{API}{path}", headers={**self._as(user), **headers})

    def post(self, path: str, user: str | None, body: Any = None, **headers: str) -> httpx.Response:
        """POST JSON to a path below the API's prefix."""
        return self.client.post(
            f"{API}{path}", json={} if body is None else body, headers={**self._as(user), **headers}
        )

    def _as(self, user: str | None) -> dict[str, str]:
        # No cookie jar: each request is what it says.
        self.client.cookies.clear()
        return {} if user is None else {"Authorization": f"Bearer {self.tokens[user]}"}


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _host(auth_manager: str) -> Iterator[TestClient]:
    from airflow import plugins_manager
    from airflow.api_fastapi import app as airflow_app

    with _environment(AIRFLOW__CORE__AUTH_MANAGER=auth_manager):
        airflow_app.purge_cached_app()
        _forget_plugins(plugins_manager)
        try:
            app = airflow_app.create_app(apps="core")
            with TestClient(app, raise_server_exceptions=False) as client:
                yield client
        finally:
            airflow_app.purge_cached_app()


def _forget_plugins(plugins_manager: Any) -> None:
    """Let the next application get a new instance of the plugin, with a snapshot and caches of its own."""
    cached = [item for item in vars(plugins_manager).values() if hasattr(item, "cache_clear")]
    if cached:
        for item in cached:
            item.cache_clear()
        return
    plugins_manager.plugins = None  # Airflow 3.1
    plugins_manager.loaded_plugins = set()
    plugins_manager.fastapi_apps = None
    plugins_manager.fastapi_root_middlewares = None


@contextmanager
def simple_host(**roles: str | None) -> Iterator[ApiHost]:
    """Serve with the SimpleAuthManager and these users with their roles."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    with _host(_SIMPLE) as client:
        manager = get_auth_manager()
        tokens = {
            name: manager.generate_jwt(SimpleAuthManagerUser(username=name, role=role))
            for name, role in roles.items()
        }
        yield ApiHost(client, tokens)


@contextmanager
def fab_host(roles: Mapping[str, Sequence[Permission]]) -> Iterator[ApiHost]:
    """Serve with the FAB auth manager and, for each role with these permissions, a user of the same name."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.providers.fab.auth_manager.models.db import FABDBManager
    from airflow.settings import Session

    assert Session is not None
    with _environment(AIRFLOW__CORE__AUTH_MANAGER=_FAB):
        FABDBManager(Session()).initdb()
    with _host(_FAB) as client:
        from airflow.providers.fab.www.app import create_app as create_flask_app

        # FAB keeps users by their number for half a minute, over all auth managers of a process; here the same
        # number is somebody else in another database.
        getattr(get_auth_manager(), "cache", {}).clear()
        flask_app = create_flask_app(enable_plugins=False)
        tokens = {}
        with flask_app.app_context():
            security = flask_app.appbuilder.sm
            for name, permissions in roles.items():
                role = security.find_role(name) or security.add_role(name)
                for action, resource in permissions:
                    security.add_permission_to_role(role, security.create_permission(action, resource))
                user = security.find_user(name) or security.add_user(
                    name, name, name, f"{name}@example.com", role, password=name
                )
                tokens[name] = get_auth_manager().generate_jwt(user)
        yield ApiHost(client, tokens)
