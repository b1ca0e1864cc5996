"""A real Airflow with the demo's Dags and history, on a free port and in a home of its own.

Only the API server runs. What the pages show is then the same in every run: no scheduler changes it, and a run that
a test triggers stays queued.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from windsock.demo.home import DemoHome

USERS = ("admin", "op", "viewer")
"""Each has the role of its name, and its name as the password."""

_START_LIMIT_S = 180


class AirflowDidNotStartError(RuntimeError):
    """The message holds the end of what the process said."""


@dataclass(frozen=True, slots=True)
class AirflowServer:
    """A running API server."""

    url: str
    """With the path prefix, without a trailing slash."""
    home: Path
    version: str

    def token(self, user: str) -> str:
        """Log a user in, and return the token that Airflow's pages keep in a cookie."""
        answer = httpx.post(f"{self.url}/auth/token", json={"username": user, "password": user}, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def api(self, user: str = "admin") -> httpx.Client:
        """A client of Airflow's public API and of ours, logged in."""
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token(user)}"}, timeout=60
        )

    @property
    def output(self) -> str:
        """What the API server has said until now."""
        return (self.home / "output" / "api-server.log").read_text(errors="replace")


@contextmanager
def airflow_server(
    home: Path,
    *,
    python: Path | None = None,
    prefix: str = "",
    history: bool = True,
    extra: Mapping[str, str] | None = None,
) -> Iterator[AirflowServer]:
    """Make a home, with a month of history by default, start its API server, and end it with the block.

    :param python: the interpreter of the Airflow to start; by default the one that runs the tests
    :param prefix: the path under which the deployment lies, such as ``/team``
    :param history: whether there are Dags and a month of runs; without, the database is as Airflow makes it
    :param extra: further settings, as environment variables
    """
    interpreter = python or Path(sys.executable)
    port = _free_port()
    environment = _environment(home, port, prefix) | dict(extra or {})
    output = home / "output"
    output.mkdir(parents=True, exist_ok=True)
    if not (home / "made").exists():
        _run([interpreter, "-m", "airflow", "db", "migrate"], environment, output / "migrate.log")
        if history:
            _run([interpreter, "-m", "windsock.demo.history", str(home)], environment, output / "history.log")
        (home / "made").touch()
    version = subprocess.run(
        [interpreter, "-c", "from importlib.metadata import version; print(version('apache-airflow-core'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    url = f"http://127.0.0.1:{port}{prefix}"
    said = output / "api-server.log"
    with said.open("ab") as stream:
        process = subprocess.Popen(
            [interpreter, "-m", "airflow", "api-server"],
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_it_answers(process, url, said)
            yield AirflowServer(url, home, version)
        finally:
            _end(process)


def _environment(home: Path, port: int, prefix: str) -> dict[str, str]:
    demo = DemoHome(home)
    demo.claim()
    # Known beforehand, where Airflow would otherwise invent and print them.
    passwords = home / "passwords.json"
    passwords.write_text(json.dumps({user: user for user in USERS}))
    return demo.environment(port, os.environ) | {
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}{prefix}",
        "AIRFLOW__API__SECRET_KEY": secrets.token_hex(16),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{user}" for user in USERS),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[str | Path], environment: Mapping[str, str], said: Path) -> None:
    with said.open("wb") as stream:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise AirflowDidNotStartError(f"{command[-1]} exited with {done.returncode}:\n{_last_words(said)}")


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, said: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AirflowDidNotStartError(
                f"The API server exited with {process.returncode}:\n{_last_words(said)}"
            )
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/api/v2/monitor/health", timeout=5).status_code == 200:
                return
        time.sleep(0.3)
    raise AirflowDidNotStartError(f"No answer from {url} in {_START_LIMIT_S} s:\n{_last_words(said)}")


def _last_words(said: Path) -> str:
    return "\n".join(said.read_text(errors="replace").splitlines()[-30:])


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
