"""The sdist and the wheel in dist/: what is in them, and that they come about without Node where they should.

Run through `make test-wheel`, which builds them first.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"

#: What pip and a build need from PATH; a Node is not among them.
TOOLS = ("git", "sh", "env", "uname", "cat", "sed", "ldd", "ld", "gcc")


def _only(pattern: str) -> Path:
    [found] = DIST.glob(pattern)
    return found


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _wheel_names() -> list[str]:
    with zipfile.ZipFile(_only("*.whl")) as wheel:
        return wheel.namelist()


@pytest.fixture
def without_node(tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH has no Node, for a Python of its own."""
    path = tmp_path / "path"
    path.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (path / tool).symlink_to(found)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WINDSOCK_")}
    environment = {**inherited, "PATH": str(path)}
    assert shutil.which("node", path=environment["PATH"]) is None
    return environment


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A fresh virtual environment's Python, with nothing but pip."""
    venv.create(tmp_path / "venv", with_pip=True)
    return tmp_path / "venv" / "bin" / "python"


def _build(python: Path, source: str, into: Path, environment: dict[str, str]) -> Path:
    """Build a wheel as pip does on somebody's machine: in isolation, from this source."""
    done = subprocess.run(
        [python, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", into, source],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    [wheel] = into.glob("*.whl")
    return wheel


def _git(folder: Path, *arguments: str) -> None:
    author = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


def _checkout(folder: Path) -> Path:
    """A repository with the files of this checkout as they are now, and none that git ignores."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "as it is")
    return folder


def test_wheel_holds_the_bundle_and_its_licences() -> None:
    names = _wheel_names()
    assert "windsock/static/.vite/manifest.json" in names
    assert "windsock/static/THIRD_PARTY_LICENSES.md" in names
    assert any(name.startswith("windsock/static/assets/main-") for name in names)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert "windsock/py.typed" in names


def test_wheel_holds_no_ui_source_and_no_source_map() -> None:
    unwanted = (".ts", ".tsx", ".jsx", ".map", ".module.css")
    names = _wheel_names()
    assert [name for name in names if name.endswith(unwanted)] == []
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"windsock"}
    with zipfile.ZipFile(_only("*.whl")) as wheel:
        scripts = [name for name in names if name.endswith(".js")]
        assert [name for name in scripts if b"sourceMappingURL" in wheel.read(name)] == []


def test_wheel_registers_the_plugin_and_the_command() -> None:
    with zipfile.ZipFile(_only("*.whl")) as wheel:
        [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt")]
        words = wheel.read(name).decode()
    assert "[airflow.plugins]\nwindsock = windsock.plugin:WindsockPlugin" in words
    assert "[console_scripts]\nwindsock = windsock.demo.cli:main" in words


def test_sdist_holds_the_bundle_and_what_it_is_built_from() -> None:
    with tarfile.open(_only("*.tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert "plugin/windsock/static/.vite/manifest.json" in names
    assert {"frontend/src/main.tsx", "frontend/node.py", "hatch_build.py", "package-lock.json"} <= names
    assert not [name for name in names if "node_modules" in name or name.startswith(".venv")]


def test_sdist_makes_the_same_wheel_without_node(
    tmp_path: Path, python: Path, without_node: dict[str, str]
) -> None:
    made = _build(python, str(_only("*.tar.gz")), tmp_path / "made", without_node)
    assert _digest(made) == _digest(_only("*.whl"))


def test_git_install_brings_node_and_makes_the_same_wheel(
    tmp_path: Path, python: Path, without_node: dict[str, str]
) -> None:
    (tmp_path / "checkout").mkdir()
    checkout = _checkout(tmp_path / "checkout")
    made = _build(python, f"git+file://{checkout}", tmp_path / "made", without_node)
    assert _digest(made) == _digest(_only("*.whl"))


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    command: Sequence[str | Path] = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--outdir",
        tmp_path,
        ROOT,
    ]
    subprocess.run(command, check=True, capture_output=True)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == sorted(file.name for file in DIST.iterdir())
    assert [name for name in names if _digest(tmp_path / name) != _digest(DIST / name)] == []
