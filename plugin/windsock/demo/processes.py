"""The processes of the demo's Airflow: started, watched, and ended to the last child.

`airflow standalone` starts the same four. It is not used, because it does not tell when one of them dies, and
because its children outlive it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "api-server": (),
    # Log servers would listen on every address and on fixed ports; the logs here are files, read as such.
    "scheduler": ("--skip-serve-logs",),
    "dag-processor": (),
    "triggerer": ("--skip-serve-logs",),
}
"""Airflow's commands and what they are told."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def _prctl(option: int, value: int) -> None:
    """Linux only; elsewhere it does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _die_with_parent() -> None:
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Component:
    """One of Airflow's processes and the file that takes its output."""

    name: str
    process: subprocess.Popen[bytes]
    output: Path

    def last_words(self, lines: int = 15) -> str:
        """The end of its output, for a person who asks why it died."""
        with suppress(OSError):
            return "\n".join(self.output.read_text(errors="replace").splitlines()[-lines:])
        return ""


class Airflow:
    """The four processes of one Airflow, children of this process."""

    def __init__(self, environment: Mapping[str, str], output: Path) -> None:
        self._environment = dict(environment)
        self._output = output
        self._components: list[Component] = []

    def start(self, *names: str) -> None:
        """Start these components, or all four at once."""
        # Grandchildren whose parent dies become our children, so that none can escape the end.
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)
        self._output.mkdir(parents=True, exist_ok=True)
        for name in names or COMPONENTS:
            output = self._output / f"{name}.log"
            with output.open("wb") as stream:
                process = subprocess.Popen(
                    [sys.executable, "-m", "airflow", name, *COMPONENTS[name]],
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    # A group of its own: Ctrl-C reaches only us, and we end the rest in order.
                    start_new_session=True,
                    preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                )
            self._components.append(Component(name, process, output))

    def restart(self, name: str, patience_s: float = 2.0) -> None:
        """End one component, with its children, and start it anew."""
        for part in [part for part in self._components if part.name == name]:
            family = {part.process.pid} | descendants(part.process.pid)
            _signal([part.process.pid], signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                part.process.wait(patience_s)
            _signal(family, signal.SIGKILL)
            part.process.wait()
            self._components.remove(part)
        self.start(name)

    def died(self) -> Component | None:
        """A component that has ended by itself, if there is one."""
        return next((part for part in self._components if part.process.poll() is not None), None)

    def collect_orphans(self) -> None:
        """Take note of ended processes whose parents ended before them, lest they stay as zombies."""
        ours = {part.process.pid for part in self._components}
        with suppress(ChildProcessError):
            while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None:
                if ended.si_pid in ours:
                    # Popen wants to hear of this one itself.
                    return
                os.waitpid(ended.si_pid, os.WNOHANG)

    def stop(self, patience_s: float = 6.0) -> None:
        """End every process of this Airflow: asked first, and after patience_s seconds made to."""
        family = descendants(os.getpid())
        # The scheduler would wait for its running tasks, and a task that is asked to end fails. Cut off at
        # once, both are taken up where they stood by the next start.
        for part in self._components:
            if part.name == "scheduler":
                _signal({part.process.pid} | descendants(part.process.pid), signal.SIGKILL)
        for part in self._components:
            _signal([part.process.pid], signal.SIGTERM)
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline and any(part.process.poll() is None for part in self._components):
            time.sleep(0.1)
        for _ in range(50):
            left = descendants(os.getpid())
            if sys.platform != "linux":
                # Orphans do not become ours here: those that were seen before are remembered instead.
                left |= {pid for pid in family if _alive(pid)}
            if not left:
                break
            _signal(left, signal.SIGKILL)
            for part in self._components:
                part.process.poll()
            self.collect_orphans()
            time.sleep(0.1)
        self._components.clear()


def end_leftovers(output: Path) -> int:
    """End what an earlier start left running because it was killed itself; the number of processes ended.

    Ours is a process whose standard output or error is a file in the demo's own output folder. Only Linux
    shows that; elsewhere nothing is ended.
    """
    ours = set()
    for pid, _ in _processes() if sys.platform == "linux" else ():
        for stream in (1, 2):
            with suppress(OSError):
                if (Path("/proc") / str(pid) / "fd" / str(stream)).readlink().parent == output:
                    ours.add(pid)
    children = {child for pid in ours for child in descendants(pid)}
    _signal(ours | children, signal.SIGKILL)
    return len(ours)


def descendants(ancestor: int) -> set[int]:
    """Process ids of all children, grandchildren and so on of a process, itself left out."""
    children: dict[int, list[int]] = {}
    for pid, parent in _processes():
        children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    pending = [ancestor]
    while pending:
        for child in children.get(pending.pop(), []):
            if child not in found:
                found.add(child)
                pending.append(child)
    return found


def _processes() -> Iterator[tuple[int, int]]:
    """Process id and parent of every process; `ps` only where there is no /proc, small images lack it."""
    processes = Path("/proc")
    if not (processes / "self" / "stat").exists():
        yield from _processes_by_ps()
        return
    for entry in processes.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                # The name in parentheses may hold anything, so read behind its end.
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                yield int(entry.name), int(fields[1])


def _processes_by_ps() -> Iterator[tuple[int, int]]:
    listing = subprocess.Popen(["/bin/ps", "-A", "-o", "pid=,ppid="], stdout=subprocess.PIPE, text=True)
    table, _ = listing.communicate()
    for line in table.splitlines():
        pid, parent = (int(word) for word in line.split())
        if pid != listing.pid:
            yield pid, parent


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
