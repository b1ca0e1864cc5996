"""Raise the failures of the corpus with the libraries that they name; write them down as Airflow logs them.

Run with a Python that has the libraries of ``requirements.txt`` beside this file, with a PostgreSQL on
127.0.0.1:5432 (user ``postgres``, no password) and nothing listening on port 1:

    python -m tests.corpus.raise_them holdout tests/corpus/holdout.json
    python -m tests.corpus.raise_them open tests/corpus/open.json

Hosts under ``acme.example`` are answered by a web server of this script on port 80 and refuse every other
port; those under ``invalid`` have no address. libpq finds names by itself: its hosts are loopback addresses,
written down as the names that ``POSTGRES_HOSTS`` gives them. Frames get the paths that a worker would have.
"""

from __future__ import annotations

import importlib
import json
import linecache
import random
import re
import socket
import sys
import sysconfig
import textwrap
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.corpus.cases import Raised, Written

WORKER_PACKAGES = "/home/airflow/.local/lib/python3.12/site-packages"
WORKER_LIBRARY = "/usr/local/lib/python3.12"
POSTGRES_HOSTS = {
    '"127.0.0.11"': '"dwh-1.acme.example" (10.20.0.11)',
    '"127.0.0.21"': '"dwh-1.acme.example" (10.20.0.21)',
    '"127.0.0.12"': '"dwh-2.acme.example" (10.20.0.12)',
}
RUNNER_FRAMES = (
    (f"{WORKER_PACKAGES}/airflow/sdk/execution_time/task_runner.py", 1348, "run"),
    (f"{WORKER_PACKAGES}/airflow/sdk/execution_time/task_runner.py", 1713, "_execute_task"),
    (f"{WORKER_PACKAGES}/airflow/sdk/bases/operator.py", 417, "wrapper"),
    (f"{WORKER_PACKAGES}/airflow/sdk/bases/decorator.py", 252, "execute"),
    (f"{WORKER_PACKAGES}/airflow/providers/standard/operators/python.py", 214, "execute"),
    (f"{WORKER_PACKAGES}/airflow/providers/standard/operators/python.py", 239, "execute_callable"),
    (f"{WORKER_PACKAGES}/airflow/sdk/execution_time/callback_runner.py", 82, "run"),
)


class _Answers(BaseHTTPRequestHandler):
    answer: Mapping[str, Any] = {}

    def _do(self) -> None:
        answer = type(self).answer
        if answer.get("hang"):
            time.sleep(2)
            return
        if answer.get("drop"):
            self.connection.close()
            return
        body = str(answer.get("body", "")).encode()
        self.send_response(int(answer.get("status", 200)))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _do  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _network() -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and name.endswith(".acme.example"):
            to = server.server_address[1] if port in (80, "80") else 1
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", to))]
        if isinstance(name, str) and name.endswith(".invalid"):
            raise socket.gaierror(-2, "Name or service not known")
        return real(host, port, *rest, **more)

    socket.getaddrinfo = getaddrinfo
    try:
        yield
    finally:
        socket.getaddrinfo = real
        server.shutdown()


def raise_it(case: Raised) -> list[dict[str, Any]]:
    """Run a case's code; return what it raised, as Airflow's ``error_detail``."""
    _Answers.answer = case.http or {}
    source = "\n" * case.lines_above + textwrap.dedent(case.source)
    code = compile(source, case.file, "exec", dont_inherit=True)
    linecache.cache[case.file] = (len(source), None, source.splitlines(keepends=True), case.file)
    module = re.sub(r"\W", "_", Path(case.file).stem)
    try:
        exec(code, {"__name__": f"airflow_dag_{module}", **case.values})
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return _detail(error)
    raise RuntimeError(f"{case.id} raised nothing")


def _detail(error: BaseException) -> list[dict[str, Any]]:
    stacks: list[dict[str, Any]] = []
    is_cause = False
    current: BaseException | None = error
    while current is not None and len(stacks) < 20:
        stacks.append(
            {
                "exc_type": type(current).__name__,
                "exc_value": _named(str(current)),
                "exc_notes": list(getattr(current, "__notes__", [])),
                "syntax_error": None,
                "is_cause": is_cause,
                "frames": _frames(current.__traceback__, outermost=current is error),
                "is_group": hasattr(current, "exceptions"),
                "exceptions": [_detail(member) for member in getattr(current, "exceptions", ())],
            }
        )
        if current.__cause__ is not None:
            current, is_cause = current.__cause__, True
        elif current.__context__ is not None and not current.__suppress_context__:
            current, is_cause = current.__context__, False
        else:
            current = None
    return stacks


def _named(message: str) -> str:
    for address, name in POSTGRES_HOSTS.items():
        message = message.replace(address, name)
    message = message.replace(sys.executable, "/usr/local/bin/python")
    return message.replace(sysconfig.get_path("purelib"), WORKER_PACKAGES)


def _frames(trace: TracebackType | None, *, outermost: bool) -> list[dict[str, Any]]:
    found = [
        (_worker_path(frame.filename), frame.lineno, frame.name)
        for frame in traceback.extract_tb(trace)
        if frame.filename != __file__ and frame.name != "<module>"
    ]
    if len(found) > 60:
        found = [*found[:30], *found[-30:]]
    if outermost:
        found = [*RUNNER_FRAMES, *found]
    return [{"filename": file, "lineno": line, "name": name} for file, line, name in found]


def _worker_path(file: str) -> str:
    for key, worker in (
        ("purelib", WORKER_PACKAGES),
        ("platlib", WORKER_PACKAGES),
        ("stdlib", WORKER_LIBRARY),
    ):
        root = sysconfig.get_path(key)
        if file.startswith(root):
            return worker + file[len(root) :]
    return file


def _written(case: Written) -> dict[str, Any]:
    numbers = random.Random(case.id)
    chain = [
        {
            "exc_type": exc_type,
            "exc_value": message,
            "exc_notes": [],
            "syntax_error": None,
            "is_cause": position > 0,
            "frames": [
                {"filename": file, "lineno": numbers.randint(5, 300), "name": name} for file, name in frames
            ],
            "is_group": False,
            "exceptions": [],
        }
        for position, (exc_type, message, frames) in enumerate(case.chain)
    ]
    return {
        "id": case.id,
        "group": case.group,
        "error_class": case.error_class,
        "raised": False,
        "error_detail": chain,
        "line": case.line,
        "in_output": case.in_output,
        "facts": case.facts,
    }


def main(which: str, target: str) -> None:
    """Write one half of the corpus to a JSON file."""
    cases: list[Raised | Written] = importlib.import_module(f"tests.corpus.{which}_cases").CASES
    samples = []
    with _network():
        for case in cases:
            if isinstance(case, Written):
                samples.append(_written(case))
                continue
            samples.append(
                {
                    "id": case.id,
                    "group": case.group,
                    "error_class": case.error_class,
                    "raised": True,
                    "error_detail": raise_it(case),
                    "line": None,
                    "in_output": False,
                    "facts": None,
                }
            )
    ids = [sample["id"] for sample in samples]
    if len(set(ids)) != len(ids):
        raise ValueError(f"ids twice: {sorted(i for i in set(ids) if ids.count(i) > 1)}")
    Path(target).write_text(json.dumps(samples, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
