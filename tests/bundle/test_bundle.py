"""The built UI: small enough, one React too few, and with the licences of what is in it."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).resolve().parents[2] / "plugin" / "windsock" / "static"
ENTRY = "src/main.tsx"

ENTRY_LIMIT_BYTES = 60_000
CHUNK_LIMIT_BYTES = 150_000
CHARTS_LIMIT_BYTES = 250_000


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((STATIC / ".vite" / "manifest.json").read_text())
    return content


def _gzip_bytes(file: str) -> int:
    return len(gzip.compress((STATIC / file).read_bytes(), compresslevel=9))


def _loaded_with(manifest: dict[str, Any], key: str) -> set[str]:
    """The chunk and all that it imports statically, which a browser fetches before it runs."""
    found: set[str] = set()
    pending = [key]
    while pending:
        if (current := pending.pop()) not in found:
            found.add(current)
            pending.extend(manifest[current].get("imports", []))
    return found


def test_entry_with_all_that_it_needs_at_once_is_at_most_60_kb(manifest: dict[str, Any]) -> None:
    sizes = {
        manifest[key]["file"]: _gzip_bytes(manifest[key]["file"]) for key in _loaded_with(manifest, ENTRY)
    }
    print(f"entry: {sum(sizes.values())} bytes of gzip", sizes)
    assert sum(sizes.values()) <= ENTRY_LIMIT_BYTES, sizes


def test_every_lazy_chunk_is_at_most_150_kb_and_the_charts_250(manifest: dict[str, Any]) -> None:
    first = {manifest[key]["file"] for key in _loaded_with(manifest, ENTRY)}
    sizes = {
        chunk["file"]: _gzip_bytes(chunk["file"]) for chunk in manifest.values() if chunk["file"] not in first
    }
    print(sizes)
    limit = {file: CHARTS_LIMIT_BYTES if "/charts-" in file else CHUNK_LIMIT_BYTES for file in sizes}
    assert {file: size for file, size in sizes.items() if size > limit[file]} == {}


def test_names_carry_a_content_hash(manifest: dict[str, Any]) -> None:
    assert [
        chunk["file"] for chunk in manifest.values() if not re.search(r"-[\w-]{8}\.\w+$", chunk["file"])
    ] == []


def test_no_react_of_our_own_is_in_it(manifest: dict[str, Any]) -> None:
    # Words of the error messages that every build of React and of its renderer holds.
    marks = ("react.dev/errors/", "__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE =")
    files = sorted(STATIC.glob("assets/*.js"))
    assert files
    assert [
        file.name for file in files if any(mark in file.read_text(encoding="utf-8") for mark in marks)
    ] == []


def test_no_source_map_is_shipped() -> None:
    assert list(STATIC.rglob("*.map")) == []


def test_licences_of_what_is_bundled_are_beside_it() -> None:
    words = (STATIC / "THIRD_PARTY_LICENSES.md").read_text(encoding="utf-8")
    for package in ("@tanstack/react-query", "openapi-fetch"):
        assert package in words
    assert "Permission is hereby granted" in words
