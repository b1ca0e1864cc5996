"""Serve Airflow's API server in the foreground, on a new SQLite database with the Dags that are acted on.

Run by the interpreter of the Airflow that is tested; the environment says where and how.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import uvicorn
from airflow.utils.db import initdb

try:
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
except ImportError:  # Airflow 3.1
    from airflow.models.dagbag import DagBag, sync_bag_to_db  # type: ignore[no-redef]


def _seed() -> None:
    from airflow.dag_processing.bundles.manager import DagBundlesManager

    initdb()
    DagBundlesManager().sync_bundles_to_db()
    bag = DagBag(dag_folder=os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    if bag.import_errors:
        raise SystemExit(f"The Dags do not import: {bag.import_errors}")
    sync_bag_to_db(bag, "dags-folder", None)


def main() -> None:
    # The actions alone, beside nothing else of ours: the installed plugin fails to import, Airflow goes on.
    sys.modules["windsock.plugin"] = None  # type: ignore[assignment]
    _seed()
    from airflow.api_fastapi.app import create_app

    Path(sys.argv[2]).touch()  # the database may be read from here on
    uvicorn.run(create_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
