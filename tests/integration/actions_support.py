"""A real Airflow API server in a process of its own, with its own database, for tests that change things."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import sqlalchemy as sa

_HOST_FILES: Final = Path(__file__).parent / "actions_host"
_START_LIMIT_S: Final = 180
_USERS: Final = {"admin": "admin", "op": "op", "user": "user", "viewer": "viewer"}


@dataclass(frozen=True, slots=True)
class AirflowServer:
    """A running API server: its address, and its database to look behind its answers."""

    url: str
    """With the path prefix, without a trailing slash."""
    database: sa.Engine

    def token(self, name: str) -> str:
        """Log a user in; each one's role has the user's name."""
        answer = httpx.post(f"{self.url}/auth/token", json={"username": name, "password": name}, timeout=30)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_token"])

    def act(
        self,
        action: str,
        dag_id: str,
        *,
        token: str | None,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Ask our own application for an action."""
        return httpx.post(
            f"{self.url}/under-test/dags/{dag_id}/{action}",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            json=None if body is None else dict(body),
            params=dict(params or {}),
            timeout=60,
        )

    def rows(self, statement: str, **values: object) -> Sequence[sa.RowMapping]:
        """Read from the database."""
        with self.database.connect() as connection:
            return connection.execute(sa.text(statement), values).mappings().all()

    def change(self, statement: str, **values: object) -> None:
        """Bring about in the database what only a scheduler or a worker does."""
        with self.database.begin() as connection:
            connection.execute(sa.text(statement), values)

    def is_paused(self, dag_id: str) -> bool:
        """Return whether Airflow's database says that the Dag is paused."""
        [row] = self.rows("SELECT is_paused FROM dag WHERE dag_id = :dag_id", dag_id=dag_id)
        return bool(row["is_paused"])

    def audit(self, operation_id: str) -> list[tuple[str, str, str | None]]:
        """Return (event, owner, dag_id) of the audit records that carry an operation's id."""
        return [
            (row["event"], row["owner"], row["dag_id"])
            for row in self.rows("SELECT event, owner, dag_id, extra FROM log ORDER BY id")
            if row["extra"] and json.loads(row["extra"]).get("windsock_operation") == operation_id
        ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path, database_url: str, port: int, prefix: str, all_admins: bool) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "AIRFLOW__"))
    }
    return {
        **inherited,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}{prefix}",
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(16),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__CORE__DAGS_FOLDER": str(_HOST_FILES / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(_HOST_FILES / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": str(all_admins),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{n}:{r}" for n, r in _USERS.items()),
        # Wanted at the start, used by no route that is asked here, and its driver is not always installed.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": "sqlite+aiosqlite://",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database_url,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@contextmanager
def airflow_server(
    home: Path, *, database_url: str | None = None, prefix: str = "", all_admins: bool = False
) -> Iterator[AirflowServer]:
    """Start an API server under ``home``, wait until it answers, and end it on the way out.

    :param database_url: an empty or just migrated metadata database; None for a new one on SQLite
    """
    url = database_url or f"sqlite:///{home / 'airflow.db'}"
    port = _free_port()
    seeded = home / "seeded"
    home.mkdir(parents=True, exist_ok=True)
    passwords = home / "simple_auth_manager_passwords.json.generated"
    passwords.write_text(json.dumps({name: name for name in _USERS}) + "\n")
    output = home / "server.txt"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, str(_HOST_FILES / "serve.py"), str(port), str(seeded)],
            cwd=home,
            env=_environment(home, url, port, prefix, all_admins),
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        server = AirflowServer(
            f"http://127.0.0.1:{port}{prefix}", sa.create_engine(url, poolclass=sa.pool.NullPool)
        )
        deadline = time.monotonic() + _START_LIMIT_S
        while not (seeded.exists() and _answers(server)):
            assert process.poll() is None, f"Airflow ended at its start:\n{output.read_text()[-6000:]}"
            assert time.monotonic() < deadline, f"Airflow does not answer:\n{output.read_text()[-6000:]}"
            time.sleep(0.5)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(server: AirflowServer) -> bool:
    try:
        return httpx.get(f"{server.url}/api/v2/monitor/health", timeout=10).status_code == 200
    except httpx.TransportError:
        return False
