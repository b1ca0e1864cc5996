"""How a task is kept apart from Airflow's own packages, as far as Airflow keeps it, and whether that fits.

Airflow serializes only an operator's template fields. The requirements of a virtualenv are among them; its
Python version and whether it sees Airflow's packages are not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, Protocol

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as ParsedRequirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

REQUIREMENTS_MOST: Final = 200
"""How many requirements of one task are looked at."""


class IsolationKind(str, Enum):
    """What a task runs in."""

    NONE = "none"
    """The worker's own Python, with Airflow's packages."""
    VIRTUALENV = "virtualenv"
    EXTERNAL_PYTHON = "external_python"
    KUBERNETES = "kubernetes"
    DOCKER = "docker"


RIGHT_WHEN: Final[Mapping[IsolationKind, str]] = {
    IsolationKind.NONE: "The task's packages agree with Airflow's",
    IsolationKind.VIRTUALENV: (
        "Other package versions than Airflow's; slow to start unless the virtualenv is kept (venv_cache_path)"
    ),
    IsolationKind.EXTERNAL_PYTHON: (
        "Another Python or a heavy set of packages, prepared once; pinned by you, not by Airflow"
    ),
    IsolationKind.KUBERNETES: "Another operating system image and resources of its own; needs the cluster",
    IsolationKind.DOCKER: "Another operating system image and resources of its own; needs Docker at the worker",
}
"""Which kind of isolation is for what."""


class TaskFacts(Protocol):
    """A task as a Dag version defines it."""

    @property
    def operator(self) -> str | None:
        """The operator's class."""

    @property
    def operator_name(self) -> str | None:
        """What Airflow shows as the operator, e.g. ``@task.virtualenv``."""

    @property
    def module(self) -> str | None: ...

    @property
    def template_fields(self) -> Collection[str]:
        """Names, whether or not the field has a value."""

    @property
    def fields(self) -> Mapping[str, object]:
        """Template fields that have a value: as rendered where that is known."""


