"""The command `windsock`, with its one subcommand `windsock demo`."""

from __future__ import annotations

import argparse
import errno
import importlib.metadata
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType

from windsock.demo import live
from windsock.demo.home import (
    FORMAT,
    HISTORY_GOES_STALE_AFTER,
    DemoError,
    DemoHome,
    Marker,
    address_of,
    copy_database,
)
from windsock.demo.processes import Airflow, end_leftovers

DEFAULT_PORT = 8080
HEALTHY_WITHIN_S = 150.0


class Stopped(BaseException):
    """Somebody wants the demo to end: Ctrl-C, or the system by a signal."""


def _nothing(airflow: Airflow) -> None:
    pass


def main(arguments: Sequence[str] | None = None, meanwhile: Callable[[Airflow], None] = _nothing) -> int:
    """Run the command; the exit code is 0 unless something stood in the way.

    :param meanwhile: called every half second while the demo's Airflow runs; may raise DemoError to end it
    """
    options = _parser().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        return _demo(options, meanwhile)
    except Stopped:
        return 0
    except DemoError as problem:
        print(f"windsock demo: {problem}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="windsock", description="Windsock, an operations cockpit in Airflow."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    demo = commands.add_parser(
        "demo",
        help="start an Airflow with demo Dags, a month of history and Windsock",
        description=(
            "Start an Airflow with demo Dags, thirty days of history and Windsock in it, on this machine "
            "only. Ctrl-C ends it. History that is older than a day is written anew."
        ),
    )
    demo.add_argument(
        "--port", type=int, help=f"where to listen (default: {DEFAULT_PORT}, or the next free port)"
    )
    demo.add_argument("--fresh", action="store_true", help="throw the last demo away and make a new one")
    demo.add_argument("--no-history", action="store_true", help="only the Dags, without a past")
    demo.add_argument(
        "--home",
        type=Path,
        default=Path(".demo"),
        help="the demo's own folder, made when it is not there (default: .demo here)",
    )
    return parser


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not cut the ending short and leave children behind.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


def _demo(options: argparse.Namespace, meanwhile: Callable[[Airflow], None]) -> int:
    home = DemoHome(options.home.resolve())
    home.claim()
    lock = home.lock()
    if lock is None:
        running = home.running()
        if running is None:
            raise DemoError(
                f"another start is at work in {home.path}; wait for it, or choose another --home."
            )
        pid, address = running
        print(f"A demo is already running here: {address}\nTo end it: Ctrl-C where it runs, or kill {pid}.")
        return 0
    with lock:
        home.forget_running()
        if end_leftovers(home.output):
            print("Windsock: ended what an earlier start had left running.")
        port = choose_port(options.port)
        home.tell_running(address_of(port))
        try:
            return _run(home, port, meanwhile, fresh=options.fresh, history=not options.no_history)
        finally:
            home.forget_running()


