"""Forty files of forty partners, one mapped task each. Story: three of the forty are malformed."""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone

from airflow.sdk import dag, get_current_context, task

PARTNERS = 40
COLUMNS = 9
MALFORMED = {7: (812, 8), 19: (44, 11), 33: (2_305, 8)}
"""Partner number → (line, fields found) of its broken row."""


class RowError(ValueError):
    """A row of a partner's file that cannot be read."""


def parse(path: str) -> int:
    partner = int(path.rpartition("_")[2].removesuffix(".csv"))
    if partner in MALFORMED:
        line, fields = MALFORMED[partner]
        raise RowError(f"{path}: line {line}: expected {COLUMNS} fields, saw {fields}")
    return random.randint(1_000, 9_000)


@dag(
    schedule="0 5 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["partners", "files"],
    default_args={"owner": "partnerships"},
    description="Forty files of forty partners, one mapped task each",
)
def partner_files() -> None:
    @task
    def list_files() -> list[str]:
        time.sleep(random.lognormvariate(1.8, 0.2))
        return [f"sftp/inbox/partner_{number:02d}.csv" for number in range(PARTNERS)]

    @task(map_index_template="{{ path }}")
    def parse_file(path: str) -> int:
        get_current_context()["path"] = path.rpartition("/")[2]  # type: ignore[typeddict-unknown-key]
        time.sleep(random.lognormvariate(1.6, 0.3))
        rows = parse(path)
        print(f"{rows} rows in {path}")
        return rows

    @task
    def report(rows: list[int]) -> None:
        time.sleep(random.lognormvariate(2.0, 0.15))
        print(f"{sum(rows)} rows")

    report(parse_file.expand(path=list_files()))  # type: ignore[arg-type]


partner_files()
