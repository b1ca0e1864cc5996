"""The demo's own AIRFLOW_HOME: where its files lie, whether it is whole, and what its Airflow is told."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO

TAG = ".windsock-demo"
"""Written before anything else: only a folder with this file is ever emptied or written to by the demo."""

FORMAT = 1
"""Raised when what the demo writes changes so much that an older home is of no use."""

HISTORY_GOES_STALE_AFTER = timedelta(hours=24)
PACKAGE = Path(__file__).resolve().parent


class DemoError(Exception):
    """Something stands in the demo's way; the message says what, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What a finished demo home holds. Written last, so a home without it is half-made."""

    format: int
    airflow_version: str
    history: bool
    made_at: str

    @property
    def age(self) -> timedelta:
        """Time since the home was made, which is when its history ends."""
        return datetime.now(timezone.utc) - datetime.fromisoformat(self.made_at)


@dataclass(frozen=True, slots=True)
class DemoHome:
    """One folder that belongs to the demo alone."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "airflow.db"

    @property
    def empty_database(self) -> Path:
        """The database as Airflow's migrations left it, kept so that a new history need not migrate again."""
        return self.path / "empty.db"

    @property
    def dags(self) -> Path:
        return self.path / "dags"

    @property
    def logs(self) -> Path:
        """Task logs, laid out by Airflow's own template."""
        return self.path / "logs"

    @property
    def output(self) -> Path:
        """What each of Airflow's processes says."""
        return self.path / "output"

    @property
    def inventory(self) -> Path:
        """The partitions that the Dag `inventory_snapshot` reads, more of them every day."""
        return self.path / "data" / "inventory"

    @property
    def _marker(self) -> Path:
        return self.path / "demo.json"

    @property
    def _trash(self) -> Path:
        return self.path / "trash"

    @property
    def _running(self) -> Path:
        return self.path / "running.json"

    @property
    def is_ours(self) -> bool:
        return (self.path / TAG).is_file()

    def claim(self) -> None:
        """Make the folder and tag it, unless it already holds something that is not the demo's.

        Raises DemoError for a folder with foreign content.
        """
        if not self.is_ours and self.path.exists() and any(self.path.iterdir()):
            raise DemoError(
                f"{self.path} is not a demo home and is not empty; nothing was touched. "
                "Choose another folder with --home."
            )
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / TAG).write_text(
            "This folder belongs to `windsock demo`, which may empty it at any time.\n"
        )

    def clear(self, *, keep_empty_database: bool) -> None:
        """Empty the home but for its tag and lock (and, if wanted, the migrated empty database)."""
        if not self.is_ours:
            raise DemoError(f"{self.path} is not a demo home; nothing was removed.")
        kept = {TAG, "lock", self._running.name, self._trash.name}
        if keep_empty_database:
            kept |= {self.empty_database.name, "airflow.cfg"}
        # The marker goes first: a removal that is interrupted leaves a home that is seen to be half-made.
        self._marker.unlink(missing_ok=True)
        # Tens of thousands of logs take long to remove: put aside now, they go while Airflow runs.
        aside = self._trash / f"{time.time_ns()}"
        aside.mkdir(parents=True)
        for entry in self.path.iterdir():
            if entry.name not in kept:
                entry.rename(aside / entry.name)

    def empty_trash(self) -> None:
        """Remove what clear() put aside. May be interrupted at any time: the next call goes on."""
        shutil.rmtree(self._trash, ignore_errors=True)

    def read_marker(self) -> Marker | None:
        """What the home says of itself; None when it is not finished or cannot be read."""
        try:
            found = json.loads(self._marker.read_text())
            return Marker(**found)
        except (OSError, ValueError, TypeError):
            return None

    def write_marker(self, marker: Marker) -> None:
        """Call it a finished demo home. Atomic: the file is there whole or not at all."""
        draft = self._marker.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(marker), indent=2))
        draft.replace(self._marker)

    def lock(self) -> IO[str] | None:
        """Hold the home for this process; None when another one does. The system frees it if we die."""
        handle = (self.path / "lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return None
        return handle

    def tell_running(self, address: str) -> None:
        """Leave word for a second start."""
        self._running.write_text(json.dumps({"pid": os.getpid(), "address": address}))

    def forget_running(self) -> None:
        self._running.unlink(missing_ok=True)

    def running(self) -> tuple[int, str] | None:
        """Process id and address of the demo that holds the home, as far as it has left word."""
        try:
            found = json.loads(self._running.read_text())
            return int(found["pid"]), str(found["address"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def lay_out_dags(self, *layers: Path) -> None:
        """Put the demo's Dag files, overlaid with these folders, where its Airflow looks for them."""
        self.dags.mkdir(parents=True, exist_ok=True)
        wanted: dict[str, Path] = {}
        for layer in (PACKAGE / "dags", *layers):
            wanted.update({source.name: source for source in sorted(layer.glob("*.py"))})
        for name, source in wanted.items():
            target = self.dags / name
            if not target.exists() or target.read_bytes() != source.read_bytes():
                shutil.copyfile(source, target)

    def environment(self, port: int, inherited: Mapping[str, str]) -> dict[str, str]:
        """The environment of the demo's Airflow.

        Settings of another Airflow that the caller's shell may hold are left out, so that the demo cannot
        reach that one's database; Windsock's own settings stay.
        """
        environment = {
            name: value
            for name, value in inherited.items()
            if not name.startswith("AIRFLOW") or name.startswith("AIRFLOW__WINDSOCK__")
        }
        address = address_of(port)
        environment.update(
            {
                "AIRFLOW_HOME": str(self.path),
                "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.database}",
                "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
                "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
                "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
                # Idle workers cost memory: the default is 32 of them.
                "AIRFLOW__CORE__PARALLELISM": "6",
                "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
                "AIRFLOW__CORE__DEFAULT_TIMEZONE": "utc",
                "AIRFLOW__CORE__AUTH_MANAGER": (
                    "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
                ),
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
                # Tasks report here. Without it, on another port than 8080 each fails before it starts.
                "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
                # A task that starts before the API server answers waits for it, else it fails without a log.
                "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "40",
                "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "2.0",
                "AIRFLOW__API__HOST": "127.0.0.1",
                "AIRFLOW__API__PORT": str(port),
                "AIRFLOW__API__BASE_URL": address,
                "AIRFLOW__API__WORKERS": "1",
                "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.logs),
                "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
                "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
                "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
                # pip finds what comes with Airflow without a network; uv does not look there.
                "AIRFLOW__STANDARD__VENV_INSTALL_METHOD": "pip",
            }
        )
        return environment


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database, what still stands in its write-ahead log included."""
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
        origin.backup(copy)


def address_of(port: int) -> str:
    """Where the demo answers: this machine only."""
    return f"http://127.0.0.1:{port}"
