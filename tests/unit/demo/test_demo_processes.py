"""The demo's processes: all ended, those that hide in a session of their own too, and a death is told."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

STAND_IN = """
import signal, subprocess, sys, time
name = sys.argv[1]
if name == "triggerer" and {dies}:
    print("cannot go on")
    sys.exit(3)
# As Airflow's own: deaf for the while, and with children that leave the group.
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "600"], start_new_session=True)
time.sleep(600)
"""

SUPERVISOR = """
import os, time
from pathlib import Path
from windsock.demo.processes import Airflow, descendants
airflow = Airflow(os.environ, Path("output"))
airflow.start()
time.sleep(1.5)
{meanwhile}
"""


def supervise(folder: Path, meanwhile: str, *, dies: bool = False) -> subprocess.Popen[str]:
    """A process of its own, since it ends all its descendants; with a stand-in for Airflow."""
    stand_in = folder / "airflow"
    stand_in.mkdir()
    (stand_in / "__init__.py").touch()
    (stand_in / "__main__.py").write_text(STAND_IN.format(dies=dies))
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR.format(meanwhile=textwrap.dedent(meanwhile))],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def exists(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_ending_leaves_no_process_behind(tmp_path: Path) -> None:
    script = """
        family = descendants(os.getpid())
        airflow.stop(patience_s=0.5)
        print(*family)
        print(*descendants(os.getpid()))
    """
    said, _ = supervise(tmp_path, script).communicate(timeout=60)
    before, after = said.split("\n")[:2]
    pids = [int(pid) for pid in before.split()]
    assert len(pids) == 8
    assert after == ""
    assert not [pid for pid in pids if exists(pid)]


def test_a_component_that_dies_is_named_with_its_last_words(tmp_path: Path) -> None:
    script = """
        dead = airflow.died()
        print(dead.name, dead.process.returncode, dead.last_words())
        airflow.stop(patience_s=0.1)
    """
    said, _ = supervise(tmp_path, script, dies=True).communicate(timeout=60)
    assert said.strip() == "triggerer 3 cannot go on"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows whose a process is")
def test_what_a_killed_start_left_is_ended_by_the_next(tmp_path: Path) -> None:
    from windsock.demo.processes import end_leftovers

    supervisor = supervise(tmp_path, "print(*descendants(os.getpid()), flush=True); time.sleep(600)")
    assert supervisor.stdout is not None
    pids = [int(pid) for pid in supervisor.stdout.readline().split()]
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    bystander = subprocess.Popen(["sleep", "600"])
    assert any(exists(pid) for pid in pids)
    assert end_leftovers(tmp_path / "output") > 0
    deadline = time.monotonic() + 10
    while [pid for pid in pids if exists(pid)] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in pids if exists(pid)]
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()
