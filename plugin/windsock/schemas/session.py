"""Who asks."""

from __future__ import annotations

from pydantic import Field

from windsock.schemas.common import Answer


class Session(Answer):
    """The caller, and what the host is."""

    user: str = Field(description="The name Airflow shows")
    airflow_version: str
    windsock_version: str