def choose_port(wanted: int | None) -> int:
    """A port to listen on. One that was asked for must be free; else the next free one after the default.

    Raises DemoError with the remedy when there is none.
    """
    if wanted is not None:
        if not 0 < wanted < 65536:
            raise DemoError(f"{wanted} is not a port; choose one between 1024 and 65535.")
        if not _is_free(wanted):
            raise DemoError(
                f"port {wanted} is in use by another program. Choose another one, or leave --port out: "
                "then the next free one is taken."
            )
        return wanted
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 100):
        if _is_free(port):
            if port != DEFAULT_PORT:
                print(f"Port {DEFAULT_PORT} is in use; taking {port} instead.")
            return port
    raise DemoError(f"no free port from {DEFAULT_PORT} to {DEFAULT_PORT + 99}; name one with --port.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that a connection that is only fading out does not count as a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            if problem.errno == errno.EACCES:
                raise DemoError(f"port {port} needs more rights; choose one above 1023.") from None
            return False
    return True


def why_anew(marker: Marker | None, *, fresh: bool, history: bool, airflow_version: str) -> str | None:
    """Why the home has to be made, in words; None when it can be used as it is."""
    if marker is None:
        return "making the demo"
    if fresh:
        return "making the demo anew, as asked"
    if marker.format != FORMAT or marker.airflow_version != airflow_version:
        return f"making the demo anew: it was made by another version (Airflow {marker.airflow_version})"
    if marker.history != history:
        return f"making the demo anew, {'with' if history else 'without'} history"
    if history and marker.age > HISTORY_GOES_STALE_AFTER:
        return f"writing the history anew: it ends {marker.age.total_seconds() / 3600:.0f} h ago"
    return None


def _run(
    home: DemoHome, port: int, meanwhile: Callable[[Airflow], None], *, fresh: bool, history: bool
) -> int:
    environment = home.environment(port, os.environ)
    version = importlib.metadata.version("apache-airflow-core")
    marker = home.read_marker()
    reason = why_anew(marker, fresh=fresh, history=history, airflow_version=version)
    if reason is not None:
        if marker is None and home.database.exists():
            reason = "the last demo was left half-made; making it anew"
        print(f"Windsock: {reason} …", flush=True)
        same_airflow = marker is not None and marker.airflow_version == version
        _make(home, environment, history=history, keep_empty_database=same_airflow and not fresh)
        home.write_marker(Marker(FORMAT, version, history, datetime.now(timezone.utc).isoformat()))
    home.lay_out_dags()
    live.forget_dead_jobs(home.database)

    airflow = Airflow(environment, home.output)
    address = address_of(port)
    try:
        print("Windsock: starting Airflow …", flush=True)
        airflow.start()
        _wait_until_healthy(airflow, address)
        print(f"\n    {address}\n\nCtrl-C ends it. Its processes write to {home.output}", flush=True)
        threading.Thread(target=home.empty_trash, daemon=True).start()
        live.begin_stories(address)
        while True:
            _fail_if_died(airflow)
            airflow.collect_orphans()
            meanwhile(airflow)
            time.sleep(0.5)
    finally:
        with _Deaf():
            print("\nWindsock: ending Airflow …", flush=True)
            airflow.stop()
            print("Windsock: all its processes have ended.", flush=True)


class _Deaf:
    """No signal interrupts what is done inside, so that no child is left behind."""

    def __enter__(self) -> None:
        self._before = {
            number: signal.signal(number, signal.SIG_IGN)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _make(home: DemoHome, environment: dict[str, str], *, history: bool, keep_empty_database: bool) -> None:
    home.clear(keep_empty_database=keep_empty_database)
    output = home.output
    output.mkdir(parents=True, exist_ok=True)
    if not home.empty_database.exists():
        _do("making the database", [sys.executable, "-m", "airflow", "db", "migrate"], environment, output)
        draft = home.path / "empty.draft"
        copy_database(home.database, draft)
        draft.replace(home.empty_database)
    else:
        copy_database(home.empty_database, home.database)
    command = [sys.executable, "-m", "windsock.demo.history", str(home.path)]
    if not history:
        command.append("--only-dags")
    _do("writing thirty days of history" if history else "reading the Dags", command, environment, output)


def _do(what: str, command: list[str], environment: dict[str, str], output: Path) -> None:
    """One step of making the home, in a process of its own because Airflow reads its settings at import."""
    print(f"    {what} …", flush=True)
    said = output / "make.log"
    with said.open("ab") as stream:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if code != 0:
        end = "\n".join(said.read_text(errors="replace").splitlines()[-20:])
        raise DemoError(f"{what} failed with exit code {code}:\n{end}\nAll of it: {said}")


def _wait_until_healthy(airflow: Airflow, address: str) -> None:
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while not live.is_healthy(address):
        _fail_if_died(airflow)
        if time.monotonic() > deadline:
            raise DemoError(
                f"Airflow is not healthy after {HEALTHY_WITHIN_S:.0f} s. What its processes said is in the "
                "folder `output` of the demo's home; --fresh makes everything anew."
            )
        time.sleep(0.3)


def _fail_if_died(airflow: Airflow) -> None:
    dead = airflow.died()
    if dead is not None:
        raise DemoError(
            f"Airflow's {dead.name} ended by itself with exit code {dead.process.returncode}. "
            f"Its last words:\n{dead.last_words()}\nAll of them: {dead.output}"
        )


if __name__ == "__main__":
    sys.exit(main())
