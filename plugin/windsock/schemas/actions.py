"""What can be asked of Airflow, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from windsock.schemas.common import Answer


class TriggerRequest(BaseModel):
    """Trigger a Dag."""

    model_config = ConfigDict(extra="forbid")

    conf: dict[str, Any] = Field(
        default={}, description="The run's configuration, validated by Airflow against the params"
    )
    logical_date: datetime | None = Field(default=None, description="With a time zone; null for none")
    note: str | None = Field(
        default=None, max_length=1000, description="Written only when a person typed one"
    )


class DeleteRequest(BaseModel):
    """Delete a Dag and all that Airflow keeps of it."""

    model_config = ConfigDict(extra="forbid")

    typed_dag_id: str = Field(
        description="The Dag's id, typed by the person: must equal the id in the address"
    )


class EmptyRequest(BaseModel):
    """An action without options; a JSON body is required all the same, so that no form of another site can send it."""

    model_config = ConfigDict(extra="forbid")


class ActionResult(Answer):
    """What came of an action."""

    dag_id: str
    action: Literal["trigger", "pause", "unpause", "delete"]
    outcome: Literal["done", "already"] = Field(description="already: it was so before, nothing changed")
    operation_id: str = Field(description="Stands in Airflow's audit log as windsock_operation")
    run_id: str | None = Field(default=None, description="The run that was triggered")
