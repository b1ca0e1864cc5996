"""What the UI believes of the API is what the API says of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.openapi import description

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "frontend" / "src" / "api"
REMEDY = "the API has changed: run `make types` and commit what it writes"


def test_committed_description_is_the_apis_own() -> None:
    # Compared as values: a formatter may have had its say about the text.
    committed = json.loads((API / "openapi.json").read_text(encoding="utf-8"))
    if committed != json.loads(description()):
        pytest.fail(REMEDY, pytrace=False)


def test_typescript_types_are_made_from_it(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    subprocess.run(
        [
            *(sys.executable, "frontend/node.py", "node", "node_modules/openapi-typescript/bin/cli.js"),
            *(API / "openapi.json", "--output", made),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    if made.read_text(encoding="utf-8") != (API / "schema.d.ts").read_text(encoding="utf-8"):
        pytest.fail(REMEDY, pytrace=False)
