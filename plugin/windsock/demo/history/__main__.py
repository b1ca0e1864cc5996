"""Prepares a demo home: pool, Dags, and unless --only-dags is given, thirty days of history."""

from __future__ import annotations

import argparse
from pathlib import Path


from windsock.demo.home import PACKAGE, DemoHome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--only-dags", action="store_true")
    options = parser.parse_args()
    home = DemoHome(options.home.resolve())
    from airflow.models.pool import Pool
    from airflow.cli.commands.dag_command import dag_reserialize
    Pool.create_or_update_pool("vendor_api", slots=1, description="The vendor allows one call at a time", include_deferred=False)
    home.lay_out_dags()
    dag_reserialize(argparse.Namespace(bundle_name=None))


if __name__ == "__main__":
    main()
