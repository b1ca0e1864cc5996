"""The company whose Dags these are: how long its tasks take, who works there, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

DAYS = 30
WORKERS = ("worker-1", "worker-2", "worker-3", "worker-4")
PEOPLE = ("mia", "jonas", "priya")

Seconds = tuple[float, float]
"""Median in seconds and sigma of a log-normal duration."""

PACE: Mapping[str, Mapping[str, Seconds]] = {
    "orders_hourly": {
        "extract": (31, 0.15),
        "transform": (50, 0.15),
        "load": (44, 0.15),
        "publish": (8, 0.2),
        "notify": (4, 0.2),
    },
    "clicks_hourly": {"extract_clicks": (37, 0.18), "sessionize": (55, 0.15), "load_clicks": (48, 0.15)},
    "customer_sync": {
        "fetch_changes": (30, 0.2),
        "dedupe": (20, 0.15),
        "upsert_warehouse": (41, 0.18),
        "refresh_segments": (25, 0.15),
    },
    "revenue_snapshot": {
        "close_books": (30, 0.12),
        "snapshot_revenue": (62, 0.12),
        "email_controller": (5, 0.2),
    },
    "feature_export": {"export_users": (70, 0.15), "export_items": (52, 0.15), "validate": (15, 0.15)},
    "payments_contract": {
        "download": (37, 0.15),
        "check_contract": (6, 0.15),
        "load_payments": (67, 0.15),
        "reconcile": (45, 0.15),
        "publish_report": (8, 0.15),
    },
    "inventory_snapshot": {"count_stock": (25, 0.12), "load_snapshot": (1.65, 0.06), "publish": (9, 0.15)},
    "events_ingest": {"poll_broker": (20, 0.2), "write_parquet": (60, 0.15)},
    "sessions_build": {"stitch": (55, 0.15), "write_sessions": (27, 0.15)},
    "dashboard_refresh": {"aggregate": (30, 0.15), "refresh": (18, 0.2), "warm_cache": (12, 0.15)},
    "partner_files": {"list_files": (6, 0.2), "parse_file": (5, 0.3), "report": (8, 0.15)},
    "invoice_export": {"collect": (20, 0.15), "apply_tax": (27, 0.15), "upload": (13, 0.2)},
    "loyalty_points": {"fetch_balances": (14, 0.2), "award_points": (20, 0.15)},
    "embeddings_train": {
        "prepare": (30, 0.15),
        "train": (95, 0.1),
        "evaluate": (22, 0.15),
        "promote": (5, 0.2),
    },
    "vendor_catalog_crawl": {"crawl": (2985, 0.02), "store": (16, 0.15)},
    "vendor_prices": {"fetch_prices": (30, 0.2), "compare_prices": (18, 0.15)},
    "fx_rates": {"fetch_rates": (10, 0.2), "convert": (12, 0.15), "publish": (4.5, 0.15)},
    "churn_score": {"sample": (27, 0.15), "score": (24, 0.08), "write_scores": (18, 0.15)},
    "weblogs_archive": {"copy": (25, 0.15), "load": (40, 0.15), "cleanup": (6, 0.15)},
    "newsletter_list": {"collect_consents": (22, 0.15), "upload_list": (15, 0.15)},
    "vendor_returns": {"fetch_returns": (25, 0.15), "credit_notes": (18, 0.15)},
    "dbt_marts": {
        "staging.stg_orders": (25, 0.1),
        "staging.stg_customers": (18, 0.1),
        "staging.stg_payments": (32, 0.1),
        "marts.fct_revenue": (45, 0.1),
        "marts.fct_retention": (60, 0.1),
        "test_marts": (22, 0.12),
        "refresh_exposures": (8, 0.1),
    },
    "search_index": {"snapshot_catalogue": (27, 0.15), "build_index": (90, 0.2), "swap_alias": (4, 0.2)},
    "support_tickets": {"pull_tickets": (22, 0.2), "classify": (40, 0.15), "route": (7, 0.2)},
    "marketing_attribution": {
        "pull_search": (24, 0.2),
        "pull_social": (24, 0.2),
        "pull_affiliates": (24, 0.2),
        "attribute": (81, 0.12),
        "publish": (9, 0.2),
    },
    "ledger_close": {
        "freeze_postings": (20, 0.15),
        "accruals": (55, 0.12),
        "currency_revaluation": (45, 0.12),
        "trial_balance": (30, 0.12),
    },
    "hr_headcount": {"export_staff": (13, 0.15), "count_by_team": (9, 0.15)},
    "data_quality": {
        "row_counts": (20, 0.15),
        "is_night": (1.5, 0.15),
        "deep_checks": (74, 0.15),
        "scorecard": (7.5, 0.15),
    },
    "store_deliveries": {
        "wait_for_carrier": (1205, 0.02),
        "plan_routes": (36, 0.15),
        "print_labels": (10, 0.15),
    },
    "kpi_daily": {"compute": (50, 0.15), "wait_for_sign_off": (700, 0.3), "mail": (5, 0.15)},
}
"""Per Dag and task. Of `load_snapshot` it is the time for one partition; the number of these grows."""

FIRST_PARTITIONS = 20
"""Partitions that `inventory_snapshot` had thirty days ago; every run adds one."""


class Ending(Enum):
    """How a try that does not succeed ends."""

    RAISED = "raised"
    """With the exception that the task's own code really raises."""
    TIMED_OUT = "timed out"
    """By the task's own execution_timeout."""
    KILLED = "killed"
    """By a signal, without a traceback."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A time in which a task's tries do not succeed."""

    dag_id: str
    task_ids: tuple[str, ...]
    since: datetime
    until: datetime
    ending: Ending = Ending.RAISED
    chance: float = 1.0
    """How likely each run is to be hit."""
    tries: int = 99
    """How many tries of a run are hit; the next one succeeds."""
    map_indexes: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """When the things of this month happened, all relative to now."""

    now: datetime

    @property
    def first(self) -> datetime:
        return self.now - timedelta(days=DAYS)

    @property
    def outage(self) -> datetime:
        """Since then the warehouse refuses connections."""
        return self.now - timedelta(hours=3, minutes=10)

    @property
    def earlier_outage(self) -> tuple[datetime, datetime]:
        return self.now - timedelta(days=12, hours=9), self.now - timedelta(days=12, hours=4)

    @property
    def tuesday(self) -> datetime:
        """The last Tuesday that is over, 00:00: since then the payments lack a column."""
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        days = (midnight.weekday() - 1) % 7 or 7
        return midnight - timedelta(days=days)

    @property
    def invoice_broken(self) -> datetime:
        return self.now - timedelta(hours=13)

    @property
    def invoice_fixed(self) -> datetime:
        return self.now - timedelta(hours=4, minutes=30)

    @property
    def dashboard_changed(self) -> datetime:
        return self.now - timedelta(hours=20)

    @property
    def batch_doubled(self) -> datetime:
        return self.now - timedelta(hours=30)

    @property
    def notify_added(self) -> datetime:
        return self.now - timedelta(days=18)

    @property
    def sdk_gone(self) -> datetime:
        """Since then the file of `vendor_returns` no longer imports."""
        return self.now - timedelta(days=3, hours=2)

    @property
    def token_expired(self) -> datetime:
        return self.now - timedelta(days=3)

    @property
    def newsletter_paused(self) -> datetime:
        return self.now - timedelta(days=12)

    @property
    def backfilled(self) -> datetime:
        return self.now - timedelta(days=10, hours=3)


