"""Task logs of the past, in the JSON lines that Airflow writes, each where Airflow's log template puts it."""

# ruff: noqa: PTH103, PTH118, PTH120, PTH123 - plain calls: there are tens of thousands of small files

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from jinja2 import Environment

from windsock.demo.history.company import Ending
from windsock.demo.history.failures import Failure
from windsock.demo.history.plan import Run, TaskInstance, Try

Line = dict[str, Any]

_BASH_HOOK = {
    "logger": "airflow.task.hooks.airflow.providers.standard.hooks.subprocess.SubprocessHook",
    "filename": "subprocess.py",
    "lineno": 106,
}

_KILLED = (
    "Process terminated by signal. Likely out of memory error (OOM). For more information, see "
    "https://airflow.apache.org/docs/apache-airflow/stable/troubleshooting.html#process-terminated-by-signal."
)

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class LogFolder:
    """The demo's log folder, laid out by the template that Airflow's own table `log_template` names."""

    def __init__(self, folder: Path, template: str) -> None:
        # Plain strings and calls below: there are tens of thousands of small files.
        self._folder = str(folder)
        environment = Environment(autoescape=False)  # noqa: S701 - it renders paths, no page
        self._template = environment.from_string(template)
        self._made: set[str] = set()

    def path(self, run: Run, instance: TaskInstance, attempt: Try) -> str:
        """Where the log of this try lies."""
        ti = {
            "dag_id": run.dag_id,
            "run_id": run.run_id,
            "task_id": instance.task_id,
            "map_index": instance.map_index,
            "try_number": attempt.number,
        }
        return os.path.join(self._folder, self._template.render(ti=ti, try_number=attempt.number))

    def write(self, path: str, lines: Iterator[Line]) -> None:
        parent = os.path.dirname(path)
        if parent not in self._made:
            os.makedirs(parent, exist_ok=True)
            self._made.add(parent)
        content = "".join([_encode(line) + "\n" for line in lines])
        with open(path, "wb", buffering=0) as stream:
            stream.write(content.encode())


def lines_of(
    run: Run, instance: TaskInstance, attempt: Try, operator: str, dag_file: Path, failure: Failure | None
) -> Iterator[Line]:
    """What Airflow and the task wrote during one try."""
    bound = {
        "dag_id": run.dag_id,
        "task_id": instance.task_id,
        "run_id": run.run_id,
        "map_index": instance.map_index,
        "ti_id": str(attempt.id),
        "try_number": attempt.number,
    }
    runner = {**bound, "logger": "task", "filename": "task_runner.py"}
    begun, ended = attempt.start, attempt.end
    ready = begun + min(timedelta(seconds=1.1), (ended - begun) / 3)

    yield {**_at(begun, "info", "::group::Pre Execute"), "logger": "task", "filename": "task_runner.py"}
    yield {
        **_at(begun + (ready - begun) / 2, "info", f"Filling up the DagBag from {dag_file}"),
        **bound,
        "logger": "airflow.dag_processing.dagbag.BundleDagBag",
        "filename": "dagbag.py",
    }
    yield {**_at(ready, "info", "::endgroup::"), **runner}
    if operator == "BashOperator":
        yield from _bash_lines(ready, ended, failure, bound)
    else:
        said = failure.printed if failure else _said(instance, attempt)
        for number, words in enumerate(said, start=1):
            moment = ready + (ended - ready) * number / (len(said) + 1)
            yield {**_at(moment, "info", words), "logger": "task.stdout"}
    if attempt.ending is Ending.KILLED:
        # The kernel ends the process between two lines; what follows is by the one that watches over it.
        yield {
            **_at(ended, "critical", _KILLED),
            "signal": -9,
            "signal_name": "SIGKILL",
            "logger": "task",
        }
        return
    if failure is not None:
        yield {
            **_at(ended, "error", "Task failed with exception"),
            **runner,
            "error_detail": failure.error_detail,
        }
    elif operator not in ("BashOperator", "PythonSensor"):
        yield {
            **_at(ended, "info", "Done. Returned value was: None"),
            **bound,
            "logger": f"airflow.task.operators.{operator}",
            "filename": "python.py",
        }
    elif operator == "PythonSensor":
        ending = "Success criteria met. Exiting." if attempt.state == "success" else "Rescheduling task"
        yield {**_at(ended, "info", ending), **bound, "logger": "airflow.task.operators.PythonSensor"}
    yield {**_at(ended, "info", "::group::Post Execute"), **runner}
    yield {**_at(ended + timedelta(milliseconds=8), "info", "::endgroup::"), **runner}


def _bash_lines(ready: datetime, ended: datetime, failure: Failure | None, bound: Line) -> Iterator[Line]:
    said = failure.printed if failure else ("Output:", "OK", "Command exited with return code 0")
    for number, words in enumerate(said, start=1):
        moment = ready + (ended - ready) * number / (len(said) + 1)
        yield {**_at(moment, "info", words), **bound, **_BASH_HOOK}


def _said(instance: TaskInstance, attempt: Try) -> tuple[str, ...]:
    if attempt.ending is Ending.KILLED:
        return (
            "batch size 8192",
            *(f"epoch {n} loss {2.0 / n:.4f} resident {n * 7.3:.1f} GiB" for n in (1, 2, 3)),
        )
    if instance.task_id == "load_snapshot":
        return (f"reading {round(attempt.duration_s / 1.65)} partitions",)
    return (f"{instance.task_id.rpartition('.')[2]} took {attempt.duration_s:.1f} s on {attempt.host}",)


def _at(moment: datetime, level: str, event: str) -> Line:
    stamp = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"timestamp": stamp, "level": level, "event": event}
