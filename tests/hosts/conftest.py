"""Every supported Airflow, each in an environment of its own with the built wheel installed.

Run through `make test-hosts`, which builds the wheel first. The environments are kept in .hosts/ and made anew when
their constraints change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.airflow_server import AirflowServer, airflow_server
from tests.e2e.chromium import running_browser
from tests.e2e.destinations import FailedTask, find_failed_task

ROOT = Path(__file__).resolve().parents[2]
HOSTS = ROOT / ".hosts"
UV = Path(sys.executable).with_name("uv")
VERSIONS = ("3.1.8", "3.2.2", "3.3.2")


def _environment_for(version: str) -> Path:
    """Return the Python of an environment with this Airflow and the wheel."""
    pins = ROOT / "constraints" / f"airflow-{version}.txt"
    name = f"{version}-py{sys.version_info.major}.{sys.version_info.minor}"
    folder = HOSTS / name
    # Its content, not its date: a checkout or a restored cache changes dates.
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    stamp = folder / "made-from"
    python = folder / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _uv("venv", "--quiet", "--python", sys.executable, folder)
        _uv("pip", "install", "--quiet", "--python", python, "--require-hashes", "--requirement", pins)
        stamp.write_text(wanted)
    [wheel] = (ROOT / "dist").glob("*.whl")
    _uv("pip", "install", "--quiet", "--python", python, "--no-deps", "--reinstall", wheel)
    return python


def _uv(*arguments: str | Path) -> None:
    done = subprocess.run([UV, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(f"uv {arguments[0]} {arguments[1]} failed:\n{done.stderr}", pytrace=False)


@pytest.fixture(scope="session", params=os.environ.get("WINDSOCK_HOSTS", ",".join(VERSIONS)).split(","))
def airflow(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AirflowServer]:
    """An Airflow of each version in turn, with a month of history. ``WINDSOCK_HOSTS=3.1.8`` for one alone."""
    python = _environment_for(request.param)
    # Nothing of the checkout may be found: the wheel has to be whole.
    with airflow_server(
        tmp_path_factory.mktemp("airflow"), python=python, extra={"PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
    ) as server:
        assert server.version == request.param
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture(scope="session")
def failed_task(airflow: AirflowServer) -> FailedTask:
    return find_failed_task(airflow)
