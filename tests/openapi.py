"""Write the description of our API, from which the TypeScript types are made: `make types`.

python -m tests.openapi frontend/src/api/openapi.json
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path


def description() -> str:
    """Return the text that is committed. Needs Airflow's configuration, as every import of the app does."""
    from windsock.app import create_app

    return json.dumps(create_app().openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIRFLOW_HOME"] = home
        Path(sys.argv[1]).write_text(description(), encoding="utf-8")
