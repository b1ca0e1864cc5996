"""A Chromium for the browser tests: the machine's own, else the one that comes as an npm package.

In this order: ``WINDSOCK_CHROMIUM``; a Chromium or Chrome on PATH; ``@sparticuz/chromium`` from node_modules, which
is unpacked once into .build/. The package also carries the few system libraries and the font that a bare
container lacks; they are used only where they are missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".build" / "chromium"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_UNPACK = """
import chromium from "@sparticuz/chromium";
await chromium.executablePath();
"""


@dataclass(frozen=True, slots=True)
class Chromium:
    """Where the program is, and what its environment needs beyond ours."""

    program: Path
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium() -> Chromium:
    """Return the Chromium to use. Raises `FileNotFoundError` with the remedy when there is none."""
    if named := os.environ.get("WINDSOCK_CHROMIUM"):
        return Chromium(Path(named))
    for name in NAMES:
        if found := shutil.which(name):
            return Chromium(Path(found))
    program = UNPACKED / "chromium"
    if not program.is_file():
        _unpack()
    environment = {}
    if _lacks_libraries(program):
        environment["LD_LIBRARY_PATH"] = str(UNPACKED / "al2023" / "lib")
    if not any(Path("/usr/share/fonts").rglob("*.?tf")):
        environment["FONTCONFIG_PATH"] = str(UNPACKED / "fonts")
    return Chromium(program, environment)


def _unpack() -> None:
    if not (ROOT / "node_modules" / "@sparticuz" / "chromium").is_dir():
        raise FileNotFoundError(
            "No Chromium on PATH, and no node_modules to take one from: run `make setup`."
        )
    UNPACKED.parent.mkdir(exist_ok=True)
    # Unpacked beside its place and moved there whole: an interrupted one is never taken for a Chromium.
    with tempfile.TemporaryDirectory(dir=UNPACKED.parent, prefix="chromium-") as draft:
        subprocess.run(
            [sys.executable, "frontend/node.py", "node", "--input-type=module", "--eval", _UNPACK],
            cwd=ROOT,
            # The second makes the package unpack its system libraries too, as it does on a bare machine.
            env={**os.environ, "TMPDIR": draft, "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"},
            check=True,
            timeout=300,
        )
        shutil.rmtree(UNPACKED, ignore_errors=True)
        Path(draft).rename(UNPACKED)
        # The context manager removes what bears this name.
        Path(draft).mkdir()


def _lacks_libraries(program: Path) -> bool:
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    return "not found" in listing.stdout


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser that ends with the block."""
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program,
            args=list(FLAGS),
            env={**os.environ, **chromium.environment},
        )
        try:
            yield browser
        finally:
            browser.close()
