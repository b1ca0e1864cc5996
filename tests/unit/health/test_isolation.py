"""How a task is isolated is told from what Airflow serializes, and what it does not keep is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windsock.health.isolation import RIGHT_WHEN, IsolationKind, Requirement, judge

AIRFLOW = {"pandas": "2.1.4", "sqlalchemy": "2.0.48", "python-dateutil": "2.9.0", "requests": "2.32.0"}
STANDARD = ("op_args", "op_kwargs", "templates_dict")
VIRTUALENV = ("requirements", "venv_cache_path", "index_urls", *STANDARD)


@dataclass(frozen=True)
class Task:
    operator: str | None = None
    operator_name: str | None = None
    module: str | None = None
    template_fields: tuple[str, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)


def _virtualenv(**fields: Any) -> Task:
    return Task("_PythonVirtualenvDecoratedOperator", "@task.virtualenv", "decorators", VIRTUALENV, fields)


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        (Task("PythonOperator", "@task", "m", STANDARD), IsolationKind.NONE),
        (Task("BashOperator", None, "m", ("bash_command", "env", "cwd")), IsolationKind.NONE),
        (Task("SQLExecuteQueryOperator", None, "m", ("sql", "parameters")), IsolationKind.NONE),
        (Task(), IsolationKind.NONE),
        (_virtualenv(), IsolationKind.VIRTUALENV),
        (Task("BranchPythonVirtualenvOperator", None, "m", VIRTUALENV), IsolationKind.VIRTUALENV),
        (Task("OurModelOperator", None, "ours", VIRTUALENV), IsolationKind.VIRTUALENV),
        (Task(operator_name="@task.branch_virtualenv"), IsolationKind.VIRTUALENV),
        (Task("ExternalPythonOperator", None, "m", ("python", *STANDARD)), IsolationKind.EXTERNAL_PYTHON),
        (Task("_PythonExternalDecoratedOperator", "@task.external_python"), IsolationKind.EXTERNAL_PYTHON),
        (Task("OurOperator", None, "ours", ("python", *STANDARD)), IsolationKind.EXTERNAL_PYTHON),
        (Task("KubernetesPodOperator", None, "m"), IsolationKind.KUBERNETES),
        (Task("GKEStartPodOperator", None, "m"), IsolationKind.KUBERNETES),
        (Task("_KubernetesDecoratedOperator", "@task.kubernetes"), IsolationKind.KUBERNETES),
        (Task("OurPod", None, "m", ("image", "namespace", "pod_template_file")), IsolationKind.KUBERNETES),
        (Task("DockerOperator", None, "m"), IsolationKind.DOCKER),
        (Task("_DockerDecoratedOperator", "@task.docker"), IsolationKind.DOCKER),
        (Task("OurBox", None, "m", ("image", "command", "container_name")), IsolationKind.DOCKER),
    ],
)
def test_the_kind_is_told_by_the_operator_or_by_what_it_renders(task: Task, kind: IsolationKind) -> None:
    assert judge(task, AIRFLOW).kind is kind


def _one(line: str) -> Requirement:
    (requirement,) = judge(_virtualenv(requirements=[line]), AIRFLOW).requirements
    return requirement


@pytest.mark.parametrize(
    ("line", "name", "pinning", "clash"),
    [
        ("pandas==2.2.2", "pandas", "pinned", True),
        ("pandas==2.1.4", "pandas", "pinned", False),
        ("pandas==2.*", "pandas", "unpinned", False),
        ("pandas===2.1.4", "pandas", "pinned", False),
        ("pandas>=2,<3", "pandas", "unpinned", False),
        ("pandas<2", "pandas", "unpinned", True),
        ("SQLAlchemy[asyncio]~=1.4", "SQLAlchemy", "unpinned", True),
        ("python_dateutil", "python_dateutil", "unpinned", False),
        ("polars==1.0", "polars", "pinned", False),
        ("requests<2 ; python_version < '3'", "requests", "unpinned", False),
        ("polars  # for speed", "polars", "unpinned", False),
        ("polars>=1 --hash=sha256:abc", "polars", "pinned", False),
        ("ours @ https://files.example.com/ours-1.0-py3-none-any.whl", "ours", "pinned", False),
        ("ours @ git+https://git.example.com/ours@" + "a" * 40, "ours", "pinned", False),
        ("ours @ git+https://git.example.com/ours@main", "ours", "unpinned", False),
        ("{{ params.package }}", None, "unknown", False),
        ("./ours", None, "unknown", False),
    ],
)
def test_pinned_and_unpinned_and_what_clashes(line: str, name: str | None, pinning: str, clash: bool) -> None:
    requirement = _one(line)
    assert (requirement.name, requirement.pinning, requirement.clash) == (name, pinning, clash)


def test_a_clash_names_the_version_that_airflow_has() -> None:
    judged = judge(_virtualenv(requirements=["pandas==2.2.2", "polars"], venv_cache_path="/v"), AIRFLOW)
    assert [clash.airflow_has for clash in judged.clashes] == ["2.1.4"]
    assert "pandas==2.2.2 (Airflow has 2.1.4)" in judged.notes[0]
    assert [requirement.name for requirement in judged.unpinned] == ["polars"]


def test_packages_that_agree_with_airflows_need_no_isolation() -> None:
    judged = judge(_virtualenv(requirements=["pandas>=2", "requests"]), AIRFLOW)
    assert "would run without isolation" in judged.notes[0]
    other = judge(_virtualenv(requirements=["pandas>=2", "polars"]), AIRFLOW)
    assert not any("would run without" in note for note in other.notes)


def test_a_virtualenv_that_is_kept_is_told_from_one_that_is_made_anew() -> None:
    kept, anew = judge(_virtualenv(venv_cache_path="/v"), {}), judge(_virtualenv(), {})
    assert (kept.cached, kept.cache_path, anew.cached) == (True, "/v", False)
    assert any("venv_cache_path" in note for note in anew.notes)
    assert judge(Task("PythonOperator"), {}).cached is None


def test_requirements_as_one_text_are_read_line_by_line() -> None:
    text = "# ours\npandas==2.2.2 \\\n  --hash=sha256:abc\n\n-r more.txt\nrequests\n"
    judged = judge(_virtualenv(requirements=text), AIRFLOW)
    assert [requirement.text for requirement in judged.requirements] == ["pandas==2.2.2", "requests"]
    assert judged.options == ("-r more.txt",)
    assert judged.requirements_state == "kept"


def test_a_file_of_requirements_is_said_to_be_elsewhere() -> None:
    for written in ("requirements.txt", ["-r requirements.txt"]):
        judged = judge(_virtualenv(requirements=written), AIRFLOW)
        assert (judged.requirements_state, judged.requirements) == ("elsewhere", ())
        assert judged.options == ("-r requirements.txt",)


def test_no_credentials_of_an_index_or_a_repository_are_shown() -> None:
    judged = judge(
        _virtualenv(
            requirements=["ours @ git+https://me:s3cret@git.example.com/ours@main", "-i https://t0ken@index.example.com"],
            index_urls=["https://me:s3cret@index.example.com/simple"],
        ),
        AIRFLOW,
    )  # fmt: skip
    assert "s3cret" not in repr(judged)
    assert "t0ken" not in repr(judged)
    assert "https://***@index.example.com/simple" in judged.options[0]


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/opt/venvs/model/bin/python3.12", "3.12"),
        ("/opt/python3.9/bin/python3.11", "3.11"),
        ("/opt/venvs/model/bin/python", None),
        ("/opt/venvs/model/bin/python3", None),
    ],
)
def test_an_external_python_says_its_version_as_far_as_the_path_does(path: str, version: str | None) -> None:
    judged = judge(Task("ExternalPythonOperator", fields={"python": path}), AIRFLOW)
    assert (judged.python, judged.python_version) == (path, version)
    assert (judged.python_note is None) == (version is not None)
    assert judged.requirements_state == "not_kept"


@pytest.mark.parametrize(
    ("image", "loose"),
    [
        ("python", True),
        ("registry.example.com:5000/team/model", True),
        ("team/model:latest", True),
        ("team/model:4.2", False),
        ("team/model@sha256:" + "0" * 64, False),
        ("team/model:{{ params.tag }}", False),
    ],
)
def test_an_image_without_a_fixed_version_is_said(image: str, loose: bool) -> None:
    judged = judge(Task("KubernetesPodOperator", fields={"image": image, "namespace": "jobs"}), AIRFLOW)
    assert (judged.image, judged.namespace) == (image, "jobs")
    assert any("no fixed version" in note for note in judged.notes) == loose


def test_an_executor_that_starts_pods_is_named() -> None:
    judged = judge(Task("PythonOperator"), AIRFLOW, "KubernetesExecutor")
    assert judged.kind is IsolationKind.NONE
    assert any("KubernetesExecutor" in note for note in judged.notes)
    assert not judge(Task("PythonOperator"), AIRFLOW, "LocalExecutor").notes


def test_every_kind_says_when_it_is_right() -> None:
    assert RIGHT_WHEN.keys() == set(IsolationKind)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["requirements", "index_urls", "venv_cache_path"]), anything))
def test_whatever_a_field_holds_something_is_said(fields: dict[str, Any]) -> None:
    assert judge(_virtualenv(**fields), AIRFLOW).kind is IsolationKind.VIRTUALENV