Pinning = Literal["pinned", "unpinned", "unknown"]
RequirementsState = Literal["kept", "none", "elsewhere", "not_kept"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a task's own environment."""

    text: str
    """As it was given, without credentials."""
    name: str | None
    """The package; None where it cannot be told."""
    pinning: Pinning
    """pinned: one version only; unpinned: what is installed can change from one run to the next; unknown: not a
    requirement that can be read, a template for example."""
    airflow_has: str | None
    """The version of the same package that is installed with Airflow."""
    clash: bool
    """True when that version is not one that the task asks for."""


@dataclass(frozen=True, slots=True)
class Isolation:
    """How one task is isolated."""

    kind: IsolationKind
    evidence: str
    """The operator that made us say so."""
    python: str | None
    """The Python that is run, a path or a name."""
    python_version: str | None
    """Major and minor, as far as the path names them."""
    python_note: str | None
    """Why the Python or its version is not known."""
    requirements_state: RequirementsState
    """kept; none: there are none; elsewhere: in a file that Airflow does not keep; not_kept: made outside Airflow."""
    requirements: tuple[Requirement, ...]
    options: tuple[str, ...]
    """Lines among the requirements that are options of the installer, and the package indexes."""
    cached: bool | None
    """Whether a virtualenv is kept between runs; None where there is none."""
    cache_path: str | None
    image: str | None
    namespace: str | None
    notes: tuple[str, ...]
    """What a person should know or do, most important first."""

    @property
    def clashes(self) -> tuple[Requirement, ...]:
        """The requirements that ask for another version than Airflow's."""
        return tuple(requirement for requirement in self.requirements if requirement.clash)

    @property
    def unpinned(self) -> tuple[Requirement, ...]:
        """The requirements whose installed version can change by itself."""
        return tuple(requirement for requirement in self.requirements if requirement.pinning == "unpinned")


def judge(task: TaskFacts, installed: Mapping[str, str], executor: str | None = None) -> Isolation:
    """Say how a task is isolated.

    :param installed: the versions installed with Airflow, by canonical package name
    :param executor: the executor that runs the task
    """
    kind = kind_of(task)
    requirements, options, state = _requirements(kind, task.fields, installed)
    python, python_version, python_note = _python(kind, task.fields)
    cache_path = _text(task.fields.get("venv_cache_path")) if kind is IsolationKind.VIRTUALENV else None
    in_image = kind in (IsolationKind.KUBERNETES, IsolationKind.DOCKER)
    image = _text(task.fields.get("image")) if in_image else None
    return Isolation(
        kind=kind,
        evidence=_evidence(task),
        python=python,
        python_version=python_version,
        python_note=python_note,
        requirements_state=state,
        requirements=requirements,
        options=options,
        cached=cache_path is not None if kind is IsolationKind.VIRTUALENV else None,
        cache_path=cache_path,
        image=image,
        namespace=_text(task.fields.get("namespace")) if kind is IsolationKind.KUBERNETES else None,
        notes=tuple(_notes(kind, requirements, state, cache_path, image, executor)),
    )


_NAMES: Final = (
    (IsolationKind.VIRTUALENV, re.compile(r"virtualenv", re.IGNORECASE)),
    (IsolationKind.EXTERNAL_PYTHON, re.compile(r"external_?python|python_?external", re.IGNORECASE)),
    (
        IsolationKind.KUBERNETES,
        re.compile(
            r"@task\.kubernetes|kubernetes_?(?:pod|job|cmd)|startpod|eks_?pod|_kubernetes", re.IGNORECASE
        ),
    ),
    (IsolationKind.DOCKER, re.compile(r"docker", re.IGNORECASE)),
)
_FIELDS: Final = (
    (IsolationKind.VIRTUALENV, frozenset({"requirements", "venv_cache_path"})),
    (IsolationKind.EXTERNAL_PYTHON, frozenset({"python", "op_args", "op_kwargs"})),
    (IsolationKind.KUBERNETES, frozenset({"image", "namespace", "pod_template_file"})),
    (IsolationKind.DOCKER, frozenset({"image", "command", "container_name"})),
)
"""What only these operators render: a class derived from one has a name of its own, but still these."""


def kind_of(task: TaskFacts) -> IsolationKind:
    """Tell the kind of isolation by the operator's name and, for derived classes, by its template fields."""
    names = [name for name in (task.operator_name, task.operator) if name]
    for kind, pattern in _NAMES:
        if any(pattern.search(name) for name in names):
            return kind
    fields = frozenset(task.template_fields)
    return next((kind for kind, own in _FIELDS if own <= fields), IsolationKind.NONE)


def _evidence(task: TaskFacts) -> str:
    shown = task.operator_name or task.operator or "unknown operator"
    return f"{shown} ({task.module})" if task.module else shown


_VERSION_IN_PATH: Final = re.compile(r"python(\d+\.\d+)(?!\d)", re.IGNORECASE)


def _python(kind: IsolationKind, fields: Mapping[str, object]) -> tuple[str | None, str | None, str | None]:
    if kind is IsolationKind.VIRTUALENV:
        return None, None, "Airflow does not keep python_version; without one it is the worker's own Python"
    if kind is IsolationKind.EXTERNAL_PYTHON:
        path = _text(fields.get("python"))
        if path is None:
            return None, None, "Airflow keeps no path of the Python for this task"
        named = _VERSION_IN_PATH.findall(path)
        note = None if named else "The path does not say which version this Python is"
        return path, named[-1] if named else None, note
    if kind is IsolationKind.NONE:
        return None, None, "The worker's own Python; Airflow does not record its version"
    return None, None, "Whatever the image holds; Airflow does not record it"


_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_CONTINUED: Final = re.compile(r"\\\r?\n\s*")
_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_COMMIT: Final = re.compile(r"@[0-9a-f]{40}(?:[#?&]|$)|[#&]sha256[=:]", re.IGNORECASE)
_ARTIFACT: Final = re.compile(r"\.(?:whl|zip|tar\.gz|tgz)(?:[#?]|$)", re.IGNORECASE)


def without_credentials(text: str) -> str:
    """Hide what stands between ``://`` and ``@`` in every address of a text."""
    return _CREDENTIALS.sub("***", text)


def _requirements(
    kind: IsolationKind, fields: Mapping[str, object], installed: Mapping[str, str]
) -> tuple[tuple[Requirement, ...], tuple[str, ...], RequirementsState]:
    if kind is IsolationKind.NONE:
        return (), (), "none"
    if kind is not IsolationKind.VIRTUALENV:
        return (), (), "not_kept"
    given = fields.get("requirements")
    if isinstance(given, str) and "\n" not in given and given.strip().endswith(".txt"):
        return (), (f"-r {given.strip()}",), "elsewhere"
    requirements: list[Requirement] = []
    options = [f"--index-url {without_credentials(url)}" for url in _strings(fields.get("index_urls"))]
    for line in list(_lines(given))[:REQUIREMENTS_MOST]:
        if line.startswith("-"):
            options.append(without_credentials(line))
        else:
            requirements.append(_requirement(line, installed))
    elsewhere = not requirements and any(option.startswith("-r") for option in options)
    state: RequirementsState = "kept" if requirements else "elsewhere" if elsewhere else "none"
    return tuple(requirements), tuple(options), state


def _lines(given: object) -> Iterator[str]:
    for text in _strings(given):
        for line in _CONTINUED.sub(" ", text).splitlines():
            if bare := _COMMENT.sub("", line).strip():
                yield bare


def _strings(given: object) -> Iterable[str]:
    if isinstance(given, str):
        return [given]
    if isinstance(given, (list, tuple, set, frozenset)):
        return [str(item) for item in given if item is not None]
    return []


def _requirement(line: str, installed: Mapping[str, str]) -> Requirement:
    specification, _, hashes = line.partition(" --hash")
    shown = without_credentials(specification.strip())
    try:
        parsed = ParsedRequirement(specification.strip())
    except InvalidRequirement:
        return Requirement(shown, None, "unknown", None, clash=False)
    has = installed.get(canonicalize_name(parsed.name))
    # A requirement that is for other systems or Pythons than this one says nothing about Airflow's packages.
    meant_here = parsed.marker is None or parsed.marker.evaluate({"extra": ""})
    return Requirement(
        text=shown,
        name=parsed.name,
        pinning="pinned" if hashes or _is_pinned(parsed) else "unpinned",
        airflow_has=has,
        clash=has is not None and meant_here and not _agrees(parsed, has),
    )


def _is_pinned(requirement: ParsedRequirement) -> bool:
    if requirement.url is not None:
        return bool(_COMMIT.search(requirement.url) or _ARTIFACT.search(requirement.url))
    return any(
        specifier.operator == "===" or (specifier.operator == "==" and not specifier.version.endswith(".*"))
        for specifier in requirement.specifier
    )


def _agrees(requirement: ParsedRequirement, version: str) -> bool:
    try:
        return requirement.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return True


def _notes(
    kind: IsolationKind,
    requirements: tuple[Requirement, ...],
    state: RequirementsState,
    cache_path: str | None,
    image: str | None,
    executor: str | None,
) -> Iterator[str]:
    if kind is IsolationKind.VIRTUALENV:
        yield from _virtualenv_notes(requirements, state, cache_path)
    elif kind is IsolationKind.EXTERNAL_PYTHON:
        yield "Its packages are installed beside Airflow, which knows neither their names nor their versions"
    elif image is not None and _image_is_loose(image):
        yield f"The image {image} names no fixed version: what it holds can change from one run to the next"
    if executor is not None and "kubernetes" in executor.lower() and kind is not IsolationKind.KUBERNETES:
        yield f"Its executor ({executor}) starts every task in a pod of its own, from the deployment's image"


def _virtualenv_notes(
    requirements: tuple[Requirement, ...], state: RequirementsState, cache_path: str | None
) -> Iterator[str]:
    clashes = [requirement for requirement in requirements if requirement.clash]
    if clashes:
        named = ", ".join(f"{clash.text} (Airflow has {clash.airflow_has})" for clash in clashes)
        yield f"Needs its isolation: {named}"
    elif requirements and all(requirement.airflow_has for requirement in requirements):
        yield "All its packages agree with Airflow's: it would run without isolation, and start faster"
    elif state == "none":
        yield "It asks for no packages: it would run without isolation, and start faster"
    unpinned = [requirement for requirement in requirements if requirement.pinning == "unpinned"]
    if unpinned:
        named = ", ".join(requirement.name or requirement.text for requirement in unpinned)
        yield f"Not pinned: {named}. A new release can change this task from one run to the next"
    if state == "elsewhere":
        yield "Its requirements stand in a file of which Airflow keeps no copy"
    if cache_path is None:
        yield "A virtualenv is made anew at every run; venv_cache_path keeps it and starts faster"
    yield "Airflow does not keep system_site_packages: by default the task sees Airflow's packages too"


def _image_is_loose(image: str) -> bool:
    """A digest is fixed; a tag is as fixed as its owner keeps it, but ``latest`` and no tag never are."""
    if "@sha256:" in image or "{{" in image:
        return False
    tag = image.rpartition("/")[2].partition(":")[2]
    return tag in ("", "latest")


def _text(value: object) -> str | None:
    text = str(value).strip() if value is not None else ""
    return text if text not in ("", "None") else None
