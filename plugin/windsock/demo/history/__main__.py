"""Prepares a demo home in a process of its own: the pool, the Dags, and thirty days of history."""

from __future__ import annotations

import argparse
import time
from datetime import datetime, timezone
from pathlib import Path

import sqlalchemy as sa

from windsock.demo.history.write import Writer, read_dags, refuse_foreign_database
from windsock.demo.home import DemoHome


def main() -> None:
    """Airflow's settings come from the environment, as `windsock demo` sets it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--only-dags", action="store_true")
    options = parser.parse_args()
    home = DemoHome(options.home.resolve())

    from airflow import settings
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session

    refuse_foreign_database(home, sa.make_url(settings.SQL_ALCHEMY_CONN or ""))
    Pool.create_or_update_pool(
        "vendor_api", slots=1, description="The vendor allows one call at a time", include_deferred=False
    )
    if options.only_dags:
        home.lay_out_dags()
        read_dags()
        return
    begun = time.monotonic()
    with create_session() as session:
        written = Writer(home, session).write(datetime.now(timezone.utc))
    print(
        f"{written.runs} runs, {written.task_instances} task instances and {written.logs} logs "
        f"in {time.monotonic() - begun:.1f} s"
    )


if __name__ == "__main__":
    main()
