"""What came of an action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Action: TypeAlias = Literal["trigger", "pause", "unpause", "delete"]
Outcome: TypeAlias = Literal["done", "already"]


@dataclass(frozen=True, slots=True)
class ActionResult:
    """An action that Airflow took; one that it refused is an exception."""

    dag_id: str
    action: Action
    outcome: Outcome
    """``already``: it was so before, and nothing changed."""
    operation_id: str
    """Stands in Airflow's audit log (table ``log``, column ``extra``) as ``windsock_operation``."""
    run_id: str | None = None
    """The run that was triggered."""
