"""`make dev`: the demo's Airflow and Vite together, and edits that appear as they are saved.

Vite runs twice: once for Airflow's own pages, whose bundle address is pointed at it, and once for the standalone
harness with a React of its own. An edit under plugin/ restarts the API server. Needs a checkout with its Node
packages, which `make dev` sees to.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, watch

from windsock.demo import cli
from windsock.demo.home import DemoError, address_of
from windsock.demo.processes import Airflow
from windsock.settings import DEV_URL_VARIABLE

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]
VITE = CHECKOUT / "node_modules" / "vite" / "bin" / "vite.js"
VITE_PORT = 5173

# The demo's Dags are read by Airflow's Dag processor, and are no part of the API server.
_NOT_THE_API_SERVERS = (PACKAGE / "static", PACKAGE / "demo" / "dags", PACKAGE / "demo" / "earlier")


class Sources:
    """Knows, from a thread that watches the folder, whether a Python source has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed = threading.Event()
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Sources:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join(timeout=5)

    def changed(self) -> bool:
        """Whether there was an edit since the last call."""
        if not self._changed.is_set():
            return False
        self._changed.clear()
        return True

    def _watch(self) -> None:
        for _ in watch(
            self._folder, watch_filter=is_api_server_source, stop_event=self._enough, debounce=300
        ):
            self._changed.set()


def is_api_server_source(_change: Change, path: str) -> bool:
    """Whether the API server has to start anew for this file."""
    file = Path(path)
    return file.suffix == ".py" and not any(folder in file.parents for folder in _NOT_THE_API_SERVERS)


class Vite:
    """One Vite server, a child of this process."""

    def __init__(self, *options: str, port: int, environment: dict[str, str] | None = None) -> None:
        self.address = address_of(port)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "frontend/node.py", "node", str(VITE), "frontend", *options),
                *("--port", str(port), "--strictPort", "--logLevel", "warn", "--clearScreen", "false"),
            ],
            cwd=CHECKOUT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches only us, and we end it in order.
            start_new_session=True,
        )

    def has_ended(self) -> bool:
        if self._process.poll() is not None:
            return True
        try:
            # Whoever collects ended children for the demo's Airflow may have been told of this one's end instead.
            os.kill(self._process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def end(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)


def free_port(first: int) -> int:
    """Return the first free port from this one on."""
    for port in range(first, first + 100):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise DemoError(f"no free port from {first} to {first + 99}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything until Ctrl-C; takes the options of `windsock demo`."""
    if not VITE.is_file():
        print(
            "windsock.demo.dev needs a checkout with its Node packages: run `make dev` there.",
            file=sys.stderr,
        )
        return 1
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--port", type=int)
    options, others = parser.parse_known_args(arguments)
    servers: list[Vite] = []
    try:
        airflow_port = cli.choose_port(options.port)
        in_airflow = free_port(VITE_PORT)
        harness = free_port(in_airflow + 1)
        servers.append(Vite(port=in_airflow))
        servers.append(
            Vite(
                "--config",
                "frontend/vite.harness.config.ts",
                port=harness,
                environment={"WINDSOCK_AIRFLOW_URL": address_of(airflow_port)},
            )
        )
        os.environ[DEV_URL_VARIABLE] = address_of(in_airflow)
        told = False

        def meanwhile(airflow: Airflow) -> None:
            nonlocal told
            if not told:
                print(f"Pages outside Airflow, with Fast Refresh: {servers[1].address}", flush=True)
                told = True
            if any(server.has_ended() for server in servers):
                raise DemoError("Vite has ended; it said why above.")
            if sources.changed():
                print("plugin/ has changed: starting the API server anew …", flush=True)
                airflow.restart("api-server")

        with Sources(PACKAGE) as sources:
            return cli.main(["demo", *others, "--port", str(airflow_port)], meanwhile)
    except DemoError as problem:
        print(f"make dev: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for server in servers:
            server.end()


if __name__ == "__main__":
    sys.exit(main())
