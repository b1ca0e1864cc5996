"""The user's own frames are told from library frames by their path."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from windsock.health.frames import is_own_frame, own_frame

OWN = [
    "/opt/airflow/dags/orders/load.py",
    "/usr/local/airflow/dags/load.py",
    "/home/airflow/.local/share/project/lib/jobs.py",
    "C:\\airflow\\dags\\load.py",
    "dags/load.py",
]
FOREIGN = [
    "/usr/lib/python3.11/json/decoder.py",
    "/usr/lib/python3/dist-packages/requests/api.py",
    "/home/airflow/.local/lib/python3.12/site-packages/pandas/core/frame.py",
    "/opt/venv/lib64/python3.13/concurrent/futures/thread.py",
    "/tmp/venv8f2k/lib/helper.py",
    "<frozen importlib._bootstrap>",
    "<string>",
    "pyarrow/error.pxi",
    "pandas/_libs/hashtable_class_helper.pxi",
]


@pytest.mark.parametrize("file", OWN)
def test_a_file_of_the_user_is_own(file: str) -> None:
    assert is_own_frame(file)


@pytest.mark.parametrize("file", FOREIGN)
def test_a_library_is_not_own(file: str) -> None:
    assert not is_own_frame(file)


def test_an_installed_package_can_be_named_as_own() -> None:
    file = "/usr/lib/python3.12/site-packages/acme_pipelines/load.py"
    assert not is_own_frame(file)
    assert is_own_frame(file, own_packages=("acme_pipelines",))
    assert not is_own_frame(file, own_packages=("acme",))


def test_the_file_of_the_dag_is_own_wherever_it_lies() -> None:
    assert is_own_frame("/usr/lib/python3.12/site-packages/dags/load.py", dag_file="dags/load.py")
    assert not is_own_frame("/usr/lib/python3.12/site-packages/mydags/load.py", dag_file="dags/load.py")


@dataclass(frozen=True)
class _Frame:
    file: str


def test_the_innermost_own_frame_is_chosen() -> None:
    outer, inner = _Frame("/dags/a.py"), _Frame("/dags/b.py")
    library = _Frame("/usr/lib/python3.12/socket.py")
    assert own_frame([outer, inner, library]) is inner
    assert own_frame([library]) is None