LOYALTY_LIMIT = 5
"""`max_consecutive_failed_dag_runs` of `loyalty_points`, after which Airflow paused it."""


def versions(moments: Moments) -> Mapping[str, tuple[datetime, ...]]:
    """Since when each later version of a Dag holds; version n comes from the folder `earlier/n`, the last one
    from `dags`. Dags that are not named here never changed."""
    return {
        "orders_hourly": (moments.notify_added,),
        "invoice_export": (moments.invoice_broken, moments.invoice_fixed),
        "embeddings_train": (moments.batch_doubled,),
        "dashboard_refresh": (moments.dashboard_changed,),
        # Its last version never became one, because the file does not import.
        "vendor_returns": (),
    }


def troubles(moments: Moments) -> tuple[Trouble, ...]:
    """Everything that went wrong this month."""
    now = moments.now
    end = now + timedelta(days=1)
    outage = moments.outage
    warehouse = (
        ("orders_hourly", ("load",)),
        ("clicks_hourly", ("load_clicks",)),
        ("customer_sync", ("upsert_warehouse",)),
        ("revenue_snapshot", ("snapshot_revenue",)),
        ("feature_export", ("export_users", "export_items")),
    )
    return (
        *(Trouble(dag_id, tasks, outage, end) for dag_id, tasks in warehouse),
        *(Trouble(dag_id, tasks, *moments.earlier_outage) for dag_id, tasks in warehouse[:3]),
        Trouble("payments_contract", ("check_contract",), moments.tuesday, end),
        Trouble("dashboard_refresh", ("refresh",), moments.dashboard_changed, end),
        Trouble(
            "partner_files", ("parse_file",), now - timedelta(days=2, hours=12), end, map_indexes=(7, 19, 33)
        ),
        Trouble("invoice_export", ("apply_tax",), moments.invoice_broken, moments.invoice_fixed),
        Trouble("loyalty_points", ("fetch_balances",), moments.token_expired, end),
        Trouble("embeddings_train", ("train",), moments.batch_doubled, end, Ending.KILLED),
        Trouble("weblogs_archive", ("load",), now - timedelta(hours=40), end),
        Trouble("dbt_marts", ("test_marts",), now - timedelta(hours=14), end),
        Trouble("dbt_marts", ("test_marts",), now - timedelta(days=9), now - timedelta(days=8, hours=12)),
        Trouble("fx_rates", ("fetch_rates",), moments.first, end, chance=0.45, tries=1),
        Trouble("support_tickets", ("pull_tickets",), moments.first, end, chance=0.08, tries=1),
        Trouble(
            "search_index",
            ("build_index",),
            moments.first,
            now - timedelta(days=1),
            Ending.TIMED_OUT,
            0.04,
            1,
        ),
        Trouble(
            "search_index",
            ("build_index",),
            now - timedelta(days=5),
            now - timedelta(days=4, hours=18),
            Ending.TIMED_OUT,
        ),
    )


