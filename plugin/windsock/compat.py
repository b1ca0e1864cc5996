"""What differs between the Airflow versions that can host us, each with the version that lets it be deleted."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any


@cache
def airflow_version() -> tuple[int, int, int]:
    """Return the host's version as three numbers, e.g. ``(3, 3, 2)``."""
    from airflow import __version__
    from packaging.version import Version

    return Version(__version__).release[:3]  # type: ignore[return-value]


def known_destinations() -> frozenset[str]:
    """Return the destinations of a React app that the host validates.

    One unknown destination makes the host drop the whole plugin. All supported versions know these six.
    """
    return frozenset({"nav", "dashboard", "dag", "dag_run", "task", "task_instance"})


def dag_teams(dag_ids: Iterable[str]) -> dict[str, str]:
    """Return the team of each Dag that has one; empty unless the deployment runs in multi-team mode.

    Multi-team came with 3.2; without it no Dag has a team, so no query is made. To be simplified with
    ``apache-airflow>=3.2``.
    """
    from airflow.configuration import conf
    from airflow.models import DagModel

    if airflow_version() < (3, 2, 0) or not conf.getboolean("core", "multi_team", fallback=False):
        return {}
    ids = list(dag_ids)
    teams: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        found = DagModel.get_dag_id_to_team_name_mapping(ids[start : start + 500])
        teams.update({dag_id: team for dag_id, team in found.items() if team is not None})
    return teams


def dag_details(dag_id: str, team: str | None) -> Any:
    """Return the details by which an auth manager decides about one Dag; the team exists from 3.2 on."""
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails

    return DagDetails(id=dag_id) if team is None else DagDetails(id=dag_id, team_name=team)


def has_remote_log_store() -> bool:
    """Tell whether task logs are kept in a remote store that Airflow reads from.

    3.1 has the store as an attribute that is filled when it is asked for, later versions have a function: what
    reads the attribute goes with 3.1.
    """
    from airflow import logging_config
    from airflow.configuration import conf

    if conf.getboolean("logging", "remote_logging", fallback=False):
        return True
    ask = getattr(logging_config, "get_remote_task_log", None)
    return (ask() if ask is not None else getattr(logging_config, "REMOTE_TASK_LOG", None)) is not None


def redact(value: Any) -> Any:
    """Return a value with everything masked that Airflow's own masker takes for a secret, in every depth.

    The masker stands in a private package in all supported versions; to go when Airflow gives it a public place.
    """
    from airflow._shared.secrets_masker import redact as mask

    return mask(value, max_depth=50)
