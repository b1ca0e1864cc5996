"""Real tracebacks for the past: the tasks' own code is called, and what it raises kept as Airflow logs it."""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from structlog.tracebacks import ExceptionDictTransformer

from windsock.demo.history.company import MAP_LENGTHS, Ending
from windsock.demo.history.shapes import LoadedDag

ErrorDetail = list[dict[str, Any]]

ARGUMENTS: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("orders_hourly", "load"): (11_204, "orders_{{ ds_nodash }}"),
    ("customer_sync", "upsert_warehouse"): (640,),
}
"""What failing tasks are called with, where they take something."""

# Between the process that Airflow starts for a task and the operator: function, and the call it makes.
_RUNNER_CALLS = (
    ("run", "_run_task_and_map_outcome("),
    ("run", "_execute_task("),
    ("_run_task_and_map_outcome", "_execute_task("),
    ("_execute_task", "_run_execute_callable("),
    ("_execute_task", "ctx.run(execute"),
    ("_run_execute_callable", "ctx.run(execute"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed try left in its log: the exception, and what the task (or its command) said before it."""

    error_detail: ErrorDetail
    printed: tuple[str, ...]


class Failures:
    """The failures of one version of the Dags, each provoked once."""

    def __init__(self, dags: Mapping[str, LoadedDag]) -> None:
        self._dags = dags
        self._known: dict[tuple[str, str, int, Ending], Failure] = {}

    def of(self, dag_id: str, task_id: str, map_index: int, ending: Ending) -> Failure:
        """The failure of this task. Raises RuntimeError when the task's code does not fail."""
        key = (dag_id, task_id, map_index, ending)
        if key not in self._known:
            self._known[key] = self._provoke(*key)
        return self._known[key]

    def _provoke(self, dag_id: str, task_id: str, map_index: int, ending: Ending) -> Failure:
        loaded = self._dags[dag_id]
        task = loaded.dag.task_dict[task_id]
        printed: list[str] = []
        with _quick(loaded, ending, printed):
            try:
                _execute(dag_id, task, map_index, printed)
            except BaseException as error:  # Airflow's timeout is none of Exception.
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                detail = _as_airflow_logs(error)
            else:
                raise RuntimeError(f"{dag_id}.{task_id} was to fail, but did not")
        return Failure(detail, tuple(printed))


def _execute(dag_id: str, task: Any, map_index: int, printed: list[str]) -> None:
    arguments = ARGUMENTS.get((dag_id, task.task_id), ())
    if (dag_id, task.task_id) in MAP_LENGTHS:
        task = task.unmap({"op_kwargs": {"path": f"sftp/inbox/partner_{map_index:02d}.csv"}, "op_args": ()})
    elif hasattr(task, "bash_command"):
        # What it says and how it ends, without the waiting.
        task.bash_command = re.sub(r"^sleep .*$", "true", task.bash_command, flags=re.MULTILINE)
        task.subprocess_hook._log = SimpleNamespace(
            info=lambda message, *words: printed.append(message % words if words else message)
        )
    elif arguments:
        task.op_args, task.op_kwargs = arguments, {}
    task.execute({"ti": SimpleNamespace(try_number=1), "outlet_events": {}})


@contextmanager
def _quick(loaded: LoadedDag, ending: Ending, printed: list[str]) -> Iterator[None]:
    """Run a task's code at once: nobody sleeps, what it prints is kept, its context is a small one."""
    module = vars(loaded.module)
    before = {name: module.get(name) for name in ("print", "get_current_context")}
    sleep = time.sleep

    def hurry(_seconds: Any) -> None:
        if ending is Ending.TIMED_OUT:
            from airflow.sdk.execution_time.timeout import timeout

            with timeout(1):  # type: ignore[no-untyped-call]
                sleep(30)

    module["print"] = lambda *words: printed.append(" ".join(str(word) for word in words))
    if "get_current_context" in module:
        module["get_current_context"] = lambda: {
            "ti": SimpleNamespace(try_number=1),
            "params": {"sleepy": True},
        }
    if "random" in module and loaded.shape.dag_id == "support_tickets":
        module["random"] = SimpleNamespace(lognormvariate=lambda *_: 0.0, randint=lambda *_: 0)
    time.sleep = hurry
    try:
        yield
    finally:
        time.sleep = sleep
        for name, value in before.items():
            if value is None:
                module.pop(name, None)
            else:
                module[name] = value


def _as_airflow_logs(error: BaseException) -> ErrorDetail:
    transform = ExceptionDictTransformer(show_locals=False, use_rich=False)
    detail = transform((type(error), error, error.__traceback__))
    first = detail[0]
    # Our own frames above the operator are replaced by those of Airflow's task runner.
    first["frames"] = [
        *_runner_frames(),
        *(frame for frame in first["frames"] if frame["filename"] not in _OURS),
    ]
    return detail


_OURS = (__file__,)


def _runner_frames() -> list[dict[str, Any]]:
    """The frames of Airflow's task runner, found in the installed source."""
    from airflow.sdk.execution_time import task_runner

    frames = []
    for name, call in _RUNNER_CALLS:
        function = getattr(task_runner, name, None)
        if function is None:
            continue
        function = inspect.unwrap(function)
        lines, first = inspect.getsourcelines(function)
        for offset, line in enumerate(lines):
            if call in line and not line.lstrip().startswith("def "):
                frames.append(
                    {"filename": inspect.getsourcefile(function), "lineno": first + offset, "name": name}
                )
                break
    return frames