UNSIGNED_SINCE = timedelta(days=2, hours=6)
"""How long nobody has signed off the key figures: the runs of `kpi_daily` time out, no task of them fails."""

RETURNS: Mapping[tuple[str, str], Callable[[Random], Any]] = {
    ("orders_hourly", "extract"): lambda rng: rng.randint(9_000, 14_000),
    ("orders_hourly", "transform"): lambda rng: rng.randint(9_000, 14_000),
    ("customer_sync", "fetch_changes"): lambda rng: rng.randint(400, 900),
    ("customer_sync", "dedupe"): lambda rng: rng.randint(400, 900),
    ("events_ingest", "poll_broker"): lambda rng: rng.randint(1_000_000, 1_400_000),
    ("churn_score", "score"): lambda _: 12_840,
    ("partner_files", "list_files"): lambda _: [f"sftp/inbox/partner_{n:02d}.csv" for n in range(40)],
    ("partner_files", "parse_file"): lambda rng: rng.randint(1_000, 9_000),
}
"""What tasks hand to the next one, kept as XComs so that a cleared task of the past can run again."""

MAP_LENGTHS: Mapping[tuple[str, str], int] = {("partner_files", "parse_file"): 40}


def map_label(map_index: int) -> str:
    """What the map index template of the mapped task `parse_file` gives."""
    return f"partner_{map_index:02d}.csv"
