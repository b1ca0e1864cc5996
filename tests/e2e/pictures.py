"""The README's pictures: each place of ours in a running demo, in light and dark.

Run through `make pictures`; name some of them to make only those: ``ARGS="dag run"``.
"""

from __future__ import annotations

import os
import re
import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, expect
from playwright.sync_api import TimeoutError as TooSlowError

from tests.e2e.airflow_server import AirflowServer
from tests.e2e.chromium import running_browser
from tests.e2e.destinations import FailedTask, destinations
from tests.e2e.visitor import WINDSOCK, Visitor, visitor
from windsock.demo import cli
from windsock.demo.home import DemoError, address_of
from windsock.demo.processes import Airflow

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LARGEST_BYTES = 300_000

DAG_ID = "orders_hourly"
"""Its load has been refused by the warehouse for some runs: every place has something to say about it."""

_PLACES = {
    "incidents": "nav",
    "dag": "dag",
    "run": "dag_run",
    "task-instance": "task_instance",
    "home": "home",
}
NAMES = ("incidents", "dags", "dag", "run", "task-instance", "home")

_LIVE_STORIES_S = 20.0
"""What begins with the demo (tasks that run, wait and retry) has to be under way."""

_SLOW_MS = 60_000
_UNFINISHED = re.compile("Reading the log|so far")

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def main(names: Sequence[str]) -> int:
    """Start a demo in a folder of its own, take the pictures, end it; the exit code is that of the demo."""
    wanted = names or NAMES
    if unknown := set(wanted) - set(NAMES):
        print(f"No such picture: {', '.join(sorted(unknown))}. There are: {', '.join(NAMES)}.")
        return 2
    port = cli.choose_port(None)
    begun: float | None = None

    def take_all(_airflow: Airflow) -> None:
        nonlocal begun
        begun = begun or time.monotonic()
        if time.monotonic() - begun >= _LIVE_STORIES_S:
            _take(address_of(port), wanted)
            raise cli.Stopped

    with tempfile.TemporaryDirectory(prefix="windsock-pictures-") as folder:
        return cli.main(["demo", "--home", folder, "--port", str(port)], take_all)


def _take(address: str, names: Sequence[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    server = AirflowServer(address, Path(os.devnull), version("apache-airflow-core"))
    with running_browser() as browser:
        for dark in (False, True):
            for name, picture in _pictures_of(browser, server, names, dark=dark):
                target = PICTURES / f"{name}-{'dark' if dark else 'light'}.png"
                smaller = compress(picture)
                if len(smaller) > LARGEST_BYTES:
                    raise DemoError(f"{target.name} would have {len(smaller)} bytes.")
                target.write_bytes(smaller)
                print(f"    {target.name}: {len(smaller) / 1000:.0f} kB", flush=True)


def _pictures_of(
    browser: Browser, server: AirflowServer, names: Sequence[str], *, dark: bool
) -> Iterator[tuple[str, bytes]]:
    # The demo logs everybody in by itself.
    with visitor(browser, server, user=None, dark=dark) as somebody:
        somebody.open("/")
        expect(somebody.page.locator(WINDSOCK)).to_be_visible()
        places = {place.name: place.path for place in destinations(_newest_failure(somebody))}
        paths = {name: places[place] for name, place in _PLACES.items()}
        paths["dags"] = f"{places['nav']}?view=dags"
        for name in names:
            page = somebody.open(paths[name])
            ours = page.locator(WINDSOCK)
            expect(ours).to_be_visible()
            # No skeletons, no error line that is still being read, no count that still grows.
            expect(ours.locator("[aria-busy=true], [aria-label='Loading']")).to_have_count(
                0, timeout=_SLOW_MS
            )
            expect(ours.get_by_text(_UNFINISHED)).to_have_count(0, timeout=_SLOW_MS)
            # Airflow's own pages ask every few seconds while something runs: they are never quiet for good.
            with suppress(TooSlowError):
                somebody.settle()
            page.mouse.move(0, 0)
            if name == "home":
                ours.scroll_into_view_if_needed()
            yield name, page.screenshot(animations="disabled")


def _newest_failure(somebody: Visitor) -> FailedTask:
    answer = somebody.page.request.get(
        f"{somebody.airflow.url}/api/v2/dags/{DAG_ID}/dagRuns/~/taskInstances",
        params={"state": "failed", "order_by": "-start_date", "limit": 1},
    )
    assert answer.ok, answer.status_text
    [found] = answer.json()["task_instances"]
    return FailedTask(DAG_ID, found["dag_run_id"], found["task_id"], found["map_index"])


def compress(png: bytes) -> bytes:
    """The same picture in fewer bytes: a browser compresses for speed.

    :raises ValueError: when the bytes are no PNG
    """
    if not png.startswith(_PNG_SIGNATURE):
        raise ValueError("not a PNG")
    header = b""
    pixels = b""
    at = len(_PNG_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            header = content
        elif kind == b"IDAT":
            pixels += content
        at += 12 + length
    best = zlib.compress(zlib.decompress(pixels), 9)
    chunks = ((b"IHDR", header), (b"IDAT", best), (b"IEND", b""))
    return _PNG_SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
